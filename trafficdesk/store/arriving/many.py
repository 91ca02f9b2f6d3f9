"""Reports that this desk has not seen, many at once, as a snapshot brings them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from operator import itemgetter
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.calendar import SLOT_MS
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.store import facts, fulltext, media, sums, tallies
from trafficdesk.store.arriving.reports import COLUMNS, IDS, LATER, NUMBERS, PLAIN, TEXTS
from trafficdesk.store.rows import fetch_all, run, run_each

_INSERT: Final = (
    f"INSERT INTO reports (pk, id, {', '.join(COLUMNS)}, geom) VALUES (?1, ?2, "
    f"{', '.join(f'?{i + 3}' for i in range(len(COLUMNS)))}, "
    f"MakePoint(?{COLUMNS.index('lon') + 3}, ?{COLUMNS.index('lat') + 3}, 4326))"
)
_VIOLATION: Final = "INSERT INTO report_violations (report_pk, position, code) VALUES (?, ?, ?)"
_TEXT: Final = (
    "INSERT INTO report_text (rowid, description, address, plate, reference) VALUES (?, ?, ?, ?, ?)"
)
_PLACE: Final = (
    "INSERT INTO idx_reports_geom (pkid, xmin, xmax, ymin, ymax) VALUES (?1, ?2, ?2, ?3, ?3)"
)
_SPOT: Final = """
INSERT INTO report_view
(pk, west, east, south, north, first_slot, last_slot, lon, lat, status, severity)
VALUES (?1, ?2, ?2, ?3, ?3, ?4, ?4, ?2, ?3, ?5, ?6)
"""
# What SpatiaLite asks and keeps for each row: its kind of geometry, when the table was written
# last, its place in the spatial index. All of it is known here, and costs more than the row.
_ROW_TRIGGERS: Final = ("ggi_reports_geom", "tmi_reports_geom", "gii_reports_geom")
_WRITTEN: Final = (
    "UPDATE geometry_columns_time SET last_insert = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') "
    "WHERE f_table_name = 'reports' AND f_geometry_column = 'geom'"
)
_texts = itemgetter(*TEXTS)
_ids = itemgetter(*IDS)
_numbers = itemgetter(*NUMBERS)
_plain = itemgetter(*PLAIN)


class NewReport(NamedTuple):
    """A confirmed report of the server's that is not here; ``row`` as in ``Arrival``, whole."""

    id: UUID
    version: int
    row: Mapping[str, Any]


def find_known_reports(connection: Connection, ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these reports this desk has."""
    wanted = json.dumps([each.hex for each in ids])
    rows = fetch_all(
        connection,
        "SELECT id FROM reports WHERE id IN (SELECT unhex(value) FROM json_each(?))",
        (wanted,),
    )
    return {UUID(bytes=row[0]) for row in rows}


Uncounted = list[tuple[int, Mapping[str, Any]]]  # numbers and rows


def put_new_reports(
    connection: Connection, arrived: Sequence[NewReport], uncounted: Uncounted
) -> list[int]:
    """Write reports of which none is here; return their numbers.

    They are found by their words with this, and added to what ``count_new_reports`` must count
    within the same transaction: the more at once, the fewer sums are written.

    Raises:
        KeyError: a row lacks a field.
    """
    ((last,),) = fetch_all(connection, "SELECT coalesce(max(pk), 0) FROM reports")
    numbered = list(zip(count(int(last) + 1), arrived, strict=False))
    ids = _Ids()
    rows = [(pk, each.id.bytes, *_values(each, ids)) for pk, each in numbered]
    with _without_row_triggers(connection):
        run_each(connection, _INSERT, rows)
        run_each(connection, _PLACE, _by_place(numbered))
    run(connection, _WRITTEN)
    _put_parts(connection, numbered)
    uncounted += [(pk, each.row) for pk, each in numbered]
    return [pk for pk, _ in numbered]


class _Ids(dict[Any, Any]):
    """The bytes of ids that were met: a city, its wards and people come again and again."""

    def __missing__(self, text: str | None) -> bytes | None:
        found = None if text is None else UUID(text).bytes
        self[text] = found
        return found


def _values(arrived: NewReport, ids: _Ids) -> list[Any]:
    row = arrived.row
    violations = row["violations"] or ["other"]
    values = [arrived.version, int(SyncState.CONFIRMED), violations[0], len(violations) - 1]
    values += ["" if text is None else text for text in _texts(row)]
    values += [ids[text] for text in _ids(row)]
    values += _numbers(row)
    values += _plain(row)
    values += [row.get(name) for name in LATER]
    return values


def _by_place(numbered: Sequence[tuple[int, NewReport]]) -> list[tuple[int, float, float]]:
    """Return each number and place, neighbours together, so that they share pages of the tree."""
    places = [(pk, each.row["lon"], each.row["lat"]) for pk, each in numbered]
    return sorted(places, key=_tile)


def _tile(place: Sequence[Any]) -> tuple[int, float]:
    return int(place[1] * 200), place[2]


@contextmanager
def _without_row_triggers(connection: Connection) -> Iterator[None]:
    """Take SpatiaLite's triggers off for some inserts; nobody else ever sees the table so."""
    marks = ", ".join("?" * len(_ROW_TRIGGERS))
    kept = fetch_all(
        connection,
        f"SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND name IN ({marks})",
        _ROW_TRIGGERS,
    )
    for name, _ in kept:
        run(connection, f'DROP TRIGGER "{name}"')
    yield  # an error rolls the whole transaction back, and with it what was dropped
    for _, statement in kept:
        run(connection, statement)


def _put_parts(connection: Connection, numbered: Sequence[tuple[int, NewReport]]) -> None:
    """Write what hangs on the reports: their violations, photos and words."""
    run_each(
        connection,
        _VIOLATION,
        [
            (pk, position, code)
            for pk, each in numbered
            for position, code in enumerate(each.row["violations"] or ())
        ],
    )
    for pk, each in numbered:
        if each.row["media"]:
            media.replace_all(connection, media.of_report(pk), each.row["media"])
    run_each(connection, _TEXT, [(pk, *_words(each.row)) for pk, each in numbered])


def _words(row: Mapping[str, Any]) -> tuple[str, str, str, str]:
    address = f"{row['address'] or ''} {row['area'] or ''}".strip()
    plate = fulltext.plate_words(row["plate"] or "")
    return row["description"] or "", address, plate, row["reference"]


def count_new_reports(connection: Connection, uncounted: Uncounted) -> None:
    """Put reports on the map and into every number, deleted ones excepted; none is left to do."""
    live = [(pk, row) for pk, row in uncounted if row["deleted_ms"] is None]
    uncounted.clear()
    spots = [
        (pk, r["lon"], r["lat"], r["occurred_ms"] // SLOT_MS, r["status"], r["severity"])
        for pk, r in live
    ]
    run_each(connection, _SPOT, sorted(spots, key=_tile))
    ids = _Ids()
    counted = [
        sums.Counted(
            row["status"],
            row["severity"],
            (row["violations"] or ["other"])[0],
            int(row["escalated"]),
            int(row["second_look"]),
            ids[row["assignee_id"]] or tallies.NOBODY,
            row["lon"],
            row["lat"],
            row["occurred_ms"],
            ids[row["station_id"]] or tallies.NOBODY,
            ids[row["ward_id"]],
            ids[row["reviewer_id"]],
            row["reported_ms"],
            row["score"],
            row.get("decided_ms"),
        )
        for _, row in live
    ]
    sums.count(connection, facts.calendar(connection), counted, 1)
