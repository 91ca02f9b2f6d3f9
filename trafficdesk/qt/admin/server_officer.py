"""Adding an officer to a desk with a server: they sign in there, here, once."""

from functools import partial

from PySide6.QtCore import Signal

from trafficdesk.domain.records import Officer
from trafficdesk.qt.admin.parts import Buttons, Column, Narrow, wrapped
from trafficdesk.qt.admin.sentences import officer_sentence, say
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.fault_words import fault_words, find_fault_words, password_words
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.services import administration
from trafficdesk.services.administration import OfficerDone, OfficerRefused
from trafficdesk.services.session import Session
from trafficdesk.sync.errors import LineError, RefusedError
from trafficdesk.wire.codes import Code


class ServerOfficerForm(Column):
    """``admitted`` carries the officer's name; ``dropped`` when nobody is to be added."""

    admitted = Signal(str)
    dropped = Signal()

    def __init__(self, session: Session, equipment: Equipment) -> None:
        super().__init__(12)
        self._session = session
        self._equipment = equipment
        self._lanes = equipment.lanes.owned_by(self)
        self.login = InputField(self.tr("Their login at the server"))
        self.password = InputField(self.tr("Their password at the server")).hide_text()
        self.message = InlineMessage()
        self.save = ActionButton(self.tr("Add officer"), "Enter", Kind.PRIMARY)
        drop = ActionButton(self.tr("Don't add"), "", Kind.GHOST)
        lead = self.tr(
            "Name, rank and role come from the server. Let the officer type their password "
            "themselves; it opens this desk from then on, also without the server."
        )
        fields = Narrow()
        fields.add(self.login, self.password)
        self.add(wrapped(lead), fields, self.message, Buttons(self.save, drop))
        for field in (self.login, self.password):
            field.submitted.connect(self.submit)
        self.save.clicked.connect(self.submit)
        drop.clicked.connect(self.dropped)
        self.setFocusProxy(self.login)

    def submit(self) -> None:
        """Ask the server who it is, if both fields are filled in."""
        if not self.save.isEnabled():
            return
        empty = [each for each in (self.login, self.password) if not each.text().strip()]
        for field in empty:
            field.set_error(self.tr("Fill this in."))
        if empty:
            empty[0].setFocus()
            return
        self.message.clear()
        self.save.set_refusal(self.tr("The server is asked"))
        login, password = self.login.text().strip(), self.password.text()
        ask = partial(_ask, self._session, login, password)
        self._lanes.run(Lane.IO, ask, partial(self._admit, password), self._fail)

    def _admit(self, password: str, officer: Officer) -> None:
        admit = partial(administration.admit_officer, self._session, officer, password)
        self._lanes.run(Lane.WRITER, admit, partial(self._take, officer.name), self._fail)

    def _take(self, name: str, result: OfficerDone | OfficerRefused | PasswordRefused) -> None:
        self.save.set_refusal("")
        if isinstance(result, OfficerDone):
            self._equipment.changes.tell(result.changed)
            self.admitted.emit(name)
        elif isinstance(result, PasswordRefused):
            self.password.set_error(password_words(result))
        else:
            self.message.tell(officer_sentence(result), say("Nothing was changed."))

    def _fail(self, error: Exception) -> None:
        self.save.set_refusal("")
        if isinstance(error, RefusedError) and error.code == Code.SIGN_IN_NEEDED:
            self.password.set_error(self.tr("Login or password is wrong."))
            self.password.setFocus()
        elif isinstance(error, RefusedError | LineError):
            code = error.code if isinstance(error, RefusedError) else str(error.fault)
            self.message.tell(contact_words(code)[0], say("Nothing was changed."))
        else:
            self.message.tell(*fault_words(error))
            if find_fault_words(error) is None:
                self._equipment.lanes.failed.emit(error)


def _ask(session: Session, login: str, password: str) -> Officer:
    # Loaded by the sync that runs at every desk with a server.
    from trafficdesk.sync.vouching import ask_for_officer

    return ask_for_officer(session.store, session.device, login, password)
