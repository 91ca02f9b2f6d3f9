"""Numbered choices in columns, taken by number keys or the mouse."""

from PySide6.QtCore import QRect, QRectF, QSize, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLayout, QSizePolicy, QWidget

from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.marks import paint_check
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.painting import (
    fill_round,
    keycap_size,
    paint_keycap,
    paint_line,
    painter_on,
    placed,
)

_GAP = 4


class _Choice(PaintedButton):
    def __init__(self, number: int, words: str) -> None:
        super().__init__(words)
        self._number = number
        self.setCheckable(True)
        self.setToolTip(f"{words}  ({number})")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(8 + 18 + 8 + 22) + text_width(self.text(), 13, SEMIBOLD), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        is_on = self.isChecked()
        if is_on or self.underMouse():
            fill_round(painter, QRectF(self.rect()), colour("accent_weak" if is_on else "hover"))
        cap = keycap_size(str(self._number))
        box = QRect(px(8), (self.height() - cap.height()) // 2, cap.width(), cap.height())
        ink = colour("accent") if is_on else None
        paint_keycap(painter, placed(self, box), str(self._number), ink)
        painter.setFont(font(13, SEMIBOLD if is_on else MEDIUM))
        painter.setPen(colour("accent" if is_on else "text"))
        x = px(8) + cap.width() + px(8)
        width = self.width() - x - px(20)
        paint_line(painter, placed(self, QRect(x, 0, width, self.height())), self.text())
        if is_on:
            side = px(12)
            mark = QRect(self.width() - px(18), (self.height() - side) // 2, side, side)
            paint_check(painter, QRectF(placed(self, mark)), colour("accent"))
        self.paint_ring(painter)


class ChoiceGrid(QWidget):
    """Choices numbered from 1, column by column; ``picked`` carries the number."""

    picked = Signal(int)

    def __init__(self, name: str, words: tuple[str, ...], columns: int = 4) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._most_columns = columns
        self._columns = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        # The widest row must not set the window's width: fewer columns do.
        self._grid.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(2)
        self._choices = [_Choice(number, text) for number, text in enumerate(words, 1)]
        for number, choice in enumerate(self._choices, 1):
            choice.clicked.connect(lambda _on=False, each=number: self.pick(each))
        self._arrange(columns)

    def restyle(self) -> None:
        """Use as many columns as there is room for."""
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), self._grid.minimumSize().height())

    def _fit(self) -> None:
        columns = next((n for n in (self._most_columns, 2) if self._needed(n) <= self.width()), 1)
        if columns != self._columns:
            self._arrange(columns)

    def _needed(self, columns: int) -> int:
        """Return the width of so many columns, each as wide as its widest choice."""
        rows = -(-len(self._choices) // columns)
        widths = [choice.sizeHint().width() for choice in self._choices]
        widest = [max(widths[at : at + rows]) for at in range(0, len(widths), rows)]
        return sum(widest) + _GAP * (len(widest) - 1)

    def _arrange(self, columns: int) -> None:
        self._columns = columns
        rows = -(-len(self._choices) // columns)
        for number, choice in enumerate(self._choices):
            self._grid.removeWidget(choice)
            self._grid.addWidget(choice, number % rows, number // rows)
        for column in range(self._most_columns):
            self._grid.setColumnStretch(column, 0)
        self._grid.setColumnStretch(columns, 1)
        self.updateGeometry()

    def pick(self, number: int) -> None:
        """Mark one and tell; a number that is none of them does nothing."""
        if not 1 <= number <= len(self._choices):
            return
        self.mark(number)
        self.picked.emit(number)

    def mark(self, number: int) -> None:
        """Mark one without telling anybody; 0 marks none."""
        for each, choice in enumerate(self._choices, 1):
            choice.setChecked(each == number)

    def picked_number(self) -> int:
        """Return the marked number, 0 for none."""
        return next((n for n, c in enumerate(self._choices, 1) if c.isChecked()), 0)
