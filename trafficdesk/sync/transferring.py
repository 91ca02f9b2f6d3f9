"""Photos to and from the server, one small piece at a time, so that operations never wait long.

What somebody waits to see is fetched first, then what was begun is sent, the small before the
large. A file counts as there when its whole SHA-256 was proved.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.profile import Profile
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.photo_files import PURPOSE, PhotoFiles
from trafficdesk.store import facts
from trafficdesk.store import media_transfers as rows
from trafficdesk.store.media_transfers import DOWN, FAILED, UP, WAITING, WANTED, Transfer
from trafficdesk.sync import transferring_room
from trafficdesk.sync.access import Access
from trafficdesk.sync.errors import Fault, LineError, RefusedError
from trafficdesk.sync.taken import Touched
from trafficdesk.sync.transferring_down import Fetching
from trafficdesk.sync.transferring_faults import DISK_FULL, NoRoomError, SpoiledError
from trafficdesk.sync.transferring_road import Road
from trafficdesk.sync.transferring_up import Sending
from trafficdesk.wire.codes import FATAL, Code

CACHE_BYTES: Final = 2 * 2**30
# Ten pieces a second leave most of what the server lets one officer ask to operations.
PACE_S: Final = 0.1
_FULL_PAUSE_S: Final = 300.0
_TRIES: Final = 3
# What ends the sync, or asks for a person: the engine's to deal with.
_NOT_OURS: Final = FATAL | {Code.SIGN_IN_NEEDED}
# Faults that the server may have with one file while it does well with others.
_OF_THE_FILE: Final = frozenset(
    {Fault.SERVER_FAULT, Fault.WRONG_TYPE, Fault.TOO_BIG, Fault.GARBLED}
)
# Trying again brings nothing before somebody has looked.
_FINAL: Final = frozenset({Code.TOO_LARGE})
# So often, about a day, a file is offered that nobody names any more: adding it was taken back.
_TRIES_UNNAMED: Final = 24


@dataclass(slots=True)
class Transfers:
    """The photos' part of the sync; ``step`` until it returns None, then rest ``wait_s``."""

    access: Access
    cache_bytes: int = CACHE_BYTES
    monotonic: Callable[[], float] = time.monotonic
    _road: Road = field(init=False)
    _sending: Sending = field(init=False)
    _fetching: Fetching = field(init=False)

    def __post_init__(self) -> None:
        self._road = Road(self.monotonic)
        self._sending = Sending(self.access)
        self._fetching = Fetching(self.access)

    def step(self) -> Touched | None:
        """Move one piece of one file; return what screens should look at again, None to rest.

        Raises:
            RefusedError: the device or its officer is not welcome at all.
            SignInNeededError: no token is left.
        """
        for direction in (DOWN, UP):
            transfer = self._next(direction)
            if transfer is not None:
                return self._move(transfer)
        return None

    def note_good_line(self) -> None:
        """Note that operations went through: what waited for the line alone may try."""
        self._road.mended()

    def wait_s(self) -> float | None:
        """Return how long until there is something to do; None while there is nothing."""
        waits = [self._road.wait_s(direction, self._find(direction)) for direction in (DOWN, UP)]
        return min((each for each in waits if each is not None), default=None)

    def _find(self, direction: str) -> list[Transfer]:
        with self.access.store.reading() as connection:
            find = rows.find_to_fetch if direction == DOWN else rows.find_to_send
            return find(connection)

    def _next(self, direction: str) -> Transfer | None:
        if not self._road.is_open(direction):
            return None
        return self._road.find_due(self._find(direction))

    def _move(self, transfer: Transfer) -> Touched:
        photos = self._photos()
        way = self._fetching if transfer.direction == DOWN else self._sending
        try:
            state = way.move(photos, transfer, self._road.piece_bytes)
        except LineError as error:
            if error.fault in _OF_THE_FILE or self._road.is_at_its_smallest:
                self._road.pause(transfer)  # so that one file never stops the others
            self._road.broke((UP, DOWN), error.retry_after_s)
            way.forget(transfer)
            return self._note_fault(transfer, str(error.fault))
        except RefusedError as error:
            if error.code in _NOT_OURS:
                raise
            return self._take_refusal(transfer, error.code)
        except NoRoomError:
            self._road.close((DOWN,), self.monotonic() + _FULL_PAUSE_S)
            return self._note_fault(transfer, DISK_FULL)
        except SpoiledError as error:
            way.forget(transfer)
            return self._take_spoiled(transfer, error)
        self._road.went_well(transfer.key)
        if state in rows.ON_SERVER:
            transferring_room.make(self.access.store, photos, self.cache_bytes)
        return self._touched(transfer) if state != transfer.state else Touched()

    def _photos(self) -> PhotoFiles:
        """Return the desk's photos; the key is drawn anew, so that a locked desk has none."""
        with self.access.store.reading() as connection:
            raw = facts.data_key(connection)
        with SecretKey(raw) as data_key:
            folder = Profile(self.access.store.database.parent).media
            return PhotoFiles(folder, data_key.derive(PURPOSE))

    def _take_refusal(self, transfer: Transfer, code: str) -> Touched:
        way = self._fetching if transfer.direction == DOWN else self._sending
        way.forget(transfer)
        if code == Code.STORAGE_FULL:
            self._road.close((UP,), self.monotonic() + _FULL_PAUSE_S)
        elif code == Code.NOT_FOUND and self._is_given_up(transfer):
            return Touched()
        else:
            self._road.pause(transfer)
        return self._note_fault(transfer, code, is_final=code in _FINAL)

    def _is_given_up(self, transfer: Transfer) -> bool:
        """Let a file be that neither this desk nor, for long, the server names."""
        if transfer.direction != UP or transfer.tries < _TRIES_UNNAMED:
            return False
        with self.access.store.writing() as connection:
            return rows.give_up_unnamed(connection, transfer)

    def _take_spoiled(self, transfer: Transfer, error: SpoiledError) -> Touched:
        if error.is_missing:
            with self.access.store.writing() as connection:
                rows.give_up_sending(connection, transfer, error.fault)
            return self._touched(transfer)
        self._road.pause(transfer)
        return self._note_fault(transfer, error.fault, is_final=transfer.tries + 1 >= _TRIES)

    def _note_fault(self, transfer: Transfer, fault: str, *, is_final: bool = False) -> Touched:
        again = WANTED if transfer.direction == DOWN else WAITING
        with self.access.store.writing() as connection:
            rows.note_fault(connection, transfer, fault, FAILED if is_final else again)
        return self._touched(transfer)

    def _touched(self, transfer: Transfer) -> Touched:
        with self.access.store.reading() as connection:
            named = rows.find_named(connection, transfer.sha256)
        return Touched(named.reports, {Entity.INCIDENT} if named.is_in_incident else set())
