"""Searching from the field over the map, and going to what was found."""

from functools import partial

from PySide6.QtCore import QObject, Signal

from trafficdesk.domain.records import Bounds, Place
from trafficdesk.maps.gazetteer import FoundPlace, Gazetteer
from trafficdesk.maps.surroundings import Found, search
from trafficdesk.qt.map.frame import MapFrame
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.services.session import Session


def middle_of(bounds: Bounds) -> Place:
    """Return the middle of a rectangle."""
    return Place((bounds.west + bounds.east) / 2, (bounds.south + bounds.north) / 2)


class Finding(QObject):
    """Answers the search field. ``arrived`` carries the place the map was moved to."""

    arrived = Signal(object)

    def __init__(self, session: Session, lanes: Lanes, frame: MapFrame) -> None:
        super().__init__(frame)
        self._store = session.store
        self._lanes = lanes.owned_by(self)
        self._frame = frame
        self._gazetteer: Gazetteer | None = None
        self.near: Place | None = None
        frame.search.searched.connect(self._search)
        frame.search.place_chosen.connect(self._go_to)

    def set_gazetteer(self, gazetteer: Gazetteer | None) -> None:
        """Find places in this gazetteer from now on; None finds none."""
        self._gazetteer = gazetteer

    def _search(self, text: str) -> None:
        if not text.strip():
            self._frame.search.close_found()
            return
        task = partial(search, self._store, self._gazetteer, text, self.near)
        self._lanes.run(Lane.READER, task, partial(self._show, text), key="search")

    def _show(self, text: str, found: Found) -> None:
        if self._frame.search.field.text() == text:
            self._frame.search.show_found(found)
            self._frame.search.raise_()

    def _go_to(self, found: FoundPlace) -> None:
        self._frame.view.run("fitBounds", *found.bounds)
        self.arrived.emit(found.place)
