"""The one loop of the sync: send, fetch, rest; wait longer after each failure."""

import secrets
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Final
from uuid import UUID

import msgspec

from trafficdesk.domain.records import Position
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import outbox
from trafficdesk.store.errors import StoreClosedError, StoreFullError, StoreNotWritableError
from trafficdesk.sync import greeting, link, pruning, pulling, pushing, recalling
from trafficdesk.sync.access import Access
from trafficdesk.sync.alerts import Alerts
from trafficdesk.sync.backoff import Backoff
from trafficdesk.sync.errors import (
    Fault,
    GreetAgainError,
    LineError,
    RefusedError,
    SignInNeededError,
)
from trafficdesk.sync.status import Phase, Status
from trafficdesk.sync.taken import Touched
from trafficdesk.sync.transferring import PACE_S, Transfers
from trafficdesk.sync.whereabouts import Whereabouts, position_of
from trafficdesk.wire.codes import FATAL, Code
from trafficdesk.wire.live import IncidentTold, UnitPosition

POLL_S: Final = 60.0
JUMP_MS: Final = 5000  # a clock that was set meanwhile, or a machine that slept
TOLD_POLL_S: Final = 600.0  # the WebSocket tells; this is for what it may have missed


def _watch_nothing(_moved: Sequence[Position]) -> None:
    """Let units move unseen."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Whom the engine tells, from its own threads. ``revoked`` is called once, on such an answer.

    ``moved`` is told of units as they move, once a second; the store holds them a little later.
    """

    status: Callable[[Status], None]
    touched: Callable[[Touched], None]
    revoked: Callable[[], None]
    moved: Callable[[Sequence[Position]], None] = _watch_nothing


