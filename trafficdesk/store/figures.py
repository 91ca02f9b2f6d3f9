"""How much is in a store: rows per kind, reports per status, bytes on disk."""

from dataclasses import dataclass

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.store import history, tallies
from trafficdesk.store.engine import Store

_COUNTED = (
    "reports",
    "media",
    "citations",
    "incidents",
    "units",
    "assignments",
    "geofences",
    "wards",
    "stations",
    "officers",
    "citizens",
    "events",
    "outbox",
    "audit",
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a store holds. ``free_bytes`` would be given back by a copy; times are epoch ms."""

    schema: int
    database_bytes: int
    log_bytes: int
    free_bytes: int
    rows: dict[str, int]
    reports_by_status: dict[str, int]
    waiting_operations: int
    first_occurred_ms: int | None
    last_occurred_ms: int | None


def figures(store: Store) -> Figures:
    """Count what is in a store."""
    log = store.database.with_name(store.database.name + "-wal")
    with store.reading() as connection:
        ask = connection.exec_driver_sql
        page_bytes = int(ask("PRAGMA page_size").scalar_one())
        first, last = ask(
            "SELECT min(occurred_ms), max(occurred_ms) FROM reports WHERE deleted_ms IS NULL"
        ).one()
        return Figures(
            schema=int(ask("PRAGMA user_version").scalar_one()),
            database_bytes=store.database.stat().st_size,
            log_bytes=log.stat().st_size if log.exists() else 0,
            free_bytes=page_bytes * int(ask("PRAGMA freelist_count").scalar_one()),
            rows={
                table: int(ask(f"SELECT count(*) FROM {table}").scalar_one()) for table in _COUNTED
            },
            reports_by_status=tallies.count_by(connection, "status", ReportFilter()),
            waiting_operations=history.count_waiting(connection),
            first_occurred_ms=first,
            last_occurred_ms=last,
        )
