"""What lies on the layers of a pack's tiles, and how other makers' layers read as ours.

Our own tiles (``Schema.OWN``), extent 4096, zooms 5 to 14:

=========  ========  ===========================================================================
layer      geometry  tags
=========  ========  ===========================================================================
land       polygon   -
water      polygon   class: lake, river, reservoir, sea; name, name:en, name:<language>
waterway   line      class: river, stream, canal; name ...
green      polygon   class: park, forest, campus, farm, industrial, airfield; name ...
building   polygon   -
road       line      class: motorway, trunk, primary, secondary, tertiary, minor, service, path;
                     ref, oneway, bridge, tunnel; name ... where there is no layer road_name
road_name  line      class as of road; name ...; ways of one name joined
rail       line      class: rail, tram, subway
boundary   line      level: 2, 4, 6, 8
place      point     class: country, city, town, suburb, village, locality, station, lake, green;
                     name ..., rank 0 to 9
=========  ========  ===========================================================================

Readers ask ``layer_of`` for the layer that plays a part and ``class_of`` for our word for a
feature's class; the page gets the same tables as JSON from ``tables``.
"""

from enum import StrEnum

from trafficdesk.maps.vector_tile import TagValue

LAYERS = (
    "land",
    "water",
    "waterway",
    "green",
    "building",
    "road",
    "road_name",
    "rail",
    "boundary",
    "place",
)
OWN_MIN_ZOOM = 5
OWN_MAX_ZOOM = 14


class Schema(StrEnum):
    """Whose layer names a pack uses."""

    OWN = "own"
    OPENMAPTILES = "openmaptiles"
    PROTOMAPS = "protomaps"


# role -> (layer, tag that holds the class); None where the maker has no such layer of its own
_LAYER_OF: dict[Schema, dict[str, tuple[str, str]]] = {
    Schema.OWN: {name: (name, "class") for name in LAYERS},
    Schema.OPENMAPTILES: {
        "water": ("water", "class"),
        "waterway": ("waterway", "class"),
        "green": ("landcover", "class"),
        "building": ("building", "class"),
        "road": ("transportation", "class"),
        "road_name": ("transportation_name", "class"),
        "rail": ("transportation", "class"),
        "boundary": ("boundary", "admin_level"),
        "place": ("place", "class"),
    },
    Schema.PROTOMAPS: {
        "land": ("earth", "kind"),
        "water": ("water", "kind"),
        "waterway": ("water", "kind"),
        "green": ("landuse", "kind"),
        "building": ("buildings", "kind"),
        "road": ("roads", "kind_detail"),
        "rail": ("roads", "kind"),
        "boundary": ("boundaries", "kind"),
        "place": ("places", "kind_detail"),
    },
}

# Their word for a class -> ours; what is not listed keeps its word.
_CLASSES = {
    "motorway_link": "motorway",
    "trunk_link": "trunk",
    "primary_link": "primary",
    "secondary_link": "secondary",
    "tertiary_link": "tertiary",
    "residential": "minor",
    "unclassified": "minor",
    "living_street": "minor",
    "road": "minor",
    "minor_road": "minor",
    "footway": "path",
    "cycleway": "path",
    "pedestrian": "path",
    "steps": "path",
    "bridleway": "path",
    "track": "path",
    "light_rail": "tram",
    "transit": "subway",
    "neighbourhood": "locality",
    "quarter": "suburb",
    "hamlet": "locality",
    "wood": "forest",
    "grass": "park",
    "garden": "park",
    "nature_reserve": "forest",
    "farmland": "farm",
}
ROAD_CLASSES = (
    "motorway",
    "trunk",
    "primary",
    "secondary",
    "tertiary",
    "minor",
    "service",
    "path",
)
RAIL_CLASSES = ("rail", "tram", "subway")


def schema_of(layers: tuple[str, ...]) -> Schema:
    """Tell whose layer names these are; ours where nothing else fits."""
    if "transportation" in layers:
        return Schema.OPENMAPTILES
    if "roads" in layers and "earth" in layers:
        return Schema.PROTOMAPS
    return Schema.OWN


def layer_of(schema: Schema, role: str) -> str:
    """Return the name of the layer that plays ``role`` (one of LAYERS); empty where none does."""
    return _LAYER_OF[schema].get(role, ("", ""))[0]


def class_of(schema: Schema, role: str, tags: dict[str, TagValue]) -> str:
    """Return our word for a feature's class."""
    tag = _LAYER_OF[schema].get(role, ("", "class"))[1]
    word = str(tags.get(tag) or tags.get("kind") or tags.get("class") or "")
    return _CLASSES.get(word, word)


def tables(schema: Schema) -> dict[str, object]:
    """Return the tables of one schema for the page's paint rules."""
    return {"layers": _LAYER_OF[schema], "classes": _CLASSES}
