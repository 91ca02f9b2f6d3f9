"""Answers every address of the map's page: the page, its files, tiles and data layers."""

import json
import re
from collections.abc import Callable, Sequence
from typing import NamedTuple, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from trafficdesk.domain.records import Bounds
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.maps.addresses import find_asset
from trafficdesk.maps.faults import PackDamagedError
from trafficdesk.maps.layers import LAYER_NAMES, LayerQuery, MapSources, answer_layer
from trafficdesk.maps.packs import PackFacts
from trafficdesk.maps.page import build_page
from trafficdesk.maps.schema import tables
from trafficdesk.maps.world import WorldMap, ground_tile

OK, BAD_REQUEST, NOT_FOUND, FAILED = 200, 400, 404, 500
TILE_MIME = "application/vnd.mapbox-vector-tile"
_TILE = re.compile(r"(tile|ground)/([a-z0-9-]{1,64})/(\d{1,2})/(\d{1,9})/(\d{1,9})\.mvt")
_LAYER = re.compile(r"layer/([a-z]{1,20})")
_ASSET = re.compile(r"asset/([A-Za-z0-9.-]{1,64})")
_LONGEST_ADDRESS = 8_000
_MAX_ZOOM = 24


class Answer(NamedTuple):
    """What the page gets: HTTP's status, the type of the body, the body."""

    status: int
    mime: str
    body: bytes


class BaseMap(Protocol):
    """A pack, or the world that stands in where no pack covers."""

    @property
    def name(self) -> str:
        """Its name in addresses."""
        ...

    facts: PackFacts

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        """Return a vector tile, uncompressed."""
        ...


class MapAnswers:
    """Answers for one desk; may be asked from any thread.

    ``packs`` are the base maps, the one to show first; ``qwebchannel`` is the script of that name,
    which only Qt has.
    """

    def __init__(
        self, packs: Sequence[BaseMap], sources: MapSources, qwebchannel: bytes = b""
    ) -> None:
        self._packs: dict[str, BaseMap] = {pack.name: pack for pack in (*packs, WorldMap())}
        self._sources = sources
        self._qwebchannel = qwebchannel

    def answer(self, address: str) -> Answer:
        """Answer ``desk://map/…``; whatever is not listed here does not exist (404).

        A layer's own faults (a locked store, say) are the caller's to handle.
        """
        parts = urlsplit(address)
        path = unquote(parts.path).lstrip("/")
        if len(address) > _LONGEST_ADDRESS:
            return _refused(BAD_REQUEST)
        fixed: dict[str, Callable[[], Answer]] = {
            "": lambda: Answer(OK, "text/html;charset=utf-8", build_page().html),
            "page.js": lambda: Answer(OK, "text/javascript", build_page().script),
            "page.css": lambda: Answer(OK, "text/css", build_page().style),
            "qwebchannel.js": lambda: Answer(OK, "text/javascript", self._qwebchannel),
            "base": lambda: Answer(OK, "application/json", self._base()),
        }
        if path in fixed:
            return fixed[path]()
        if found := _TILE.fullmatch(path):
            return self._tile(found[1], found[2], (int(found[3]), int(found[4]), int(found[5])))
        if found := _LAYER.fullmatch(path):
            return self._layer(found[1], parts.query)
        if found := _ASSET.fullmatch(path):
            return _asset(found[1])
        return _refused(NOT_FOUND)

    def _base(self) -> bytes:
        """Tell the page which base maps there are and how their layers read."""
        told = [
            {
                "name": pack.name,
                "title": pack.facts.title,
                "attribution": pack.facts.attribution,
                "bounds": list(pack.facts.bounds),
                "minZoom": pack.facts.min_zoom,
                "maxZoom": pack.facts.max_zoom,
                "sketch": pack.facts.sketch,
                "schema": tables(pack.facts.schema),
            }
            for pack in self._packs.values()
        ]
        return json.dumps(told, ensure_ascii=False).encode()

    def _tile(self, kind: str, name: str, at: tuple[int, int, int]) -> Answer:
        pack = self._packs.get(name)
        if pack is None:
            return _refused(NOT_FOUND)
        if kind == "ground":
            return Answer(OK, TILE_MIME, ground_tile(pack.facts.bounds, *at))
        try:
            # An empty body is an empty tile: the page draws nothing there and asks no more.
            return Answer(OK, TILE_MIME, pack.tile(*at) or b"")
        except PackDamagedError:
            return _refused(FAILED)

    def _layer(self, name: str, query: str) -> Answer:
        if name not in LAYER_NAMES:
            return _refused(NOT_FOUND)
        try:
            asked = parse_query(query)
        except (ValueError, KeyError):
            return _refused(BAD_REQUEST)
        return Answer(OK, "application/json", answer_layer(self._sources, name, asked))


def parse_query(query: str) -> LayerQuery:
    """Return what ``bbox=w,s,e,n&zoom=12&statuses=a,b&severities=4&from=ms&to=ms`` asks for.

    Raises:
        ValueError, KeyError: it cannot be read.
    """
    told = {key: values[-1] for key, values in parse_qs(query).items()}
    west, south, east, north = (float(edge) for edge in told["bbox"].split(","))
    bounds = Bounds(max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))
    if not (bounds.west <= bounds.east and bounds.south <= bounds.north):  # also refuses NaN
        raise ValueError("the box is inside out")
    zoom = int(told["zoom"])
    if not 0 <= zoom <= _MAX_ZOOM:
        raise ValueError("no such zoom")
    return LayerQuery(
        bounds=bounds,
        zoom=zoom,
        statuses=frozenset(ReportStatus(s) for s in _listed(told, "statuses")),
        severities=frozenset(Severity(int(s)) for s in _listed(told, "severities")),
        violations=frozenset(_listed(told, "violations")),
        from_ms=int(told["from"]) if told.get("from") else None,
        to_ms=int(told["to"]) if told.get("to") else None,
    )


def _listed(told: dict[str, str], key: str) -> list[str]:
    return [word for word in told.get(key, "").split(",") if word]


def _asset(name: str) -> Answer:
    asset = find_asset(name)
    if asset is None or not asset.path.is_file():
        return _refused(NOT_FOUND)
    return Answer(OK, asset.mime, asset.path.read_bytes())


def _refused(status: int) -> Answer:
    return Answer(status, "text/plain", b"")
