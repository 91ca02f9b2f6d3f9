"""What devices do with media: bring those their records name, fetch those of records they see."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sync_server.db.engine import Connection, Crossing
from sync_server.media import queries, tus
from sync_server.media.content import MAX_PHOTO_BYTES, MAX_VIDEO_BYTES, Content
from sync_server.media.folder import Half, MediaFolder
from sync_server.media.tus import Announced
from sync_server.problems import RefusedError
from sync_server.server import Server
from sync_server.sync.scope import Device
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.wire.codes import Code

LASTS: Final = timedelta(days=7)
_EXPIRED_AT_ONCE: Final = 20
_EXPIRED_SURELY: Final = timedelta(days=1)  # the disk's clock may not be the database's


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a file is: ``id`` is its upload's, None once it is stored."""

    id: UUID | None
    offset: int
    size_bytes: int
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """A whole file that a device may have."""

    city_id: UUID
    sha256: str
    mime: str
    size_bytes: int


def folder_of(server: Server) -> MediaFolder:
    """Return where a server keeps media."""
    settings = server.settings
    return MediaFolder(settings.media_dir, server.keys.media, settings.media_free_bytes)


def begin(server: Server, device: Device, file: Announced) -> Standing:
    """Begin an upload, go on with the one that was begun, or tell that the file is stored.

    Operations come before media: only what a report of the device's stations names is taken, or
    an incident of its cities.
    Raises ``RefusedError``.
    """
    if file.size_bytes > MAX_VIDEO_BYTES:
        raise RefusedError(Code.TOO_LARGE, "The file is too large.", headers=tus.SPOKEN)
    folder = folder_of(server)
    with server.database.transaction(device.tenant_id, device.cities) as connection:
        _check_named(connection, device, file)
        gone = queries.drop_expired(connection, _EXPIRED_AT_ONCE)
        is_stored = queries.is_stored(connection, file.city_id, file.sha256)
        if is_stored and folder.has(file.city_id, file.sha256):
            found = Standing(None, file.size_bytes, file.size_bytes)
        else:
            folder.check_room(file.size_bytes)
            found = _standing(queries.put_upload(connection, device, new_id(), file, LASTS))
    _drop_parts(folder, gone)
    return found


def _check_named(connection: Connection, device: Device, file: Announced) -> None:
    told = queries.find_facts(connection, device, file.city_id, file.sha256)
    if not told:
        detail = "No incident, and no report of this desk's stations, names the file."
        raise RefusedError(Code.NOT_FOUND, detail, headers=tus.SPOKEN)
    sized = [facts for facts in told if facts.get("size_bytes") == file.size_bytes]
    if not sized:
        detail = "Its records say that the file has another size."
        raise RefusedError(Code.WRONG_CONTENT, detail, headers=tus.SPOKEN)
    is_video = any(facts.get("kind") == "video" for facts in sized)
    if not is_video and file.size_bytes > MAX_PHOTO_BYTES:
        raise RefusedError(Code.TOO_LARGE, "A photo has at most 10 MiB.", headers=tus.SPOKEN)


def find_upload(server: Server, device: Device, upload_id: UUID) -> Standing:
    """Return how far an upload is. Raises ``RefusedError``."""
    with server.database.transaction(device.tenant_id, device.cities) as connection:
        return _standing(_locked(connection, device, upload_id))


