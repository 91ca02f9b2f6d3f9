"""Writes a pack's gazetteer: names in full text, streets and places in rectangles.

``places.db`` is plain SQLite. ``place`` has a row per street, place, landmark or postal locality;
``name`` a row per name of it in any language, folded for comparing; ``name_words`` and
``name_trigrams`` are full-text indexes over it; ``street_box`` is an R*Tree of street pieces with
their points, ``place_box`` one of the named places.
"""

import math
import struct
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from trafficdesk.domain.records import Bounds, Place
from trafficdesk.store.driver import dbapi2

Line = tuple[Place, ...]
_PIECE_POINTS = 12  # points per R*Tree row: short pieces keep the boxes tight
_JOIN_CELL_DEG = 0.02  # same-named ways in neighbouring cells of about 2 km are one street
_NEAR_MAX_DEG = 0.25

_TABLES = """
CREATE TABLE place(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, class TEXT NOT NULL,
  lon REAL NOT NULL, lat REAL NOT NULL,
  west REAL NOT NULL, south REAL NOT NULL, east REAL NOT NULL, north REAL NOT NULL,
  near TEXT NOT NULL, weight INTEGER NOT NULL);
CREATE TABLE name(
  id INTEGER PRIMARY KEY, place_id INTEGER NOT NULL REFERENCES place(id),
  language TEXT NOT NULL, text TEXT NOT NULL, folded TEXT NOT NULL);
CREATE INDEX name_of_place ON name(place_id);
CREATE INDEX name_folded ON name(folded);
CREATE VIRTUAL TABLE name_words USING fts5(
  folded, content='name', content_rowid='id', tokenize='unicode61', prefix='2 3');
CREATE VIRTUAL TABLE name_trigrams USING fts5(
  folded, content='name', content_rowid='id', tokenize='trigram', detail='none');
CREATE VIRTUAL TABLE street_box USING rtree(
  id, west, east, south, north, +place_id INTEGER, +points BLOB);
CREATE VIRTUAL TABLE place_box USING rtree(id, west, east, south, north);
"""

_WEIGHTS = {
    "city": 100,
    "town": 80,
    "suburb": 60,
    "village": 55,
    "locality": 45,
    "postal": 40,
    "motorway": 38,
    "trunk": 36,
    "primary": 34,
    "secondary": 30,
    "tertiary": 26,
    "minor": 20,
    "station": 42,
}


@dataclass(frozen=True, slots=True)
class NamedPlace:
    """A point with names by language; the key "" holds the name on the spot."""

    kind: str  # place, poi or postal
    class_: str
    names: dict[str, str]
    place: Place


@dataclass(frozen=True, slots=True)
class NamedStreet:
    """One drawn way of a street."""

    class_: str
    names: dict[str, str]
    line: Line


@dataclass(slots=True)
class _Street:
    class_: str
    names: dict[str, str] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)


def fold(text: str) -> str:
    """Return a name as it is compared: no case, no Latin accents, single spaces.

    Marks of other scripts are kept: in Tamil or Hindi they are the vowels.
    """
    spread = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(
        " " if unicodedata.category(c) == "Cc" else c
        for c in spread
        if not "\u0300" <= c <= "\u036f"
    )
    return " ".join(unicodedata.normalize("NFC", plain).replace("-", " ").split())


def save_places(
    path: Path, streets: Iterable[NamedStreet], places: Iterable[NamedPlace]
) -> tuple[int, int]:
    """Write the gazetteer to ``path``, which must not exist; return streets and places written."""
    spots = tuple(places)
    near = _Near(spots)
    connection = dbapi2.connect(str(path), isolation_level=None)
    try:
        connection.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
        connection.execute("BEGIN")
        count = 0
        for street in _joined(streets):
            _insert_street(connection, street, near)
            count += 1
        for spot in spots:
            _insert_place(connection, spot, near)
        for index in ("name_words", "name_trigrams"):
            connection.execute(f"INSERT INTO {index}({index}) VALUES('rebuild')")
        connection.execute("COMMIT")
        connection.executescript("ANALYZE; VACUUM;")
    finally:
        connection.close()
    return count, len(spots)


