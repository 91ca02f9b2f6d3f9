"""Where the page's scripts and style sheets really come from: a file of ours for each address.

folium writes addresses of content networks into its pages. The desk loads nothing from there: every
address must stand in this table, and one that does not stops the page instead of going out.
"""

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import NamedTuple

from trafficdesk.shipped import shipped

OWN = "desk-asset:"  # our own files in a page before its addresses are rewritten


class UnknownAddressError(Exception):
    """A page names an address for which no file is shipped."""

    code = "map.unknown_address"

    def __init__(self, address: str) -> None:
        super().__init__(address)
        self.address = address


class Asset(NamedTuple):
    """A file of the page: its short name, where it lies, and its type."""

    name: str
    path: Path
    mime: str


_MIMES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ttf": "font/ttf",
}
SCRIPTS = (
    "theme.js",
    "symbols.js",
    "labels.js",
    "paint.js",
    "basemap.js",
    "points.js",
    "shapes.js",
    "heat.js",
    "hotspots.js",
    "tools.js",
    "chrome.js",
    "start.js",
)
EXPORT_SCRIPT = "export.js"
STYLES = ("map.css",)
FONTS = (
    "Inter-Regular.ttf",
    "Inter-Medium.ttf",
    "Inter-SemiBold.ttf",
    "NotoSansTamil-Medium.ttf",
    "NotoSansDevanagari-Medium.ttf",
)
ICONS = ("plus", "minus", "maximize", "ruler", "pentagon", "check", "x", "undo-2")
_VENDOR = {
    "leaflet.js": ("vendor", "leaflet", "leaflet.js"),
    "leaflet.css": ("vendor", "leaflet", "leaflet.css"),
    "protomaps-leaflet.js": ("vendor", "protomaps-leaflet", "protomaps-leaflet.js"),
}
# What folium 0.20 writes into a page, and the file that stands in for it.
_ADDRESSES = {
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.js": "leaflet.js",
    "https://cdn.jsdelivr.net/npm/leaflet@1.9.3/dist/leaflet.css": "leaflet.css",
}


def find_asset(name: str) -> Asset | None:
    """Return the asset of that name; only names of the tables above are ever found."""
    if name in _VENDOR:
        path = shipped(*_VENDOR[name])
    elif name in (*SCRIPTS, *STYLES, EXPORT_SCRIPT):
        path = shipped("map", name)
    elif name in FONTS:
        path = shipped("vendor", "fonts", name)
    elif name.endswith(".svg") and name.removesuffix(".svg") in ICONS:
        path = shipped("vendor", "icons", name)
    else:
        return None
    return Asset(name, path, _MIMES[path.suffix])


def asset_at(address: str) -> Asset:
    """Return the file that stands in for an address.

    Raises:
        UnknownAddressError: no file does.
    """
    name = address.removeprefix(OWN) if address.startswith(OWN) else _ADDRESSES.get(address, "")
    asset = find_asset(name)
    if asset is None:
        raise UnknownAddressError(address)
    return asset


_SCRIPT = re.compile(r'<script\s+src="([^"]*)"\s*>\s*</script>')
_STYLE = re.compile(r'<link\s+rel="stylesheet"\s+href="([^"]*)"\s*/?>')


def rewrite(html: str, script: Callable[[Asset], str], style: Callable[[Asset], str]) -> str:
    """Replace every ``<script src>`` and style ``<link>`` by what the functions make of its file.

    Raises:
        UnknownAddressError: an address stands in no table, or a tag is written in another way.
    """
    html = _SCRIPT.sub(lambda found: script(asset_at(unescape(found[1]))), html)
    return _STYLE.sub(lambda found: style(asset_at(unescape(found[1]))), html)


_LOADED = re.compile(r"<[a-z]+\s[^>]*?\b(?:src|href)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)


def refuse_foreign(html: str, allowed: str) -> None:
    """Look for anything that would still be loaded from elsewhere.

    Raises:
        UnknownAddressError: a ``src`` or ``href`` that does not start with ``allowed``.
    """
    for found in _LOADED.finditer(html):
        if not unescape(found[1]).startswith(allowed):
            raise UnknownAddressError(found[1])
