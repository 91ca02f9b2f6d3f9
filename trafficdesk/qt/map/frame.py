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
from trafficdesk.qt.theme.fonts import SEMIBOLD, text_width
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.painting import placed
from trafficdesk.qt.widgets.toast import Toast

_ROOMY_PX: Final = 1500
_STRIP_PX: Final = 560
_NARROW_PX: Final = 1110  # below, the card lies over the map


class MapFrame(QWidget):
    """Layers, days and what was chosen around a page; search, form and notes over it."""

    def __init__(self, view: MapView) -> None:
        super().__init__()
        self.view = view
        self.layers = LayersPanel()
        self.time = TimeBar()
        self.side = SideColumn()
        self.search = PlaceSearch()
        self.form = AreaForm()
        self.toast = Toast("")
        self._is_narrow = False
        self._strip: QWidget | None = None
        self._row = QHBoxLayout(self)
        self._edge = Hairline(Qt.Orientation.Vertical)
        self._lay_out()
        self.side.subject_changed.connect(self._place_over)

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
        row = self._row
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.layers)
        row.addWidget(Hairline(Qt.Orientation.Vertical))
        row.addLayout(middle, 1)
        row.addWidget(self._edge)
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
        if self._is_narrow:
            width = self.side.width()
            self.side.setVisible(self.side.has_subject)
            self._put(self.side, QRect(area.width() - width, 0, width, area.height()))
        gap = px(12)
        self.search.restyle()
        self._put(self.search, QRect(gap, gap, self.search.width(), self.search.height()))
        form = self.form.sizeHint()
        x = (area.width() - form.width()) // 2
        self._put(self.form, QRect(x, px(60), form.width(), form.height()))
        height = self.toast.sizeHint().height()
        width = text_width(self.toast.text(), 13, SEMIBOLD) + px(64)
        width = min(max(width, px(240)), area.width() - 2 * gap)
        x = (area.width() - width) // 2
        self._put(self.toast, QRect(x, area.height() - height - gap, width, height))
        if self._strip is not None:
            height = self._strip.sizeHint().height()
            width = min(px(_STRIP_PX), area.width() - 2 * gap)
            x = (area.width() - width) // 2
            self._put(self._strip, QRect(x, area.height() - height - gap, width, height))

    def put_over(self, strip: QWidget) -> None:
        """Have a strip over the map's lower edge, where it is shown at times."""
        self._strip = strip
        strip.setParent(self._canvas)
        self._place_over()

    def _put(self, child: QWidget, box: QRect) -> None:
        child.setGeometry(placed(self._canvas, box))
        child.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        is_roomy = self.width() >= px(_ROOMY_PX)
        is_narrow = self.width() < px(_NARROW_PX)
        if is_narrow != self._is_narrow:
            self._is_narrow = is_narrow
            self._row.removeWidget(self.side)
            if is_narrow:
                self.side.setParent(self._canvas)
            else:
                self._row.addWidget(self.side)
                self.side.show()
            self._edge.setVisible(not is_narrow)
            self._place_over()
        self.layers.set_roomy(is_roomy)
        self.side.set_roomy(is_roomy)

    def restyle(self) -> None:
        """Take the measures of the look that holds now."""
        self._measure()
        self._place_over()

    def tell(self, sentence: str) -> None:
        """Say something over the map for a while."""
        self.toast.tell(sentence, can_undo=False)
        self._place_over()
