"""What a caller says over the WebSocket, and what it is answered."""

import asyncio
import time
from typing import Final
from uuid import UUID

import msgspec

from sync_server.live.authority import refusal_to_enter
from sync_server.live.events import is_available
from sync_server.live.fanout import Fanout
from sync_server.live.hall import Hall
from sync_server.live.member import Member
from sync_server.live.positions import Positions
from trafficdesk.wire.live import (
    MAX_ROOMS,
    Close,
    FromCaller,
    FromServer,
    PositionsSent,
    Refusal,
    Refused,
    RoomKind,
    Subscribe,
    Subscribed,
    Unsubscribe,
    Unsubscribed,
    find_room,
)

_BURST: Final = 100.0  # every room that one may be in, at once, and some
_A_SECOND: Final = 10.0
_BAD: Final = Refused(code=Refusal.BAD_MESSAGE)
_SAID: Final = msgspec.json.Decoder(FromCaller)


class Speech:
    """Answers what callers say. One for all of them: who says it comes along."""

    def __init__(self, hall: Hall, fanout: Fanout, positions: Positions) -> None:
        self._hall, self._fanout, self._positions = hall, fanout, positions

    def answer(self, member: Member, text: str) -> FromServer | None:
        """Do what a message asks for; return the answer, None where there is none."""
        try:
            said = _SAID.decode(text)
        except msgspec.DecodeError:
            return _BAD
        if isinstance(said, Subscribe):
            return self._subscribe(member, said)
        if isinstance(said, Unsubscribe):
            return self._unsubscribe(member, said)
        return self._take(member, said)

    def dismiss(self, member: Member) -> None:
        """Let somebody go who says nothing any more."""
        member.forget()
        self._hall.dismiss(member)

    def _subscribe(self, member: Member, said: Subscribe) -> FromServer:
        room = find_room(said.room)
        refusal: Refusal | None = None
        if room is None:
            return Refused(code=Refusal.UNKNOWN_ROOM, room=said.room)
        if not all(map(is_available, said.events)):
            refusal = Refusal.UNKNOWN_EVENT
        elif room not in member.rooms and len(member.rooms) >= MAX_ROOMS:
            refusal = Refusal.TOO_MANY_ROOMS
        refusal = refusal or refusal_to_enter(member.who, room)
        if refusal is not None:
            return Refused(code=refusal, room=said.room)
        self._hall.enter(member, room, tuple(said.events))
        if room.kind is RoomKind.RESPONDERS:
            begin = self._positions.begin  # after the answer
            asyncio.get_running_loop().call_soon(begin, member, UUID(room.key))
        if room.kind is RoomKind.CITY:
            return self._told_of_city(UUID(room.key), said)
        return Subscribed(room=said.room)

    def _told_of_city(self, city_id: UUID, said: Subscribe) -> Subscribed:
        """Say where the city stands; what came meanwhile is pulled, for nothing is kept here."""
        seq = self._fanout.head_of(city_id)
        is_behind = seq is None or said.since is None or said.since < seq
        return Subscribed(room=said.room, seq=seq, pull=is_behind)

    def _unsubscribe(self, member: Member, said: Unsubscribe) -> FromServer:
        room = find_room(said.room)
        if room is None or room not in member.rooms:
            return Refused(code=Refusal.UNKNOWN_ROOM, room=said.room)
        self._hall.leave(member, room)
        if room.kind is RoomKind.RESPONDERS:
            member.marks.pop(UUID(room.key), None)
        return Unsubscribed(room=said.room)

    def _take(self, member: Member, said: PositionsSent) -> FromServer | None:
        if not self._positions.take(member.who, said.positions):
            return Refused(code=Refusal.NOT_PERMITTED)
        return None


class Conversation:
    """What one caller says, at a pace that leaves time for the others."""

    __slots__ = ("_at_s", "_left", "_member", "_speech")

    def __init__(self, member: Member, speech: Speech) -> None:
        self._member, self._speech = member, speech
        self._left, self._at_s = _BURST, time.monotonic()

    def hear(self, text: str | None) -> None:
        """Answer a message, unless it is one too many."""
        now_s = time.monotonic()
        self._left = min(_BURST, self._left + (now_s - self._at_s) * _A_SECOND) - 1
        self._at_s = now_s
        if self._left < 0:
            self._member.end(Close.TOO_MANY_MESSAGES)
            return
        answer = _BAD if text is None else self._speech.answer(self._member, text)
        if answer is not None:
            self._member.answer(answer)

    def go_on(self) -> None:
        """Let what waits be sent."""
        self._member.go_on()

    def leave(self) -> None:
        """Let the member out of the hall."""
        self._speech.dismiss(self._member)
