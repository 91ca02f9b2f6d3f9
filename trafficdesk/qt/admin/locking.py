"""Locking: after how many idle minutes, and whether the system keyring opens the desk."""

from functools import partial

from PySide6.QtCore import QCoreApplication

from trafficdesk.policy.bounds import MOST_IDLE_MINUTES
from trafficdesk.qt.admin.minutes_field import MinutesField
from trafficdesk.qt.admin.parts import AdminPage, Block, Errands, wrapped
from trafficdesk.qt.admin.sentences import keyring_sentence
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.widgets.choices import Toggle
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.security.keyring_slot import KeyringDisabled, KeyringEnabled, KeyringRefused
from trafficdesk.security.lock_policy import MIN_IDLE_MINUTES
from trafficdesk.services import own_account
from trafficdesk.services.own_account import KeyringState
from trafficdesk.services.session import Session


class LockingPage(AdminPage):
    """When the desk locks itself, and what opens it again."""

    def __init__(self, session: Session, equipment: Equipment) -> None:
        super().__init__(
            QCoreApplication.translate("LockingPage", "Locking"),
            QCoreApplication.translate(
                "LockingPage",
                "A locked desk is blank and its key is wiped from memory. No decision is lost.",
            ),
        )
        self._session = session
        self._settings = equipment.settings
        self._policy = session.profile.policy.lock
        self._errands = Errands(self, equipment)
        self.minutes = MinutesField(
            self.tr("Idle minutes until the desk locks"),
            MIN_IDLE_MINUTES,
            self._policy.idle_minutes,
        )
        self.keyring = Toggle(self.tr("Unlock with this system account's keyring"))
        self.keyring.setEnabled(False)
        self.reason = wrapped("")
        self.reason.hide()
        self.message = InlineMessage()
        self._add_blocks()
        self.minutes.chosen.connect(lambda minutes: self._settings.change(lock_minutes=minutes))
        self.keyring.clicked.connect(self._switch_keyring)
        self._settings.changed.connect(self._show_minutes)
        self._show_minutes()

    def _add_blocks(self) -> None:
        most = self._policy.idle_minutes
        idle = Block(
            self.tr("When nobody is at the desk"),
            QCoreApplication.translate(
                "LockingPage",
                "The desk locks after this time without a key or the mouse, 1 to %n minutes.",
                "",
                most,
            ),
        )
        idle.add(self.minutes)
        if most < MOST_IDLE_MINUTES:
            idle.add(wrapped(self.tr("Your agency's policy allows no longer time.")))
        keyring = Block(
            self.tr("System keyring"),
            self.tr(
                "You then unlock without typing. Whoever can use your system account can open the "
                "desk as you: leave this off on a machine that others use."
            ),
        )
        keyring.add(self.keyring, self.reason, self.message)
        self.add(idle, keyring)

    def open(self) -> None:
        load = partial(own_account.load_keyring_state, self._session, allowed=self._policy.keyring)
        self._errands.work(load, self._show_keyring, self.message)

    def _show_minutes(self) -> None:
        self.minutes.show_minutes(self._settings.values.lock_minutes)

    def _show_keyring(self, state: KeyringState) -> None:
        self.keyring.setChecked(state.is_on)
        # What is on can always be switched off.
        self.keyring.setEnabled(state.is_on or state.refused is None)
        reason = keyring_sentence(state.refused.fault) if state.refused else ""
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason))
        self.keyring.setAccessibleDescription(reason)

    def _switch_keyring(self, wanted: bool) -> None:
        self.keyring.setEnabled(False)
        self.message.clear()
        if wanted:
            switch = partial(
                own_account.enable_keyring, self._session, allowed=self._policy.keyring
            )
            self._errands.write(switch, self._switched, self.message, self.open)
        else:
            self._errands.write(
                partial(own_account.disable_keyring, self._session), self._switched, self.message
            )

    def _switched(self, done: KeyringEnabled | KeyringDisabled | KeyringRefused) -> None:
        if isinstance(done, KeyringRefused):
            self.message.tell(keyring_sentence(done.fault))
        elif isinstance(done, KeyringEnabled):
            self.message.note(self.tr("The keyring opens the desk for you from now on."))
        else:
            self.message.note(self.tr("Only your password opens the desk for you now."))
        self.open()
