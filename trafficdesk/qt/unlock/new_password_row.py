"""The ways to another password: a supervisor's, the recovery code, or one's own after help."""

from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.choices import Choice
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import ElidedLabel, Label
from trafficdesk.qt.widgets.panels import BusyBar
from trafficdesk.security.key_slots import Holder


@dataclass(frozen=True, slots=True)
class NewPassword:
    """What was typed: the proof (a password or a recovery code), by whom, and the new password."""

    proof: str
    password: str
    by: UUID | None = None


class NewPasswordRow(QWidget):
    """A proof, a new password twice, and one button; ``submitted`` carries a ``NewPassword``."""

    submitted = Signal(object)
    edited = Signal()
    cancelled = Signal()

    def __init__(self, proof_name: str, button: str) -> None:
        super().__init__()
        self._title = ElidedLabel("", 15, 600)
        self._hint = Label("", 12, 400, "text2").set_wrapped()
        self._choice: Choice | None = None
        self._by: dict[str, UUID] = {}
        self._choices = QHBoxLayout()
        self._choices.addStretch(1)
        self.proof = InputField(proof_name).hide_text()
        self.password = InputField(self.tr("New password")).hide_text()
        self.again = InputField(self.tr("New password again")).hide_text()
        self.button = ActionButton(button, "Enter", Kind.PRIMARY, height_px=36)
        self.cancel = ActionButton(self.tr("Back"), "Esc", Kind.GHOST, height_px=36)
        self._busy = BusyBar()
        self._message = Label("", 12, 500, "critical").set_wrapped()
        self._lay_out()
        for field in self._fields():
            field.submitted.connect(self._submit)
            field.edited.connect(self.edited)
        self.button.clicked.connect(self._submit)
        self.cancel.clicked.connect(self.cancelled)
        self.setFocusProxy(self.proof)

    def _fields(self) -> tuple[InputField, InputField, InputField]:
        return self.proof, self.password, self.again

    def _lay_out(self) -> None:
        head = QVBoxLayout()
        head.setSpacing(3)
        head.addWidget(self._title)
        head.addWidget(self._hint)
        fields = QHBoxLayout()
        fields.setSpacing(px(12))
        for field in self._fields():
            fields.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setSpacing(px(8))
        foot.addWidget(self._message, 1)
        foot.addWidget(self.cancel)
        foot.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(10))
        column.addLayout(head)
        column.addLayout(self._choices)
        column.addLayout(fields)
        column.addWidget(self._busy)
        column.addLayout(foot)
        column.addStretch(1)

    def ask(self, title: str, hint: str, supervisors: tuple[Holder, ...] = ()) -> None:
        """Begin anew; with ``supervisors`` also ask which of them is here."""
        self._title.setText(title)
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self._offer(supervisors)
        self.forget()
        self.set_busy(False)
        self._message.setText("")

    def forget(self) -> None:
        """Empty the fields for good: what was typed does not come back by undoing either."""
        for field in self._fields():
            field.set_text("")
            field.set_error("")

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self.forget()
        super().hideEvent(event)

    def _offer(self, supervisors: tuple[Holder, ...]) -> None:
        if self._choice is not None:
            self._choices.removeWidget(self._choice)
            self._choice.hide()
            self._choice.deleteLater()
            self._choice = None
        self._by = {str(each.officer_id): each.officer_id for each in supervisors}
        if supervisors:
            options = tuple((str(each.officer_id), each.name) for each in supervisors)
            self._choice = Choice(self.tr("Supervisor"), options)
            self._choice.choose(options[0][0])
            self._choices.insertWidget(0, self._choice)

    def set_proof_shown(self, shown: bool) -> None:
        """A recovery code is shown while it is typed, a password is not."""
        echo = self.proof.edit.EchoMode.Normal if shown else self.proof.edit.EchoMode.Password
        self.proof.edit.setEchoMode(echo)

    def leave_proof_out(self) -> None:
        """Ask only for the new password."""
        self.proof.hide()
        self.setFocusProxy(self.password)

    def set_busy(self, busy: bool) -> None:
        """Show that it is being done."""
        for field in self._fields():
            field.edit.setReadOnly(busy)
        self.button.setEnabled(not busy)
        self._busy.set_busy(busy)

    def tell_proof_wrong(self, sentence: str) -> None:
        """Say what is wrong with the first field."""
        self.set_busy(False)
        self.proof.set_error(sentence)
        self.proof.setFocus()

    def tell_password_refused(self, sentence: str) -> None:
        """Say why the new password is not taken."""
        self.set_busy(False)
        self.password.set_error(sentence)
        self.password.setFocus()

    def tell(self, sentence: str) -> None:
        """Say what went wrong."""
        self.set_busy(False)
        self._message.setText(sentence)

    def _submit(self) -> None:
        if not self.button.isEnabled():
            return
        empty = [f for f in self._fields() if f.isVisible() and not f.text()]
        for field in empty:
            field.set_error(self.tr("Fill this in."))
        if not empty and self.password.text() != self.again.text():
            self.again.set_error(self.tr("The two are not the same."))
            empty = [self.again]
        if empty:
            empty[0].setFocus()
            return
        by = self._by.get(self._choice.chosen_id()) if self._choice is not None else None
        self._message.setText("")
        self.set_busy(True)
        self.submitted.emit(NewPassword(self.proof.text(), self.password.text(), by))
