"""Where the parts of the map workspace lie: beside the page, below it, and over it."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.map.area_form import AreaForm
from trafficdesk.qt.map.layers_panel import LayersPanel
from trafficdesk.qt.map.map_view import MapView
from trafficdesk.qt.map.place_search import PlaceSearch
from trafficdesk.qt.map.side_column import SideColumn
from trafficdesk.qt.map.time_bar import TimeBar
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.painting import placed
from trafficdesk.qt.widgets.toast import Toast

_ROOMY_PX: Final = 1500


class MapFrame(QWidget):
    """Layers, days and what was chosen around a page; search, form and notes over it."""

    def __init__(self, view: MapView) -> None:
        super().__init__()
        self.view = view
        self.layers = LayersPanel()
        self.time = TimeBar()
        self.side = SideColumn()
        self.search = PlaceSearch("F")
        self.form = AreaForm()
        self.toast = Toast("")
        self._lay_out()

    def _lay_out(self) -> None:
        self.setAccessibleName(self.tr("Map"))
        self._canvas = QWidget()
        for child in (self.view, self.search, self.form, self.toast):
            child.setParent(self._canvas)
        middle = QVBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._canvas, 1)
        middle.addWidget(Hairline())
        middle.addWidget(self.time)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.layers)
        row.addWidget(Hairline(Qt.Orientation.Vertical))
        row.addLayout(middle, 1)
        row.addWidget(Hairline(Qt.Orientation.Vertical))
        row.addWidget(self.side)
        self._canvas.installEventFilter(self)
        self.setFocusProxy(self.view)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() is QEvent.Type.Resize:
            self._place_over()
        return super().eventFilter(watched, event)

    def _place_over(self) -> None:
        """Put the page, and what lies over it, where they belong."""
        area = self._canvas.rect()
        self.view.setGeometry(area)
        gap = px(12)
        self.search.restyle()
        self._put(self.search, QRect(gap, gap, self.search.width(), self.search.height()))
        form = self.form.sizeHint()
        x = (area.width() - form.width()) // 2
        self._put(self.form, QRect(x, px(60), form.width(), form.height()))
        toast = self.toast.sizeHint()
        x = (area.width() - toast.width()) // 2
        bottom = area.height() - toast.height() - gap
        self._put(self.toast, QRect(x, bottom, toast.width(), toast.height()))

    def _put(self, child: QWidget, box: QRect) -> None:
        child.setGeometry(placed(self._canvas, box))
        child.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        is_roomy = self.width() >= px(_ROOMY_PX)
        self.layers.set_roomy(is_roomy)
        self.side.set_roomy(is_roomy)

    def restyle(self) -> None:
        """Take the measures of the look that holds now."""
        self._place_over()

    def tell(self, sentence: str) -> None:
        """Say something over the map for a while."""
        self.toast.tell(sentence, can_undo=False)
        self._place_over()
