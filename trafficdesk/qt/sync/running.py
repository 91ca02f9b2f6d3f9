"""The sync of one sitting: built from its parts, started, poked, stopped."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Final
from uuid import UUID

from PySide6.QtCore import QObject, Signal, SignalInstance

from trafficdesk.domain.records import Position
from trafficdesk.domain.times import to_ms
from trafficdesk.journal import Event
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.tasks import Lane
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session
from trafficdesk.store.errors import (
    StoreClosedError,
    StoreError,
    StoreFullError,
    StoreNotWritableError,
)
from trafficdesk.sync.access import Access
from trafficdesk.sync.engine import Engine, Listener
from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.sync.link import Link, find_cursors, find_link
from trafficdesk.sync.live import Ears, Live
from trafficdesk.sync.status import Phase, Status
from trafficdesk.sync.taken import Touched
from trafficdesk.sync.unbundling import Taken, take_answer
from trafficdesk.sync.whereabouts import told_of
from trafficdesk.wire.bundles import MAX_FILE_BYTES, BundleError

# So long a lock lets the exchange at hand come to its end before it cuts the line.
STOP_S: Final = 0.5
# Locked meanwhile, or the disk keeps no token.
_NO_TOKEN_KEPT: Final = (StoreClosedError, StoreFullError, StoreNotWritableError)
# What may be wrong with an answer, its file or the disk; anything else is a fault of ours.
_OF_ANSWERS: Final = (BundleError, LineError, OSError, StoreError)


@dataclass(slots=True)
class Parts:
    """What runs on threads of its own; listening and sign-ins have lines of their own."""

    engine: Engine
    live: Live
    listening: Access
    signing_in: Access

    def stop(self) -> None:
        """End all of it within a second or so, whatever hangs; the store may be closed then."""
        if not self.live.is_lingering:
            self.live.stop(0)
        self.signing_in.line.cut()
        self.listening.line.cut()
        self.engine.stop(STOP_S)
        self.signing_in.line.close()
        self.listening.line.close()


def build(session: Session, link: Link, listener: Listener) -> Parts:
    """Put the sync of a session together."""
    address = ServerAddress(link.base_url, link.ca_pem, link.proxy)

    def access() -> Access:
        return Access(Line(address), session.store, session.device)

    listening = access()
    engine = Engine(access(), listener, lambda: to_ms(session.clock()))
    ears = Ears(engine.nudge, engine.note_live, engine.hear_incident, engine.hear_positions)
    live = Live(address, partial(_headers, listening), partial(_cities, session), ears)
    return Parts(engine, live, listening, access())


def _cities(session: Session) -> dict[UUID, int | None]:
    try:
        with session.store.reading() as connection:
            return find_cursors(connection)
    except StoreClosedError as error:  # locked meanwhile
        raise LineError(Fault.CUT_OFF, error.code) from error


def _headers(access: Access, target: str) -> dict[str, str]:
    try:
        return access.websocket_headers(target)
    except _NO_TOKEN_KEPT as error:
        raise LineError(Fault.CUT_OFF, error.code) from error


def _take_answer(session: Session, file: Path, tell: Callable[[Touched], None]) -> Taken:
    with file.open("rb") as stream:
        content = stream.read(MAX_FILE_BYTES + 1)
    return take_answer(session.store, content, to_ms(session.clock()), tell)


class DeskSync(QObject):
    """The sync as screens know it; lives on the GUI thread.

    ``told``: the status is another. ``revoked``: the server takes nothing from this desk any more.
    ``moved``: where some units are now, a list of ``Position``, once a second at most.
    ``answer_taken``: what a bundle's answer brought, ``Taken``. ``answer_refused``: why it was not
    taken in, an exception.
    """

    told = Signal()
    revoked = Signal()
    moved = Signal(list)
    answer_taken = Signal(object)
    answer_refused = Signal(object)

    def __init__(self, equipment: Equipment, session: Session, link: Link, parent: QObject) -> None:
        super().__init__(parent)
        self._equipment = equipment
        self._session = session
        self._is_telling = False
        self._has_ended = False
        self.status = Status(Phase.STARTING)
        self._listener = Listener(
            lambda status: self._bring_home(partial(self._take_status, status)),
            lambda touched: self._bring_home(partial(self._take_touched, touched)),
            lambda: self._bring_home(self._take_revoked),
            lambda moved: self._bring_home(partial(self._take_moved, moved)),
        )
        self._parts = build(session, link, self._listener)

    def _bring_home(self, take: Callable[[], None]) -> None:
        """Called by the engine's thread."""
        self._equipment.lanes.call_home(take, owner=self)

    def start(self) -> None:
        """Begin to exchange."""
        self._equipment.changes.changed.connect(self._follow_change)
        self._parts.engine.start()
        self._parts.live.start()

    def end(self, listen_on: Callable[[Live], None] | None = None) -> None:
        """Listen to nothing any more; the writer's line then waits until all of it has stopped.

        ``listen_on`` takes the line over that hears of alerts; it is stopped here without.
        """
        self._has_ended = True
        if listen_on is not None and self.is_told:
            listen_on(self._parts.live)
        self._equipment.changes.changed.disconnect(self._follow_change)
        self._equipment.lanes.run(Lane.WRITER, self._parts.stop)

    @property
    def is_told(self) -> bool:
        """Whether the server tells of changes by itself now."""
        return self._parts.engine.is_told

    def try_now(self) -> None:
        """Make an exchange at once, however long the wait was to be."""
        self._parts.engine.poke()

    def hold_fetching(self) -> None:
        """Fetch no more after the page at hand, until ``fetch_on`` or the next unlock."""
        self._parts.engine.hold_fetching()
        self._take_status(replace(self.status, is_held=True))

    def fetch_on(self) -> None:
        """Make an exchange at once, and fetch on if that was held."""
        self._parts.engine.fetch_on()
        self._take_status(replace(self.status, is_held=False))

    def tell_position(self, here: Position) -> None:
        """Tell where the own unit is; only the newest waits, and no operation waits for it."""
        self._parts.live.tell_position(told_of(here))

    def sign_in(self, login: str, password: str) -> None:
        """Sign an officer in to the server and send at once; not for the GUI thread.

        Raises ``RefusedError`` or ``LineError``.
        """
        self._parts.signing_in.sign_in(login, password)
        self.try_now()

    def enrol_anew(self, token: str, login: str, password: str) -> None:
        """Enrol the desk anew with its work; the sync has stopped, and this is not the GUI thread.

        ``begin_anew`` follows. Raises what ``rejoining.rejoin`` raises.
        """
        from trafficdesk.joining import Invitation
        from trafficdesk.rejoining import present_address, rejoin

        address = present_address(self._session)
        rejoin(self._session, Invitation(address, token, login, password))

    def begin_anew(self) -> None:
        """Exchange again, as the device that the desk is now."""
        with self._session.store.reading() as connection:
            link = find_link(connection)
        if link is None or self._has_ended:
            return
        self._equipment.lanes.run(Lane.WRITER, self._parts.stop)
        self._parts = build(self._session, link, self._listener)
        self._take_status(Status(Phase.STARTING))
        self._parts.engine.start()
        self._parts.live.start()

    def take_answer(self, file: Path) -> None:
        """Take the server's answer to a bundle in; nothing is exchanged meanwhile.

        ``answer_taken`` or ``answer_refused`` tells of it.
        """
        self._equipment.lanes.run(
            Lane.WRITER, self._parts.stop, partial(self._take_answer_alone, file)
        )

    def _take_answer_alone(self, file: Path, _none: None) -> None:
        if self._has_ended:
            return
        work = partial(_take_answer, self._session, file, self._listener.touched)
        taken = partial(self._exchange_again, self.answer_taken)
        self._equipment.lanes.run(Lane.IO, work, taken, self._refuse_answer)

    def _refuse_answer(self, error: Exception) -> None:
        self._exchange_again(self.answer_refused, error)
        if not isinstance(error, _OF_ANSWERS):
            self._equipment.lanes.failed.emit(error)

    def _exchange_again(self, told: SignalInstance, what: object) -> None:
        if not self._has_ended:
            self.begin_anew()
            told.emit(what)

    def _follow_change(self, _changed: object) -> None:
        """Send what was done here; a server that does not answer keeps its pause."""
        if not self._is_telling and not self.status.fault:
            self._parts.engine.poke()

    def _take_status(self, status: Status) -> None:
        if self._has_ended:
            return
        self._note(status)
        has_stopped = status.phase is Phase.STOPPED and self.status.phase is not Phase.STOPPED
        self.status = status
        if status.skew_ms is not None:
            self._session.skew = timedelta(milliseconds=status.skew_ms)
        if has_stopped:
            self._parts.live.stop(0)
        self.told.emit()

    def _note(self, status: Status) -> None:
        """Keep in the journal when the line fails and when it comes back."""
        had_contact = self.status.last_contact_ms is not None
        is_first = status.is_online and not had_contact
        if is_first or status.fault != self.status.fault:
            waits = status.counts.queued + status.counts.sent
            self._equipment.journal.note(
                Event.SYNC,
                phase=status.phase,
                fault=status.fault or "none",
                waits=waits,
                parked=status.counts.parked,
                skew_ms=status.skew_ms,
                trace=status.trace_id,
            )

    def _take_touched(self, touched: Touched) -> None:
        if self._has_ended:
            return
        self._is_telling = True
        try:
            self._equipment.changes.tell(
                Changed(
                    frozenset(touched.reports),
                    frozenset(touched.kinds),
                    frozenset(touched.overtaken),
                    frozenset(touched.outdone),
                )
            )
        finally:
            self._is_telling = False

    def _take_moved(self, moved: Sequence[Position]) -> None:
        if not self._has_ended:
            self.moved.emit(list(moved))

    def _take_revoked(self) -> None:
        if not self._has_ended:
            self.revoked.emit()
