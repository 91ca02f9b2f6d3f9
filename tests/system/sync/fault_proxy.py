"""A road between desks and a server, over real sockets, that counts and that fails as roads do."""

import random
import socket
import struct
import threading
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

KINDS = ("stalled", "broke off", "reset")
_PIECE = 16_384
_RESET = struct.pack("ii", 1, 0)  # linger for no time: what is closed is reset


class Way(StrEnum):
    """What becomes of what is sent: it arrives, is turned back, or is never heard of."""

    OPEN = "open"
    CLOSED = "closed"
    NOWHERE = "nowhere"


class To(StrEnum):
    """Which way a piece goes."""

    SERVER = "server"
    DESK = "desk"


@dataclass
class Weather:
    """How bad the road is.

    ``latency_s`` is added to each piece; ``loss`` is the share of pieces that are lost, and with
    them their connection: it stalls without a word, breaks off, or is reset.
    """

    latency_s: float = 0.0
    loss: float = 0.0
    draw: random.Random = field(default_factory=random.SystemRandom)

    def strike(self) -> str:
        """Return what befalls the next piece, '' for nothing."""
        if self.draw.random() >= self.loss:
            return ""
        return self.draw.choice(KINDS)


class _Trip:
    """One connection over the road: its two ends, and whether anything still comes through."""

    def __init__(self, desk: socket.socket) -> None:
        self.ends = [desk]
        self.is_stalled = False
        self.is_reset = False

    def break_off(self) -> None:
        """End it in order, at both ends."""
        if not self.is_reset:
            self._shut(socket.SHUT_RDWR)

    def reset(self) -> None:
        """Let both ends be reset as soon as nobody reads from them here any more."""
        self.is_reset = True
        for each in self.ends:
            with suppress(OSError):
                each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        self._shut(socket.SHUT_RD)

    def _shut(self, how: int) -> None:
        for each in self.ends:
            with suppress(OSError):
                each.shutdown(how)


class Road:
    """Forwards connections to a server; all of it can be changed while desks are on it.

    ``sent`` and ``received`` count the bytes that desks sent and got, ``struck`` the faults;
    ``lost`` is set once something went nowhere.
    """

    def __init__(self, server_url: str, weather: Weather | None = None) -> None:
        self._server = urlsplit(server_url)
        self.weather = weather or Weather()
        self.sent = self.received = 0
        self.struck = Counter[str]()
        self.lost = threading.Event()
        self._way = Way.OPEN
        self._cuts = dict[To, int]()
        self._lock = threading.Lock()
        self._trips = set[_Trip]()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def set(self, way: Way) -> None:
        """Open or close the road, also for what is on it."""
        with self._lock:
            self._way = way
            self.lost.clear()
        if way is Way.CLOSED:
            self._hang_up()

    def cut_after(self, to: To, count: int) -> None:
        """Let so many more bytes pass this way, then break off, once."""
        with self._lock:
            self._cuts[to] = count

    @property
    def is_cut(self) -> bool:
        """Tell whether every cut that was asked for has been made."""
        return not self._cuts

    def close(self) -> None:
        """Take the road away."""
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.set(Way.CLOSED)

    def _hang_up(self) -> None:
        with self._lock:
            trips, self._trips = self._trips, set()
        for each in trips:
            each.break_off()

    def _accept(self) -> None:
        while True:
            try:
                came, _ = self._door.accept()
            except OSError:
                return
            trip = _Trip(came)
            with self._lock:
                is_closed = self._way is Way.CLOSED
                if not is_closed:
                    self._trips.add(trip)
            if is_closed:
                trip.reset()
                came.close()
                continue
            threading.Thread(target=self._carry, args=(trip,), daemon=True).start()

    def _carry(self, trip: _Trip) -> None:
        (desk,) = trip.ends
        try:
            with desk, self._reach_server() as server:
                trip.ends.append(server)
                back = threading.Thread(target=self._pump, args=(trip, To.DESK), daemon=True)
                back.start()
                self._pump(trip, To.SERVER)
                back.join()
        except OSError:
            self.struck["no server"] += 1
        with self._lock:
            self._trips.discard(trip)

    def _reach_server(self) -> socket.socket:
        """Connect to the server: of ``unix:`` and a path to a socket of this machine."""
        if self._server.scheme != "unix":
            return socket.create_connection((self._server.hostname or "", self._server.port or 80))
        server = socket.socket(socket.AF_UNIX)
        server.connect(self._server.path)
        return server

    def _pump(self, trip: _Trip, to: To) -> None:
        source, target = trip.ends if to is To.SERVER else reversed(trip.ends)
        with suppress(OSError):
            while piece := source.recv(_PIECE):
                if not self._pass(trip, to, piece, target):
                    break
        trip.break_off()

    def _pass(self, trip: _Trip, to: To, piece: bytes, target: socket.socket) -> bool:
        """Pass a piece on, or what is left of it; tell whether the connection goes on."""
        if self._way is Way.NOWHERE or trip.is_stalled:
            self.lost.set()
            return True
        fate = self.weather.strike()
        if fate:
            self.struck[fate] += 1
            trip.is_stalled = fate == "stalled"
            if fate == "reset":
                trip.reset()
            return trip.is_stalled
        if self.weather.latency_s:
            time.sleep(self.weather.latency_s)
        whole, piece = len(piece), self._until_cut(to, piece)
        with self._lock:
            self.sent += len(piece) if to is To.SERVER else 0
            self.received += len(piece) if to is To.DESK else 0
        target.sendall(piece)
        return len(piece) == whole

    def _until_cut(self, to: To, piece: bytes) -> bytes:
        with self._lock:
            if to not in self._cuts:
                return piece
            self._cuts[to] -= len(piece)
            if self._cuts[to] >= 0:
                return piece
            self.struck["cut"] += 1
            return piece[: self._cuts.pop(to)]
