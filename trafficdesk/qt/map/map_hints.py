"""Where keys of the map's commands stand on its widgets; the page has its own words."""

from typing import TYPE_CHECKING

from trafficdesk.qt.key_hints import Hint

if TYPE_CHECKING:
    from trafficdesk.qt.map.workspace import MapWorkspace


def map_hints(map_: "MapWorkspace") -> tuple[Hint, ...]:
    """Return which command's key each widget of a map workspace shows."""
    layers, side = map_.layers, map_.side
    return (
        ("map.types", layers.types.button.set_key),
        ("map.export", layers.export_button.set_key),
        ("map.find", map_.search.field.keycap.set_key),
        ("map.play", map_.time.play_button.set_key),
        ("map.previous", side.previous.set_key),
        ("map.next", side.next.set_key),
        ("map.close", side.close_button.set_key),
        ("map.open", side.card.open_button.set_key),
    )
