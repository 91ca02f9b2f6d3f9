"""What can be done for one officer, open below their row."""

from functools import partial

from PySide6.QtCore import Signal

from trafficdesk.domain.permissions import Permission
from trafficdesk.qt.admin.officer_forms import DetailsForm, LeaveForm, PasswordField
from trafficdesk.qt.admin.parts import Buttons, Column, Errands, wrapped
from trafficdesk.qt.admin.sentences import (
    last_officer_sentence,
    officer_sentence,
    say,
)
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.fault_words import password_words
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.security.enrolment import LastOfficerWhoMay
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.services import administration
from trafficdesk.services.administration import OfficerDone, OfficerFault, OfficerRefused
from trafficdesk.services.session import Session


class OfficerPanel(Column):
    """Change, help or remove one officer, as far as the signed-in officer may.

    ``done`` carries the sentence that says what was done; the list is then read anew.
    """

    done = Signal(str)

    def __init__(self, session: Session, equipment: Equipment, holder: Holder) -> None:
        super().__init__(16, (12, 12, 12, 20))
        self._session = session
        self._changes = equipment.changes
        self._holder = holder
        self._errands = Errands(self, equipment)
        self.message = InlineMessage()
        self.details: DetailsForm | None = None
        self.password: PasswordField | None = None
        self.leave: LeaveForm | None = None
        may_manage = session.may(Permission.OFFICER_MANAGE)
        if may_manage:
            self._add_details()
        self._add_password()
        if may_manage and holder.officer_id != session.officer.id:
            self._add_leave()
        self.add(self.message)

    def _add_details(self) -> None:
        if administration.is_joined(self._session):
            ruled = OfficerRefused(OfficerFault.SERVER_RULES)
            self.add(wrapped(officer_sentence(ruled)))
            return
        self.details = DetailsForm(self._holder)
        self.save = ActionButton(self.tr("Save changes"))
        self.save.clicked.connect(self._save)
        self.details.submitted.connect(self._save)
        if self._holder.officer_id == self._session.officer.id:
            self.add(wrapped(self.tr("If you change your own role, the desk locks at once.")))
        self.add(self.details, Buttons(self.save))

    def _add_password(self) -> None:
        if self._holder.officer_id == self._session.officer.id:
            self.add(wrapped(self.tr("You change your own password under My account.")))
            return
        if not administration.may_set_password(self._session, self._holder.role):
            self.add(wrapped(self._no_password_reason()))
            return
        self.give = ActionButton(self.tr("Set temporary password"))
        self.give.clicked.connect(self._set_password)
        self.password = PasswordField(self.give)
        self.password.submitted.connect(self._set_password)
        lead = self.tr(
            "For an officer who forgot theirs or is locked out. The old password ends at once."
        )
        help_with = Column(6)
        help_with.add(
            Label(self.tr("Help with the password"), 13, 600), wrapped(lead), self.password
        )
        self.add(help_with)

    def _no_password_reason(self) -> str:
        if self._session.may(Permission.OFFICER_UNLOCK):
            return self.tr("Only an administrator can set the password of an administrator.")
        return self.tr("Only supervisors and administrators can help with a password.")

    def _add_leave(self) -> None:
        self.leave = LeaveForm(self._holder.name)
        self.leave.confirmed.connect(self._remove)
        leaving = Column(6)
        leaving.add(Label(self.tr("Leaving"), 13, 600), self.leave)
        self.add(leaving)

    def _save(self) -> None:
        if self.details is None:
            return
        self.message.clear()
        change = partial(
            administration.change_officer,
            self._session,
            self._holder.officer_id,
            self.details.details(),
        )
        self._errands.write(change, self._saved, self.message)

    def _saved(self, result: OfficerDone | OfficerRefused | LastOfficerWhoMay) -> None:
        if isinstance(result, OfficerDone):
            self._changes.tell(result.changed)
            self.done.emit(self.tr("Saved."))
        else:
            self._refuse(result)

    def _set_password(self) -> None:
        if self.password is None:
            return
        self.message.clear()
        give = partial(
            administration.set_password,
            self._session,
            self._holder.officer_id,
            self.password.field.text(),
        )
        self._errands.write(give, self._password_set, self.message)

    def _password_set(self, result: Holder | OfficerRefused | PasswordRefused) -> None:
        if isinstance(result, Holder):
            sentence = self.tr("{name} can unlock with the temporary password now.")
            self.done.emit(sentence.format(name=result.name))
        elif isinstance(result, PasswordRefused) and self.password is not None:
            self.password.field.set_error(password_words(result))
            self.password.field.setFocus()
        elif isinstance(result, OfficerRefused):
            self._refuse(result)

    def _remove(self) -> None:
        self.message.clear()
        remove = partial(administration.remove_officer, self._session, self._holder.officer_id)
        self._errands.write(remove, self._removed, self.message)

    def _removed(self, result: OfficerDone | OfficerRefused | LastOfficerWhoMay) -> None:
        if not isinstance(result, OfficerDone):
            self._refuse(result)
            return
        self._changes.tell(result.changed)
        sentence = self.tr("{name} was removed. Reports put back into the queue: {count}")
        self.done.emit(sentence.format(name=self._holder.name, count=result.released))

    def _refuse(self, result: OfficerRefused | LastOfficerWhoMay) -> None:
        if isinstance(result, LastOfficerWhoMay):
            self.message.tell(last_officer_sentence(result))
            return
        sentence = officer_sentence(result)
        if result.fault is OfficerFault.NOTHING_TO_CHANGE:
            self.message.note(sentence)
        elif self.details is None or not self.details.show_fault(result.fault, sentence):
            self.message.tell(sentence, say("Nothing was changed."))
