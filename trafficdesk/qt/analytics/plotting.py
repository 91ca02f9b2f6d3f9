"""The chart library, loaded when a chart is first drawn: it costs half a second and 30 MB.

pyqtgraph (MIT) is alive, pure Python, and needs but numpy, which the desk has. Qt's own charts and
graphs come under the GPL or a commercial licence; PythonQwt costs as much and paints slower. Only
its axes, view box and curves are used: the plot widget builds a control panel that nobody sees.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from types import ModuleType
from typing import Any, Final, TypeVar

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsView, QWidget

from trafficdesk.qt.analytics.axis import Axis
from trafficdesk.qt.analytics.without_opengl import leave_opengl_out
from trafficdesk.qt.theme.fonts import numerals
from trafficdesk.qt.theme.palette import colour, px

NAME: Final = "pyqtgraph"
Drawn = TypeVar("Drawn")
_MARGIN: Final = 0.25
_WORDS_PX: Final = 24  # over the highest mark, for the words of a point that lies there
_UNDER_PX: Final = 26
Point = tuple[float, float]
Points = list[Point]
Mark = tuple[float, str]


def load_library() -> ModuleType:
    """Load the library; slow the first time, so not to be called on the GUI's thread."""
    leave_opengl_out()
    return import_module(NAME)


def is_loaded() -> bool:
    """Tell whether the library is there."""
    return NAME in sys.modules


