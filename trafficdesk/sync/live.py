"""Listening to the server: one WebSocket that hints, alerts, and tells where units are."""

import secrets
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import UUID

import msgspec
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from trafficdesk.sync.backoff import Backoff
from trafficdesk.sync.errors import Fault, LineError, SyncError
from trafficdesk.sync.line import ServerAddress
from trafficdesk.wire.live import (
    LIVE,
    FeedGrown,
    FromCaller,
    FromServer,
    IncidentTold,
    Missed,
    PositionsSent,
    PositionsTold,
    Refused,
    RoomKind,
    Subscribe,
    Subscribed,
    UnitPosition,
    Unsubscribe,
    room_of,
)

PING_S: Final = 20.0  # a line that answers no ping for so long is dead, however open it seems
_LISTEN_S: Final = 1.0  # how soon a stop is noticed, and how often a position is told
_STANDS_S: Final = 60.0  # what breaks off sooner is tried again ever more seldom
_MAX_BYTES: Final = 4 * 2**20  # ten thousand units that moved at once
_WISHES: Final = ["feed", "incident"]  # reports come with the feed
_HEARD: Final = msgspec.json.Decoder(FromServer)


class NoteConnected(Protocol):
    """Told whether the server tells of changes by itself."""

    def __call__(self, *, connected: bool) -> None:
        """Note it."""


@dataclass(frozen=True, slots=True)
class Ears:
    """What is called with what is heard, from the listening thread."""

    changed: Callable[[], None]  # there is something to pull
    connected: NoteConnected
    incident: Callable[[IncidentTold], None]
    positions: Callable[[Sequence[UnitPosition]], None]


@dataclass(slots=True)
class Live:
    """Keeps the WebSocket open on a thread of its own, from ``start`` to ``stop``.

    ``headers`` makes those of a signed request for a target; ``cities`` says whose rooms to be in,
    and how far each city was read. After ``linger`` it has neither, nor any other way to the store.
    """

    address: ServerAddress
    headers: Callable[[str], dict[str, str]]
    cities: Callable[[], Mapping[UUID, int | None]]
    ears: Ears
    backoff: Backoff = field(default_factory=lambda: Backoff(secrets.SystemRandom().random))
    monotonic: Callable[[], float] = time.monotonic
    _ending: threading.Event = field(default_factory=threading.Event, init=False)
    _thread: threading.Thread | None = field(default=None, init=False)
    _here: UnitPosition | None = field(default=None, init=False)
    _lingers: threading.Event = field(default_factory=threading.Event, init=False)

    def start(self) -> None:
        """Begin to listen."""
        self._thread = threading.Thread(target=self._run, name="live", daemon=True)
        self._thread.start()

    def stop(self, wait_s: float | None = None) -> None:
        """Hang up; wait for the thread, ``wait_s`` at most: it ends by itself soon after."""
        self._ending.set()
        if self._thread is not None:
            self._thread.join(wait_s)

    def linger(self, incident: Callable[[IncidentTold], None], lost: Callable[[], None]) -> None:
        """Let a locked desk hear of incidents for as long as the line stands that is open now.

        Nothing here can open another: what signs a request is let go of. Where units are is not
        asked for any more. ``lost`` is called when nothing is heard any more, if it was not
        stopped; then the thread ends.
        """

        def note(*, connected: bool) -> None:
            if not connected:
                lost()

        self._here = None
        self.ears = Ears(_nothing, note, incident, _nothing)
        self.headers, self.cities = _no_headers, dict
        self._lingers.set()

    @property
    def is_lingering(self) -> bool:
        """Tell whether it hears for a locked desk."""
        return self._lingers.is_set()

    def tell_position(self, position: UnitPosition) -> None:
        """Tell where a unit of this desk is, within a second or when there is a line again.

        Only the newest waits: where it was before is nobody's question any more.
        """
        self._here = position

    def _run(self) -> None:
        while not (self._ending.is_set() or self._lingers.is_set()):
            try:
                self._listen()
            except (OSError, WebSocketException, SyncError):
                if not self._lingers.is_set():
                    self.ears.connected(connected=False)
                    self._ending.wait(self.backoff.next_delay_s())
        if not self._ending.is_set():
            self.ears.connected(connected=False)

    def _listen(self) -> None:
        with self._open() as socket:
            rooms = set[UUID]()
            stands_at = self.monotonic() + _STANDS_S
            while not self._ending.is_set():
                if self.monotonic() >= stands_at:
                    self.backoff.reset()
                if self._lingers.is_set():
                    self._leave_responders(socket, rooms)
                self._enter_new(socket, rooms)
                self._tell_where(socket)
                try:
                    self._hear(socket.recv(timeout=_LISTEN_S))
                except TimeoutError:
                    continue

    @contextmanager
    def _open(self) -> Iterator[ClientConnection]:
        url = "ws" + self.address.base_url.removeprefix("http") + LIVE
        with connect(
            url,
            additional_headers=self.headers(LIVE),
            ssl=self._ssl(url),
            proxy=self.address.proxy or True,
            max_size=_MAX_BYTES,
            compression=None,
            close_timeout=1,
            ping_interval=PING_S,
            ping_timeout=PING_S,
        ) as socket:
            yield socket

    def _enter_new(self, socket: ClientConnection, rooms: set[UUID]) -> None:
        """Enter the rooms of cities that are new: which there are the sync may learn later."""
        for city_id, since in self.cities().items():
            if city_id in rooms:
                continue
            rooms.add(city_id)
            city, responders = (
                str(room_of(kind, city_id)) for kind in (RoomKind.CITY, RoomKind.RESPONDERS)
            )
            _say(socket, Subscribe(room=city, events=_WISHES, since=since))
            _say(socket, Subscribe(room=responders))

    def _leave_responders(self, socket: ClientConnection, rooms: set[UUID]) -> None:
        while rooms:
            _say(socket, Unsubscribe(room=str(room_of(RoomKind.RESPONDERS, rooms.pop()))))

    def _tell_where(self, socket: ClientConnection) -> None:
        here, self._here = self._here, None
        if here is not None:
            _say(socket, PositionsSent(positions=[here]))

    def _hear(self, text: str | bytes) -> None:
        try:
            heard = _HEARD.decode(text)
        except msgspec.DecodeError:
            return  # of a later version: what it says comes with the feed as well
        if isinstance(heard, Subscribed):
            self.ears.connected(connected=True)
            if heard.pull:  # what came while nobody listened
                self.ears.changed()
        elif isinstance(heard, IncidentTold):
            self.ears.incident(heard)
        elif isinstance(heard, PositionsTold):
            self.ears.positions(heard.positions)
        elif isinstance(heard, FeedGrown | Missed) or _is_shut_out(heard):
            self.ears.changed()

    def _ssl(self, url: str) -> ssl.SSLContext | None:
        if not url.startswith("wss:"):
            return None
        return ssl.create_default_context(cadata=self.address.ca_pem or None)


def _nothing(_heard: object = None) -> None:
    """Hear nothing of it: the desk is locked."""


def _no_headers(_target: str) -> dict[str, str]:
    raise LineError(Fault.CUT_OFF, "the desk is locked")


def _is_shut_out(heard: FromServer) -> bool:
    """Tell whether a room of the scope is none any more: the next answer tells of another."""
    return isinstance(heard, Refused) and bool(heard.room)


def _say(socket: ClientConnection, message: FromCaller) -> None:
    socket.send(msgspec.json.encode(message).decode())
