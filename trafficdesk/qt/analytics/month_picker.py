"""Choosing months: a year of them as a grid, the first and the last one pressed."""

from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.analytics.periods import (
    MONTHS_A_YEAR,
    Period,
    first_day_of_month,
    month_of_day,
)
from trafficdesk.qt.analytics.choosing import month_name, period_words, say
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.labels import Label

_COLUMNS: Final = 4


class MonthPicker(QWidget):
    """``picked`` carries the period from the first month pressed to the second."""

    picked = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._today = 0
        self._first: int | None = None
        self._last: int | None = None
        self._year = 2026
        self.title = Label("", 15, 600)
        self.earlier = IconButton("chevron-left", say("Year before"))
        self.later = IconButton("chevron-right", say("Year after"))
        self.words = Label("", 12, 400, "text2").set_wrapped()
        self.months = tuple(ActionButton("") for _ in range(MONTHS_A_YEAR))
        self.done = ActionButton(say("Show these months"), "Enter", Kind.PRIMARY)
        self.close_button = ActionButton(say("Close"), "Esc", Kind.GHOST)
        self._lay_out()
        self.earlier.clicked.connect(lambda: self._turn(-1))
        self.later.clicked.connect(lambda: self._turn(1))
        self.done.clicked.connect(self._finish)
        self.close_button.clicked.connect(self.left)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.earlier)
        head.addStretch(1)
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.later)
        grid = QGridLayout()
        grid.setSpacing(6)
        for number, button in enumerate(self.months):
            button.setCheckable(True)
            button.clicked.connect(lambda _on=False, n=number: self._press(n))
            grid.addWidget(button, number // _COLUMNS, number % _COLUMNS)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.done)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        column.addLayout(head)
        column.addLayout(grid)
        column.addWidget(self.words)
        column.addLayout(foot)

    def begin(self, period: Period, today: int) -> None:
        """Start from a period."""
        self._today = today
        self._first, self._last = period.months[0], period.months[-1]
        self._year = self._last // MONTHS_A_YEAR
        self._show()
        self.months[self._last % MONTHS_A_YEAR].setFocus(Qt.FocusReason.PopupFocusReason)

    def period(self) -> Period | None:
        """Return what is chosen now; None while only nothing is."""
        if self._first is None:
            return None
        last = self._first if self._last is None else self._last
        first, last = sorted((self._first, last))
        return Period(first_day_of_month(first), first_day_of_month(last + 1))

    def _press(self, number: int) -> None:
        month = self._year * MONTHS_A_YEAR + number
        if self._first is None or self._last is not None:
            self._first, self._last = month, None
        else:
            self._first, self._last = sorted((self._first, month))
        self._show()

    def _turn(self, by: int) -> None:
        self._year += by
        self._show()

    def _show(self) -> None:
        this_month = month_of_day(self._today)
        self.title.setText(str(self._year))
        self.later.setEnabled((self._year + 1) * MONTHS_A_YEAR <= this_month)
        chosen = self.period()
        inside = chosen.months if chosen else ()
        for number, button in enumerate(self.months):
            month = self._year * MONTHS_A_YEAR + number
            button.setText(month_name(month, has_year=False))
            button.setAccessibleName(month_name(month))
            button.setChecked(month in inside)
            button.set_refusal("" if month <= this_month else say("This month is still to come"))
            button.restyle()
        if self._last is None and chosen is not None:
            told = say("{month} is the first month; now press the last one.")
            self.words.setText(told.format(month=month_name(chosen.months[0])))
        elif chosen is not None:
            self.words.setText(period_words(chosen))

    def _finish(self) -> None:
        chosen = self.period()
        if chosen is not None:
            self.picked.emit(chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = -1 if self.isRightToLeft() else 1
        ways = {
            Qt.Key.Key_Right: step,
            Qt.Key.Key_Left: -step,
            Qt.Key.Key_Down: _COLUMNS,
            Qt.Key.Key_Up: -_COLUMNS,
        }
        focused = [n for n, button in enumerate(self.months) if button.hasFocus()]
        by = ways.get(Qt.Key(event.key()))
        if by is not None and focused:
            at = focused[0] + by
            if not 0 <= at < MONTHS_A_YEAR:
                self._turn(1 if at > 0 else -1)
            self.months[at % MONTHS_A_YEAR].setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)
