"""What stands in the corners of the dispatch map: how long is what, and whose map it is."""

from typing import Final

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from trafficdesk.qt.ages import distance
from trafficdesk.qt.theme.fonts import font, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import CENTRED, fill_round, paint_line, placed

_BARS_M: Final = (10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


def paint_attribution(widget: QWidget, painter: QPainter, words: str) -> None:
    """Write whose map it is into the trailing corner."""
    if not words:
        return
    width = min(text_width(words, 11) + px(12), widget.width() // 2)
    height = px(18)
    box = QRect(widget.width() - width, widget.height() - height, width, height)
    fill_round(painter, QRectF(placed(widget, box)), colour("surface"), 0)
    painter.setFont(font(11))
    painter.setPen(colour("text2"))
    paint_line(painter, placed(widget, box.adjusted(px(6), 0, -px(4), 0)), words)


def paint_scale(widget: QWidget, painter: QPainter, per_px: float) -> None:
    """Paint a bar of a round length into the leading corner; ``per_px`` are metres."""
    metres = next((each for each in _BARS_M if each / per_px >= px(48)), _BARS_M[-1])
    width = round(metres / per_px)
    words = distance(metres)
    room = max(width, text_width(words, 11)) + px(12)
    box = placed(widget, QRect(px(12), widget.height() - px(40), room, px(28)))
    fill_round(painter, QRectF(box), colour("surface"), 4)
    painter.setFont(font(11))
    painter.setPen(colour("text2"))
    painter.drawText(box.adjusted(0, 0, 0, -px(8)), int(CENTRED), words)
    painter.fillRect(box.x() + px(6), box.bottom() - px(6), width, 2, colour("text2"))
