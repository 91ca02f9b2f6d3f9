"""The line at the foot: commands are typed here, and it says in words what Enter will do."""

from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.dispatch.line_words import how, told_of
from trafficdesk.qt.dispatch.lines import Lines
from trafficdesk.qt.dispatch.typed import (
    Fault,
    NotUnderstood,
    Reading,
    Understood,
    Verb,
    complete,
    read,
)
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.theme.fonts import MEDIUM, font, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.labels import ElidedLabel, IconLabel, KeycapLabel, Label, SyncMark
from trafficdesk.qt.widgets.painting import Painted, paint_focus
from trafficdesk.qt.words import sync_word

HEIGHT_PX: Final = 40


class _Line(QLineEdit):
    """Tab completes instead of leaving while there is something to complete."""

    completed = Signal(int)
    left = Signal()
    recalled = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setFrame(False)
        self.restyle()

    def restyle(self) -> None:
        """Take the font from the look that holds now."""
        self.setFont(font(13, MEDIUM))
        palette = self.palette()
        palette.setColor(palette.ColorRole.Text, colour("accent"))
        palette.setColor(palette.ColorRole.PlaceholderText, colour("text3"))
        palette.setColor(palette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Tab and self.text():
                self.completed.emit(1)
                return True
            if event.key() == Qt.Key.Key_Backtab and self.text():
                self.completed.emit(-1)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape:
            self.left.emit()
        elif key in {Qt.Key.Key_Up, Qt.Key.Key_Down}:
            self.recalled.emit(-1 if key == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._repaint()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._repaint()

    def _repaint(self) -> None:
        parent = self.parentWidget()
        if parent is not None:
            parent.update()


class CommandLine(Painted):
    """``entered`` carries an ``Understood``; ``left`` on Esc; ``refused`` a sentence."""

    entered = Signal(object)
    refused = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._lines = Lines()
        self._mark = SyncState.NOT_SENT
        self._estimate = ""
        self._history: list[str] = []
        self._recalled = 0
        self._offers: tuple[str, ...] = ()
        self._offered = -1
        self.edit = _Line()
        self.edit.setAccessibleName(say("Command"))
        self.edit.setPlaceholderText(how())
        self.key = KeycapLabel("")
        self.told = ElidedLabel("", 12, 400, "text2").hug()
        self.mark = SyncMark(SyncState.NOT_SENT)
        self.mark_word = Label("", 12, 500, "text2")
        self._sums = tuple(
            (SyncMark(state), Label("", 12, 400, "text2").set_numeric())
            for state in (SyncState.NOT_SENT, SyncState.SENT, SyncState.CONFIRMED)
        )
        self.shift = Label(say("This shift"), 12, 400, "text3")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(1)  # what has no room is left out, and widens no window
        self._lay_out()
        self.edit.textEdited.connect(self._follow)
        self.edit.returnPressed.connect(self._enter)
        self.edit.completed.connect(self._complete)
        self.edit.recalled.connect(self._recall)
        self.edit.left.connect(self._leave)
        self._show()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 1, 16, 0)
        row.setSpacing(8)
        row.addWidget(IconLabel("chevron-right", 16, "accent"))
        row.addWidget(self.edit)
        row.addWidget(self.key)
        row.addWidget(self.told)
        row.addWidget(self.mark)
        row.addWidget(self.mark_word)
        row.addStretch(1)
        row.addSpacing(12)
        row.addWidget(self.shift)
        for mark, label in self._sums:
            row.addWidget(mark)
            row.addWidget(label)
        self.setFocusProxy(self.edit)
        self.restyle()

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self.setFixedHeight(px(HEIGHT_PX))
        self._fit()
        super().restyle()

    def _fit(self) -> None:
        """Give the line its width, and leave out sums that the rest has no room for."""
        wanted = text_width(self.edit.text() or how(), 13, MEDIUM) + px(24)
        width = min(max(wanted, px(180)), max(px(180), self.width() // 3))
        self.edit.setFixedWidth(width)
        free = self.width() - width - self.told.sizeHint().width() - px(96)
        free -= 0 if self.mark_word.isHidden() else self.mark_word.sizeHint().width() + px(32)
        for part in ((self.shift,), *reversed(self._sums)):
            needed = sum(each.sizeHint().width() + 8 for each in part)
            free -= needed
        for part in ((self.shift,), *reversed(self._sums)):
            is_shown = free >= 0
            for each in part:
                each.setVisible(is_shown)
            if not is_shown:
                free += sum(each.sizeHint().width() + 8 for each in part)

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(HEIGHT_PX))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def set_key(self, key: str) -> None:
        """Show the key that leads here while nothing is typed."""
        self.key.set_key(key)

    def tell(self, lines: Lines, counts: tuple[int, int, int], mark: SyncState) -> None:
        """Take the boards, the counts of this shift, and the mark a new step will get."""
        self._lines, self._mark = lines, mark
        names = (SyncState.NOT_SENT, SyncState.SENT, SyncState.CONFIRMED)
        for (_, label), state, count in zip(self._sums, names, counts, strict=True):
            label.setText(f"{count} {sync_word(state).lower()}")
        self._show()

    def reading(self) -> Reading:
        """Return what the line means now."""
        return read(self.edit.text(), self._lines)

    def begin(self, text: str = "/") -> None:
        """Take the keyboard and begin a line."""
        self.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if not self.edit.text():
            self.edit.setText(text)
        self._follow()

    def say(self, sentence: str) -> None:
        """Say something beside the line until it is typed in again."""
        self.told.setText(sentence)
        self.told.setToolTip(sentence)
        self.edit.setAccessibleDescription(sentence)

    def _follow(self) -> None:
        self._offers, self._offered = (), -1
        self._show()

    def _show(self) -> None:
        reading, text = self.reading(), self.edit.text()
        is_known = isinstance(reading, Understood)
        is_empty = isinstance(reading, NotUnderstood) and reading.fault is Fault.EMPTY
        self.told.setText(told_of(reading) if text.strip() or not is_empty else "")
        self.told.set_tint("text" if is_known else "text2")
        writes = isinstance(reading, Understood) and reading.verb is not Verb.HELP
        self.mark.setVisible(writes)
        self.mark_word.setVisible(writes)
        self.mark.set_state(self._mark)
        self.mark_word.setText(sync_word(self._mark))
        self.key.setVisible(not text and bool(self.key.key()))
        self.edit.setAccessibleDescription(self.told.text())
        self._fit()

    def _complete(self, by: int) -> None:
        if not self._offers:
            self._offers = complete(self.edit.text(), self._lines)
            self._offered = -1 if by > 0 else 0
        if not self._offers:
            return
        self._offered = (self._offered + by) % len(self._offers)
        self.edit.setText(self._offers[self._offered])
        self._show()
        if len(self._offers) == 1:
            self._offers = ()

    def _recall(self, by: int) -> None:
        if not self._history:
            return
        self._recalled = max(0, min(len(self._history), self._recalled + by))
        at_end = self._recalled == len(self._history)
        self.edit.setText("" if at_end else self._history[self._recalled])
        self._follow()

    def _enter(self) -> None:
        reading, text = self.reading(), self.edit.text().strip()
        if isinstance(reading, NotUnderstood):
            if reading.fault is not Fault.EMPTY:
                self.told.set_tint("critical")
                self.refused.emit(self.told.text())
            return
        self._history.append(text)
        self._recalled = len(self._history)
        self.edit.clear()
        self._follow()
        self.entered.emit(reading)

    def leave(self) -> bool:
        """Put away what is typed; False when nobody types."""
        if not self.edit.hasFocus():
            return False
        self._leave()
        return True

    def _leave(self) -> None:
        self.edit.clear()
        self._follow()
        self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), colour("surface"))
        painter.fillRect(0, 0, self.width(), 1, colour("line"))
        if self.edit.hasFocus():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_focus(painter, QRectF(self.rect()), 0)
