"""The running program: one window, unlocked and locked again as often as the shift needs."""

import platform
import sys
from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from trafficdesk import __version__
from trafficdesk.journal import Event, Journal
from trafficdesk.profile import Profile
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.collector import GuiCollector
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.excepthook import ExceptHook
from trafficdesk.qt.first_paint import FirstPaint
from trafficdesk.qt.idle import IdleLock
from trafficdesk.qt.keyboard import Keyboard
from trafficdesk.qt.plurals import load_plurals
from trafficdesk.qt.settings import SettingsFile
from trafficdesk.qt.shell.window import MainWindow
from trafficdesk.qt.supplies import Supplies
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.fonts import load_fonts
from trafficdesk.qt.theme.palette import Appearance
from trafficdesk.qt.trial_watch import TrialWatch
from trafficdesk.qt.unlock.gate import UnlockGate

if TYPE_CHECKING:
    from trafficdesk.qt.review.promises import Promises
    from trafficdesk.qt.sitting import Sitting
    from trafficdesk.qt.sync.leaving import Left
    from trafficdesk.qt.unlock.alert_watch import AlertWatch
    from trafficdesk.security.key_slots import Holder
    from trafficdesk.security.keys import SecretKey
    from trafficdesk.security.recovery import Recovered
    from trafficdesk.security.unlock import OfficerUnlocked, Unlocked
    from trafficdesk.services.session import Session
    from trafficdesk.services.untold import Untold, UntoldFile

# How long another thread may compute before the GUI's, which has a key to answer, gets its turn.
_TURN_S: Final = 0.001

# Puts the workspaces on a desk that an officer has just unlocked.
Furnish = Callable[[Equipment, "Sitting"], None]


def make_qt_application() -> QApplication:
    """Make Qt's application with the desk's style, fonts and plural forms."""
    from trafficdesk.qt.map.web_engine import prepare_web_engine

    prepare_web_engine()
    sys.setswitchinterval(_TURN_S)
    qt = QApplication.instance()
    app = qt if isinstance(qt, QApplication) else QApplication(["trafficdesk"])
    app.setApplicationName("TrafficDesk")
    app.setStyle("Fusion")
    load_fonts()
    QCoreApplication.installTranslator(load_plurals(app))
    return app


