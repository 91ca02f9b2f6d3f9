"""What the lines of a chart are, at the end of its title."""

from enum import Enum

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.qt.theme.fonts import font, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import LEADING, Painted, painter_on, placed


class Stroke(Enum):
    """How a line is drawn."""

    SOLID = 0
    DASHED = 1
    DOTTED = 2
    BAND = 3


class LineLegend(Painted):
    """Strokes and their names in a row; it leaves those that find no room to the tooltip."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[tuple[Stroke, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_entries(self, entries: tuple[tuple[Stroke, str], ...]) -> None:
        """Name these strokes."""
        self._entries = entries
        words = ", ".join(name for _, name in entries)
        self.setToolTip(words)
        self.setAccessibleName(words)
        self.restyle()

    def _width(self, name: str) -> int:
        return px(26) + text_width(name, 12) + px(14)

    def sizeHint(self) -> QSize:
        return QSize(sum(self._width(name) for _, name in self._entries), px(20))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(40), px(20))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.setFont(font(12))
        x = 0
        for stroke, name in self._entries:
            width = self._width(name)
            if x + width > self.width() + px(14):
                break
            mark = placed(self, QRect(x, 0, px(18), self.height()))
            if stroke is Stroke.BAND:
                tint = QColor(colour("accent"))
                tint.setAlphaF(0.18)
                painter.fillRect(mark.adjusted(0, px(4), 0, -px(4)), tint)
            else:
                painter.setPen(_pen(stroke))
                painter.drawLine(mark.left(), mark.center().y(), mark.right(), mark.center().y())
            painter.setPen(colour("text2"))
            words = QRect(x + px(24), 0, width - px(24), self.height())
            painter.drawText(placed(self, words), int(LEADING), name)
            x += width


def _pen(stroke: Stroke) -> QPen:
    is_plain = stroke is Stroke.DOTTED
    pen = QPen(colour("text3" if is_plain else "accent"), 1.8 if is_plain else 2.2)
    if stroke is Stroke.DASHED:
        pen.setDashPattern([3.0, 1.8])
    elif is_plain:
        pen.setDashPattern([1.0, 1.6])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    return pen
