"""The map's page, made with folium and stripped of everything that would leave this machine."""

import json
import re
from functools import lru_cache
from typing import Any, NamedTuple

import folium

from trafficdesk.maps.addresses import (
    OWN,
    SCRIPTS,
    STYLES,
    Asset,
    refuse_foreign,
    rewrite,
)

ORIGIN = "desk://map/"
CONTENT_POLICY = (
    "default-src 'none'; script-src desk:; style-src desk:; img-src desk: data: blob:; "
    "font-src desk:; connect-src desk:; base-uri 'none'; form-action 'none'"
)
# Every word the page shows; Qt sends them translated with ``DeskMap.setWords``.
WORDS = (
    "zoomIn",
    "zoomOut",
    "fit",
    "measure",
    "draw",
    "finish",
    "cancel",
    "undoPoint",
    "drawHint",
    "shapeHint",
    "measureHint",
    "legend",
    "reports",
    "critical",
    "severe",
    "moderate",
    "minor",
    "sketch",
    "cluster",
    "conflict",
    "estimated",
    "hotspot",
    "hotspotMaybe",
    "map",
    "km",
    "m",
    "dir",
)


class Page(NamedTuple):
    """The page and the script and style that folium would have written inside it."""

    html: bytes
    script: bytes
    style: bytes


def bare_map(**options: Any) -> folium.Map:  # noqa: ANN401 - folium's own options
    """Return a folium map without tiles that loads Leaflet alone."""
    drawn = folium.Map(
        location=[0, 0],
        tiles=None,
        zoom_control=False,
        zoom_start=2,
        attributionControl=False,
        minZoom=1,
        maxZoom=19,  # without tiles Leaflet knows no limit and could not fit bounds
        worldCopyJump=True,
        fadeAnimation=False,  # without a GPU fading costs more than it gives
        **options,
    )
    drawn.default_js = [item for item in folium.Map.default_js if item[0] == "leaflet"]
    drawn.default_css = [item for item in folium.Map.default_css if item[0] == "leaflet_css"]
    return drawn


_INLINE = re.compile(r"<(script|style)>(.*?)</\1>", re.DOTALL)


@lru_cache(maxsize=1)
def build_page() -> Page:
    """Return the page of the map workspace; it is the same for every desk and theme.

    Raises:
        UnknownAddressError: folium names an address this desk has no file for.
    """
    drawn = bare_map()
    own = [f'<script src="{OWN}{name}"></script>' for name in ("protomaps-leaflet.js", *SCRIPTS)]
    own += [f'<link rel="stylesheet" href="{OWN}{name}"/>' for name in STYLES]
    html = drawn.get_root().render().replace("</head>", "\n".join(own) + "\n</head>", 1)
    html = rewrite(html, _script_tag, _style_tag)
    inline: dict[str, list[str]] = {"script": [], "style": []}

    def take(found: re.Match[str]) -> str:
        inline[found[1]].append(found[2])
        return ""

    # No inline script or style: the content policy can then forbid them.
    html = _INLINE.sub(take, html)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{CONTENT_POLICY}">'
    html = html.replace("<head>", f"<head>\n{policy}", 1)
    html = html.replace(policy, f'{policy}\n<link rel="stylesheet" href="{ORIGIN}page.css">', 1)
    last = (
        f'<script src="{ORIGIN}qwebchannel.js"></script>\n<script src="{ORIGIN}page.js"></script>'
    )
    html = html.replace("</html>", f"{last}\n</html>", 1)
    refuse_foreign(html, ORIGIN)
    start = f"DeskMap.start({drawn.get_name()});"
    script, style = "\n".join((*inline["script"], start)), "\n".join(inline["style"])
    return Page(html.encode(), script.encode(), style.encode())


def _script_tag(asset: Asset) -> str:
    return f'<script src="{ORIGIN}asset/{asset.name}"></script>'


def _style_tag(asset: Asset) -> str:
    return f'<link rel="stylesheet" href="{ORIGIN}asset/{asset.name}">'


def call(function: str, *arguments: object) -> str:
    """Return the script by which Qt calls a function of the page, its arguments as JSON."""
    told = ", ".join(json.dumps(argument).replace("</", "<\\/") for argument in arguments)
    return f"DeskMap.{function}({told});"
