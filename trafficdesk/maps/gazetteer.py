"""Finds places by name and streets by place in a pack's gazetteer, offline."""

import math
import struct
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import Any

from rapidfuzz import fuzz

from trafficdesk.domain.geometry import bounds_around, distance_m
from trafficdesk.domain.records import Bounds, Place
from trafficdesk.maps.packs import Pack
from trafficdesk.maps.places_file import fold
from trafficdesk.store.driver import dbapi2

_M_PER_DEG = 111_195.0  # of latitude, on the mean sphere
_TYPO_CANDIDATES = 240
_TYPO_LEAST = 68.0  # of 100; "avinasi rd" finds Avinashi Road, "zzz" finds nothing
_TRIGRAM = 3
_EXACT, _PREFIX = 100.0, 90.0
_AREA_MAX_M = 6_000.0
_ROWS = "p.id, p.name, p.kind, p.class, p.lon, p.lat, p.west, p.south, p.east, p.north, p.near"


@dataclass(frozen=True, slots=True)
class FoundPlace:
    """A place that answers a search.

    ``kind`` is street, place, poi or postal; ``matched`` the name that fits, which may be in
    another language than ``name``; ``near`` the suburb or town around; ``score`` runs to 100.
    """

    name: str
    matched: str
    kind: str
    class_: str
    place: Place
    bounds: Bounds
    near: str
    score: float
    distance_m: float | None


@dataclass(frozen=True, slots=True)
class NearStreet:
    """The street nearest to a point; ``place`` is the nearest point on it."""

    name: str
    class_: str
    near: str
    place: Place
    distance_m: float


