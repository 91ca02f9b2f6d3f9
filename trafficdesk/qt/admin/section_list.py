"""The list of sections at the leading side of the administration."""

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QSizePolicy, QVBoxLayout

from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.painting import paint_line, painter_on, placed
from trafficdesk.qt.widgets.panels import Panel

WIDTH_PX = 216
NARROW_PX = 56


@dataclass(frozen=True, slots=True)
class Section:
    """One section: a stable id, its words, its icon and the key that opens it."""

    id: str
    title: str
    icon: str
    key: str


class _SectionButton(PaintedButton):
    def __init__(self, section: Section) -> None:
        super().__init__(section.title)
        self.section = section
        self._is_narrow = False
        self.setCheckable(True)
        self.setAccessibleName(section.title)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        # Arrow keys and the section's own key lead here; Tab goes on to the page.
        self.setProperty("has_command", True)
        self.set_key(section.key)

    def set_key(self, key: str) -> None:
        self.setToolTip(f"{self.text()}  ({key})" if key else self.text())

    def set_narrow(self, is_narrow: bool) -> None:
        self._is_narrow = is_narrow
        self.restyle()

    def sizeHint(self) -> QSize:
        return QSize(px(NARROW_PX if self._is_narrow else WIDTH_PX) - 1, px(36))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            event.ignore()  # the list moves
            return
        super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.isChecked():
            painter.fillRect(self.rect(), colour("accent_weak"))
            bar = placed(self, QRect(0, 0, px(3), self.height()))
            painter.fillRect(bar, colour("accent"))
        elif self.underMouse():
            painter.fillRect(self.rect(), colour("hover"))
        side = px(16)
        x = (self.width() - side) // 2 if self._is_narrow else px(20)
        box = placed(self, QRect(x, (self.height() - side) // 2, side, side))
        paint_icon(painter, self.section.icon, box, "accent" if self.isChecked() else "text2")
        if not self._is_narrow:
            painter.setFont(font(13, SEMIBOLD if self.isChecked() else MEDIUM))
            painter.setPen(colour("text"))
            words = QRect(px(46), 0, self.width() - px(56), self.height())
            paint_line(painter, placed(self, words), self.text())
        self.paint_ring(painter, 0)


class SectionList(Panel):
    """Groups of sections; Up and Down move, ``opened`` carries the id of the one chosen."""

    opened = Signal(str)

    def __init__(self, groups: tuple[tuple[str, tuple[Section, ...]], ...]) -> None:
        super().__init__("surface")
        self._buttons: dict[str, _SectionButton] = {}
        self._headings: list[Label] = []
        group = QButtonGroup(self)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(0)
        for title, sections in groups:
            heading = Label(title, 12, SEMIBOLD, "text2")
            self._headings.append(heading)
            self._column.addWidget(heading)
            for section in sections:
                button = _SectionButton(section)
                button.clicked.connect(lambda _checked=False, each=section.id: self._choose(each))
                group.addButton(button)
                self._buttons[section.id] = button
                self._column.addWidget(button)
        self._column.addStretch(1)
        self._is_narrow = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.setProperty("pane", True)
        self.restyle()

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self.setFixedWidth(px(NARROW_PX if self._is_narrow else WIDTH_PX))
        self._column.setContentsMargins(0, px(8), 1, px(8))
        for heading in self._headings:
            heading.setContentsMargins(px(20), px(12), px(8), px(6))
        super().restyle()

    def set_narrow(self, is_narrow: bool) -> None:
        """Show icons only, where the page needs the room."""
        if is_narrow == self._is_narrow:
            return
        self._is_narrow = is_narrow
        for heading in self._headings:
            heading.setVisible(not is_narrow)
        for button in self._buttons.values():
            button.set_narrow(is_narrow)
        self.restyle()

    def set_key(self, section_id: str, key: str) -> None:
        """Show another key in a section's tooltip."""
        self._buttons[section_id].set_key(key)

    def mark(self, section_id: str) -> None:
        """Show which section is open; it is the one that Tab reaches."""
        had_focus = any(button.hasFocus() for button in self._buttons.values())
        for each_id, button in self._buttons.items():
            is_open = each_id == section_id
            button.setChecked(is_open)
            policy = Qt.FocusPolicy.StrongFocus if is_open else Qt.FocusPolicy.ClickFocus
            button.setFocusPolicy(policy)
            button.update()
        self.setFocusProxy(self._buttons[section_id])
        if had_focus:
            self._buttons[section_id].setFocus(Qt.FocusReason.TabFocusReason)

    def open_id(self) -> str:
        """Return the id of the open section, "" if there is none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps: dict[int, int] = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(event.key())  # a letter of another script is none of Qt.Key
        if step is None:
            super().keyPressEvent(event)
            return
        ids = list(self._buttons)
        self._choose(ids[(ids.index(self.open_id()) + step) % len(ids)])

    def _choose(self, section_id: str) -> None:
        self.mark(section_id)
        self.opened.emit(section_id)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        x = 0 if self.isRightToLeft() else self.width() - 1
        QPainter(self).fillRect(x, 0, 1, self.height(), colour("line"))
