"""Tabs with counts and an accent line under the one that is open."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QWidget

from trafficdesk.qt.theme.fonts import (
    MEDIUM,
    REGULAR,
    SEMIBOLD,
    font,
    numeral_width,
    numerals,
    text_width,
)
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton, with_key
from trafficdesk.qt.widgets.painting import LEADING, paint_line, painter_on, placed

_SIDE: Final = 6


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: a stable id, its words, and the key that opens it."""

    id: str
    title: str
    key: str = ""


class _TabButton(PaintedButton):
    def __init__(self, tab: Tab) -> None:
        super().__init__(tab.title)
        self.tab = tab
        self.count = ""
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setToolTip(with_key(tab.title, tab.key))
        self.setAccessibleName(tab.title)

    def sizeHint(self) -> QSize:
        width = text_width(self.text(), 13, SEMIBOLD) + px(2 * _SIDE)
        if self.count:
            width += px(6) + numeral_width(self.count, 13, MEDIUM)
        return QSize(width, px(40))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(36), px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        is_open = self.isChecked()
        ink = "text" if is_open or self.underMouse() else "text2"
        weight = SEMIBOLD if is_open else MEDIUM
        count_width = numeral_width(self.count, 13, MEDIUM) + px(6) if self.count else 0
        side = px(_SIDE)
        room = self.width() - count_width - 2 * side
        name_width = min(text_width(self.text(), 13, weight), room)
        painter.setFont(font(13, weight))
        painter.setPen(colour(ink))
        paint_line(painter, placed(self, QRect(side, 0, name_width, self.height())), self.text())
        if self.count:
            painter.setFont(numerals(13, MEDIUM if is_open else REGULAR))
            painter.setPen(colour("accent" if is_open else "text3"))
            box = QRect(side + name_width + px(6), 0, count_width, self.height())
            painter.drawText(placed(self, box), int(LEADING), self.count)
        if is_open:
            bar = QRect(side, self.height() - px(3), self.width() - 2 * side, px(3))
            painter.fillRect(bar, colour("accent"))
        self.paint_ring(painter, 4)


class TabStrip(QWidget):
    """Tabs; arrow keys move between them. ``opened`` carries the id of the tab that was chosen."""

    opened = Signal(str)

    def __init__(self, tabs: tuple[Tab, ...] = (), padding_px: int = 12) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(padding_px - _SIDE, 0, padding_px - _SIDE, 0)
        self._row.setSpacing(6)
        self._row.addStretch(1)
        self._group = QButtonGroup(self)
        self._buttons: dict[str, _TabButton] = {}
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_tabs(tabs)

    def set_tabs(self, tabs: tuple[Tab, ...]) -> None:
        """Show these tabs; the open one stays open if it is still there, else the first is."""
        was_open, counts = self.open_id(), {k: b.count for k, b in self._buttons.items()}
        for button in self._buttons.values():
            self._group.removeButton(button)
            self._row.removeWidget(button)
            button.hide()
            button.deleteLater()
        self._buttons = {}
        for index, tab in enumerate(tabs):
            button = _TabButton(tab)
            button.clicked.connect(lambda _checked=False, each=tab.id: self._choose(each))
            self._group.addButton(button)
            self._row.insertWidget(index, button)
            self._buttons[tab.id] = button
            self.set_count(tab.id, counts.get(tab.id, ""))
        if tabs:
            self.open(was_open if was_open in self._buttons else tabs[0].id)

    def set_count(self, tab_id: str, count: str) -> None:
        """Show a count beside a tab's name ("" for none)."""
        button = self._buttons[tab_id]
        if button.count != count:
            button.count = count
            button.setAccessibleName(f"{button.text()} {count}".strip())
            button.restyle()

    def open(self, tab_id: str) -> None:
        """Mark a tab as open without telling anybody."""
        self._buttons[tab_id].setChecked(True)
        for each in self._buttons.values():
            each.update()

    def open_id(self) -> str:
        """Return the id of the open tab, "" if there is none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def step(self, by: int) -> None:
        """Open the tab so many places on, and tell."""
        ids = list(self._buttons)
        if ids:
            at = ids.index(self.open_id()) if self.open_id() else 0
            self._choose(ids[(at + by) % len(ids)])

    def choose(self, tab_id: str) -> None:
        """Open a tab and tell."""
        self._choose(tab_id)

    def _choose(self, tab_id: str) -> None:
        self.open(tab_id)
        self.opened.emit(tab_id)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        forward = Qt.Key.Key_Left if self.isRightToLeft() else Qt.Key.Key_Right
        backward = Qt.Key.Key_Right if self.isRightToLeft() else Qt.Key.Key_Left
        if event.key() in {forward, backward}:
            self.step(1 if event.key() == forward else -1)
            self._buttons[self.open_id()].setFocus(Qt.FocusReason.TabFocusReason)
            return
        super().keyPressEvent(event)