def append(
    server: Server, device: Device, upload_id: UUID, offset: int, content: bytes
) -> Standing:
    """Take the next piece of a file; with the last one it is checked whole, and stored.

    The piece is on the disk before it counts. A file that is not what was announced is gone with
    its upload. Raises ``RefusedError``.
    """
    folder = folder_of(server)
    folder.check_room(len(content))
    with server.database.transaction(device.tenant_id, device.cities) as connection:
        row = _locked(connection, device, upload_id)
        half = _half(row)
        if offset != half.offset:
            told = tus.standing(half.offset, half.size_bytes, row["expires_at"])
            raise RefusedError(Code.WRONG_OFFSET, headers=told)
        end = offset + len(content)
        if end > half.size_bytes:
            detail = "The piece goes beyond the end of the file."
            raise RefusedError(Code.BAD_REQUEST, detail, headers=tus.SPOKEN)
        if not content:
            return _standing(row)
        half = half._replace(sealed_bytes=folder.append(half, content), offset=end)
        if end < half.size_bytes:
            at = (end, half.sealed_bytes)
            return _standing(queries.note_piece(connection, upload_id, at, LASTS) or row)
        found = _finish(connection, folder, row, half)
    folder.drop_part(half.city_id, upload_id)
    if found is None:
        detail = "The file is not the one that was announced, or of no type that is taken."
        raise RefusedError(Code.WRONG_CONTENT, detail, headers=tus.SPOKEN)
    return Standing(None, half.size_bytes, half.size_bytes)


def _finish(
    connection: Connection, folder: MediaFolder, row: dict[str, Any], half: Half
) -> Content | None:
    found = folder.finish(half)
    queries.drop_upload(connection, half.id)
    if found is not None:
        queries.put_media(connection, row, found.mime)
    return found


def end(server: Server, device: Device, upload_id: UUID) -> None:
    """Forget an upload with what came of it. Raises ``RefusedError``."""
    with server.database.transaction(device.tenant_id, device.cities) as connection:
        row = _locked(connection, device, upload_id)
        queries.drop_upload(connection, upload_id)
    folder_of(server).drop_part(row["city_id"], upload_id)


def expire_uploads(server: Server) -> int:
    """Remove every half file that nobody went on with for ``LASTS``; return how many."""
    folder, count = folder_of(server), 0
    while True:
        with server.database.crossing(Crossing.JOB) as connection:
            gone = queries.drop_expired(connection, _EXPIRED_AT_ONCE)
        _drop_parts(folder, gone)
        count += len(gone)
        if len(gone) < _EXPIRED_AT_ONCE:
            return count + folder.sweep(utc_now() - LASTS - _EXPIRED_SURELY)


def find_media(server: Server, device: Device, sha256: str) -> Stored:
    """Return a file of a record that the device sees. Raises ``RefusedError``."""
    folder = folder_of(server)
    with server.database.reading(device.tenant_id, device.cities) as connection:
        found = queries.find_seen(connection, device, sha256, to_ms(utc_now()))
    for row in found:
        if folder.has(row["city_id"], sha256):
            return Stored(row["city_id"], sha256, row["mime"], row["size_bytes"])
    raise RefusedError(Code.NOT_FOUND, "Nothing that this desk sees has this file here.")


def read_media(server: Server, stored: Stored, span: range) -> Iterator[bytes]:
    """Yield a span of a file; its first frame has been proved when this returns.

    Raises ``SealBrokenError`` or ``OSError``.
    """
    frames = folder_of(server).read(stored.city_id, stored.sha256, stored.size_bytes, span)
    first = next(frames)

    def whole() -> Iterator[bytes]:
        yield first
        yield from frames

    return whole()


def _locked(connection: Connection, device: Device, upload_id: UUID) -> dict[str, Any]:
    row = queries.lock_upload(connection, upload_id, device.id)
    if row is None:
        detail = "There is no such upload; it may be done or have expired."
        raise RefusedError(Code.NOT_FOUND, detail, headers=tus.SPOKEN)
    return row


def _standing(row: dict[str, Any]) -> Standing:
    return Standing(row["id"], row["offset_bytes"], row["size_bytes"], row["expires_at"])


def _half(row: dict[str, Any]) -> Half:
    return Half(
        row["city_id"],
        row["id"],
        row["sha256"],
        row["size_bytes"],
        row["offset_bytes"],
        row["sealed_bytes"],
    )


def _drop_parts(folder: MediaFolder, gone: list[dict[str, Any]]) -> None:
    for row in gone:
        folder.drop_part(row["city_id"], row["id"])
