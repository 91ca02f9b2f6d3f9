"""Signing in to the server from the panel, while work at the desk goes on."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.qt.sync.running import DeskSync
from trafficdesk.qt.sync.summary import span
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import label_row
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import BusyBar
from trafficdesk.sync.errors import Fault, LineError, RefusedError
from trafficdesk.wire.codes import Code


class SignInForm(QWidget):
    """Login and password of the server; ``signed_in`` when it took them."""

    signed_in = Signal()

    def __init__(self, lanes: Lanes, sync: DeskSync) -> None:
        super().__init__()
        self._lanes = lanes
        self._sync = sync
        self.login = InputField(self.tr("Login at the server"))
        self.password = InputField(self.tr("Password")).hide_text()
        self.message = InlineMessage()
        self.busy = BusyBar()
        self.button = ActionButton(self.tr("Sign in"), "Enter", Kind.PRIMARY)
        self.button.clicked.connect(self.submit)
        column = QVBoxLayout(self)
        column.setContentsMargins(px(20), 0, px(20), px(12))
        column.setSpacing(px(8))
        self.fields: tuple[InputField, ...] = (self.login, self.password)
        for field in self.fields:
            field.submitted.connect(self.submit)
            column.addWidget(field)
        column.addWidget(self.message)
        column.addWidget(self.busy)
        column.addLayout(label_row(self.button))
        self.setFocusProxy(self.login)

    def submit(self) -> None:
        """Ask the server, if every field is filled in and no try is under way."""
        if not self.button.isEnabled():
            return
        empty = [each for each in self.fields if not each.text().strip()]
        for field in empty:
            field.set_error(self.tr("Fill this in."))
        if empty:
            empty[0].setFocus()
            return
        self.message.clear()
        self._set_busy(self.tr("The server is asked"))
        self._lanes.run(Lane.IO, self._work(), self._take, self._fail)

    def _work(self) -> "partial[None]":
        """Return what asks the server."""
        return partial(self._sync.sign_in, self.login.text().strip(), self.password.text())

    def _set_busy(self, reason: str) -> None:
        self.button.set_refusal(reason)
        self.busy.set_busy(bool(reason))

    def _take(self, _none: None) -> None:
        self._set_busy("")
        self.password.clear()
        self.signed_in.emit()

    def _fail(self, error: Exception) -> None:
        self._set_busy("")
        if isinstance(error, RefusedError) and error.code == Code.SIGN_IN_NEEDED:
            self.password.set_error(self.tr("Login or password is wrong."))
            self.password.setFocus()
            self.password.edit.selectAll()
        elif isinstance(error, LineError) and error.fault is Fault.BUSY:
            wait = span(round((error.retry_after_s or 60) * 1000))
            self.message.tell(
                self.tr("The server takes no sign-in for now."),
                self.tr("Try again in {span}. Your work is safe here.").format(span=wait),
            )
        elif isinstance(error, LineError | RefusedError):
            code = error.code if isinstance(error, RefusedError) else str(error.fault)
            self.message.tell(*contact_words(code))
        else:
            self._lanes.failed.emit(error)
