"""Fetching a photo by ranges; it lies on the disk only once it was proved whole."""

import errno
import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from trafficdesk.security.photo_files import PhotoFiles
from trafficdesk.store import media_transfers as rows
from trafficdesk.store.media_transfers import FETCHING, HERE, Transfer
from trafficdesk.sync.access import Access
from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.sync.line import Call, Reply
from trafficdesk.sync.transferring_faults import (
    DISK_ERROR,
    WRONG_HASH,
    NoRoomError,
    SpoiledError,
)
from trafficdesk.sync.transferring_up import MEDIA

MAX_FILE_BYTES: Final = 50 * 2**20
_PARTIAL: Final = 206
_HELD_FILES: Final = 4
_RANGE: Final = re.compile(r"bytes (\d{1,12})-(\d{1,12})/(\d{1,12})")
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(slots=True)
class Fetching:
    """Downloads of this process: what has come of a file stays in memory over a broken line."""

    access: Access
    _come: dict[str, bytearray] = field(default_factory=dict)

    def move(self, photos: PhotoFiles, transfer: Transfer, piece_bytes: int) -> str:
        """Fetch a file's next piece; return the state it has come to.

        Raises ``SyncError``, ``SpoiledError`` or ``NoRoomError``.
        """
        if photos.has(transfer.sha256):
            return self._note(transfer, HERE, transfer.size_bytes)
        come = self._come.setdefault(transfer.sha256, bytearray())
        while len(self._come) > _HELD_FILES:
            self._come.pop(next(iter(self._come)))
        wanted = {"Range": f"bytes={len(come)}-{len(come) + piece_bytes - 1}"}
        reply = self.access.exchange(Call("GET", f"{MEDIA}/{transfer.sha256}", headers=wanted))
        size_bytes = _size_of(reply, len(come))
        come += reply.body
        if len(come) < size_bytes:
            return self._note(transfer, FETCHING, len(come))
        self._come.pop(transfer.sha256, None)
        if hashlib.sha256(come).hexdigest() != transfer.sha256:
            raise SpoiledError(WRONG_HASH)
        try:
            photos.keep(transfer.sha256, bytes(come))
        except OSError as error:
            if error.errno in _FULL:
                raise NoRoomError from error
            raise SpoiledError(DISK_ERROR) from error
        return self._note(transfer, HERE, size_bytes)

    def forget(self, transfer: Transfer) -> None:
        """Keep what has come: it is asked for from there."""

    def _note(self, transfer: Transfer, state: str, done_bytes: int) -> str:
        with self.access.store.writing() as connection:
            rows.note_progress(connection, transfer, state, done_bytes)
        return state


def _size_of(reply: Reply, begins: int) -> int:
    """Return how large the whole file is, if the reply goes on where it should."""
    size_bytes, at, length = len(reply.body), 0, len(reply.body)
    if reply.status == _PARTIAL:
        told = _RANGE.fullmatch(reply.headers.get("Content-Range", ""))
        if told is None:
            raise LineError(Fault.GARBLED, "a range of nothing")
        at, last, size_bytes = map(int, told.groups())
        length = last - at + 1
    is_next = at == begins and length == len(reply.body) and length > 0
    if not is_next or not begins + length <= size_bytes <= MAX_FILE_BYTES:
        raise LineError(Fault.GARBLED, "not the range that was asked for")
    return size_bytes
