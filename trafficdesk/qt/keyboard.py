"""The one place where key presses become commands."""

from typing import Final

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)

from trafficdesk.qt import keyboard_places
from trafficdesk.qt.commands import Command, Commands
from trafficdesk.qt.input_watch import KeyWatch

CHORD_MS: Final = 1500
_TEXT_FIELDS: Final = (QLineEdit, QTextEdit, QPlainTextEdit, QAbstractSpinBox, QComboBox)
_EDITING: Final = (
    QKeySequence.StandardKey.Copy,
    QKeySequence.StandardKey.Cut,
    QKeySequence.StandardKey.Paste,
    QKeySequence.StandardKey.Undo,
    QKeySequence.StandardKey.Redo,
    QKeySequence.StandardKey.SelectAll,
    QKeySequence.StandardKey.DeleteStartOfWord,
    QKeySequence.StandardKey.DeleteEndOfWord,
    QKeySequence.StandardKey.MoveToPreviousWord,
    QKeySequence.StandardKey.MoveToNextWord,
    QKeySequence.StandardKey.MoveToStartOfDocument,
    QKeySequence.StandardKey.MoveToEndOfDocument,
)
_PRESSING: Final = frozenset(
    {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Select}
)
_STRONG: Final = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_ALT_GR: Final = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier


def pressed_key(event: QKeyEvent) -> str:
    """Return the portable name of what was pressed; "" for a lone modifier.

    Shift counts for letters and named keys; a sign (``?``, ``/``) is itself on any keyboard. A
    letter of another script counts as the one in its place on a US keyboard.
    """
    try:
        key = Qt.Key(keyboard_places.read_key(event))
    except ValueError:
        return ""
    if key in {
        Qt.Key.Key_Shift,
        Qt.Key.Key_Control,
        Qt.Key.Key_Alt,
        Qt.Key.Key_Meta,
        Qt.Key.Key_AltGr,
    }:
        return ""
    if key in {Qt.Key.Key_unknown, Qt.Key.Key_CapsLock, Qt.Key.Key_NumLock}:
        return ""
    key = Qt.Key.Key_Return if key == Qt.Key.Key_Enter else key
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    modifiers &= ~Qt.KeyboardModifier.GroupSwitchModifier
    if 0x20 < int(key) < 0x100 and not chr(int(key)).isalpha():
        modifiers &= ~Qt.KeyboardModifier.ShiftModifier
    sequence = QKeySequence(QKeyCombination(modifiers, key))
    return sequence.toString(QKeySequence.SequenceFormat.PortableText)


def takes_text(widget: QWidget | None) -> bool:
    """Tell whether letters typed now belong to a text field."""
    if widget is None:
        return False
    if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit) and widget.isReadOnly():
        return False
    if isinstance(widget, QComboBox):
        return widget.isEditable()
    return isinstance(widget, _TEXT_FIELDS)


class Keyboard(QObject):
    """Watches the application's key presses and runs the command that a key stands for.

    Bare letters and signs act only while no text field has the focus; Space and Enter first
    press the button that has it; a text field keeps its own editing keys.
    """

    def __init__(self, commands: Commands, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._commands = commands
        self._watch = KeyWatch(self)
        self._chord = ""
        self._forget_chord = QTimer(self)
        self._forget_chord.setSingleShot(True)
        self._forget_chord.setInterval(CHORD_MS)
        self._forget_chord.timeout.connect(self._drop_chord)

    def install(self) -> None:
        """Begin to watch."""
        self._watch.start()

    def remove(self) -> None:
        """Stop watching."""
        self._watch.stop()
        self._drop_chord()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.KeyPress or not isinstance(watched, QWidget):
            return False
        if not isinstance(event, QKeyEvent) or QApplication.activePopupWidget() is not None:
            return False
        # A key that the focused widget ignores comes by again for its parents.
        focused = watched if takes_text(watched) else QApplication.focusWidget() or watched
        return self._press(focused, event)

    def _press(self, focused: QWidget, event: QKeyEvent) -> bool:
        key = pressed_key(event)
        if not key or _belongs_to(focused, event):
            self._drop_chord()
            return False
        was_chord = bool(self._chord)
        key = f"{self._chord}, {key}" if was_chord else key
        command = self._commands.find_by_key(key)
        if command is None and self._commands.starts_chord(key):
            self._chord = key
            self._forget_chord.start()
            return True
        self._drop_chord()
        if command is None:
            # A wrong second key ends the pair and does nothing else.
            return was_chord
        return self._run(command, event)

    def _run(self, command: Command, event: QKeyEvent) -> bool:
        if not event.isAutoRepeat() or command.repeats:
            self._commands.run(command.id)
        return True

    def _drop_chord(self) -> None:
        self._chord = ""
        self._forget_chord.stop()


def _belongs_to(widget: QWidget, event: QKeyEvent) -> bool:
    """Tell whether the focused widget itself should get this key."""
    if isinstance(widget, QMenu):
        return True
    if takes_text(widget):
        return _edits(event)
    is_strong = bool(event.modifiers() & _STRONG)
    return isinstance(widget, QAbstractButton) and event.key() in _PRESSING and not is_strong


def _edits(event: QKeyEvent) -> bool:
    if any(event.matches(standard) for standard in _EDITING):
        return True
    if event.modifiers() & _STRONG:
        # AltGr on many keyboards is Ctrl+Alt and types a sign.
        is_alt_gr = event.modifiers() & _ALT_GR == _ALT_GR
        return is_alt_gr and bool(event.text().strip()) and event.text().isprintable()
    is_function_key = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35
    return not is_function_key and event.key() != Qt.Key.Key_Escape
