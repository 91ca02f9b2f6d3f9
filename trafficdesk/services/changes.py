"""What an intent changed, so that screens ask again for just that."""

from dataclasses import dataclass
from uuid import UUID

from trafficdesk.domain.vocabulary import Entity


@dataclass(frozen=True, slots=True)
class Changed:
    """The reports by number, and the other kinds of record, that a transaction touched.

    ``overtaken`` are reports that an officer here had taken, and somebody else was before them;
    ``outdone`` conflicts that one here had settled, and somebody else before them, otherwise.
    """

    reports: frozenset[int] = frozenset()
    kinds: frozenset[Entity] = frozenset()
    overtaken: frozenset[int] = frozenset()
    outdone: frozenset[UUID] = frozenset()

    def __or__(self, other: "Changed") -> "Changed":
        """Return both together."""
        return Changed(
            self.reports | other.reports,
            self.kinds | other.kinds,
            self.overtaken | other.overtaken,
            self.outdone | other.outdone,
        )

    def __bool__(self) -> bool:
        """Tell whether anything changed."""
        return bool(self.reports or self.kinds)


NOTHING = Changed()
