"""Sending a photo: announced, then piece by piece, in the words of tus.

An upload that was cut off, also by a kill, is announced again: the server answers with the one it
has and how far that is, so nothing is sent twice.
"""

import base64
import hashlib
import re
from dataclasses import dataclass, field
from typing import Final

from trafficdesk.security.errors import SealBroken
from trafficdesk.security.photo_files import PhotoFiles
from trafficdesk.store import media_transfers as rows
from trafficdesk.store.media_transfers import SENDING, SENT, Transfer
from trafficdesk.sync.access import Access
from trafficdesk.sync.errors import Fault, LineError, RefusedError
from trafficdesk.sync.line import Call, Reply
from trafficdesk.sync.transferring_faults import DAMAGED, MISSING, SpoiledError
from trafficdesk.sync.transferring_road import Key
from trafficdesk.wire.codes import Code

MEDIA: Final = "/api/v1/media"
_TUS: Final = {"Tus-Resumable": "1.0.0"}
_NUMBER: Final = re.compile(r"[0-9]{1,12}")
_PIECE_TYPE: Final = "application/offset+octet-stream"
# The upload is gone or stands elsewhere, or a piece was changed: announcing it again tells.
_ANNOUNCE_AGAIN: Final = frozenset({Code.NOT_FOUND, Code.WRONG_OFFSET, Code.WRONG_CHECKSUM})


@dataclass(slots=True)
class Sending:
    """Uploads of this process; the file at hand is kept open in memory, proved once."""

    access: Access
    _announced: set[Key] = field(default_factory=set)
    _held: tuple[str, bytes] = ("", b"")

    def move(self, photos: PhotoFiles, transfer: Transfer, piece_bytes: int) -> str:
        """Announce a file or send its next piece; return the state it has come to.

        Raises ``SyncError`` or ``SpoiledError``.
        """
        content = self._content(photos, transfer)
        if transfer.key not in self._announced:
            reply = self._announce(transfer, len(content))
            upload = reply.headers.get("Location", "")
        else:
            piece = content[transfer.done_bytes : transfer.done_bytes + piece_bytes]
            try:
                reply = self._send(transfer, piece)
            except RefusedError as error:
                if error.code not in _ANNOUNCE_AGAIN:
                    raise
                self._announced.discard(transfer.key)
                return transfer.state
            upload = transfer.upload
        done = _offset_of(reply, len(content))
        if not upload.startswith(f"{MEDIA}/"):
            raise LineError(Fault.GARBLED, "an upload is nowhere")
        state = SENT if done == len(content) else SENDING
        with self.access.store.writing() as connection:
            rows.note_progress(connection, transfer, state, done, upload)
        if state == SENT:
            self.forget(transfer)
        else:
            self._announced.add(transfer.key)
        return state

    def forget(self, transfer: Transfer) -> None:
        """Announce a file again before more of it is sent."""
        self._announced.discard(transfer.key)
        self._held = ("", b"")

    def _content(self, photos: PhotoFiles, transfer: Transfer) -> bytes:
        if self._held[0] != transfer.sha256:
            if not photos.has(transfer.sha256):
                raise SpoiledError(MISSING)
            try:
                self._held = (transfer.sha256, photos.load_proved(transfer.sha256))
            except (SealBroken, OSError) as error:
                raise SpoiledError(DAMAGED) from error
        return self._held[1]

    def _announce(self, transfer: Transfer, size_bytes: int) -> Reply:
        told = {"city": str(transfer.city_id), "sha256": transfer.sha256}
        metadata = ",".join(f"{name} {_encoded(value.encode())}" for name, value in told.items())
        headers = {**_TUS, "Upload-Length": str(size_bytes), "Upload-Metadata": metadata}
        return self.access.exchange(Call("POST", MEDIA, headers=headers))

    def _send(self, transfer: Transfer, piece: bytes) -> Reply:
        headers = {
            **_TUS,
            "Content-Type": _PIECE_TYPE,
            "Upload-Offset": str(transfer.done_bytes),
            "Upload-Checksum": f"sha256 {_encoded(hashlib.sha256(piece).digest())}",
        }
        return self.access.exchange(Call("PATCH", transfer.upload, piece, headers))


def _encoded(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _offset_of(reply: Reply, size_bytes: int) -> int:
    told = reply.headers.get("Upload-Offset", "")
    if not _NUMBER.fullmatch(told) or int(told) > size_bytes:
        raise LineError(Fault.GARBLED, "an upload that stands nowhere")
    return int(told)
