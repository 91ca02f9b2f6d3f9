"""What a sync step changed on this desk, for screens to ask again for just that."""

from dataclasses import dataclass, field
from typing import Self
from uuid import UUID

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store.arriving import TakenIn


@dataclass(slots=True)
class Touched:
    """Reports by their number here, and the other kinds of record.

    ``overtaken`` are reports that an officer here had taken, and somebody else was before them;
    ``outdone`` conflicts that one here had settled, and somebody else before them, otherwise.
    """

    reports: set[int] = field(default_factory=set)
    kinds: set[Entity] = field(default_factory=set)
    overtaken: set[int] = field(default_factory=set)
    outdone: set[UUID] = field(default_factory=set)

    def add(self, taken: TakenIn) -> None:
        """Note a record that was written or dropped."""
        if taken.report_pk:
            self.reports.add(taken.report_pk)
        if taken.entity is not Entity.REPORT:
            self.kinds.add(taken.entity)

    def __ior__(self, other: Self) -> Self:
        """Note what another step touched, too."""
        self.reports |= other.reports
        self.kinds |= other.kinds
        self.overtaken |= other.overtaken
        self.outdone |= other.outdone
        return self

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.reports or self.kinds)
