"""What the page may say to the desk; every slot is checked, for a page is not to be trusted."""

import json
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from trafficdesk.domain.geometry import is_on_earth
from trafficdesk.domain.records import Bounds, Place


class PageChannel(QObject):
    """The object ``desk`` of the page. Its slots are the page's words, its signals the desk's."""

    page_ready = Signal()
    layer_shown = Signal(str, int, int)
    layer_failed = Signal(str, int)
    thing_picked = Signal(str, str)
    cluster_picked = Signal(object, int)
    view_moved = Signal(object, float)
    place_picked = Signal(object)
    place_asked = Signal(object)
    area_drawn = Signal(str, str)
    distance_measured = Signal(float)
    tool_started = Signal(str)
    tool_ended = Signal(str, str)
    request_blocked = Signal(str)

    @Slot()
    def ready(self) -> None:
        """Say that the page has drawn itself and listens."""
        self.page_ready.emit()

    @Slot(str, int, int)
    def layerShown(self, layer: str, count: int, total: int) -> None:
        """Say that a layer's data is on screen."""
        self.layer_shown.emit(layer, count, total)

    @Slot(str, int)
    def layerFailed(self, layer: str, status: int) -> None:
        """Say that a layer's data did not come."""
        self.layer_failed.emit(layer, status)

    @Slot(str, str)
    def picked(self, layer: str, thing_id: str) -> None:
        """Say that a symbol or an area was clicked."""
        self.thing_picked.emit(layer, thing_id)

    @Slot(str, int)
    def clusterPicked(self, bounds: str, n: int) -> None:
        """Say that a cluster of ``n`` reports was clicked."""
        box = _bounds(bounds)
        if box is not None:
            self.cluster_picked.emit(box, n)

    @Slot(str, float)
    def moved(self, bounds: str, zoom: float) -> None:
        """Say what the map shows now."""
        box = _bounds(bounds)
        if box is not None:
            self.view_moved.emit(box, zoom)

    @Slot(float, float)
    def placePicked(self, lon: float, lat: float) -> None:
        """Say that free ground was clicked."""
        place = Place(lon, lat)
        if is_on_earth(place):
            self.place_picked.emit(place)

    @Slot(float, float)
    def placeAsked(self, lon: float, lat: float) -> None:
        """Say that a place was clicked with the other button."""
        place = Place(lon, lat)
        if is_on_earth(place):
            self.place_asked.emit(place)

    @Slot(str, str)
    def drawn(self, geometry: str, area_id: str) -> None:
        """Say that a polygon was drawn (GeoJSON), for an area that is there or "" for a new one."""
        self.area_drawn.emit(geometry, area_id)

    @Slot(float)
    def measured(self, metres: float) -> None:
        """Say how long the measured line is."""
        self.distance_measured.emit(metres)

    @Slot(str)
    def toolStarted(self, tool: str) -> None:
        """Say that a tool was taken up."""
        self.tool_started.emit(tool)

    @Slot(str, str)
    def toolEnded(self, tool: str, how: str) -> None:
        """Say that a tool was put away, ``finished`` or ``cancelled``."""
        self.tool_ended.emit(tool, how)

    @Slot(str)
    def requestBlocked(self, address: str) -> None:
        """Say that the content policy stopped a request."""
        self.request_blocked.emit(address)


def _bounds(text: str) -> Bounds | None:
    try:
        told: Any = json.loads(text)
        west, south, east, north = (float(edge) for edge in told)
    except (ValueError, TypeError):
        return None
    box = Bounds(max(west, -180.0), max(south, -90.0), min(east, 180.0), min(north, 90.0))
    return box if box.west <= box.east and box.south <= box.north else None
