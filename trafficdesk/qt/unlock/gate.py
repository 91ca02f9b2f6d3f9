"""The gate of the desk: unlock screen, first set-up, or what is wrong with the profile."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.profile import Profile
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.fault_words import fault_words, find_fault_words, password_words
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.unlock.flow import UnlockFlow
from trafficdesk.qt.unlock.join_page import JoinPage
from trafficdesk.qt.unlock.joining_flow import JoiningFlow
from trafficdesk.qt.unlock.screen import UnlockScreen
from trafficdesk.qt.unlock.set_up_page import FaultPage, RecoveryCodePage, SetUpPage
from trafficdesk.qt.unlock.state import UnlockState, load_state
from trafficdesk.qt.widgets.panels import Panel, StackedPage
from trafficdesk.security.passwords import PasswordRefused
from trafficdesk.services import founding
from trafficdesk.services.founding import NewDesk, Prepared


class UnlockGate(QWidget):
    """Reads the profile off the GUI thread and shows what fits it.

    ``unlocked`` carries an ``Unlocked`` (the receiver owns its key), ``helped`` an
    ``OfficerUnlocked`` and ``recovered`` a ``Recovered`` (the receiver audits and wipes).
    ``ready`` when something can be done on screen.
    """

    unlocked = Signal(object)
    helped = Signal(object)
    recovered = Signal(object)
    ready = Signal()

    def __init__(
        self,
        profile: Profile,
        equipment: Equipment,
        make_note: Callable[[], QWidget] | None = None,
    ) -> None:
        super().__init__()
        self._make_note = make_note
        self._profile = profile
        self._equipment = equipment
        self._flow: UnlockFlow | None = None
        self._joining: JoiningFlow | None = None
        self.pages = StackedPage()
        self.pages.show_page(Panel("bg"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.pages)
        self.load()

    def load(self) -> None:
        """Read the profile again."""
        read = partial(load_state, self._profile)
        self._reading = self._equipment.lanes.run(
            Lane.IO, read, self._show_state, self._show_fault, key="gate"
        )

    def screen_shown(self) -> QWidget | None:
        """Return what is on screen: ``UnlockScreen``, ``SetUpPage``, a fault or a code."""
        return self.pages.currentWidget()

    def tell_fault(self, error: Exception) -> None:
        """Say why the desk could not be opened although the password was right."""
        if self._flow is not None:
            self._flow.tell_fault(error)
        else:
            self._show_fault(error)

    def tell_end(self, title: str, detail: str, *, is_over: bool = False) -> None:
        """Say in place of everything else that this desk has come to its end.

        ``is_over``: what lies in the profile may be looked at again.
        """
        self._reading.cancel()
        page = FaultPage(title, detail, self.tr("Look again"))
        if not is_over:
            page.wait(self.tr("This takes a moment."))
        page.again.connect(self.load)
        self._show(page)
        page.setFocus()

    def _show(self, page: QWidget) -> None:
        before = self.pages.currentWidget()
        self.pages.show_page(page)
        if before is not None:
            self.pages.removeWidget(before)
            before.deleteLater()
        self.ready.emit()

    def _show_state(self, state: UnlockState) -> None:
        self._flow = None
        if state.is_new:
            if self._profile.policy.server is None:
                self._show_set_up()
            else:
                self._show_join()
            return
        screen = UnlockScreen(state, self._equipment.settings.values.lock_minutes)
        if self._make_note is not None:
            screen.put_above(self._make_note())
        self._show(screen)
        flow = UnlockFlow(screen, self._profile, state, self._equipment)
        flow.unlocked.connect(self.unlocked)
        flow.helped.connect(self.helped)
        flow.recovered.connect(self.recovered)
        self._flow = flow

    def _show_set_up(self) -> None:
        page = SetUpPage(self._profile.policy.passwords.min_characters)
        page.submitted.connect(self._found)
        page.join_wanted.connect(self._show_join)
        self._show(page)
        page.setFocus()

    def _show_join(self) -> None:
        page = JoinPage(self._profile.policy)
        page.left.connect(self._show_set_up)
        self._joining = JoiningFlow(page, self._profile, self._equipment.lanes, self._take_prepared)
        self._show(page)
        page.setFocus()

    def abandon(self) -> None:
        """Wait for no server any more: the program ends."""
        if isinstance(self.pages.currentWidget(), JoinPage) and self._joining is not None:
            self._joining.abandon()

    def _found(self, wanted: NewDesk) -> None:
        work = partial(founding.prepare, self._profile, wanted)
        # The writer's line: whatever still loads what a desk needs stands before it there.
        self._equipment.lanes.run(Lane.WRITER, work, self._take_prepared, self._fail_founding)

    def _take_prepared(self, result: Prepared | PasswordRefused) -> None:
        page = self.pages.currentWidget()
        if isinstance(result, PasswordRefused):
            if isinstance(page, SetUpPage | JoinPage):
                page.tell_password_refused(password_words(result))
            return
        if result.recovery_code is None:
            self._publish(result)
            return
        code = RecoveryCodePage(result.recovery_code)
        code.kept.connect(partial(self._publish, result))
        self._show(code)
        code.setFocus()

    def _publish(self, prepared: Prepared) -> None:
        """Give the desk its place: before its code was kept there is none to lose it."""
        self._equipment.lanes.run(
            Lane.WRITER,
            partial(founding.publish, self._profile),
            partial(self._take_published, prepared),
            self._fail_founding,
        )

    def _take_published(self, prepared: Prepared, _none: None) -> None:
        self.unlocked.emit(prepared.unlocked)

    def _fail_founding(self, error: Exception) -> None:
        page = self.pages.currentWidget()
        if isinstance(page, SetUpPage | JoinPage | RecoveryCodePage):
            page.tell_fault(*fault_words(error))
        if find_fault_words(error) is None:
            self._equipment.lanes.failed.emit(error)

    def _show_fault(self, error: Exception) -> None:
        title, detail = fault_words(error)
        self._flow = None
        fault = FaultPage(title, detail)
        fault.again.connect(self.load)
        self._show(fault)
        if find_fault_words(error) is None:
            self._equipment.lanes.failed.emit(error)
