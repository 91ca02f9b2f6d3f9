"""One report of a list beside the map: its mark, what it was, how severe, and when."""

from datetime import tzinfo

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.domain.records import QueueRow
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.ages import day_of_ms
from trafficdesk.qt.theme.fonts import (
    MEDIUM,
    REGULAR,
    SEMIBOLD,
    font,
    numeral_width,
    numerals,
    text_width,
)
from trafficdesk.qt.theme.marks import paint_severity, severity_colour
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.painting import (
    TRAILING,
    fill_round,
    paint_focus,
    paint_line,
    painter_on,
    placed,
)
from trafficdesk.qt.words import severity_word, violation_word


class RowButton(PaintedButton):
    """Opens its report in the card. ``detail`` is a second line, "" for none."""

    def __init__(self, row: QueueRow, zone: tzinfo, detail: str = "") -> None:
        super().__init__(violation_word(row.violation))
        self.row = row
        self._severity = Severity(row.severity)
        self._day = day_of_ms(row.occurred_ms, zone)
        self._detail = detail
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        word = severity_word(self._severity)
        told = (self.text(), word, detail, self._day, row.reference)
        self.setAccessibleName(", ".join(filter(None, told)))
        self.setToolTip(f"{row.reference}  {row.place}")

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(48 if self._detail else 32))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(160), self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.underMouse() or self.isDown():
            fill_round(painter, QRectF(self.rect()), colour("hover"), 4)
        line = px(24) if self._detail else self.height()
        top = px(2) if self._detail else 0
        mark = placed(self, QRect(px(4), top, px(14), line))
        middle = QPointF(mark.x() + mark.width() / 2, mark.y() + mark.height() / 2)
        paint_severity(painter, self._severity, middle, px(11) / 2)
        painter.setFont(numerals(12, REGULAR))
        painter.setPen(colour("text2"))
        day_px = numeral_width(self._day, 12) + 2
        end = QRect(self.width() - day_px - px(4), top, day_px, line)
        painter.drawText(placed(self, end), int(TRAILING), self._day)
        word = severity_word(self._severity)
        word_px = text_width(word, 12, SEMIBOLD) + 2
        second = QRect(end.x() - px(10) - word_px, top, word_px, line)
        painter.setFont(font(12, SEMIBOLD))
        painter.setPen(severity_colour(self._severity))
        painter.drawText(placed(self, second), int(TRAILING), word)
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text"))
        words = QRect(px(26), top, second.x() - px(32), line)
        paint_line(painter, placed(self, words), self.text())
        if self._detail:
            painter.setFont(font(12, REGULAR))
            painter.setPen(colour("text2"))
            below = QRect(px(26), px(24), self.width() - px(32), px(20))
            paint_line(painter, placed(self, below), self._detail)
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()), 4)
