"""Reads a gazetteer out of a pack's own tiles, for archives that come without one."""

from collections.abc import Callable, Iterator
from pathlib import Path

from trafficdesk.domain.records import Bounds, Place
from trafficdesk.maps.mercator import count_tiles, place_at
from trafficdesk.maps.osm_tags import NAME_LANGUAGES
from trafficdesk.maps.places_file import NamedPlace, NamedStreet, save_places
from trafficdesk.maps.schema import RAIL_CLASSES, Schema, class_of, layer_of
from trafficdesk.maps.vector_tile import GeometryKind, Layer, TagValue, decode_tile

MAX_TILES = 4_000  # a city and its surroundings; beyond that reading takes minutes
_DEEPEST_ZOOM = 14
_PLACE_CLASSES = ("city", "town", "suburb", "village", "locality")
Tile = Callable[[int, int, int], bytes | None]
At = tuple[int, int, int]


def readable_zoom(bounds: Bounds, max_zoom: int) -> int | None:
    """Return the zoom whose tiles are read for names; None where they are too many."""
    zoom = min(max_zoom, _DEEPEST_ZOOM)
    return zoom if count_tiles(bounds, zoom) <= MAX_TILES else None


def save_names_of_tiles(
    path: Path, tile: Tile, schema: Schema, at: Iterator[At]
) -> tuple[int, int]:
    """Write the gazetteer of the named roads and places on the tiles ``at``; return how many.

    Raises:
        TileDamagedError, PackDamagedError: a tile cannot be read.
    """
    streets: list[NamedStreet] = []
    places: dict[tuple[str, str], NamedPlace] = {}
    for z, x, y in at:
        body = tile(z, x, y)
        layers = decode_tile(body) if body else {}
        streets += _streets(layers, schema, (z, x, y))
        for place in _places(layers, schema, (z, x, y)):
            places.setdefault((place.class_, place.names[""]), place)
    return save_places(path, streets, places.values())


def _streets(layers: dict[str, Layer], schema: Schema, at: At) -> Iterator[NamedStreet]:
    found = (layers.get(layer_of(schema, role)) for role in ("road_name", "road"))
    for layer, feature in ((each, one) for each in found if each for one in each.features):
        names, class_ = _names(feature.tags), class_of(schema, "road", feature.tags)
        if names and feature.kind is GeometryKind.LINE and class_ not in RAIL_CLASSES:
            for part in feature.parts:
                yield NamedStreet(class_, names, tuple(_degrees(p, layer, at) for p in part))


def _places(layers: dict[str, Layer], schema: Schema, at: At) -> Iterator[NamedPlace]:
    layer = layers.get(layer_of(schema, "place"))
    for feature in layer.features if layer else ():
        names, class_ = _names(feature.tags), class_of(schema, "place", feature.tags)
        if names and feature.kind is GeometryKind.POINT:
            kind = "place" if class_ in _PLACE_CLASSES else "poi"
            yield NamedPlace(kind, class_, names, _degrees(feature.parts[0][0], layer, at))


def _names(tags: dict[str, TagValue]) -> dict[str, str]:
    main = str(tags.get("name") or tags.get("name:latin") or tags.get("name_en") or "")
    if not main:
        return {}
    local = {language: str(tags.get(f"name:{language}") or "") for language in NAME_LANGUAGES}
    return {"": main, **{language: name for language, name in local.items() if name}}


def _degrees(point: tuple[int, int], layer: Layer | None, at: At) -> Place:
    z, x, y = at
    extent = layer.extent if layer else 1
    n = 1 << z
    return place_at((x + point[0] / extent) / n, (y + point[1] / extent) / n)
