"""One officer's sitting at the desk: their session, its screens, and its orderly end."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, Signal, Slot

from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.ages import moment
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.event_words import done_word
from trafficdesk.qt.shell.desk import DeskView, Who
from trafficdesk.qt.shell.outbox import MOST_SHOWN, OutboxPage, OutboxRow
from trafficdesk.qt.shell.top_bar import SyncSummary
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import board
from trafficdesk.services.changes import Changed
from trafficdesk.services.routines import Routines
from trafficdesk.services.session import Session
from trafficdesk.store import facts

RoutineWork = Callable[[], Changed]


class Sitting(QObject):
    """Made when an officer has unlocked the desk; ``end`` before the session is closed.

    ``ending``: let go of what must not outlive the window (the map's page).
    """

    lock_wanted = Signal()
    ending = Signal()

    def __init__(self, equipment: Equipment, session: Session) -> None:
        super().__init__()
        self._equipment = equipment
        self.session = session
        self.zone = load_zone(session)
        officer = session.officer
        self.view = DeskView(
            equipment, Who(officer.name, officer.rank, officer.initials), self._load_outbox
        )
        self.view.lock_wanted.connect(self.lock_wanted)
        self._role = officer.role
        equipment.changes.changed.connect(self._ask_for_waiting)
        equipment.changes.changed.connect(self._follow_role)
        self._routines = Routines(session, self._run_on_writer)
        self._ask_for_waiting(None)

    def begin(self) -> None:
        """Start what the desk does by itself."""
        self._routines.start()

    def end(self) -> None:
        """Stop it, and listen to nothing any more."""
        self._routines.stop()
        self.ending.emit()
        self._equipment.changes.changed.disconnect(self._ask_for_waiting)
        self._equipment.changes.changed.disconnect(self._follow_role)

    def _run_on_writer(self, work: RoutineWork) -> None:
        """Called by the timetable's own thread."""
        lanes = self._equipment.lanes
        lanes.call_home(lambda: self._start_routine(work), owner=self)

    def _start_routine(self, work: RoutineWork) -> None:
        self._equipment.lanes.run(Lane.WRITER, work, self._tell)

    def _tell(self, changed: Changed) -> None:
        self._equipment.changes.tell(changed)

    @Slot(object)
    def _ask_for_waiting(self, _changed: object) -> None:
        session = self.session
        self._equipment.lanes.run(
            Lane.READER,
            lambda: board.count_waiting(session),
            self._show_waiting,
            key=(id(self), "waiting"),
        )

    @Slot(object)
    def _follow_role(self, _changed: object) -> None:
        """Lock when the officer's role is another: what is on screen was made for the old one."""
        if self.session.officer.role is not self._role:
            self._role = self.session.officer.role
            self._equipment.lanes.call_home(self.lock_wanted.emit, owner=self)

    def _show_waiting(self, waiting: int) -> None:
        self.view.set_sync(SyncSummary(self.tr("Offline"), waiting))

    def _load_outbox(self) -> OutboxPage:
        rows = tuple(
            OutboxRow(
                title=done_word(each.action),
                reference=each.reference,
                time=self._time(from_ms(each.at_ms)),
                state=SyncState.NOT_SENT,
                reason=each.reason,
            )
            for each in board.find_waiting(self.session)[:MOST_SHOWN]
        )
        return OutboxPage(
            rows,
            board.count_waiting(self.session),
            connection=self.tr("Offline"),
            last_contact=self.tr("This desk works without a server. Nothing is lost."),
        )

    def _time(self, at: datetime) -> str:
        return moment(at, self.zone)


def load_zone(session: Session) -> ZoneInfo:
    """Return the time zone of the desk's city."""
    with session.store.reading() as connection:
        return ZoneInfo(facts.time_zone(connection))
