"""Where the parts of dispatch stand: beside each other, or the units behind a tab."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.dispatch.columns import IncidentColumn, UnitColumn
from trafficdesk.qt.dispatch.map_column import MapColumn
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.panels import StackedPage
from trafficdesk.qt.widgets.tab_strip import Tab, TabStrip

ROOMY_PX: Final = 1500
_LEAST_MAP_PX: Final = 300
_INCIDENTS_PX, _UNITS_PX = (416, 520), (348, 480)
_MAP, _UNITS = "map", "units"


class Arrangement:
    """The two boards with the map between them, and how wide each is."""

    def __init__(self, incidents: IncidentColumn, middle: MapColumn, units: UnitColumn) -> None:
        self._incidents, self._middle, self._units = incidents, middle, units
        self._is_narrow = False
        self.tabs = TabStrip((Tab(_MAP, say("Map")), Tab(_UNITS, say("Units"))))
        self.pages = StackedPage()
        self.pages.setMinimumWidth(1)
        self._edge = Hairline(Qt.Orientation.Vertical)
        self._row = QHBoxLayout()
        self.tabs.opened.connect(self.open_tab)

    def lay_out(self, desk: QWidget, *feet: QWidget) -> None:
        """Put everything on the workspace, with bars at its foot."""
        self.pages.show_page(self._middle)
        centre = QVBoxLayout()
        centre.setSpacing(0)
        centre.addWidget(self.tabs)
        centre.addWidget(self.pages, 1)
        self.tabs.hide()
        self._row.setSpacing(0)
        self._row.addWidget(self._incidents)
        self._row.addWidget(Hairline(Qt.Orientation.Vertical))
        self._row.addLayout(centre, 1)
        self._row.addWidget(self._edge)
        self._row.addWidget(self._units)
        column = QVBoxLayout(desk)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row, 1)
        for foot in feet:
            column.addWidget(foot)

    def fit(self, room_px: int) -> None:
        """Share so much width out; where the map would have none of it, units go behind a tab."""
        at = 1 if room_px >= px(ROOMY_PX) else 0
        incidents, units = px(_INCIDENTS_PX[at]), px(_UNITS_PX[at])
        is_narrow = room_px - incidents - units < px(_LEAST_MAP_PX)
        self._incidents.setFixedWidth(min(incidents, max(px(280), room_px // 2)))
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._change_over()
        self._units.setMinimumWidth(0 if is_narrow else units)
        self._units.setMaximumWidth(16_777_215 if is_narrow else units)

    def _change_over(self) -> None:
        self.tabs.setVisible(self._is_narrow)
        self._edge.setVisible(not self._is_narrow)
        if self._is_narrow:
            self.pages.keep(self._units)
        else:
            self.pages.removeWidget(self._units)
            self._row.addWidget(self._units)
            self.pages.show_page(self._middle)
            self._units.show()

    def show_map(self) -> None:
        """Let the map be seen."""
        self.open_tab(_MAP)

    def show_units(self) -> None:
        """Let the unit board be seen."""
        self.open_tab(_UNITS)

    def open_tab(self, tab: str) -> None:
        """Open a tab, where there are any."""
        if self._is_narrow:
            self.tabs.open(tab)
            self.pages.show_page(self._units if tab == _UNITS else self._middle)
