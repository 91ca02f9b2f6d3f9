"""Where this desk is: the watch of one sitting, and what becomes of what it hears."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from trafficdesk.domain.ranking import STALE_AFTER
from trafficdesk.domain.records import Place, Position
from trafficdesk.position.fix import Fix, SourceKind
from trafficdesk.position.policy import Source, read_source
from trafficdesk.position.status import SourceError, State, Status
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import own_unit
from trafficdesk.services.session import Session
from trafficdesk.store.errors import StoreClosedError, StoreFullError, StoreNotWritableError

if TYPE_CHECKING:
    from trafficdesk.position.receiving import Receiver
    from trafficdesk.position.watch import PositionWatch

_KEEP_EVERY_MS: Final = 5_000  # a write a second would wear the disk out
_PRUNE_EVERY_MS: Final = 60 * 60 * 1000
# A receiver looks up four times a second; one that hangs is left to itself.
_STOP_S: Final = 0.5
_WATCHING: Final = ("trafficdesk.position.sources", "trafficdesk.position.watch")
_QT: Final = "trafficdesk.qt.position"
# A place is not worth a message: the next one is kept when there is room.
_NOT_KEPT: Final = (StoreClosedError, StoreFullError, StoreNotWritableError)


class OwnPosition(QObject):
    """Listens as policy says from ``start`` to ``end``; lives on the GUI thread.

    ``told``: the status is another. ``moved`` carries where the own unit is now, a ``Position``,
    once a second at most. Without a unit nothing is kept, and nobody is told.
    """

    told = Signal()
    moved = Signal(object)

    def __init__(self, equipment: Equipment, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._equipment = equipment
        self._session = session
        self._lanes = equipment.lanes.owned_by(self)
        self._policy = equipment.settings.values.position
        self._unit_id: UUID | None = None
        self._watch: PositionWatch | None = None
        self._receiver: Receiver | None = None
        self._waiting: list[Position] = []
        self._last: Position | None = None
        self._has_ended = False
        self.status = Status(State.OFF)
        self._keeping = self._every(_KEEP_EVERY_MS, self._keep)
        self._pruning = self._every(_PRUNE_EVERY_MS, self._prune)

    def _every(self, interval_ms: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(act)
        return timer

    @property
    def keep_days(self) -> int:
        """For how many days this laptop's way is kept."""
        return self._policy.bounded_days

    def start(self) -> None:
        """Forget what is too old, and begin to listen if the station has turned positions on."""
        self._prune()
        self._pruning.start()
        try:
            source = read_source(self._policy.source)
        except SourceError as error:
            self._take_status(Status(State.FAULT, error.fault))
            return
        if source.kind is not SourceKind.OFF:
            self._lanes.run(Lane.WRITER, partial(_load, source), partial(self._listen, source))

    def _listen(self, source: Source, _none: None) -> None:
        from trafficdesk.position.watch import Listener, PositionWatch

        if self._has_ended:
            return
        self._receiver = receiver = _receiver_of(source)
        told = Listener(self._bring_status_home, self._bring_fix_home)
        self._watch = PositionWatch(receiver, told)
        self._watch.start()
        self._keeping.start()

    def set_unit(self, unit_id: UUID | None) -> None:
        """Say whose place it is that is heard; None for nobody's."""
        if unit_id != self._unit_id:
            self._keep()
            self._unit_id, self._last = unit_id, None

    def place_at(self, now: datetime) -> Place | None:
        """Return where the own unit is, as far as this desk has heard lately."""
        last = self._last
        return last.place if last is not None and now - last.at < STALE_AFTER else None

    @Slot()
    def end(self) -> None:
        """Listen no more; the writer's line keeps what was heard and waits for the watch."""
        self._keep()
        self._has_ended = True
        self._keeping.stop()
        self._pruning.stop()
        watch, self._watch = self._watch, None
        receiver, self._receiver = self._receiver, None
        if watch is not None:
            watch.stop(0)
            self._equipment.lanes.run(Lane.WRITER, partial(_await_end, watch, receiver))

    # from the watch's thread

    def _bring_status_home(self, status: Status) -> None:
        self._lanes.call_home(partial(self._take_status, status))

    def _bring_fix_home(self, fix: Fix) -> None:
        self._lanes.call_home(partial(self._take_fix, fix))

    # on the GUI thread

    def _take_status(self, status: Status) -> None:
        if not self._has_ended:
            self.status = status
            self.told.emit()

    def _take_fix(self, fix: Fix) -> None:
        if self._has_ended or self._unit_id is None:
            return
        self._last = here = Position(
            self._unit_id, fix.place, fix.at, fix.accuracy_m, fix.speed_mps, fix.heading_deg
        )
        self._waiting.append(here)
        self.moved.emit(here)

    @Slot()
    def _keep(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and not self._has_ended:
            keep = partial(own_unit.keep, self._session, waiting, self.keep_days)
            self._lanes.run(Lane.WRITER, keep, None, self._tell_not_kept)

    @Slot()
    def _prune(self) -> None:
        prune = partial(own_unit.prune, self._session, self.keep_days)
        self._lanes.run(Lane.WRITER, prune, None, self._tell_not_kept)

    def _tell_not_kept(self, error: Exception) -> None:
        if not isinstance(error, _NOT_KEPT):
            self._equipment.lanes.failed.emit(error)


def _load(source: Source) -> None:
    for name in (*_WATCHING, *((_QT,) if source.kind is SourceKind.QT else ())):
        import_module(name)


def _receiver_of(source: Source) -> "Receiver":
    from trafficdesk.position.sources import receiver_of

    receiver = receiver_of(source)
    if receiver is None:
        from trafficdesk.qt.position import QtReceiver

        # Of no parent: it goes with the last who holds it, and that is whoever awaits the watch.
        return QtReceiver()
    return receiver


def _await_end(watch: "PositionWatch", _held: "Receiver | None") -> None:
    watch.stop(_STOP_S)
