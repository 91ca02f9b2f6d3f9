"""What happened one by one, as analytics of places and times look at it."""

from typing import Final, NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.calendar import SLOT_MS, Calendar
from trafficdesk.store.patrol_counts import NOT_COUNTED
from trafficdesk.store.rows import fetch_all, fetch_as

_MARKS: Final = ", ".join("?" * len(NOT_COUNTED))
_LEFT_OUT: Final = tuple(map(str, NOT_COUNTED))
Spot = tuple[float, float, int]  # longitude and latitude of what happened, and its day
_PART_COLUMNS: Final = {
    Part.STATION: "station_id",
    Part.WARD: "ward_id",
    Part.OFFICER: "reviewer_id",
}


class Happening(NamedTuple):
    """Where and when something happened, and of which type it was."""

    lon: float
    lat: float
    occurred_ms: int
    violation: str


class Repeated(NamedTuple):
    """A vehicle with several reports: how many, and when the first and the last occurred."""

    plate: str
    n: int
    worst: int
    first_ms: int
    last_ms: int


def find_spots(connection: Connection, calendar: Calendar, scope: Scope) -> list[Spot]:
    """Return what happened in a period, in no order."""
    if scope.part is Part.CITY:
        begin, end = (ms // SLOT_MS for ms in scope.period.span_ms(calendar))
        return fetch_all(
            connection,
            "SELECT lon, lat, (CAST(first_slot AS INTEGER) + ?) / 96 FROM report_view "
            f"WHERE first_slot >= ? AND last_slot < ? AND status NOT IN ({_MARKS})",
            (calendar.offset_ms // SLOT_MS, begin, end, *_LEFT_OUT),
        )
    where, values = _of(calendar, scope)
    return fetch_all(
        connection,
        f"SELECT lon, lat, (occurred_ms + ?) / 86400000 FROM reports WHERE {where}",
        (calendar.offset_ms, *values),
    )


def find_happenings(connection: Connection, calendar: Calendar, scope: Scope) -> list[Happening]:
    """Return what happened in a period with its type, in no order."""
    where, values = _of(calendar, scope)
    return fetch_as(
        Happening,
        connection,
        f"SELECT lon, lat, occurred_ms, violation FROM reports WHERE {where}",
        values,
    )


def find_repeated(
    connection: Connection, calendar: Calendar, scope: Scope, least: int, limit: int
) -> list[Repeated]:
    """Return the vehicles with most reports in a period."""
    where, values = _of(calendar, scope)
    return fetch_as(
        Repeated,
        connection,
        "SELECT plate, count(*), max(severity), min(occurred_ms), max(occurred_ms) FROM reports "
        f"WHERE plate <> '' AND {where} GROUP BY plate HAVING count(*) >= ? "
        "ORDER BY 2 DESC, 3 DESC, 5 DESC, plate LIMIT +?",
        (*values, least, limit),
    )


def count_by_ward_and_day(
    connection: Connection, calendar: Calendar, scope: Scope
) -> list[tuple[bytes | None, int, int]]:
    """Return how many reports each ward (None: outside all) had on each day of a period."""
    where, values = _of(calendar, scope)
    rows = fetch_all(
        connection,
        "SELECT ward_id, (occurred_ms + ?) / 86400000, count(*) FROM reports "
        f"WHERE {where} GROUP BY 1, 2",
        (calendar.offset_ms, *values),
    )
    return [(ward, int(day), int(n)) for ward, day, n in rows]


def count_by_type_and_day(
    connection: Connection, calendar: Calendar, scope: Scope
) -> list[tuple[str, int, int]]:
    """Return how many reports each type had on each day of a period."""
    where, values = _of(calendar, scope)
    rows = fetch_all(
        connection,
        "SELECT violation, (occurred_ms + ?) / 86400000, count(*) FROM reports "
        f"WHERE {where} GROUP BY 1, 2",
        (calendar.offset_ms, *values),
    )
    return [(str(code), int(day), int(n)) for code, day, n in rows]


def _of(calendar: Calendar, scope: Scope) -> tuple[str, tuple[object, ...]]:
    """Return the condition on ``reports`` that a scope is, and its values."""
    where = (
        f"occurred_ms >= ? AND occurred_ms < ? AND status NOT IN ({_MARKS}) AND deleted_ms IS NULL"
    )
    values: tuple[object, ...] = (*scope.period.span_ms(calendar), *_LEFT_OUT)
    if scope.part_id is not None:
        where += f" AND {_PART_COLUMNS[scope.part]} = ?"
        values = (*values, scope.part_id.bytes)
    return where, values
