"""Where it was: coordinates as typed or copied, or a name that the gazetteer knows."""

import re
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.domain.geometry import is_on_earth
from trafficdesk.domain.records import Place
from trafficdesk.maps.gazetteer import FoundPlace
from trafficdesk.qt.ages import coordinates
from trafficdesk.qt.review.list_rows import RowList, RowText
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import ElidedLabel
from trafficdesk.services.choices import find_ward_at
from trafficdesk.services.session import Session

_SEARCH_AFTER_MS: Final = 150
_SHOWN: Final = 5
FindPlaces = Callable[[str], list[FoundPlace]]
_NUMBER = r"(-?\d{1,3}(?:\.\d+)?)\s*°?\s*"
_PAIR = re.compile(rf"^\s*{_NUMBER}([NSns]?)[\s,;]+{_NUMBER}([EWew]?)\s*$")


def read_coordinates(text: str) -> Place | None:
    """Return latitude and longitude as typed (``11.0183 N, 76.9674 E``), None for all else."""
    found = _PAIR.match(text)
    if found is None:
        return None
    lat = float(found[1]) * (-1 if found[2].upper() == "S" else 1)
    lon = float(found[3]) * (-1 if found[4].upper() == "W" else 1)
    place = Place(lon, lat)
    return place if is_on_earth(place) else None


class PlaceField(QWidget):
    """``changed`` when a place was taken or lost. Names are searched on a reader thread."""

    changed = Signal()

    def __init__(self, session: Session, lanes: Lanes, find: FindPlaces) -> None:
        super().__init__()
        self._session = session
        self._lanes = lanes
        self._find = find
        self._found: list[FoundPlace] = []
        self.place: Place | None = None
        self.address = ""
        self.area = ""
        self.field = InputField(self.tr("Place"), icon="map-pin")
        self.field.set_placeholder(self.tr("Street or area, or 11.0183, 76.9674"))
        self.field.edited.connect(self._typed)
        self.field.submitted.connect(self._take_first)
        self.rows = RowList()
        self.rows.chosen.connect(self._chosen)
        self.told = ElidedLabel("", 12, 400, "text2")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for widget in (self.field, self.rows, self.told):
            column.addWidget(widget)
        self.told.hide()
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(_SEARCH_AFTER_MS)
        self._later.timeout.connect(self._search)

    def clear(self) -> None:
        """Know no place."""
        self.field.clear()
        self.field.set_error("")
        self._take(None, "", "")
        self._show([])

    def choose(self, place: Place) -> None:
        """Take a place that was chosen elsewhere, such as on the map."""
        self.field.set_text(f"{place.lat:.5f}, {place.lon:.5f}")
        self.field.set_error("")
        self._show([])
        self._take(place, "", "")

    def _typed(self, text: str) -> None:
        place = read_coordinates(text)
        self._take(place, "", "")
        if place is None and text.strip():
            self._later.start()
        else:
            self._show([])

    def _search(self) -> None:
        text = self.field.text().strip()
        self._lanes.owned_by(self).run(
            Lane.READER, partial(self._find, text), self._show, key="places"
        )

    def _show(self, found: list[FoundPlace]) -> None:
        if read_coordinates(self.field.text()) is not None:
            found = []
        self._found = found[:_SHOWN]
        self.rows.set_rows(
            tuple(
                (number, RowText(each.name, each.near, coordinates(each.place)))
                for number, each in enumerate(self._found, 1)
            )
        )

    def _take_first(self) -> None:
        if self.place is None and self._found:
            self._chosen(1)

    def _chosen(self, number: int) -> None:
        found = self._found[number - 1]
        self.field.set_text(found.name)
        self.field.set_error("")
        self._show([])
        self._take(found.place, found.name, found.near)

    def _take(self, place: Place | None, address: str, area: str) -> None:
        self.place, self.address, self.area = place, address, area
        self.told.setText("" if place is None else coordinates(place))
        self.told.setVisible(place is not None)
        if place is not None:
            session = self._session
            self._lanes.owned_by(self).run(
                Lane.READER,
                lambda: find_ward_at(session, place),
                partial(self._tell_ward, place),
                key="ward",
            )
        self.changed.emit()

    def _tell_ward(self, place: Place, ward: str) -> None:
        if place == self.place:
            where = ward or self.tr("outside every ward of this desk")
            self.told.setText(f"{coordinates(place)} · {where}")
