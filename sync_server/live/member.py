"""One caller as the hall sees them: who listens, in which rooms, and what waits to be sent."""

import asyncio
from collections import deque
from typing import Final, Protocol
from uuid import UUID

import msgspec

from sync_server.live.authority import Listener
from sync_server.live.socket import frame_of
from trafficdesk.wire.live import Close, FeedGrown, FromServer, Missed, Room

MOST_WAITING: Final = 64
SLOW_S: Final = 20.0  # a line on which nothing has left for so long is of no use


def framed(message: FromServer) -> bytes:
    """Return a message as it travels to any caller."""
    return frame_of(msgspec.json.encode(message))


class Batches(Protocol):
    """Where members get positions when they are ready for them."""

    def after(self, city_id: UUID, mark: int) -> tuple[bytes, int]:
        """Return the frame of a city's moves since a mark (empty if none), and the new mark."""


class Outlet(Protocol):
    """What sends to a member."""

    @property
    def is_free(self) -> bool:
        """Whether what is written now leaves soon."""

    def write(self, frame: bytes) -> None:
        """Send a frame."""

    def end(self, code: int) -> None:
        """Close with a code."""


class _Waiting:
    """What waits for one member while their line is not free; bounded, whatever comes."""

    __slots__ = ("events", "feeds", "missed", "moved")

    def __init__(self) -> None:
        self.events = deque[tuple[UUID, bytes]]()
        self.feeds = dict[UUID, int]()
        self.missed = set[UUID]()
        self.moved = set[UUID]()

    def add(self, city_id: UUID, frame: bytes) -> None:
        """Add an event; if there are too many, all of them go, and that is told instead."""
        self.events.append((city_id, frame))
        if len(self.events) > MOST_WAITING:
            self.missed |= {city for city, _ in self.events}
            self.events.clear()

    def next(self) -> tuple[UUID, bytes] | None:
        """Take the most urgent away: a city with its message, none for positions."""
        if self.events:
            return self.events.popleft()
        if self.missed:
            city_id = self.missed.pop()
            return city_id, framed(Missed(city=city_id))
        if self.feeds:
            city_id, seq = self.feeds.popitem()
            return city_id, framed(FeedGrown(city=city_id, seq=seq))
        return (self.moved.pop(), b"") if self.moved else None


class Member:
    """A caller in the hall.

    ``rooms`` holds the events wished for of each room, none for all; ``marks`` how far the
    positions of each city have been sent. What waits while the line is not free is bounded: of a
    city's numbers the newest, of positions those that moved since the last that left, of events
    ``MOST_WAITING``; beyond that ``Missed`` is all that is told of them.
    """

    __slots__ = ("_batches", "_giving_up", "_outlet", "_waiting", "marks", "rooms", "who")

    def __init__(self, who: Listener, outlet: Outlet, batches: Batches) -> None:
        self.who = who
        self.rooms = dict[Room, tuple[str, ...]]()
        self.marks = dict[UUID, int]()
        self._outlet, self._batches = outlet, batches
        self._waiting: _Waiting | None = None
        self._giving_up: asyncio.TimerHandle | None = None

    def end(self, code: Close) -> None:
        """Send nothing any more, and close."""
        self.forget()
        self._outlet.end(code)

    def forget(self) -> None:
        """Let nothing wait any more."""
        self._waiting = None
        if self._giving_up is not None:
            self._giving_up.cancel()

    def answer(self, message: FromServer) -> None:
        """Answer at once what was said; who asks and does not read is given up."""
        if self._outlet.is_free:
            self._outlet.write(framed(message))
        else:
            self.end(Close.TOO_SLOW)

    def offer(self, city_id: UUID, frame: bytes) -> None:
        """Send an event of a city."""
        if self._is_free:
            self._outlet.write(frame)
        else:
            self._wait().add(city_id, frame)

    def offer_feed(self, city_id: UUID, seq: int, frame: bytes) -> None:
        """Send a city's number, or let it wait in the place of a smaller one."""
        if self._is_free:
            self._outlet.write(frame)
        else:
            self._wait().feeds[city_id] = seq

    def offer_positions(self, city_id: UUID) -> None:
        """Send what has moved in a city, or let it wait for what moves meanwhile."""
        if self._is_free:
            self._write_positions(city_id)
        else:
            self._wait().moved.add(city_id)

    def go_on(self) -> None:
        """Send what waits, as long as the line is free."""
        while self._waiting is not None and self._outlet.is_free:
            following = self._waiting.next()
            if following is None:
                self.forget()
            elif following[1]:
                self._outlet.write(following[1])
            else:
                self._write_positions(following[0])
        if self._waiting is not None:
            self._give_up_later()

    @property
    def _is_free(self) -> bool:
        return self._waiting is None and self._outlet.is_free

    def _write_positions(self, city_id: UUID) -> None:
        if city_id not in self.marks:
            return  # has left the room
        frame, self.marks[city_id] = self._batches.after(city_id, self.marks[city_id])
        if frame:
            self._outlet.write(frame)

    def _wait(self) -> _Waiting:
        if self._waiting is None:
            self._waiting = _Waiting()
            self._give_up_later()
        return self._waiting

    def _give_up_later(self) -> None:
        if self._giving_up is not None:
            self._giving_up.cancel()
        loop = asyncio.get_running_loop()
        self._giving_up = loop.call_later(SLOW_S, self.end, Close.TOO_SLOW)
