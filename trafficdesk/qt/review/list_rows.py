"""Rows of two lines that can be clicked: earlier reports, units."""

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, numeral_width, numerals, text_width
from trafficdesk.qt.theme.marks import paint_severity, severity_colour
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.painting import TRAILING, fill_round, paint_line, painter_on, placed
from trafficdesk.qt.words import severity_word

_INDENT = 22


@dataclass(frozen=True, slots=True)
class RowText:
    """What a row says; with a severity its shape leads and its word begins the second line."""

    title: str
    end: str = ""
    detail: str = ""
    severity: Severity | None = None


class TwoLineRow(PaintedButton):
    """One row; it is a button when it leads somewhere."""

    def __init__(self) -> None:
        super().__init__()
        self._words = RowText("")
        self.number = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_words(self, words: RowText, number: int) -> None:
        """Say something else; 0 as the number leads nowhere."""
        self._words, self.number = words, number
        severity = "" if words.severity is None else severity_word(words.severity)
        spoken = ", ".join(filter(None, (severity, words.title, words.detail, words.end)))
        self.setAccessibleName(spoken)
        self.setToolTip(spoken)
        self.setEnabled(bool(number))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(42))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(42))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.isEnabled() and (self.underMouse() or self.isDown()):
            fill_round(painter, QRectF(self.rect()).adjusted(-4, 0, 4, 0), colour("hover"))
        words, x = self._words, 0
        if words.severity is not None:
            side = px(10)
            mark = placed(self, QRect(px(1), px(7), side, side))
            centre = QPointF(mark.x() + side / 2, mark.y() + side / 2)
            paint_severity(painter, words.severity, centre, side / 2)
            x = px(_INDENT)
        self._paint_first(painter, x)
        self._paint_second(painter, x)
        self.paint_ring(painter)

    def _paint_first(self, painter: QPainter, x: int) -> None:
        words = self._words
        end_width = numeral_width(words.end, 12, MEDIUM) if words.end else 0
        painter.setFont(numerals(12, MEDIUM))
        painter.setPen(colour("text2"))
        end = QRect(self.width() - end_width, px(2), end_width, px(20))
        paint_line(painter, placed(self, end), words.end, TRAILING)
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text"))
        room = self.width() - x - end_width - (px(8) if end_width else 0)
        paint_line(painter, placed(self, QRect(x, px(2), room, px(20))), words.title)

    def _paint_second(self, painter: QPainter, x: int) -> None:
        words = self._words
        if words.severity is not None:
            word = severity_word(words.severity)
            width = text_width(word, 12, SEMIBOLD)
            painter.setFont(font(12, SEMIBOLD))
            painter.setPen(severity_colour(words.severity))
            paint_line(painter, placed(self, QRect(x, px(20), width, px(18))), word)
            x += width + px(8)
        painter.setFont(font(12))
        painter.setPen(colour("text2"))
        box = QRect(x, px(20), self.width() - x, px(18))
        paint_line(painter, placed(self, box), words.detail)


class RowList(QWidget):
    """Rows under each other; ``chosen`` carries the number that came with a row."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._rows: tuple[tuple[int, RowText], ...] = ()
        self._widgets: list[TwoLineRow] = []

    def set_rows(self, rows: tuple[tuple[int, RowText], ...]) -> None:
        """Show these rows; 0 as the number makes one that leads nowhere."""
        if rows == self._rows:
            return
        self._rows = rows
        for _ in range(len(rows) - len(self._widgets)):
            row = TwoLineRow()
            row.clicked.connect(partial(self._clicked, row))
            self._column.addWidget(row)
            self._widgets.append(row)
        for row, (number, words) in zip(self._widgets, rows, strict=False):
            row.show_words(words, number)
        for at, row in enumerate(self._widgets):
            row.setVisible(at < len(rows))

    def _clicked(self, row: TwoLineRow) -> None:
        self.chosen.emit(row.number)