class DeskApplication(QObject):
    """Owns the window, the lanes and the present sitting.

    ``painted`` once the unlock screen is on screen: what it did not need is loaded from then on.
    ``unlocked`` carries the ``Sitting`` once its first workspace is on screen; ``locked`` is
    emitted when the store is closed and the keys are wiped.
    """

    painted = Signal()
    unlocked = Signal(object)
    locked = Signal()

    def __init__(self, profile: Profile, furnish: Furnish) -> None:
        super().__init__()
        self._collector = GuiCollector(self)
        self._collector.start()
        self._profile = profile
        self._furnish = furnish
        self.lanes = Lanes(self)
        settings = SettingsFile(profile.settings, self.lanes, profile.policy)
        self.equipment = Equipment(
            self.lanes,
            Changes(self),
            Commands(settings, self),
            settings,
            Appearance(self),
            Journal(profile.journal),
        )
        self._keyboard = Keyboard(self.equipment.commands, self)
        self._keyboard.install()
        self.window = MainWindow(self.equipment)
        self.window.closing.connect(self.shut_down)
        self.gate: UnlockGate | None = None
        self.sitting: Sitting | None = None
        self._supplies = Supplies()
        self.painted.connect(self._load_supplies)
        self._trial = TrialWatch(profile, self.equipment, self)
        self.painted.connect(self._trial.forgive)
        self._idle = IdleLock(settings.values.lock_minutes, self)
        self._idle.expired.connect(partial(self.lock, "idle_lock"))
        settings.changed.connect(self._follow_settings)
        self._faults = ExceptHook(profile.crash_reports, self)
        self._faults.caught.connect(self._tell_fault)
        self.lanes.failed.connect(self._faults.take)
        self.watch: AlertWatch | None = None
        self._is_awaited = False  # the first picture of this program's first screen
        self._is_supplied = False
        self._is_down = False

    def start(self) -> None:
        """Show the window with the unlock screen."""
        self._faults.install()
        self._log(Event.STARTED, version=__version__, python=platform.python_version())
        self._show_gate()
        self.window.show()

    def _show_gate(self) -> None:
        note = None if self.watch is None else self.watch.make_note
        self.gate = gate = UnlockGate(self._profile, self.equipment, note)
        gate.ready.connect(self._watch_gate)
        gate.unlocked.connect(self._sign_in)
        gate.helped.connect(self._note_helped)
        gate.recovered.connect(self._note_recovered)
        self.window.show_unlock(gate)

    def _watch_gate(self) -> None:
        screen = self.gate.screen_shown() if self.gate is not None else None
        if screen is not None and not self._is_awaited:
            self._is_awaited = True
            FirstPaint(screen).painted.connect(self.painted)

    def _load_supplies(self) -> None:
        self.lanes.run(Lane.WRITER, self._supplies.load, self._be_supplied)

    def _be_supplied(self, _none: None) -> None:
        if self.sitting is None and not self._is_supplied:
            self._is_supplied = True
            self._leave_out_loaded(None)
            self._load_workspace()

    def _load_workspace(self) -> None:
        """Load the workspace that will be seen first; what fails is told where it is opened."""
        first = self.equipment.settings.values.workspace
        load = partial(self._supplies.load_workspace, first)
        self.lanes.run(Lane.WRITER, load, self._leave_out_loaded, lambda _error: None)

    def _leave_out_loaded(self, _none: None) -> None:
        if self.sitting is None:
            self._collector.leave_out_loaded()

    def _sign_in(self, unlocked: "Unlocked") -> None:
        # Once more: a window that was never painted has loaded nothing yet.
        self._load_supplies()
        self._supplies.await_desk()
        self._trial.begin_opening()
        self.lanes.run(
            Lane.WRITER,
            partial(_open_session, self._profile, unlocked.key, unlocked.holder),
            self._open,
            self._tell_not_opened,
        )

    def _tell_not_opened(self, error: Exception) -> None:
        self._trial.fail_opening(error)
        if self.gate is not None:
            self.gate.tell_fault(error)

    def _note_helped(self, helped: "OfficerUnlocked") -> None:
        self._note(helped.key, helped.supervisor)

    def _note_recovered(self, recovered: "Recovered") -> None:
        self._note(recovered.key, recovered.holder)

    def _note(self, key: "SecretKey", helper: "Holder") -> None:
        self._load_supplies()
        work = partial(_note_help, self._profile, key, helper)
        self.lanes.run(Lane.WRITER, work, None, self._tell_not_opened)

    def _open(self, session: "Session") -> None:
        from trafficdesk.qt.sitting import Sitting

        self._trial.furnish()
        self.sitting = sitting = Sitting(self.equipment, session)
        sitting.lock_wanted.connect(partial(self.lock, "lock"))
        sitting.revoked.connect(self._lock_revoked)
        self._furnish(self.equipment, sitting)
        self._end_watch()
        self.gate = None
        self.window.show_desk(sitting.view)
        QTimer.singleShot(0, sitting, partial(self._make_first, sitting))

    def _make_first(self, sitting: "Sitting") -> None:
        """Make what is seen first, between two turns that make and show what is around it."""
        if self.sitting is sitting:
            sitting.view.make_first()
            QTimer.singleShot(0, sitting, partial(self._open_first, sitting))

    def _open_first(self, sitting: "Sitting") -> None:
        if self.sitting is not sitting:
            return  # locked meanwhile
        session = sitting.session
        if not sitting.view.open_id():
            sitting.view.open_first()
        self._trial.tell(sitting.view.banner)
        self._trial.prove(partial(self._begin, sitting))
        self._idle.start()
        find = partial(self._find_untold, session)
        self.lanes.run(Lane.WRITER, find, partial(self._tell_untold, sitting))
        self._log(Event.UNLOCKED, role=session.officer.role)
        self.unlocked.emit(sitting)

    def _begin(self, sitting: "Sitting") -> None:
        if self.sitting is sitting:
            sitting.begin()

    @cached_property
    def _untold(self) -> "UntoldFile":
        from trafficdesk.services.untold import UntoldFile

        return UntoldFile(self._profile)

    def _find_untold(self, session: "Session") -> "Untold | None":
        return self._untold.find(session)

    def _tell_untold(self, sitting: "Sitting", untold: "Untold | None") -> None:
        """Say what the desk could not write when this officer locked it the last time."""
        if untold is None or self.sitting is not sitting:
            return
        title = QCoreApplication.translate(
            "DeskApplication",
            "%n decisions could not be written when the desk was locked.",
            "",
            untold.count,
        )
        named = self.tr("Look at them again: {references}")
        references = ", ".join(untold.references)
        sitting.view.banner.tell(title, named.format(references=references) if references else "")
        forget = partial(self._untold.forget, sitting.session.officer.id)
        self.lanes.run(Lane.WRITER, forget)

    def lock(self, why: str, last: Callable[[], None] | None = None) -> None:
        """Blank the window at once, then close the store and wipe the keys behind it.

        What was decided before is written first: the session closes at the end of the writer's
        line. ``last`` is done in that line right before.
        """
        sitting, self.sitting = self.sitting, None
        if sitting is None:
            return
        self._idle.stop()
        self.window.blank()
        self._log(Event.LOCKED, why=why)
        if last is None and not self._is_down:
            self._watch_alerts(sitting)
        sitting.end(None if self.watch is None else self.watch.listen)
        self.window.close_desk()
        if last is not None:
            self.lanes.run(Lane.WRITER, last)
        close = partial(self._close_session, sitting.session, sitting.promises, why)
        self.lanes.run(Lane.WRITER, close, self._be_locked, self._tell_lock_fault)
        sitting.deleteLater()
        if not self._is_down:
            self._show_gate()

    def _watch_alerts(self, sitting: "Sitting") -> None:
        from trafficdesk.qt.unlock.alert_watch import AlertWatch

        self.watch = AlertWatch(self.equipment, self.window, sitting.find_standing(), self)

    def _end_watch(self) -> None:
        watch, self.watch = self.watch, None
        if watch is not None:
            watch.end()

    def _lock_revoked(self) -> None:
        """Lock for good: the server takes nothing from this desk any more."""
        from trafficdesk.qt.sync.leaving import leave, leaving_words

        if self.sitting is None:
            return
        session = self.sitting.session

        def leave_and_tell() -> None:
            left = leave(session)
            self.lanes.call_home(partial(self._tell_left, left), owner=self)

        self.lock("revoked", leave_and_tell)
        if self.gate is not None:
            self.gate.tell_end(*leaving_words())

    def _tell_left(self, left: "Left") -> None:
        from trafficdesk.qt.sync.leaving import left_words

        if self.gate is not None:
            self.gate.tell_end(*left_words(left), is_over=True)

    def _close_session(self, session: "Session", promises: "Promises", why: str) -> None:
        """Close it at the end of the writer's line; what was not written there is told later."""
        from trafficdesk.services import desk

        try:
            desk.close_session(session, why)
        finally:
            left = promises.left()
            if left:
                self._untold.keep(session.officer.id, left)

    def _tell_lock_fault(self, error: Exception) -> None:
        """The keys are wiped all the same; only the audit chain may not have heard of it."""
        self._faults.take(error)
        self._be_locked(None)

    def _be_locked(self, _none: object) -> None:
        self._collector.collect_all()
        self.locked.emit()

    def shut_down(self) -> None:
        """End the sitting, wait for what is being written, and stop every thread."""
        if self._is_down:
            return
        self._is_down = True
        self.painted.disconnect()  # a first picture may still be on its way
        self._supplies.drop()
        self._end_watch()
        if self.gate is not None:
            self.gate.abandon()
        self.lock("quit")
        self._trial.forgive()
        self._keyboard.remove()
        self.lanes.shut_down()
        self._faults.remove()
        self._log(Event.ENDED)
        self.equipment.journal.close()
        self._collector.stop()

    def _follow_settings(self) -> None:
        self._idle.set_minutes(self.equipment.settings.values.lock_minutes)

    def _log(self, event: Event, **facts: str | int | None) -> None:
        self.equipment.journal.note(event, **facts)

    def _tell_fault(self, report: Path | None) -> None:
        self._log(Event.CRASHED)
        if self.sitting is None:
            return
        kept = self.tr("A report without personal data was kept under This desk in Admin.")
        self.sitting.view.banner.tell(
            self.tr("Something went wrong in the program. What was saved is safe."),
            kept if report is not None else "",
        )


def _open_session(profile: Profile, key: "SecretKey", holder: "Holder") -> "Session":
    from trafficdesk.services import desk

    return desk.open_session(profile, key, holder)


def _note_help(profile: Profile, key: "SecretKey", helper: "Holder") -> None:
    from trafficdesk.services import desk

    desk.note_help(profile, key, helper)