@dataclass(slots=True)
class Engine:
    """Runs from ``start`` to ``stop``. ``poke`` wakes it; ``clock_ms`` is this desk's clock.

    Between ``hold_fetching`` and ``fetch_on`` it sends, and fetches nothing.
    """

    access: Access
    listener: Listener
    clock_ms: Callable[[], int]
    backoff: Backoff = field(default_factory=lambda: Backoff(secrets.SystemRandom().random))
    transfers: Transfers = field(init=False)
    _status: Status = field(default=Status(Phase.STARTING), init=False)
    _wake: threading.Event = field(default_factory=threading.Event, init=False)
    _ending: threading.Event = field(default_factory=threading.Event, init=False)
    _held: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)
    _has_greeted: bool = field(default=False, init=False)
    _steady_off_ms: float = field(default=0.0, init=False)
    _is_told: bool = field(default=False, init=False)  # told by the listening thread
    _alerts: Alerts = field(default_factory=Alerts, init=False)
    _whereabouts: Whereabouts = field(init=False)

    def __post_init__(self) -> None:
        self.transfers = Transfers(self.access)
        self._whereabouts = Whereabouts(self.access.store)

    def start(self) -> None:
        """Begin to work on a thread of its own."""
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)
        self._thread.start()

    def stop(self, wait_s: float | None = None) -> None:
        """End after the page or batch at hand; wait for it.

        After ``wait_s`` the line is cut: a server that hangs keeps nobody. Should the thread not
        even notice that, it is left behind, and ends at the closed store.
        """
        self._ending.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join(wait_s)
            if self._thread.is_alive():
                self.access.line.cut()
                self._thread.join(wait_s)
        self.access.line.close()

    def poke(self) -> None:
        """Look at once whether there is something to send or to fetch."""
        self._wake.set()

    def nudge(self) -> None:
        """Look for changes; what failed is tried again in its own time, however much is new."""
        if not self._status.fault:
            self._wake.set()

    def hold_fetching(self) -> None:
        """Fetch no more after the page at hand, until ``fetch_on``; what is here stays."""
        self._held.set()

    def fetch_on(self) -> None:
        """Go on where fetching was held, and look at once whether there is something to do."""
        self._held.clear()
        self._wake.set()

    def note_live(self, *, connected: bool) -> None:
        """Note whether the server tells of changes by itself."""
        self._is_told = connected

    @property
    def is_told(self) -> bool:
        """Tell whether the server tells of changes by itself now."""
        return self._is_told

    def hear_incident(self, told: IncidentTold) -> None:
        """Take what the server tells of an incident: an alert is shown before it is fetched.

        Called by the listening thread. The hint to pull all else follows within the second.
        """
        if self._alerts.hear(told):
            self.listener.status(replace(self._status, alerts=self._alerts.standing))
            self.nudge()

    def hear_positions(self, told: Sequence[UnitPosition]) -> None:
        """Take where units are; called by the listening thread."""
        moved = list(map(position_of, told))
        self.listener.moved(moved)
        try:
            is_kept = self._whereabouts.take(moved)
        except (StoreClosedError, StoreFullError):
            return  # locked meanwhile; or the next ones are kept when there is room
        if is_kept:
            self.listener.touched(Touched(kinds={Entity.UNIT}))

    @property
    def status(self) -> Status:
        """What the engine is at."""
        return self._status

    def _run(self) -> None:
        while not self._ending.is_set():
            try:
                wait_s = self._exchange()
            except StoreClosedError:
                return  # the desk was locked meanwhile
            if wait_s is None:
                return
            self._wake.wait(wait_s)
            self._wake.clear()

    def _exchange(self) -> float | None:
        """Make one whole exchange; return how long to rest, None when only a person can help."""
        try:
            return self._try_all()
        except StoreFullError:
            return self._wait_out(Fault.DISK_FULL)
        except StoreNotWritableError:
            return self._wait_out(Fault.READ_ONLY)

    def _try_all(self) -> float | None:
        try:
            self.run_once()
            self.transfer()
            self.recall()
        except LineError as error:
            return self._wait_out(error.fault, error.retry_after_s)
        except SignInNeededError:
            self._has_greeted = False  # sessions end with an epoch, too
            self._show(
                replace(
                    self._status,
                    phase=Phase.SIGN_IN_NEEDED,
                    fault=Code.SIGN_IN_NEEDED,
                    next_try_ms=None,
                )
            )
            return POLL_S
        except RefusedError as error:
            if error.code in FATAL:
                self._show(
                    replace(
                        self._status,
                        phase=Phase.STOPPED,
                        fault=error.code,
                        next_try_ms=None,
                        side=error.problem.side or "",
                    )
                )
                if error.code == Code.DEVICE_REVOKED:
                    self._keep_it_key(error.problem.it_public_key or "")
                    self.listener.revoked()
                return None
            return self._wait_out(error.code)
        poll_s = TOLD_POLL_S if self._is_told else POLL_S
        photos_s = self.transfers.wait_s()
        return poll_s if photos_s is None else min(poll_s, photos_s)

    def transfer(self) -> None:
        """Move photos piece by piece, until there is none or something else is to be done.

        Raises ``SyncError`` for what is no matter of a photo.
        """
        self.transfers.note_good_line()
        while not (self._ending.is_set() or self._wake.is_set()):
            touched = self.transfers.step()
            if touched is None:
                return
            if touched:
                self.listener.touched(touched)
            self._wake.wait(PACE_S)

    def recall(self) -> None:
        """Read what happened before this desk was enrolled, until something else is to be done.

        Raises ``SyncError``.
        """
        with self.access.store.reading() as connection:
            cities = link.get_marks(connection).city_ids
        for city_id in cities:
            while not (self._ending.is_set() or self._wake.is_set() or self._held.is_set()):
                touched = recalling.recall_page(self.access, city_id)
                if touched is None:
                    break
                self._went_well(touched)

    def _keep_it_key(self, it_public_key: str) -> None:
        with self.access.store.writing() as connection:
            marks = msgspec.structs.replace(link.get_marks(connection), it_public_key=it_public_key)
            link.put_marks(connection, marks)

    def run_once(self) -> None:
        """Greet, send all that waits, fetch all that is new.

        From here on to the next round every request is of one trace.

        Raises:
            SyncError: something did not go; what was done before it stays done.
        """
        self._status = replace(self._status, trace_id=self.access.line.begin_trace())
        try:
            self._send_and_fetch()
        except GreetAgainError:
            self._has_greeted = False
            self._send_and_fetch()

    def _send_and_fetch(self) -> None:
        if not self._has_greeted or self._has_clock_jumped():
            self._greet()
        self._send()
        if not self._held.is_set():
            self._show(replace(self._status, phase=Phase.FETCHING, fetched=0, to_fetch=0))
            self._fetch()
        self._prune()
        self.backoff.reset()
        self._show(replace(self._status, phase=Phase.RESTING, next_try_ms=None))

    def _send(self) -> None:
        self._show(replace(self._status, phase=Phase.SENDING))
        if not self._ending.is_set():
            for touched in pushing.push_all(self.access, self._server_ms, self._goes_on):
                self._went_well(touched)

    def _goes_on(self) -> bool:
        return not self._ending.is_set()

    def _greet(self) -> None:
        skew_ms = greeting.greet(self.access, self.clock_ms)
        self._status = replace(self._status, skew_ms=skew_ms)
        self._steady_off_ms = self._off_steady_ms()
        self._has_greeted = True
        self._went_well(Touched())
        self._prune()  # what left with a change of scope goes before other things come

    def _off_steady_ms(self) -> float:
        return self.clock_ms() - time.monotonic() * 1000

    def _has_clock_jumped(self) -> bool:
        """Tell whether this desk's clock was set since the server's was compared with it."""
        return abs(self._off_steady_ms() - self._steady_off_ms) > JUMP_MS

    def _server_ms(self) -> int:
        return self.clock_ms() + (self._status.skew_ms or 0)

    def _fetch(self) -> None:
        with self.access.store.reading() as connection:
            cities = link.get_marks(connection).city_ids
        for city_id in cities:
            if not self._held.is_set():
                self._fetch_city(city_id)

    def _fetch_city(self, city_id: UUID) -> None:
        while not self._fetch_pages(city_id):
            self._send()
            self._show(replace(self._status, phase=Phase.FETCHING))

    def _fetch_pages(self, city_id: UUID) -> bool:
        """Read a city to its head; False if it is broken off, for a call for help cannot wait."""
        fetched, before, whole = 0, 0, 0
        with closing(pulling.pull_pages(self.access, city_id)) as pages:
            for page in pages:
                if page.whole != whole:  # the next kind of record
                    before, whole = fetched, page.whole
                fetched += page.done
                to_fetch = max(before + whole, fetched)
                self._status = replace(self._status, fetched=fetched, to_fetch=to_fetch)
                self._went_well(page.touched)
                if self._ending.is_set() or self._held.is_set():
                    return True
                if self._has_call():
                    return False
        return True

    def _has_call(self) -> bool:
        with self.access.store.reading() as connection:
            return outbox.has_call(connection)

    def _prune(self) -> None:
        while not self._ending.is_set():
            touched = pruning.prune_batch(self.access.store, self.clock_ms())
            if not touched:
                break
            self.listener.touched(touched)

    def _went_well(self, touched: Touched) -> None:
        self._show(replace(self._status, last_contact_ms=self.clock_ms(), fault=""))
        if touched:
            self.listener.touched(touched)

    def _wait_out(self, fault: str, asked_s: float | None = None) -> float:
        """Tell of a fault, and when the next try is; return the seconds until then."""
        wait_s = self.backoff.next_delay_s(asked_s)
        self._has_greeted = False
        next_try_ms = self.clock_ms() + round(wait_s * 1000)
        self._show(
            replace(self._status, phase=Phase.WAITING, fault=str(fault), next_try_ms=next_try_ms)
        )
        return wait_s

    def _show(self, status: Status) -> None:
        with self.access.store.reading() as connection:
            counts = outbox.count(connection)
            self._alerts.settle(connection)
        is_held, standing = self._held.is_set(), self._alerts.standing
        self._status = replace(status, counts=counts, alerts=standing, is_held=is_held)
        self.listener.status(self._status)
