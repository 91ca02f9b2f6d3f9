"""Writing anew what the server would not take: a line for each word that was written."""

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.event_words import field_word
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.flow import clear_layout
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import label_row
from trafficdesk.services.parked import Parked
from trafficdesk.services.review import NOTE_LENGTH

_NOTE: Final = "decision_note"
_WRITTEN: Final[tuple[str, ...]] = ("plate", "vehicle_text", "address", "area")


class ParkedForm(QWidget):
    """Hidden until it begins. ``written`` carries the values by field."""

    written = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, InputField] = {}
        self._lines = QVBoxLayout()
        self._lines.setSpacing(px(8))
        self.take = ActionButton(say("Send it so"), "Enter", Kind.PRIMARY)
        self.leave = ActionButton(say("Leave it"), "Esc", Kind.GHOST)
        self.take.clicked.connect(self._submit)
        self.leave.clicked.connect(self.end)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, px(4), 0, 0)
        column.setSpacing(px(8))
        column.addLayout(self._lines)
        column.addLayout(label_row(self.take, self.leave))
        self.hide()

    def begin(self, parked: Parked) -> None:
        """Offer what was written, to be written anew."""
        clear_layout(self._lines)
        changes = {each.field: each.new for each in parked.operation.changes}
        texts = {name: str(changes[name] or "") for name in _WRITTEN if name in changes}
        if parked.operation.action != "correct":
            texts[_NOTE] = parked.operation.note
        self.fields = {name: self._line(name, text) for name, text in texts.items()}
        self.show()
        first = next(iter(self.fields.values()), None)
        if first is not None:
            first.edit.setFocus()
            first.edit.selectAll()

    def _line(self, name: str, text: str) -> InputField:
        field = InputField(field_word(name), icon="pencil")
        field.edit.setMaxLength(NOTE_LENGTH)
        field.set_text(text)
        field.submitted.connect(self._submit)
        self._lines.addWidget(field)
        return field

    def _submit(self) -> None:
        values = {name: field.text().strip() for name, field in self.fields.items()}
        self.end()
        self.written.emit(values)

    def end(self) -> None:
        """Close it without a result."""
        self.hide()
        self.left.emit()
