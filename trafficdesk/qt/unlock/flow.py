"""What happens on the unlock screen: tries, help, passwords checked off the GUI thread."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal

from trafficdesk.domain.times import utc_now
from trafficdesk.profile import Profile
from trafficdesk.qt.commands import Command
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.fault_words import fault_words, find_fault_words, password_words, recovery_words
from trafficdesk.qt.later import later
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.unlock.new_password_row import NewPassword, NewPasswordRow
from trafficdesk.qt.unlock.rows import HELP_KEY, KEYRING_KEY
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.qt.unlock.state import UnlockState
from trafficdesk.security import keyring_slot, recovery, unlock
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keyring_slot import KeyringRefused
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.security.recovery import Recovered
from trafficdesk.security.recovery_code import RecoveryCodeWrong
from trafficdesk.security.tries import LockedOut
from trafficdesk.security.unlock import (
    NotAllowed,
    OfficerUnlocked,
    PasswordChanged,
    Unlocked,
    WrongPassword,
)

if TYPE_CHECKING:
    from collections.abc import Callable

CONTEXT = "unlock"
# So long the key waits for somebody's own password, counted from the last letter of it.
OWN_PASSWORD_WAIT_MS = 120_000


class UnlockFlow(QObject):
    """Drives one ``UnlockScreen``.

    ``unlocked`` carries an ``Unlocked``: the receiver owns its key. ``helped`` carries an
    ``OfficerUnlocked``, ``recovered`` a ``Recovered``: the receiver audits it and wipes its key.
    """

    unlocked = Signal(object)
    helped = Signal(object)
    recovered = Signal(object)

    def __init__(
        self, screen: UnlockScreen, profile: Profile, state: UnlockState, equipment: Equipment
    ) -> None:
        super().__init__(screen)
        self._screen = screen
        self._profile = profile
        self._state = state
        self._equipment = equipment
        self._holder = self._first()
        self._opened: Unlocked | None = None
        self._own_before = ""
        self._forsaken = later(self, OWN_PASSWORD_WAIT_MS, self._leave_own)
        self._connect()
        equipment.commands.add(self._commands(), owner=self)
        self._show_officer(self._holder)
        screen.tiles.focus(self._holder.officer_id)
        if len(state.holders) == 1:
            screen.password.field.setFocus()

    def _first(self) -> Holder:
        last = str(self._equipment.settings.recall("last_officer", str, ""))
        return next(
            (each for each in self._state.holders if str(each.officer_id) == last),
            self._state.holders[0],
        )

    def _connect(self) -> None:
        screen = self._screen
        screen.officer_chosen.connect(self._choose)
        screen.tiles.typed.connect(self._type_on)
        screen.lock_ended.connect(self._back)
        screen.password.submitted.connect(self._try_password)
        screen.password.help_wanted.connect(self.ask_supervisor)
        screen.password.recovery_wanted.connect(self.ask_recovery)
        screen.password.keyring_wanted.connect(self.try_keyring)
        screen.locked.help_wanted.connect(self.ask_supervisor)
        screen.supervisor.submitted.connect(self._try_supervisor)
        screen.recovery.submitted.connect(self._try_recovery)
        screen.own.submitted.connect(self._set_own)
        for row in (screen.supervisor, screen.recovery):
            row.cancelled.connect(self._back)
        screen.own.cancelled.connect(self._leave_own)
        screen.own.edited.connect(self._forsaken.start)

    def _commands(self) -> list[Command]:
        rows: list[tuple[str, str, Callable[[], object], str]] = [
            (f"officer_{index + 1}", each.name, partial(self._choose, each), str((index + 1) % 10))
            for index, each in enumerate(self._state.holders[:10])
        ]
        rows += [
            ("supervisor", self.tr("Ask a supervisor"), self.ask_supervisor, HELP_KEY),
            ("recovery", self.tr("Use the recovery code"), self.ask_recovery, "F3"),
            ("keyring", self.tr("Unlock with the system keyring"), self.try_keyring, KEYRING_KEY),
            ("back", self.tr("Back"), self._escape, "Esc"),
        ]
        group = self.tr("Unlock")
        return [
            Command(f"unlock.{name}", title, group, act, (key,), CONTEXT, is_hidden=True)
            for name, title, act, key in rows
        ]

    def _type_on(self, letters: str) -> None:
        """Put what is typed over the tiles into the password of the officer who is marked."""
        field = self._screen.password.field
        if field.isVisible():
            field.setFocus()
            field.edit.insert(letters)

    def _choose(self, holder: Holder) -> None:
        if self._opened is not None:
            self._leave_own()
        self._show_officer(holder)

    def _show_officer(self, holder: Holder) -> None:
        self._holder = holder
        until = self._screen.find_lock(holder.officer_id)
        if until is None:
            self._screen.show_password(holder, self._state.demo_password)
        else:
            self._screen.show_lock(holder, until)

    def _back(self) -> None:
        self._show_officer(self._holder)

    def _escape(self) -> None:
        row = self._screen.row()
        if row is self._screen.own:
            self._leave_own()
        elif isinstance(row, NewPasswordRow):
            self._back()
        else:
            self._screen.password.field.clear()
            self._screen.tiles.focus(self._holder.officer_id)

    def _try_password(self, password: str) -> None:
        self._screen.password.set_busy(True)
        check = partial(unlock.unlock, self._profile, self._holder.officer_id, password, utc_now())
        self._equipment.lanes.run(
            Lane.IO, check, partial(self._take_try, password, self._holder), self._fail
        )

    def try_keyring(self) -> None:
        """Open the desk with the keyring of the system account, if the officer switched it on."""
        row, holder = self._screen.password, self._holder
        if self._screen.row() is not row or not row.keyring.isEnabled():
            return
        if holder.officer_id not in self._state.keyrings:
            return
        row.set_busy(True)
        check = partial(
            keyring_slot.unlock_with_keyring,
            self._profile,
            holder.officer_id,
            utc_now(),
            allowed=self._profile.policy.lock.keyring,
        )
        self._equipment.lanes.run(Lane.IO, check, partial(self._take_try, "", holder), self._fail)

    def _take_try(
        self,
        password: str,
        holder: Holder,
        result: Unlocked | WrongPassword | LockedOut | KeyringRefused,
    ) -> None:
        if isinstance(result, Unlocked) and holder != self._holder:
            # Somebody else was chosen meanwhile: nobody is let in behind their back.
            result.key.wipe()
        elif isinstance(result, Unlocked):
            self._open(result, password)
        elif isinstance(result, LockedOut):
            self._screen.note_lock(holder.officer_id, result.until)
            if holder == self._holder:
                self._screen.show_lock(holder, result.until)
        elif isinstance(result, KeyringRefused):
            if holder == self._holder:
                self._screen.password.tell(
                    self.tr("The keyring did not open it. Use the password.")
                )
        elif holder == self._holder:
            # Another officer may be typing theirs by now: it was not their mistake.
            self._screen.password.tell_wrong(result.tries_left)

    def _open(self, opened: Unlocked, password: str) -> None:
        if opened.must_change_password:
            self._opened, self._own_before = opened, password
            self._forsaken.start()
            self._screen.own.ask(
                self.tr("Choose your own password, {name}").format(name=opened.holder.name),
                self.tr("The one you used was given to you by somebody else."),
            )
            self._screen.show_row(self._screen.own)
            return
        self._finish(opened)

    def _finish(self, opened: Unlocked) -> None:
        self._forsaken.stop()
        self._opened, self._own_before = None, ""
        self._screen.password.field.clear()
        self._equipment.settings.remember("last_officer", str(opened.holder.officer_id))
        self.unlocked.emit(opened)

    def _set_own(self, wanted: NewPassword) -> None:
        opened = self._opened
        if opened is None:
            return
        change = partial(
            unlock.change_password,
            self._profile,
            opened.holder.officer_id,
            self._own_before,
            wanted.password,
            utc_now(),
        )
        self._equipment.lanes.run(Lane.IO, change, self._take_own, self._fail)

    def _take_own(
        self, result: PasswordChanged | PasswordRefused | WrongPassword | LockedOut
    ) -> None:
        opened = self._opened
        if opened is None:
            return
        if isinstance(result, PasswordChanged):
            self._finish(opened)
        elif isinstance(result, PasswordRefused):
            self._screen.own.tell_password_refused(password_words(result))
        else:
            self._leave_own()

    def _leave_own(self) -> None:
        self._forsaken.stop()
        opened, self._opened = self._opened, None
        self._own_before = ""
        if opened is not None:
            opened.key.wipe()
        self._back()

    def ask_supervisor(self) -> None:
        """Begin the supervisor's help for the chosen officer."""
        others = self._state.find_helpers(self._holder)
        if not others:
            self._screen.message.tell(
                self.tr("Nobody else on this desk may set a password for {name}.").format(
                    name=self._holder.name
                ),
                self.tr("The recovery code also sets a new password: F3."),
            )
            return
        self._screen.supervisor.ask(
            self.tr("A supervisor gives {name} a new password").format(name=self._holder.name),
            "",
            others,
        )
        self._screen.show_row(self._screen.supervisor)

    def _try_supervisor(self, wanted: NewPassword) -> None:
        if wanted.by is None:
            return
        work = partial(
            unlock.supervisor_unlock,
            self._profile,
            wanted.by,
            wanted.proof,
            self._holder.officer_id,
            wanted.password,
            utc_now(),
        )
        self._equipment.lanes.run(Lane.IO, work, partial(self._take_help, self._holder), self._fail)

    def _take_help(
        self,
        holder: Holder,
        result: OfficerUnlocked | NotAllowed | PasswordRefused | WrongPassword | LockedOut,
    ) -> None:
        row = self._screen.supervisor
        if isinstance(result, OfficerUnlocked):
            self._screen.forget_lock(holder.officer_id)
            self._show_officer(holder)
            self._note_new_password(holder)
            self.helped.emit(result)
        elif isinstance(result, PasswordRefused):
            row.tell_password_refused(password_words(result))
        elif isinstance(result, WrongPassword):
            left = QCoreApplication.translate("PasswordRow", "%n tries left", "", result.tries_left)
            row.tell_proof_wrong(self.tr("That is not the password. {left}.").format(left=left))
        elif isinstance(result, LockedOut):
            row.tell(
                self.tr("This supervisor is locked out now. Ask another one, or use the code: F3.")
            )
        else:
            row.tell(
                self.tr("{name} may not set a password for this officer.").format(
                    name=result.holder.name
                )
            )

    def ask_recovery(self) -> None:
        """Begin the recovery by code for the chosen officer."""
        self._screen.recovery.ask(
            self.tr("A new password for {name} by recovery code").format(name=self._holder.name),
            self.tr("The code was shown when this desk was set up; station IT keeps it."),
        )
        self._screen.show_row(self._screen.recovery)

    def _try_recovery(self, wanted: NewPassword) -> None:
        work = partial(
            recovery.recover,
            self._profile,
            wanted.proof,
            self._holder.officer_id,
            wanted.password,
            utc_now(),
        )
        self._equipment.lanes.run(
            Lane.IO, work, partial(self._take_recovery, self._holder), self._fail
        )

    def _take_recovery(
        self, holder: Holder, result: Recovered | RecoveryCodeWrong | PasswordRefused
    ) -> None:
        row = self._screen.recovery
        if isinstance(result, Recovered):
            self._screen.forget_lock(holder.officer_id)
            self._show_officer(holder)
            self._note_new_password(holder)
            self.recovered.emit(result)
        elif isinstance(result, RecoveryCodeWrong):
            row.tell_proof_wrong(recovery_words(result))
        else:
            row.tell_password_refused(password_words(result))

    def _note_new_password(self, holder: Holder) -> None:
        self._screen.message.note(
            self.tr("{name} has a new password.").format(name=holder.name),
            self.tr("It is asked for now, and they choose their own with it."),
        )

    def _fail(self, error: Exception) -> None:
        title, detail = fault_words(error)
        self._screen.password.set_busy(False)
        for row in (self._screen.supervisor, self._screen.recovery, self._screen.own):
            row.set_busy(False)
        self._screen.message.tell(title, detail)
        if find_fault_words(error) is None:
            self._equipment.lanes.failed.emit(error)

    def tell_fault(self, error: Exception) -> None:
        """Say why the desk could not be opened although the password was right."""
        self._fail(error)
        self._screen.password.field.clear()
