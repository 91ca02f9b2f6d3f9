"""Writing what is right when neither side is: a menu of words, or a line of text."""

from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trafficdesk.domain.plates import plate_token
from trafficdesk.domain.records import Place
from trafficdesk.domain.texts import clean_line
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus, Severity, VehicleType
from trafficdesk.qt.ages import coordinates
from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.sheet import PLACE, Line
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.review.place_field import read_coordinates
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.menus import Menu, MenuItem
from trafficdesk.qt.words import reason_word, severity_word, status_word, vehicle_word
from trafficdesk.services.review import NOTE_LENGTH

# What an officer may write as the result; the rest takes a decision of its own in the review.
_STATUSES: Final = (ReportStatus.PENDING, ReportStatus.NEEDS_INFO)
_NOTES: Final = frozenset({"decision_note", "description"})
_TEXTS: Final = frozenset({"plate", "address", "area", "vehicle_text", "description"}) | {
    "decision_note",
    "name",
}


def can_edit(line: Line) -> bool:
    """Tell whether a line can be written anew."""
    return line.key == PLACE or line.key in _TEXTS or bool(menu_of(line))


def menu_of(line: Line) -> list[tuple[object, str]]:
    """Return the values a line may take, with their words; empty where text is written."""
    if line.key == "severity":
        return [(int(each), severity_word(each)) for each in Severity]
    if line.key == "vehicle_type":
        return [(str(each), vehicle_word(each)) for each in VehicleType]
    if line.key == "rejection_reason":
        return [(str(each), reason_word(each)) for each in RejectionReason]
    if line.key == "status":
        return [(str(each), status_word(each)) for each in _STATUSES]
    if line.key in {"escalated", "second_look"}:
        return [(True, say("yes")), (False, say("no"))]
    return []


def read(line: Line, text: str) -> object | None:
    """Return what was typed as the value of a line, None if it is none."""
    if line.key == PLACE:
        return read_coordinates(text)
    if line.key == "plate":
        return plate_token(text)
    return clean_line(text)


class Editor(QWidget):
    """Hidden until a line is edited. ``written`` carries the key and the value."""

    written = Signal(str, object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._line: Line | None = None
        self.field = InputField(say("What is right"), icon="pencil")
        self.field.edit.setMaxLength(NOTE_LENGTH)
        self.take = ActionButton(say("Take this"), "Enter", height_px=36)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(8))
        row.addWidget(self.field, 1)
        row.addWidget(self.take)
        self.take.clicked.connect(self._submit)
        self.field.submitted.connect(self._submit)
        self.hide()

    def begin(self, line: Line, anchor: QWidget) -> None:
        """Let a line be written anew; a short list of words opens as a menu."""
        options = menu_of(line)
        if options:
            self._open_menu(line, options, anchor)
            return
        self._line = line
        start = _start(line)
        if line.key == PLACE:
            text = coordinates(start) if isinstance(start, Place) else ""
            self.field.set_placeholder(say("For example 11.0183, 76.9674"))
        else:
            text = "" if start is None else str(start)
            self.field.set_placeholder("")
        self.field.label.setText(say("{field} as it is right").format(field=_title(line)))
        self.field.edit.setAccessibleName(self.field.label.text())
        self.field.set_text(text.strip("\u2066\u2069"))
        self.field.set_error("")
        self.show()
        self.field.edit.setFocus()
        self.field.edit.selectAll()

    def _open_menu(self, line: Line, options: list[tuple[object, str]], anchor: QWidget) -> None:
        def writer(value: object) -> Callable[[], object]:
            return partial(self.written.emit, line.key, value)

        items = tuple(MenuItem(text, writer(value)) for value, text in options)
        Menu(items, self.parentWidget() or self).open_below(anchor)

    def _submit(self) -> None:
        if self._line is None:
            return
        value = read(self._line, self.field.text())
        if value is None:
            self.field.set_error(say("Two numbers in degrees, such as 11.0183, 76.9674"))
            return
        line = self._line
        self.end()
        self.written.emit(line.key, value)

    def end(self) -> None:
        """Close it without a result."""
        self._line = None
        self.hide()
        self.left.emit()


def _start(line: Line) -> object:
    """Return what the line begins with: of two notes both, else mine, else theirs."""
    both = [str(each) for each in (line.mine, line.theirs) if each not in (None, "")]
    if line.key in _NOTES and len(both) == 2:
        return "; ".join(both)[:NOTE_LENGTH]
    return line.mine if line.mine not in (None, "") else line.theirs


def _title(line: Line) -> str:
    return words.field_title(line.key)
