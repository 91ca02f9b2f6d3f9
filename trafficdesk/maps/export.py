"""Writes what the map shows as one HTML file that opens anywhere, with no network."""

import base64
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from html import escape
from typing import Protocol

from trafficdesk.domain.records import Bounds
from trafficdesk.maps.addresses import (
    EXPORT_SCRIPT,
    FONTS,
    OWN,
    SCRIPTS,
    STYLES,
    Asset,
    asset_at,
    find_asset,
    refuse_foreign,
    rewrite,
)
from trafficdesk.maps.answers import BaseMap
from trafficdesk.maps.faults import PackDamagedError
from trafficdesk.maps.mercator import count_tiles, tiles_over
from trafficdesk.maps.page import bare_map
from trafficdesk.maps.schema import tables
from trafficdesk.maps.world import WorldMap, ground_tile

MAX_TILES = 160
MAX_TILE_BYTES = 6 * 1024 * 1024
_ZOOMS_OUT = 2
_POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
)
_DESK_URL = re.compile(r"url\(desk://map/asset/([A-Za-z0-9.-]+)\)")
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_IMAGE_URL = re.compile(r"url\(\"?images/[a-z0-9-]+\.png\"?\)")


@dataclass(frozen=True, slots=True)
class Inside:
    """What a click on an exported cluster shows: lines of text, and its reports if carried.

    ``points`` are id, longitude, latitude and severity; their own lines are among the details.
    """

    lines: tuple[str, ...]
    points: tuple[tuple[str, float, float, int], ...] = ()


@dataclass(frozen=True, slots=True)
class ExportView:
    """What is to be exported.

    ``layers`` holds each shown layer's answer (JSON bytes as ``answer_layer`` gives them);
    ``details`` the lines of text a click on a thing shows, by layer and id, as plain text;
    ``clusters`` what opens on a click on a cluster, by ``cluster_key``;
    ``words`` the page's words, ``subtitle`` the lines under the title (filters, period, who).
    """

    bounds: Bounds
    zoom: int
    theme: str
    title: str
    layers: Mapping[str, bytes]
    words: Mapping[str, str]
    subtitle: tuple[str, ...] = ()
    details: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    clusters: Mapping[str, Inside] = field(default_factory=dict)


def cluster_key(lon: float, lat: float) -> str:
    """Return how a cluster is found again by the place it is drawn at."""
    return f"{lon:.6f},{lat:.6f}"


def export_map(view: ExportView, base: BaseMap) -> bytes:
    """Return the HTML file, UTF-8. It holds the base map's tiles for the view and a little around.

    Raises:
        UnknownAddressError: folium names an address this desk has no file for.
    """
    drawn = bare_map()
    own = [f'<script src="{OWN}{name}"></script>' for name in ("protomaps-leaflet.js", *SCRIPTS)]
    own += [f'<link rel="stylesheet" href="{OWN}{name}"/>' for name in STYLES]
    html = drawn.get_root().render().replace("</head>", "\n".join(own) + "\n</head>", 1)
    html = rewrite(html, _script, _style)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
    title = f"<title>{escape(view.title)}</title>"
    html = html.replace("<head>", f"<head>\n{policy}\n{title}", 1)
    refuse_foreign(_without_scripts(html), "data:")
    # The data is put in last: nothing of it may be taken for a tag that is looked for above.
    data = f'<script type="application/json" id="carried">{_json(_carried(view, base))}</script>'
    start = f"DeskMap.start({drawn.get_name()});"
    last = f"{data}\n{_script(asset_at(OWN + EXPORT_SCRIPT))}\n<script>{start}</script>\n</html>"
    head, _, _ = html.rpartition("</html>")
    return (head + last).encode()


def _json(told: object) -> str:
    """Return JSON that cannot end a script element, whatever texts it holds."""
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    for dangerous in "<>&\u2028\u2029":
        text = text.replace(dangerous, f"\\u{ord(dangerous):04x}")
    return text


def _carried(view: ExportView, base: BaseMap) -> dict[str, object]:
    world = WorldMap()
    bases = [base] if base.name == world.name else [base, world]
    tiles, lowest, deepest = _tiles(view, base, world)
    facts = [
        {
            "name": each.name,
            "attribution": each.facts.attribution,
            "bounds": list(each.facts.bounds),
            "maxZoom": deepest,
            "sketch": each.facts.sketch,
            "schema": tables(each.facts.schema),
        }
        for each in bases
    ]
    return {
        "title": view.title,
        "subtitle": view.subtitle,
        "theme": view.theme,
        "words": dict(view.words),
        "bounds": list(view.bounds),
        "zoom": view.zoom,
        "minZoom": lowest + 1,  # a tile of zoom z is drawn from zoom z + 1 on
        "base": base.name,
        "bases": facts,
        "tiles": tiles,
        "layers": {name: json.loads(answer) for name, answer in view.layers.items()},
        "details": view.details,
        "clusters": {
            key: {"lines": inside.lines, "points": inside.points}
            for key, inside in view.clusters.items()
        },
    }


class _Tile(Protocol):
    def __call__(self, z: int, x: int, y: int, /) -> bytes | None: ...


def _tiles(view: ExportView, base: BaseMap, world: WorldMap) -> tuple[dict[str, str], int, int]:
    """Return tiles by address, base64, from a little above the view down to what space allows."""
    sources: dict[str, _Tile] = {f"tile/{base.name}": base.tile, f"tile/{world.name}": world.tile}
    if base.name != world.name:
        sources[f"ground/{base.name}"] = partial(ground_tile, base.facts.bounds)
    found: dict[str, str] = {}
    size = 0
    lowest = max(0, min(view.zoom - 1 - _ZOOMS_OUT, base.facts.max_zoom))
    deepest = lowest
    for z in range(lowest, base.facts.max_zoom + 1):
        if z > lowest and count_tiles(view.bounds, z) > MAX_TILES:
            break
        level = dict(_level(sources, view.bounds, z))
        size += sum(map(len, level.values()))
        if z > lowest and size > MAX_TILE_BYTES:
            break
        found |= level
        deepest = z
    return found, lowest, deepest


def _level(sources: Mapping[str, _Tile], bounds: Bounds, z: int) -> Iterator[tuple[str, str]]:
    for x, y in tiles_over(bounds, z):
        for name, tile in sources.items():
            try:
                body = tile(z, x, y)
            except PackDamagedError:
                continue  # a hole in the picture says more than no export
            if body:
                yield f"{name}/{z}/{x}/{y}", base64.b64encode(body).decode()


def _script(asset: Asset) -> str:
    text = asset.path.read_text(encoding="utf-8")
    return "<script>" + re.sub(r"</(script)", r"<\\/\1", text, flags=re.IGNORECASE) + "</script>"


def _style(asset: Asset) -> str:
    text = _FONT_FACE.sub("", asset.path.read_text(encoding="utf-8"))
    text = _DESK_URL.sub(_inlined, text)
    return f"<style>{_IMAGE_URL.sub('none', text)}</style>"


def _inlined(found: re.Match[str]) -> str:
    asset = find_asset(found[1])
    if asset is None or asset.name in FONTS:
        return "none"
    return f"url(data:{asset.mime};base64,{base64.b64encode(asset.path.read_bytes()).decode()})"


def _without_scripts(html: str) -> str:
    return re.sub(r"<script>.*?</script>", "", html, flags=re.DOTALL)
