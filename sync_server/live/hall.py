"""The hall: every WebSocket of this process, by its rooms; only the event loop comes here."""

from collections import Counter, deque
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Final
from uuid import UUID

from sync_server.live.member import Member
from trafficdesk.wire.live import Close, Room

_REMEMBERED: Final = 10_000  # changes of access, for those who are being proved meanwhile


class Hall:
    """Members by room. Rooms of one name are one room for each agency, which sees no other."""

    def __init__(self) -> None:
        self._sessions = dict[UUID, Member]()
        self._rooms = dict[tuple[UUID, Room], set[Member]]()
        self._listening = Counter[UUID]()
        self._tenants = dict[UUID, UUID]()
        self._changed = set[UUID]()
        self._lately = deque[UUID](maxlen=_REMEMBERED)
        self._changes = 0

    def __len__(self) -> int:
        return len(self._sessions)

    @property
    def changes(self) -> int:
        """How many changes of access were noted: a proof holds from before it was begun."""
        return self._changes

    def admit(self, member: Member, changes: int) -> bool:
        """Take somebody in who was proved when there were as many ``changes``.

        False if their access changed meanwhile. The WebSocket that the same session had before is
        ended.
        """
        missed = self._changes - changes
        lately = islice(reversed(self._lately), missed)
        if missed > len(self._lately) or not member.who.ids.isdisjoint(lately):
            return False
        former = self._sessions.get(member.who.session_id)
        if former is not None:
            self.dismiss(former)
            former.end(Close.REPLACED)
        self._sessions[member.who.session_id] = member
        self._tenants |= dict.fromkeys(member.who.city_ids, member.who.tenant_id)
        return True

    def dismiss(self, member: Member) -> None:
        """Let somebody go; nothing is told to them any more."""
        for room in tuple(member.rooms):
            self.leave(member, room)
        if self._sessions.get(member.who.session_id) is member:
            del self._sessions[member.who.session_id]

    def enter(self, member: Member, room: Room, wishes: tuple[str, ...]) -> None:
        """Let a member into a room, or take note of other wishes there."""
        if not member.rooms:
            self._listening.update(member.who.city_ids)
        member.rooms[room] = wishes
        self._rooms.setdefault((member.who.tenant_id, room), set()).add(member)

    def leave(self, member: Member, room: Room) -> None:
        """Let a member out of a room."""
        key = (member.who.tenant_id, room)
        if member.rooms.pop(room, None) is None:
            return
        self._rooms[key].discard(member)
        if not self._rooms[key]:
            del self._rooms[key]
        if not member.rooms:
            self._listening.subtract(member.who.city_ids)

    def listens_to(self, city_id: UUID) -> bool:
        """Tell whether anybody might be told something of a city."""
        return self._listening[city_id] > 0

    def tenant_of(self, city_id: UUID) -> UUID:
        """Return whose a city is that somebody listens to."""
        return self._tenants[city_id]

    def is_empty(self, city_id: UUID, room: Room) -> bool:
        """Tell whether nobody is in a room of a city's agency."""
        return (self._tenants.get(city_id), room) not in self._rooms

    def in_room(self, city_id: UUID, room: Room) -> Iterator[tuple[Member, tuple[str, ...]]]:
        """Yield who may hear of a city in a room, with the events they wish for there."""
        self.sweep()
        for member in tuple(self._rooms.get((self._tenants[city_id], room), ())):
            if city_id in member.who.city_ids:
                yield member, member.rooms[room]

    def note_change(self, changed_id: UUID) -> None:
        """Note that the access of a session, device or user is no longer what it was.

        Whom it concerns hears nothing that was committed later, and is ended with ``sweep``.
        """
        self._changed.add(changed_id)
        self._lately.append(changed_id)
        self._changes += 1

    def note_gap(self) -> None:
        """Note that changes may not have been heard: whoever is being proved is proved again."""
        self._lately.clear()
        self._changes += 1

    def sweep(self) -> None:
        """End the WebSockets of those whose access has changed: all at once, for there are many."""
        if not self._changed:
            return
        changed, self._changed = self._changed, set()
        self.end([each for each in self._sessions.values() if changed & each.who.ids])

    def end(self, members: Collection[Member]) -> None:
        """End WebSockets, so that whoever still may opens another."""
        for member in members:
            self.dismiss(member)
            member.end(Close.PROVE_AGAIN)

    @property
    def members(self) -> list[Member]:
        """Everybody who is in."""
        return list(self._sessions.values())
