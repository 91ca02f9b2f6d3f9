"""How much happened in each ward in each hour, for patrol plans."""

from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

HOUR_MS: Final = 3_600_000


class Subject(StrEnum):
    """What is counted."""

    INCIDENTS = "incidents"  # all but those that were merged into another
    REPORTS = "reports"  # violations, all but those that were rejected or told twice


class HourCount(NamedTuple):
    """What occurred in a ward in an hour since 1970 of the city's standard time."""

    ward_id: UUID
    hour: int
    happened: int


# Whatever occurred since an instant was reported since: so the index of reported_ms serves.
_COUNTED: Final = {
    Subject.INCIDENTS: "incidents WHERE merged_into IS NULL AND deleted_ms IS NULL",
    Subject.REPORTS: (
        "reports WHERE status NOT IN ('rejected', 'duplicate') AND deleted_ms IS NULL"
    ),
}


def count_by_hour(
    connection: Connection, subject: Subject, offset_ms: int, since_ms: int, before_ms: int
) -> list[HourCount]:
    """Return what occurred in ``[since_ms, before_ms)`` in each ward and hour that has any."""
    rows = connection.exec_driver_sql(
        statement(subject), (offset_ms, since_ms, since_ms, before_ms)
    )
    return [HourCount(UUID(bytes=ward), int(hour), int(n)) for ward, hour, n in rows]


def statement(subject: Subject) -> str:
    """Return the SQL of ``count_by_hour``."""
    return (
        f"SELECT ward_id, (occurred_ms + ?) / {HOUR_MS} AS hour, count(*) "
        f"FROM {_COUNTED[subject]} AND ward_id IS NOT NULL "
        "AND reported_ms >= ? AND occurred_ms >= ? AND occurred_ms < ? GROUP BY ward_id, hour"
    )


def find_first_ms(connection: Connection, subject: Subject) -> int | None:
    """Return when the first of them was reported, None if there is none."""
    row = connection.exec_driver_sql(f"SELECT min(reported_ms) FROM {_COUNTED[subject]}").scalar()
    return None if row is None else int(row)
