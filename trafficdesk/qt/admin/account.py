"""My account: who I am at this desk, what I may do, and my password."""

from functools import partial

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.permissions import ROLE_PERMISSIONS, Permission
from trafficdesk.domain.records import Officer
from trafficdesk.qt.admin.parts import AdminPage, Block, Buttons, Errands, FactRow, Narrow, wrapped
from trafficdesk.qt.admin.permission_words import permission_word
from trafficdesk.qt.ages import number
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.fault_words import password_words
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.words import role_word
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.security.tries import LockedOut
from trafficdesk.security.unlock import PasswordChanged, WrongPassword
from trafficdesk.services import own_account
from trafficdesk.services.session import Session


class PasswordForm(Block):
    """The present password once, the new one twice."""

    def __init__(self, session: Session, equipment: Equipment) -> None:
        super().__init__(
            QCoreApplication.translate("PasswordForm", "Password"),
            QCoreApplication.translate(
                "PasswordForm",
                "At least {least} characters. A sentence that only you think of is better than "
                "signs.",
            ).format(least=session.profile.policy.passwords.min_characters),
        )
        self._session = session
        self._errands = Errands(self, equipment)
        self.present = InputField(self.tr("Present password")).hide_text()
        self.fresh = InputField(self.tr("New password")).hide_text()
        self.again = InputField(self.tr("New password again")).hide_text()
        self.save = ActionButton(self.tr("Change password"), "", Kind.PRIMARY)
        self.message = InlineMessage()
        fields = Narrow()
        fields.add(self.present, self.fresh, self.again)
        self.add(fields, Buttons(self.save), self.message)
        self.save.clicked.connect(self._submit)
        for field in (self.present, self.fresh, self.again):
            field.submitted.connect(self._submit)
            field.edited.connect(lambda _text: self.message.clear())

    def _submit(self) -> None:
        if not self.present.text():
            self.present.set_error(self.tr("Enter your present password."))
            self.present.setFocus()
            return
        if self.fresh.text() != self.again.text():
            self.again.set_error(self.tr("The two new passwords differ. Type it again."))
            self.again.setFocus()
            return
        self.save.set_refusal(self.tr("Being changed"))
        change = partial(
            own_account.change_own_password, self._session, self.present.text(), self.fresh.text()
        )
        self.message.clear()
        self._errands.write(change, self._done, self.message, self._free)

    def _done(self, done: PasswordChanged | PasswordRefused | WrongPassword | LockedOut) -> None:
        self._free()
        match done:
            case PasswordChanged():
                for field in (self.present, self.fresh, self.again):
                    field.clear()
                self.message.note(
                    self.tr("Your password was changed. It opens the desk from now on.")
                )
            case PasswordRefused():
                self.fresh.set_error(password_words(done))
                self.fresh.setFocus()
            case WrongPassword():
                self._refuse_present(
                    self.tr(
                        "This is not your password. Tries left before a lock-out: {count}"
                    ).format(count=number(done.tries_left))
                )
            case LockedOut():
                self._refuse_present(
                    self.tr(
                        "Too many wrong tries. You can go on working; a supervisor can end the "
                        "lock-out under Officers."
                    )
                )

    def _free(self) -> None:
        self.save.set_refusal("")

    def _refuse_present(self, sentence: str) -> None:
        self.present.clear()
        self.present.set_error(sentence)
        self.present.setFocus()


class AccountPage(AdminPage):
    """The signed-in officer's own page."""

    def __init__(self, session: Session, equipment: Equipment) -> None:
        super().__init__(
            QCoreApplication.translate("AccountPage", "My account"),
            QCoreApplication.translate("AccountPage", "Who you are at this desk."),
        )
        self._add_facts(session.officer)
        self.form = PasswordForm(session, equipment)
        self.add(self.form, self._permissions(session.officer))

    def _add_facts(self, officer: Officer) -> None:
        block = Block(self.tr("You"))
        block.add(
            FactRow(self.tr("Name"), officer.name),
            FactRow(self.tr("Rank"), officer.rank),
            FactRow(self.tr("Initials"), officer.initials),
            FactRow(self.tr("Role"), role_word(officer.role)),
        )
        block.add(
            wrapped(self.tr("Something wrong? An administrator can change it under Officers."))
        )
        self.add(block)

    def _permissions(self, officer: Officer) -> Block:
        block = Block(self.tr("What your role may do"))
        allowed = ROLE_PERMISSIONS[officer.role]
        for permission in Permission:
            if permission in allowed:
                block.add(wrapped(permission_word(permission), "text"))
        return block
