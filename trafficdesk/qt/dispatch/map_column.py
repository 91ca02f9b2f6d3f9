"""The middle of dispatch: the map with what lies over it, and the strip of suggestions below."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.qt.dispatch.gear import DispatchGear
from trafficdesk.qt.dispatch.map_canvas import DispatchMap
from trafficdesk.qt.dispatch.strip import SuggestionStrip
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.theme.fonts import SEMIBOLD, text_width
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import IconButton
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.painting import placed
from trafficdesk.qt.widgets.panels import Panel
from trafficdesk.qt.widgets.toast import Toast

_SIDE_PX: Final = 372
_GAP_PX: Final = 12


class _Buttons(Panel):
    """Closer, farther, all: one under the other."""

    def __init__(self, map_: DispatchMap) -> None:
        super().__init__()
        self.closer = IconButton("plus", say("Closer"), size_px=32)
        self.farther = IconButton("minus", say("Farther"), size_px=32)
        self.all = IconButton("locate-fixed", say("Show all"), size_px=32)
        self.closer.clicked.connect(lambda: map_.zoom(0.5))
        self.farther.clicked.connect(lambda: map_.zoom(-0.5))
        self.all.clicked.connect(map_.fit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for number, button in enumerate((self.closer, self.farther, self.all)):
            if number:
                column.addWidget(Hairline())
            column.addWidget(button)


class MapColumn(QWidget):
    """Map, strip, and at most one panel over the map's trailing side."""

    def __init__(self, gear: DispatchGear) -> None:
        super().__init__()
        self.map = DispatchMap(gear.find_pack, gear.lanes)
        self.strip = SuggestionStrip()
        self.toast = Toast("Ctrl Z")
        self.side: QWidget | None = None
        self._canvas = QWidget()
        self.buttons = _Buttons(self.map)
        for child in (self.map, self.buttons, self.toast):
            child.setParent(self._canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._canvas, 1)
        column.addWidget(Hairline())
        column.addWidget(self.strip)
        self._canvas.installEventFilter(self)
        self.setMinimumWidth(1)

    def keep(self, *panels: QWidget) -> None:
        """Hold panels that are shown later."""
        for panel in panels:
            panel.setParent(self._canvas)
            panel.hide()

    def show_side(self, panel: QWidget | None) -> None:
        """Lay a panel over the map in place of the one before; None takes it away."""
        if self.side is not None and self.side is not panel:
            self.side.hide()
        self.side = panel
        if panel is not None:
            panel.show()
            panel.raise_()
        self._place()

    def tell(self, text: str, detail: str, *, can_undo: bool) -> None:
        """Note over the map what was just done."""
        self.toast.tell(text, detail, can_undo=can_undo)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._canvas and event.type() is QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)

    def restyle(self) -> None:
        """Take the measures of the look that holds now."""
        self._place()

    def _place(self) -> None:
        area = self._canvas.rect()
        self.map.setGeometry(area)
        gap, free = px(_GAP_PX), area.width()
        if self.side is not None:
            width = min(px(_SIDE_PX), area.width())
            self._put(self.side, QRect(area.width() - width, 0, width, area.height()))
            free -= width
        buttons = self.buttons.sizeHint()
        self.buttons.setVisible(free > buttons.width() + 2 * gap)
        self._put(self.buttons, QRect(free - buttons.width() - gap, gap, *buttons.toTuple()))
        height = self.toast.sizeHint().height()
        wanted = text_width(self.toast.text(), 13, SEMIBOLD) + px(160)
        room = free if free > px(200) else area.width()
        width = min(max(wanted, px(240)), max(px(120), room - 2 * gap))
        x = (room - width) // 2
        self._put(self.toast, QRect(x, area.height() - height - px(44), width, height))

    def _put(self, child: QWidget, box: QRect) -> None:
        child.setGeometry(placed(self._canvas, box))
        child.raise_()
