"""The table of hours and weekdays with its labels, its legend and what it says of a cell."""

from typing import Final

from PySide6.QtCore import QPoint, QRect, QSize, Signal
from PySide6.QtGui import QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.qt.ages import number
from trafficdesk.qt.analytics.heat_table import (
    BINS,
    DAYS,
    HeatTable,
    Hours,
    day_name,
    shade_colours,
)
from trafficdesk.qt.analytics.ink_tip import InkTip
from trafficdesk.qt.analytics.number_paint import paint_number
from trafficdesk.qt.theme.fonts import font, numeral_width, numerals, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import CENTRED, LEADING, Painted, painter_on, placed

_NAMED_HOURS: Final = range(0, 24, 3)
_HEAD_PX: Final = 20
_FOOT_PX: Final = 26


class HeatPanel(Painted):
    """``opened`` carries weekday and hour of a cell."""

    opened = Signal(int, int)

    def __init__(self, name: str) -> None:
        super().__init__()
        self.table = HeatTable(name)
        self.table.setParent(self)
        self.tip = InkTip(self)
        self.table.opened.connect(self.opened)
        self.table.pointed.connect(self._point)
        self.setFocusProxy(self.table)
        self.setProperty("chart", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_counts(self, counts: Hours) -> None:
        """Show counts by weekday (Monday first) and hour."""
        self.table.show_counts(counts)
        self.update()

    def _side_px(self) -> int:
        return max(text_width(day_name(day), 12) for day in range(DAYS)) + px(10)

    def _cells(self) -> QRect:
        side, head = self._side_px(), px(_HEAD_PX)
        whole = QRect(side, head, self.width() - side, self.height() - head - px(_FOOT_PX))
        return placed(self, whole)

    def _place(self) -> None:
        self.table.setGeometry(self._cells())
        self.tip.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        super().restyle()
        self._place()

    def _point(self, weekday: int, hour: int) -> None:
        if weekday < 0 or not self.table.counts():
            self.tip.hide()
            return
        box = self.table.cell_box(weekday, hour).translated(self.table.pos())
        self.tip.point_at(self.table.words(weekday, hour), box)

    def sizeHint(self) -> QSize:
        return self.table.sizeHint() + QSize(self._side_px(), px(_HEAD_PX + _FOOT_PX))

    def minimumSizeHint(self) -> QSize:
        return self.table.minimumSizeHint() + QSize(self._side_px(), px(_HEAD_PX + _FOOT_PX))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), colour("surface"))
        if not self.table.counts():
            return
        painter.setPen(colour("text2"))
        painter.setFont(numerals(11))
        corner = self.table.pos()
        for hour in _NAMED_HOURS:
            box = self.table.cell_box(0, hour).translated(corner)
            middle = QPoint(box.center().x(), px(_HEAD_PX) // 2)
            label = QRect(middle.x() - px(14), 0, px(28), px(_HEAD_PX))
            painter.drawText(label, CENTRED, f"{hour:02d}")
        painter.setFont(font(12))
        for day in range(DAYS):
            box = self.table.cell_box(day, 0).translated(corner)
            line = QRect(0, box.y(), self._side_px(), box.height())
            painter.drawText(self._mirrored(line), int(LEADING), day_name(day))
        self._paint_legend(event)

    def _mirrored(self, box: QRect) -> QRect:
        return placed(self, box)

    def _paint_legend(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        step, shades = self.table.step(), shade_colours()
        x, y = self._side_px(), self.height() - px(17)
        for shade in range(1, BINS + 1):
            words = shade_words(shade, step)
            swatch = QRect(x, y + px(3), px(12), px(10))
            painter.fillRect(placed(self, swatch), shades[shade][0])
            width = numeral_width(words, 11) + 2
            painter.setFont(numerals(11))
            painter.setPen(colour("text2"))
            box = QRect(x + px(17), y, width, px(16))
            paint_number(
                painter,
                placed(self, box),
                words,
                is_trailing=False,
                is_mirrored=self.isRightToLeft(),
            )
            x += width + px(29)


def shade_words(shade: int, step: int) -> str:
    """Return which counts a shade stands for."""
    if step == 1:
        first, last = shade, shade
    else:
        first, last = max(1, (shade - 1) * step), shade * step - 1
    if shade == BINS:
        return f"{number(first)}+"
    return number(first) if first == last else f"{number(first)}\N{EN DASH}{number(last)}"
