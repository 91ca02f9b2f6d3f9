"""What the desk's window no longer holds goes by itself: old cases that are closed and sent."""

from typing import Final
from uuid import UUID

from trafficdesk.domain.vocabulary import Entity, ReportStatus
from trafficdesk.store import arriving, outbox
from trafficdesk.store.engine import Store
from trafficdesk.store.rows import fetch_all
from trafficdesk.sync.taken import Touched

# The server keeps to the same list when it says what lies in the window.
OPEN_STATUSES: Final = frozenset(
    {
        ReportStatus.PENDING,
        ReportStatus.UNDER_REVIEW,
        ReportStatus.NEEDS_INFO,
        ReportStatus.APPROVED,
    }
)
_BATCH: Final = 200  # a decision waits no longer than this many take


def prune_batch(store: Store, window_from_ms: int) -> Touched:
    """Drop some of the reports that were reported before the window and are closed.

    Those with unsettled work stay. Empty when none is left.
    """
    touched = Touched()
    closed = sorted(str(status) for status in set(ReportStatus) - OPEN_STATUSES)
    marks = ", ".join("?" for _ in closed)
    with store.writing() as connection:
        kept = outbox.find_records_with_open_work(connection)
        rows = fetch_all(
            connection,
            f"SELECT id FROM reports WHERE reported_ms < ? AND status IN ({marks}) "
            "AND version > 0 ORDER BY reported_ms LIMIT +?",
            (window_from_ms, *closed, _BATCH + len(kept)),
        )
        for (raw,) in rows:
            record_id = UUID(bytes=raw)
            if (Entity.REPORT, record_id) not in kept:
                touched.add(arriving.drop(connection, Entity.REPORT, record_id))
    return touched
