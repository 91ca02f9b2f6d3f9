"""From OpenStreetMap's tags (wiki.openstreetmap.org) to the layers and classes of our tiles."""

from typing import NamedTuple, Protocol

from trafficdesk.maps.schema import ROAD_CLASSES

NAME_LANGUAGES = (
    "en",
    "ta",
    "hi",
    "te",
    "kn",
    "ml",
    "mr",
    "bn",
    "gu",
    "pa",
    "ur",
    "de",
    "fr",
    "es",
)


class Tags(Protocol):
    """What osmium's tag list and a dict have in common."""

    def get(self, key: str, /) -> str | None:
        """Return a tag's value."""
        ...


class Drawn(NamedTuple):
    """Where a way or area is drawn: layer, tags of the tile, first zoom."""

    layer: str
    tags: dict[str, str]
    zoom: int


class PlaceLabel(NamedTuple):
    """A place's label: class, rank (1 is most important), first zoom."""

    class_: str
    rank: int
    zoom: int


_ROAD_ZOOMS = dict(zip(ROAD_CLASSES, (5, 6, 8, 9, 11, 12, 13, 14), strict=True))
_ROADS = {
    **{name: name for name in ROAD_CLASSES if name != "minor"},
    **{f"{name}_link": name for name in ("motorway", "trunk", "primary", "secondary", "tertiary")},
    **dict.fromkeys(("residential", "unclassified", "living_street", "road"), "minor"),
    **dict.fromkeys(
        ("footway", "cycleway", "pedestrian", "steps", "bridleway", "track", "path"), "path"
    ),
}
_RAILS = {"rail": 8, "light_rail": 11, "tram": 12, "subway": 12, "narrow_gauge": 11}
_WATERWAYS = {"river": 8, "canal": 10, "stream": 13, "ditch": 14, "drain": 14}
_GREENS = {
    "leisure=park": ("park", 11),
    "leisure=garden": ("park", 13),
    "leisure=golf_course": ("park", 11),
    "leisure=pitch": ("park", 14),
    "leisure=stadium": ("park", 13),
    "leisure=nature_reserve": ("forest", 9),
    "landuse=forest": ("forest", 8),
    "natural=wood": ("forest", 8),
    "natural=scrub": ("forest", 11),
    "landuse=grass": ("park", 13),
    "landuse=meadow": ("farm", 12),
    "landuse=farmland": ("farm", 10),
    "landuse=orchard": ("farm", 11),
    "landuse=vineyard": ("farm", 12),
    "landuse=cemetery": ("park", 12),
    "landuse=recreation_ground": ("park", 12),
    "landuse=industrial": ("industrial", 11),
    "landuse=commercial": ("industrial", 12),
    "amenity=university": ("campus", 12),
    "amenity=college": ("campus", 13),
    "amenity=school": ("campus", 14),
    "amenity=hospital": ("campus", 13),
    "aeroway=aerodrome": ("airfield", 10),
}
_WATERS = {
    "natural=water": 8,
    "landuse=reservoir": 9,
    "landuse=basin": 13,
    "waterway=riverbank": 10,
    "natural=bay": 9,
}
_PLACES = {
    "city": PlaceLabel("city", 1, 5),
    "town": PlaceLabel("town", 3, 7),
    "village": PlaceLabel("village", 5, 10),
    "suburb": PlaceLabel("suburb", 5, 11),
    "quarter": PlaceLabel("suburb", 6, 12),
    "neighbourhood": PlaceLabel("locality", 7, 13),
    "hamlet": PlaceLabel("locality", 7, 13),
    "locality": PlaceLabel("locality", 8, 14),
}
_STATION = PlaceLabel("station", 6, 13)
_POI_KEYS = ("amenity", "tourism", "shop", "office", "leisure", "healthcare", "historic", "aeroway")


def names_in(tags: Tags) -> dict[str, str]:
    """Return the names by language; "" is the name on the spot."""
    found = {"": tags.get("name") or ""}
    found.update({language: tags.get(f"name:{language}") or "" for language in NAME_LANGUAGES})
    found["ref"] = tags.get("ref") or "" if not found[""] and tags.get("highway") else ""
    return {language: text for language, text in found.items() if text}


def road_zoom(class_: str) -> int:
    """Return the first zoom at which roads of a class are drawn."""
    return _ROAD_ZOOMS[class_]


def line_layer(tags: Tags) -> Drawn | None:
    """Tell where a way is drawn, None if it is not drawn as a line."""
    road = _ROADS.get(tags.get("highway") or "")
    if road is not None and tags.get("area") != "yes":
        told = {"class": road}
        told.update({key: value for key in ("oneway", "ref") if (value := tags.get(key))})
        told.update({k: "yes" for k in ("bridge", "tunnel") if tags.get(k) not in (None, "no")})
        return Drawn("road", told, _ROAD_ZOOMS[road])
    rail = tags.get("railway") or ""
    if rail in _RAILS:
        kind = {"light_rail": "tram", "narrow_gauge": "rail"}.get(rail, rail)
        return Drawn("rail", {"class": kind}, _RAILS[rail])
    water = tags.get("waterway") or ""
    if water in _WATERWAYS:
        return Drawn("waterway", {"class": water}, _WATERWAYS[water])
    level = tags.get("admin_level")
    if tags.get("boundary") == "administrative" and level in ("2", "4", "6", "8"):
        return Drawn("boundary", {"level": level}, {"2": 5, "4": 5, "6": 8, "8": 10}[level])
    return None


def area_layer(tags: Tags) -> Drawn | None:
    """Tell where a closed area is drawn, None if it is not."""
    for key, zoom in _WATERS.items():
        name, value = key.split("=")
        if tags.get(name) == value:
            kind = tags.get("water") or ("reservoir" if value == "reservoir" else "lake")
            return Drawn("water", {"class": kind}, zoom)
    for key, (class_, zoom) in _GREENS.items():
        name, value = key.split("=")
        if tags.get(name) == value:
            return Drawn("green", {"class": class_}, zoom)
    if tags.get("building") not in (None, "no"):
        return Drawn("building", {}, 14)
    return None


def place_of(tags: Tags) -> PlaceLabel | None:
    """Tell how a node is labelled, None if it is no place or station."""
    if tags.get("railway") in ("station", "halt"):
        return _STATION
    return _PLACES.get(tags.get("place") or "")


def poi_of(tags: Tags) -> str:
    """Return the class of a landmark, empty if it is none."""
    return next((value for key in _POI_KEYS if (value := tags.get(key))), "")