class _Near:
    """Finds the suburb, village or town nearest to a point, by a coarse grid."""

    _STEP_DEG = 0.05

    def __init__(self, places: tuple[NamedPlace, ...]) -> None:
        self._cells: dict[tuple[int, int], list[NamedPlace]] = defaultdict(list)
        for place in places:
            if place.kind == "place":
                self._cells[self._cell(place.place)].append(place)

    def _cell(self, place: Place) -> tuple[int, int]:
        return math.floor(place.lon / self._STEP_DEG), math.floor(place.lat / self._STEP_DEG)

    def name(self, place: Place, but: str = "") -> str:
        column, row = self._cell(place)
        best, best_deg = "", _NEAR_MAX_DEG
        for c in range(column - 1, column + 2):
            for r in range(row - 1, row + 2):
                for other in self._cells.get((c, r), ()):
                    far = math.hypot(other.place.lon - place.lon, other.place.lat - place.lat)
                    named = main_name(other.names)
                    if far < best_deg and named != but:
                        best, best_deg = named, far
        return best


def main_name(names: dict[str, str]) -> str:
    """Return the name to show: the one on the spot, else English, else any."""
    return names.get("") or names.get("en") or next(iter(names.values()), "")


def _joined(streets: Iterable[NamedStreet]) -> Iterator[_Street]:
    """Join ways of one name that lie near each other into one street."""
    by_name: dict[str, dict[tuple[int, int], list[NamedStreet]]] = defaultdict(dict)
    for way in streets:
        first = way.line[0]
        cell = (math.floor(first.lon / _JOIN_CELL_DEG), math.floor(first.lat / _JOIN_CELL_DEG))
        by_name[main_name(way.names)].setdefault(cell, []).append(way)
    for cells in by_name.values():
        while cells:
            waiting, street = [next(iter(cells))], _Street("")
            while waiting:
                cell = waiting.pop()
                for way in cells.pop(cell, ()):
                    street.lines.append(way.line)
                    street.names.update(way.names)
                    street.class_ = max(street.class_, way.class_, key=lambda c: _WEIGHTS.get(c, 0))
                around = [(cell[0] + dx, cell[1] + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
                waiting.extend(c for c in around if c in cells and c not in waiting)
            yield street


def _insert_street(connection: dbapi2.Connection, street: _Street, near: _Near) -> None:
    points = [point for line in street.lines for point in line]
    longest = max(street.lines, key=len)
    middle = longest[len(longest) // 2]
    row = _insert(connection, "street", street.class_, street.names, (middle, points), near)
    pieces = []
    for line in street.lines:
        for start in range(0, len(line) - 1, _PIECE_POINTS - 1):
            piece = line[start : start + _PIECE_POINTS]
            box = _bounds(piece)
            blob = struct.pack(
                f"<{2 * len(piece)}d", *(value for point in piece for value in point)
            )
            pieces.append((box.west, box.east, box.south, box.north, row, blob))
    connection.executemany(
        "INSERT INTO street_box(west, east, south, north, place_id, points) VALUES(?,?,?,?,?,?)",
        pieces,
    )


def _insert_place(connection: dbapi2.Connection, spot: NamedPlace, near: _Near) -> None:
    where = (spot.place, [spot.place])
    row = _insert(connection, spot.kind, spot.class_, spot.names, where, near)
    if spot.kind == "place":
        lon, lat = spot.place
        connection.execute("INSERT INTO place_box VALUES(?,?,?,?,?)", (row, lon, lon, lat, lat))


def _insert(
    connection: dbapi2.Connection,
    kind: str,
    class_: str,
    names: dict[str, str],
    where: tuple[Place, list[Place]],
    near: _Near,
) -> int:
    middle, points = where
    shown = main_name(names)
    weight = _WEIGHTS.get(class_, _WEIGHTS.get(kind, 15))
    cursor = connection.execute(
        "INSERT INTO place(name, kind, class, lon, lat, west, south, east, north, near, weight)"
        " VALUES(?,?,?,?,?,?,?,?,?,?,?)",
        (shown, kind, class_, *middle, *_bounds(points), near.name(middle, shown), weight),
    )
    row = int(cursor.lastrowid)
    folded = {fold(text): (language, text) for language, text in names.items() if fold(text)}
    connection.executemany(
        "INSERT INTO name(place_id, language, text, folded) VALUES(?,?,?,?)",
        [(row, language, text, key) for key, (language, text) in folded.items()],
    )
    return row


def _bounds(points: Iterable[Place]) -> Bounds:
    lons, lats = zip(*points, strict=True)
    return Bounds(min(lons), min(lats), max(lons), max(lats))
