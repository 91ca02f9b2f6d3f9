"""Which citations may stand: a report has one at most, and none unless it is cited.

Two desks may cite a report, or one while another decides otherwise, and neither knows. Whoever came
first has cited; what came second is kept with its number, and does not stand.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sync_server.sync.batch import Row
from trafficdesk.domain.vocabulary import ReportStatus

ISSUED: Final = "issued"
CANCELLED: Final = "cancelled"


@dataclass(slots=True)
class Standing:
    """The citations that stand while a batch is weighed, by their reports' ids."""

    _by_report: dict[str, set[UUID]] = field(default_factory=dict)

    def hold(self, found: Iterable[tuple[str, UUID]]) -> None:
        """Take in what stands in the database: reports' and citations' ids."""
        for report_id, citation_id in found:
            self._by_report.setdefault(report_id, set()).add(citation_id)

    def follow(self, citation_id: UUID, row: Row) -> None:
        """Keep in step with a citation that was written or cancelled."""
        held = self._by_report.setdefault(str(row["report_id"]), set())
        held.discard(citation_id)
        if row["status"] == ISSUED:
            held.add(citation_id)

    def has_other(self, citation_id: UUID, row: Row) -> bool:
        """Tell whether another citation of the same report stands."""
        return bool(self._by_report.get(str(row["report_id"]), set()) - {citation_id})


def is_cited(report: Row | None) -> bool:
    """Tell whether a report's status allows a citation of it to stand."""
    return report is not None and report.get("status") == ReportStatus.CITED