class Gazetteer:
    """One pack's names, opened for reading; safe from any thread."""

    def __init__(self, path: Path) -> None:
        self._lock = Lock()
        uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        self._connection = dbapi2.connect(uri, uri=True, check_same_thread=False)

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def search(self, text: str, near: Place | None = None, limit: int = 10) -> list[FoundPlace]:
        """Return places whose name fits ``text``: exact, then prefix, then with typos.

        Equal fits are ordered by importance and by distance from ``near``. Blank text finds
        nothing; no syntax of the full-text engine is understood.
        """
        wanted = fold(text)
        if not wanted or limit < 1:
            return []
        found = self._by_words(wanted, near)
        if len(found) < limit:
            known = {row.name + row.near + row.kind for row in found}
            typos = self._by_typo(wanted, near)
            found += [row for row in typos if row.name + row.near + row.kind not in known]
        return found[:limit]

    def _by_words(self, wanted: str, near: Place | None) -> list[FoundPlace]:
        words = wanted.replace('"', " ").split()
        if not words:
            return []
        match = " ".join(f'"{word}"' for word in words[:-1]) + f' "{words[-1]}" *'
        rows = self._rows(
            f"SELECT n.text, n.folded, p.weight, {_ROWS} FROM name_words w"
            " JOIN name n ON n.id = w.rowid JOIN place p ON p.id = n.place_id"
            " WHERE name_words MATCH ? ORDER BY p.weight DESC LIMIT 400",
            (match,),
        )
        scored = []
        for text, folded, weight, *place in rows:
            score = _EXACT if folded == wanted else _PREFIX
            score -= 0 if folded.startswith(wanted) else 5
            scored.append((score, weight, _found(text, score, place, near)))
        return _ranked(scored)

    def _by_typo(self, wanted: str, near: Place | None) -> list[FoundPlace]:
        grams = {wanted[i : i + _TRIGRAM] for i in range(len(wanted) - _TRIGRAM + 1)}
        grams = {gram for gram in grams if '"' not in gram}
        if not grams:
            return []
        rows = self._rows(
            f"SELECT n.text, n.folded, p.weight, {_ROWS} FROM"
            " (SELECT rowid AS id FROM name_trigrams WHERE name_trigrams MATCH ?"
            " ORDER BY rank LIMIT +?) t"
            " JOIN name n ON n.id = t.id JOIN place p ON p.id = n.place_id",
            (" OR ".join(f'"{gram}"' for gram in sorted(grams)), _TYPO_CANDIDATES),
        )
        scored = []
        for text, folded, weight, *place in rows:
            score = 0.85 * max(fuzz.ratio(wanted, folded), _first_words(wanted, folded))
            if score >= _TYPO_LEAST * 0.85:
                scored.append((score, weight, _found(text, score, place, near)))
        return _ranked(scored)

    def nearest_street(self, place: Place, max_m: float = 250.0) -> NearStreet | None:
        """Return the street nearest to a point within ``max_m`` metres, None if there is none."""
        box = bounds_around(place, max_m)
        rows = self._rows(
            "SELECT place_id, points FROM street_box"
            " WHERE west <= ? AND east >= ? AND south <= ? AND north >= ?",
            (box.east, box.west, box.north, box.south),
        )
        best: tuple[float, int, Place] | None = None
        for row, blob in rows:
            far, spot = _nearest_on_line(place, blob)
            if far <= max_m and (best is None or far < best[0]):
                best = far, row, spot
        if best is None:
            return None
        far, row, spot = best
        name, class_ = self._rows("SELECT name, class FROM place WHERE id = ?", (row,))[0]
        return NearStreet(name, class_, self.nearest_area(place), spot, far)

    def nearest_area(self, place: Place, max_m: float = _AREA_MAX_M) -> str:
        """Return the name of the nearest suburb, village or town; empty if none is near."""
        box = bounds_around(place, max_m)
        rows = self._rows(
            "SELECT p.name, p.lon, p.lat FROM place_box b JOIN place p ON p.id = b.id"
            " WHERE b.west <= ? AND b.east >= ? AND b.south <= ? AND b.north >= ?"
            " AND p.class <> 'station'",
            (box.east, box.west, box.north, box.south),
        )
        far = {str(name): distance_m(place, Place(lon, lat)) for name, lon, lat in rows}
        return min(far, key=far.__getitem__, default="")

    def _rows(self, question: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock:
            rows: list[tuple[Any, ...]] = self._connection.execute(question, values).fetchall()
        return rows


def open_gazetteer(pack: Pack) -> Gazetteer | None:
    """Return the pack's gazetteer; None where an imported archive brought no names."""
    return Gazetteer(pack.places_file) if pack.places_file.is_file() else None


def search(pack: Pack, text: str, near: Place | None = None, limit: int = 10) -> list[FoundPlace]:
    """Search one pack once; keep a ``Gazetteer`` open to search often."""
    gazetteer = open_gazetteer(pack)
    if gazetteer is None:
        return []
    try:
        return gazetteer.search(text, near, limit)
    finally:
        gazetteer.close()


def nearest_street(pack: Pack, place: Place, max_m: float = 250.0) -> NearStreet | None:
    """Ask one pack once; keep a ``Gazetteer`` open to ask often."""
    gazetteer = open_gazetteer(pack)
    if gazetteer is None:
        return None
    try:
        return gazetteer.nearest_street(place, max_m)
    finally:
        gazetteer.close()


def _first_words(wanted: str, folded: str) -> float:
    """Compare with as many words of the name as were typed, a little below a full match."""
    words = folded.split()[: len(wanted.split())]
    return 0.97 * fuzz.ratio(wanted, " ".join(words))


def _found(text: str, score: float, row: list[Any], near: Place | None) -> FoundPlace:
    _, name, kind, class_, lon, lat, west, south, east, north, around = row
    place = Place(lon, lat)
    far = None if near is None else distance_m(near, place)
    box = Bounds(west, south, east, north)
    return FoundPlace(name, text, kind, class_, place, box, around, score, far)


def _ranked(scored: list[tuple[float, int, FoundPlace]]) -> list[FoundPlace]:
    scored.sort(key=lambda s: (-s[0], -s[1], s[2].distance_m or 0.0, s[2].name))
    seen: set[tuple[str, Place]] = set()
    ranked = []
    for _, _, place in scored:
        key = (place.name, place.place)
        if key not in seen:  # one place may fit by several of its names
            seen.add(key)
            ranked.append(place)
    return ranked


def _nearest_on_line(place: Place, blob: bytes) -> tuple[float, Place]:
    """Return distance in metres and nearest point, on a plane that touches the sphere there."""
    values = struct.unpack(f"<{len(blob) // 8}d", blob)
    per_lon = _M_PER_DEG * math.cos(math.radians(place.lat))
    flat = [
        ((lon - place.lon) * per_lon, (lat - place.lat) * _M_PER_DEG)
        for lon, lat in zip(values[::2], values[1::2], strict=True)
    ]
    best, spot = math.inf, (0.0, 0.0)
    for (ax, ay), (bx, by) in pairwise(flat):
        dx, dy = bx - ax, by - ay
        length = dx * dx + dy * dy
        t = 0.0 if length == 0 else max(0.0, min(1.0, -(ax * dx + ay * dy) / length))
        x, y = ax + t * dx, ay + t * dy
        if math.hypot(x, y) < best:
            best, spot = math.hypot(x, y), (x, y)
    return best, Place(place.lon + spot[0] / per_lon, place.lat + spot[1] / _M_PER_DEG)
