"""Which reports the queue shows: a queue or a saved search, the officer's own filter, an order."""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from trafficdesk.domain.queues import (
    QueueName,
    ReportFilter,
    Sort,
    clashes,
    narrowed,
    queue_filter,
)
from trafficdesk.services.listing import Listing

EVERYTHING = ReportFilter()


@dataclass(frozen=True, slots=True)
class QueueChoice:
    """A queue, what narrows it, and its order. ``search`` names the saved search it came from."""

    queue: QueueName = QueueName.UNASSIGNED
    own: ReportFilter = field(default_factory=ReportFilter)
    sort: Sort = Sort.NEWEST
    search: str = ""

    def listing(self, officer_id: UUID) -> Listing:
        """Return the list this is for an officer."""
        whole = queue_filter(self.queue, officer_id)
        found = narrowed(whole, self.own)
        return Listing(whole if found is None else found, self.sort, is_void=found is None)

    def clashes(self, officer_id: UUID) -> tuple[str, ...]:
        """Return the officer's conditions that no report of the queue can meet, by field name."""
        return clashes(queue_filter(self.queue, officer_id), self.own)

    @property
    def is_narrowed(self) -> bool:
        """Tell whether the officer has added conditions."""
        return self.own != EVERYTHING

    def without(self, name: str) -> "QueueChoice":
        """Return the choice with one condition of the officer taken away."""
        empty = getattr(EVERYTHING, name)
        changes: dict[str, Any] = {name: empty}
        if name.endswith("from_ms"):
            changes[name.replace("from_ms", "to_ms")] = None
        return replace(self, own=replace(self.own, **changes), search="")