class Plot:
    """A view box with a left and a bottom axis in the look of the desk; curves lie in it.

    Its values run from left to right or, where people read so, from right to left.
    """

    def __init__(self, parent: QWidget) -> None:
        library = self._library = load_library()
        self._is_mirrored = parent.isRightToLeft()
        self.view = library.GraphicsView(parent, useOpenGL=False, background=None)
        self.view.setInteractive(False)
        self.view.setCacheMode(QGraphicsView.CacheModeFlag.CacheNone)  # no pixels in drawings
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.box = library.ViewBox(enableMenu=False, enableMouse=False)
        self.box.invertX(self._is_mirrored)
        self._items: dict[str, Any] = {}
        self.has_axes = False

    def add_axes(self) -> None:
        """Make the axes and put all in its place; apart, because either takes its time."""
        library = self._library
        self._left = library.AxisItem("right" if self._is_mirrored else "left")
        self._bottom = library.AxisItem("bottom")
        frame = library.GraphicsWidget()
        grid = QGraphicsGridLayout()
        grid.setContentsMargins(px(12), px(8), px(12), 0)
        grid.setSpacing(0)
        frame.setLayout(grid)
        # Qt mirrors the columns by itself.
        grid.addItem(self._left, 0, 0)
        grid.addItem(self.box, 0, 1)
        grid.addItem(self._bottom, 1, 1)
        grid.setColumnStretchFactor(1, 1)
        grid.setRowStretchFactor(0, 1)
        for axis in (self._left, self._bottom):
            axis.linkToView(self.box)
            axis.setStyle(tickLength=0, hideOverlappingLabels=False)
        self._left.setGrid(255)
        self._left.setZValue(self.box.zValue() - 1)  # the grid lies behind the lines
        self.view.setCentralItem(frame)
        self.box.disableAutoRange()
        self.has_axes = True

    def restyle(self) -> None:
        """Take the colours and sizes of the look that holds now."""
        self.view.setBackground(colour("surface"))
        for axis in (self._left, self._bottom):
            axis.setTickFont(numerals(11))
            axis.setTextPen(colour("text2"))
            axis.setTickPen(colour("line"))
        self._left.setPen(QPen(Qt.PenStyle.NoPen))
        self._bottom.setPen(colour("line2"))
        self._bottom.setStyle(tickTextOffset=px(6))
        self._bottom.setHeight(px(_UNDER_PX))
        self._left.setStyle(tickTextOffset=px(8))

    def set_axes(self, axis: Axis, marks: list[Mark], under: list[Mark], past: int) -> None:
        """Mark the values at the side and the places ``0`` to ``past - 1`` below."""
        self._left.setTicks([marks])
        self._bottom.setTicks([under])
        places = (-_MARGIN, max(1, past - 1) + _MARGIN)
        height = max(1, self.view.height() - px(_UNDER_PX) - px(8))
        above = (axis.high - axis.low) * px(_WORDS_PX) / height
        self.box.setRange(xRange=places, yRange=(axis.low, axis.high + above), padding=0)

    def set_line(self, name: str, points: Points, pen: QPen) -> None:
        """Draw a line; it is broken where a value is not a number, and gone without points."""
        curve = self._item(name, lambda: self._library.PlotCurveItem(antialias=True))
        pen.setCosmetic(True)
        curve.setData(*_columns(points), pen=pen, connect="finite", antialias=True)

    def set_band(self, name: str, lows: Points, highs: Points) -> None:
        """Fill the room between two lines."""
        no_pen = QPen(Qt.PenStyle.NoPen)
        self.set_line(f"{name}.low", lows, no_pen)
        self.set_line(f"{name}.high", highs, no_pen)
        tint = QColor(colour("accent"))
        tint.setAlphaF(0.18)
        low, high = self._items[f"{name}.low"], self._items[f"{name}.high"]
        fill = self._item(name, lambda: self._library.FillBetweenItem(low, high))
        fill.setBrush(tint)
        fill.setVisible(bool(lows))

    def set_dots(self, name: str, points: Points, *, is_hollow: bool = False) -> None:
        """Mark places on a line."""
        make = self._library.ScatterPlotItem
        dots = self._item(name, lambda: make(antialias=True, useCache=False))
        edge = QPen(colour("accent" if is_hollow else "surface"), 1.6)
        edge.setCosmetic(True)
        fill = colour("surface") if is_hollow else colour("accent")
        xs, ys = _columns(points)
        dots.setData(x=xs, y=ys, size=px(8), pen=edge, brush=fill)

    def set_words(self, name: str, words: str, at: Point, anchor: Point, tint: str) -> None:
        """Write at a place of the plot in a colour token's tint; "" takes the words away."""
        text = self._item(name, self._library.TextItem)
        text.setVisible(bool(words))
        if words:
            text.setText(words, colour(tint))
            text.setFont(numerals(12, 400 if tint == "text2" else 600))
            text.setAnchor(anchor)
            text.setPos(*at)

    def set_rule(self, name: str, at: float | None) -> None:
        """Draw an upright rule; None takes it away."""
        rule = self._item(name, self._library.InfiniteLine)
        pen = QPen(colour("line2"), 1)
        pen.setCosmetic(True)
        rule.setPen(pen)
        rule.setVisible(at is not None)
        rule.setValue(at or 0.0)

    def _item(self, name: str, make: Callable[[], Drawn]) -> Drawn:
        """Return what is drawn under a name; made once, for making costs more than changing."""
        found: Drawn | None = self._items.get(name)
        if found is None:
            found = self._items[name] = make()
            self.box.addItem(found, ignoreBounds=True)
        return found

    def x_of(self, at: float) -> int:
        """Return where a place of the bottom axis lies, in px of the view."""
        return round(self._to_view(at, 0).x())

    def y_of(self, value: float) -> int:
        """Return where a value lies, in px of the view."""
        return round(self._to_view(0, value).y())

    def _to_view(self, at: float, value: float) -> QPointF:
        in_scene = self.box.mapViewToScene(QPointF(at, value))
        return QPointF(self.view.mapFromScene(in_scene))

    def place_at(self, x: float) -> float:
        """Return the place of the bottom axis at a px of the view."""
        in_scene = self.view.mapToScene(round(x), 0)
        return float(self.box.mapSceneToView(in_scene).x())


def _columns(points: Points) -> tuple[list[float], list[float]]:
    return [x for x, _ in points], [y for _, y in points]
