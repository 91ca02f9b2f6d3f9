"""One officer's sitting at the desk: their session, its screens, and its orderly end."""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.admin.audit_words import audit_word
from trafficdesk.qt.ages import moment
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.review.promises import Promises
from trafficdesk.qt.shell.desk import DeskView, Who
from trafficdesk.qt.shell.outbox import MOST_SHOWN, OutboxPage, OutboxRow
from trafficdesk.qt.shell.top_bar import SyncSummary
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.unlock.alert_watch import Kept
from trafficdesk.services import board, sending
from trafficdesk.services.changes import Changed
from trafficdesk.services.routines import Routines
from trafficdesk.services.sending import Tally
from trafficdesk.services.session import Session
from trafficdesk.store import facts
from trafficdesk.sync.link import Link, find_link
from trafficdesk.sync.status import Phase, Status

if TYPE_CHECKING:
    from trafficdesk.qt.shell.overlays import OverlayPanel
    from trafficdesk.qt.sync.need_you import Ways
    from trafficdesk.qt.sync.running import DeskSync
    from trafficdesk.sync.live import Live

RoutineWork = Callable[[], Changed]
_AGES_EVERY_MS: Final = 20_000
# Loaded only at a desk with a server, and only in the writer's line.
_OF_SYNC: Final = (
    "trafficdesk.qt.sync.running",
    "trafficdesk.qt.sync.panel",
    "trafficdesk.qt.sync.leaving",
)


