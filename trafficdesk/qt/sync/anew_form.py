"""Enrolling a desk anew from the panel: its server takes it for a copy, and all work is kept."""

from functools import partial

from PySide6.QtWidgets import QVBoxLayout

from trafficdesk.qt.sync.running import DeskSync
from trafficdesk.qt.sync.sign_in_form import SignInForm
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.sync.errors import RefusedError
from trafficdesk.wire.codes import Code


class AnewForm(SignInForm):
    """The one-time token as well; ``signed_in`` when the desk is enrolled anew."""

    def __init__(self, lanes: Lanes, sync: DeskSync) -> None:
        super().__init__(lanes, sync)
        self.token = InputField(self.tr("One-time token from station IT"))
        self.token.submitted.connect(self.submit)
        self.fields = (self.token, *self.fields)
        column = self.layout()
        if isinstance(column, QVBoxLayout):
            column.insertWidget(0, self.token)
        self.button.setText(self.tr("Enrol anew"))
        self.setFocusProxy(self.token)

    def _work(self) -> "partial[None]":
        texts = (self.token.text(), self.login.text().strip(), self.password.text())
        return partial(self._sync.enrol_anew, *texts)

    def _take(self, _none: None) -> None:
        super()._take(None)
        self._sync.begin_anew()

    def _fail(self, error: Exception) -> None:
        if isinstance(error, RefusedError) and error.code == Code.NOT_PERMITTED:
            self._set_busy("")
            self.token.set_error(
                self.tr("The server does not take this token: mistyped, used or run out.")
            )
            self.token.setFocus()
        elif _is_other_agency(error):
            self._set_busy("")
            self.token.set_error(self.tr("This token is of another agency."))
            self.token.setFocus()
        else:
            super()._fail(error)


def _is_other_agency(error: Exception) -> bool:
    # Loaded by the try that failed.
    from trafficdesk.rejoining import RejoinError

    return isinstance(error, RejoinError) and error.code == "other_agency"
