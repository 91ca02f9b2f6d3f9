"""Reports close to a place and an instant, with what they tell: what may be the same event."""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.calendar import SLOT_MS
from trafficdesk.domain.duplicates import Told
from trafficdesk.domain.geometry import boxes_around, distance_m
from trafficdesk.domain.records import Place
from trafficdesk.domain.same_event import Known
from trafficdesk.store.rows import fetch_all

MOST: Final = 32  # the nearest of a crowd
# The covering tree of the map, whose third dimension is time; quarter hours, then to the instant.
STATEMENT: Final = """
SELECT v.pk, v.lon, v.lat, r.occurred_ms FROM report_view v CROSS JOIN reports r ON r.pk = v.pk
WHERE v.west <= ? AND v.east >= ? AND v.south <= ? AND v.north >= ?
AND v.first_slot <= ? AND v.last_slot >= ? AND r.occurred_ms BETWEEN ? AND ?
"""
_TOLD = """
SELECT r.pk, r.id, r.duplicate_of, r.lon, r.lat, r.accuracy_m, r.occurred_ms,
(SELECT group_concat(code, ' ') FROM report_violations WHERE report_pk = r.pk),
r.plate, r.description,
(SELECT group_concat(picture_hash, ' ') FROM media WHERE report_pk = r.pk)
FROM reports r WHERE r.pk IN ({marks})
"""


class Around(NamedTuple):
    """A place, an instant in epoch ms, and how far from both still counts."""

    place: Place
    at_ms: int
    radius_m: float
    gap_ms: int


class Near(NamedTuple):
    """A report and how far it is, in metres and in milliseconds (negative: it was earlier)."""

    pk: int
    known: Known
    distance_m: float
    gap_ms: int


def find(connection: Connection, around: Around) -> list[Near]:
    """Return the reports around a place and time, the nearest 32, the closest first."""
    apart = sorted(
        (distance_m(Place(lon, lat), around.place), abs(occurred_ms - around.at_ms), pk)
        for values in statement_values(around)
        for pk, lon, lat, occurred_ms in fetch_all(connection, STATEMENT, values)
    )
    metres = {pk: far for far, _, pk in apart if far <= around.radius_m}
    pks = list(metres)[:MOST]
    rows = fetch_all(connection, _TOLD.format(marks=", ".join("?" * len(pks))), pks)
    found = {row[0]: _near(row, metres[row[0]], around.at_ms) for row in rows}
    return [found[pk] for pk in pks]


def statement_values(around: Around) -> Iterator[tuple[float, ...]]:
    """Yield what is bound to ``STATEMENT``: once, and once more where the date line is near."""
    first, last = around.at_ms - around.gap_ms, around.at_ms + around.gap_ms
    slots = last // SLOT_MS, first // SLOT_MS
    for box in boxes_around(around.place, around.radius_m):
        yield (box.east, box.west, box.north, box.south, *slots, first, last)


def _near(row: tuple[Any, ...], metres: float, at_ms: int) -> Near:
    pk, id_, original, lon, lat, accuracy, occurred_ms, violations, plate, text, hashes = row
    told = Told(
        Place(lon, lat),
        accuracy,
        occurred_ms,
        tuple((violations or "").split()),
        plate,
        text,
        tuple((hashes or "").split()),
    )
    repeats = None if original is None else UUID(bytes=original)
    known = Known(UUID(bytes=id_), repeats, told)
    return Near(pk, known, metres, occurred_ms - at_ms)