class Sitting(QObject):
    """Made when an officer has unlocked the desk; ``end`` before the session is closed.

    ``ending``: let go of what must not outlive the window (the map's page). ``revoked``: the
    server takes nothing from this desk any more. ``report_wanted`` carries a report's number,
    ``conflict_wanted`` a conflict's id. ``moved``: where some units are now, ``Position``;
    ``alerts_told``: critical incidents the server told of whose records are on their way.
    """

    lock_wanted = Signal()
    ending = Signal()
    revoked = Signal()
    report_wanted = Signal(int)
    conflict_wanted = Signal(object)
    moved = Signal(list)
    alerts_told = Signal(tuple)

    def __init__(self, equipment: Equipment, session: Session) -> None:
        super().__init__()
        self._equipment = equipment
        self._has_ended = False
        self.session = session
        self.promises = Promises()
        self.zone = load_zone(session)
        self.sync: DeskSync | None = None
        self.find_standing: Callable[[], Kept] = Kept  # of alerts; whoever shows them says
        self._link = _load_link(session)
        self._tally = Tally(0, 0)
        officer = session.officer
        self.view = DeskView(
            equipment, Who(officer.name, officer.rank, officer.initials), self._load_outbox
        )
        self.view.lock_wanted.connect(self.lock_wanted)
        self._role = officer.role
        equipment.changes.changed.connect(self._ask_for_waiting)
        equipment.changes.changed.connect(self._follow_role)
        self._routines = Routines(session, self._run_on_writer, self._run_apart)
        self._ages = QTimer(self)
        self._ages.setInterval(_AGES_EVERY_MS)
        self._ages.timeout.connect(self._show_summary)
        self._ask_for_waiting(None)

    def begin(self) -> None:
        """Start what the desk does by itself."""
        self._routines.start()
        if self._link is not None:
            self._equipment.lanes.run(Lane.WRITER, _load_sync, self._start_sync)

    def _start_sync(self, _none: None) -> None:
        from trafficdesk.qt.sync.running import DeskSync

        if self._has_ended or self._link is None:
            return
        self.sync = sync = DeskSync(self._equipment, self.session, self._link, self)
        sync.told.connect(self._show_summary)
        sync.told.connect(self._ask_for_waiting)
        sync.told.connect(self._tell_alerts)
        sync.moved.connect(self.moved)
        sync.revoked.connect(self.revoked)
        self.view.set_outbox(self._make_panel)
        sync.start()
        self._ages.start()

    @Slot()
    def _tell_alerts(self) -> None:
        if self.sync is not None:
            self.alerts_told.emit(self.sync.status.alerts)

    def _make_panel(self) -> "OverlayPanel":
        from trafficdesk.qt.sync.panel import SyncPanel, Ways

        if self.sync is None:
            raise RuntimeError("a desk on its own has no sync panel")
        has_conflicts = self.view.has_workspace("conflicts")
        ways = Ways(
            self.report_wanted.emit, self.conflict_wanted.emit if has_conflicts else None, self.zone
        )
        panel = SyncPanel(self._equipment, self.session, self.sync, ways)
        panel.receipt_wanted.connect(lambda: self._open_receipt(ways))
        panel.by_file_wanted.connect(self._open_by_file)
        return panel

    def _open_by_file(self) -> None:
        from trafficdesk.qt.sync.by_file_page import ByFilePage

        if self.sync is not None:
            page = ByFilePage(self._equipment, self.session, self.sync)
            self.view.overlays.open(page, "by_file_panel", has_scrim=False)

    def _open_receipt(self, ways: "Ways") -> None:
        from trafficdesk.qt.sync.receipt_page import ReceiptPage

        page = ReceiptPage(self._equipment, self.session, ways)
        self.view.overlays.open(page, "receipt_panel", has_scrim=False)

    def end(self, listen_on: "Callable[[Live], None] | None" = None) -> None:
        """Stop it; ``listen_on`` takes the line over that hears of alerts."""
        self._has_ended = True
        self._routines.stop()
        self._ages.stop()
        if self.sync is not None:
            self.sync.end(listen_on)
        self.ending.emit()
        self.promises.close()
        self._equipment.changes.changed.disconnect(self._ask_for_waiting)
        self._equipment.changes.changed.disconnect(self._follow_role)

    def _run_on_writer(self, work: RoutineWork) -> None:
        """Called by the timetable's own thread."""
        lanes = self._equipment.lanes
        lanes.call_home(lambda: self._start_routine(work), owner=self)

    def _run_apart(self, work: RoutineWork) -> None:
        """Called by the timetable's own thread, and at the beginning by the GUI's."""
        lanes = self._equipment.lanes
        lanes.call_home(lambda: self._start_routine(work, Lane.IO), owner=self)

    def _start_routine(self, work: RoutineWork, lane: Lane = Lane.WRITER) -> None:
        if not self._has_ended:  # its store may be closed by now
            self._equipment.lanes.run(lane, work, self._tell)

    def _tell(self, changed: Changed) -> None:
        self._equipment.changes.tell(changed)

    @Slot()
    @Slot(object)
    def _ask_for_waiting(self, _changed: object = None) -> None:
        session = self.session
        self._equipment.lanes.run(
            Lane.READER,
            lambda: sending.tally(session),
            self._show_waiting,
            key=(id(self), "waiting"),
        )

    @Slot(object)
    def _follow_role(self, _changed: object) -> None:
        """Lock when the officer's role is another: what is on screen was made for the old one."""
        if self.session.officer.role is not self._role:
            self._role = self.session.officer.role
            self._equipment.lanes.call_home(self.lock_wanted.emit, owner=self)

    def _show_waiting(self, tally: Tally) -> None:
        self._tally = tally
        self._show_summary()

    @Slot()
    def _show_summary(self) -> None:
        if self._link is None:
            self.view.set_sync(SyncSummary(self.tr("Offline"), self._tally.to_send))
            return
        from trafficdesk.qt.sync.summary import summarise

        status = Status(Phase.STARTING) if self.sync is None else self.sync.status
        self.view.set_sync(summarise(status, self._tally, to_ms(self.session.clock())))

    def _load_outbox(self) -> OutboxPage:
        rows = tuple(
            OutboxRow(
                title=audit_word(f"{each.entity}.{each.action}"),
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


def _load_link(session: Session) -> Link | None:
    with session.store.reading() as connection:
        return find_link(connection)


def _load_sync() -> None:
    for name in _OF_SYNC:
        import_module(name)


def load_zone(session: Session) -> ZoneInfo:
    """Return the time zone of the desk's city."""
    with session.store.reading() as connection:
        return ZoneInfo(facts.time_zone(connection))
