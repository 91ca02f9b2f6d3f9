"""Writing the answer to a desk's newest request bundle."""

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from sync_server.accounts.service.known import KnownDevice
from sync_server.audit import service as audit
from sync_server.audit.reads import What
from sync_server.bundles import queries
from sync_server.bundles.service import (
    is_old_epoch,
    known_device,
    push_parts,
    scoped,
    stays_served,
    welcome_of,
)
from sync_server.server import Server
from sync_server.sync import service as sync
from sync_server.sync.noting import filter_of
from sync_server.sync.scope import Device, SnapshotPlace, Stretch
from trafficdesk.wire.bundles import (
    SERVER,
    AnswerHead,
    BundleError,
    BundleFault,
    CityPlace,
    Kind,
    Outcomes,
    Packer,
    Part,
    RequestHead,
    Signer,
    close_bundle,
    head_of,
)
from trafficdesk.wire.exchange import Welcome
from trafficdesk.wire.fields import SNAPSHOT_ORDER


@dataclass(frozen=True, slots=True)
class Room:
    """How much of what changed goes into an answer; the rest comes with the next one.

    ``packed`` and ``unpacked`` are bytes, ``gather_s`` seconds. One page goes in at least.
    """

    packed: int = 32 * 2**20
    unpacked: int = 512 * 2**20
    gather_s: float = math.inf

    def is_used(self, packer: Packer, taken_s: float) -> bool:
        """Tell whether nothing more goes in."""
        return (
            packer.size > self.packed or packer.unpacked > self.unpacked or taken_s > self.gather_s
        )


WHOLE: Final = Room()


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer's bytes, and to which number it is."""

    content: bytes
    number: int
    operations: int


class _Ends(msgspec.Struct):
    """Where a page of changes ends."""

    upto: int
    head: int


class _Next(msgspec.Struct):
    """Where a page of a snapshot ends."""

    at_seq: int
    next_after: UUID | None


def answer(server: Server, device_id: UUID) -> Answered:
    """Return the answer to the newest request that was taken in; it can be written again.

    Raises:
        BundleError: there is none, or the desk was revoked.
        RefusedError: the database is away.
    """
    return answer_known(server, known_device(server, device_id), WHOLE)


def answer_known(server: Server, device: KnownDevice, room: Room) -> Answered:
    """Return the answer for a device, with no more in it than there is room for.

    Raises as ``answer``.
    """
    if device.is_revoked:
        raise BundleError(BundleFault.REVOKED)
    with server.database.reading(device.tenant_id, device.scope.city_ids) as connection:
        kept = queries.find_newest(connection, device.id)
    if kept is None:
        raise BundleError(BundleFault.NOTHING_TAKEN)
    head = head_of(kept.content, RequestHead)
    welcome = welcome_of(server, device, head)
    answered = AnswerHead(
        request_id=head.bundle_id,
        tenant_id=device.tenant_id,
        device_id=device.id,
        welcome=welcome,
    )
    packer, count, pages = Packer(), 0, 0
    packer.add(Part.HEAD, msgspec.json.encode(answered))
    if not is_old_epoch(head, welcome):
        for outcomes in push_parts(server, device, kept.content, stays_served(device)):
            packer.add(Part.OUTCOMES, msgspec.json.encode(Outcomes(outcomes=outcomes)))
            count += len(outcomes)
        pages = _add_pages(server, scoped(device), (head, welcome), packer, room)
    _note(server, device, head.number, pages)
    signer = Signer(SERVER, server.keys.signing.sign)
    closed = close_bundle(Kind.ANSWER, head.answer_key, signer, packer.finish())
    return Answered(closed, head.number, count)


def _note(server: Server, device: KnownDevice, number: int, pages: int) -> None:
    """Note in the audit that a desk is given what it sees, by whatever road the answer goes."""
    deed = audit.Deed(
        action=What.SYNC,
        tenant_id=device.tenant_id,
        device_id=device.id,
        subject=str(device.id),
        detail={"of": "bundle", "number": number, "pages": pages, **filter_of(device.scope)},
    )
    if pages:
        with server.database.transaction(device.tenant_id, device.scope.city_ids) as connection:
            audit.append(connection, deed)


def _add_pages(
    server: Server,
    device: Device,
    asked: tuple[RequestHead, Welcome],
    packer: Packer,
    room: Room,
) -> int:
    """Add what changed since the desk read, as much as fits; return how many pages that are."""
    head, welcome = asked
    began_s, count = time.monotonic(), 0
    read_by = (head.hello.epoch, head.scope_id, head.protocol)
    is_known = read_by == (welcome.epoch, welcome.scope.id, welcome.protocol)
    for city_id in welcome.scope.city_ids:
        place = head.places.get(str(city_id)) if is_known else None
        for part, page in _pages(server, device, city_id, place):
            packer.add(part, page)
            count += 1
            if room.is_used(packer, time.monotonic() - began_s):
                return count
    return count


def _pages(
    server: Server, device: Device, city_id: UUID, place: CityPlace | None
) -> Iterator[tuple[Part, bytes]]:
    after = None if place is None or place.entity else place.after
    if after is None:
        after = yield from _snapshot(server, device, city_id, place)
    while True:
        page = sync.changes(server.database, device, city_id, Stretch(after, sync.MAX_EVENTS))
        yield Part.CHANGES, page
        ends = msgspec.json.decode(page, type=_Ends)
        if ends.upto >= ends.head:
            return
        after = ends.upto


def _snapshot(
    server: Server, device: Device, city_id: UUID, place: CityPlace | None
) -> Generator[tuple[Part, bytes], None, int]:
    """Yield the rest of a snapshot; return the number the feed stood at when it was begun."""
    kinds = [str(entity) for entity in SNAPSHOT_ORDER]
    at_seq = None if place is None else place.after
    after_id = None if place is None else place.after_id
    begin = 0 if place is None or place.entity not in kinds else kinds.index(place.entity)
    for entity in kinds[begin:]:
        while True:
            where = SnapshotPlace(city_id, entity, after_id)
            page = sync.snapshot(server.database, device, where, sync.MAX_RECORDS)
            yield Part.SNAPSHOT, _snapshot_part(entity, after_id, page)
            ends = msgspec.json.decode(page, type=_Next)
            at_seq = ends.at_seq if at_seq is None else at_seq
            after_id = ends.next_after
            if after_id is None:
                break
    return at_seq or 0


class _Snapshot(msgspec.Struct):
    """A ``SnapshotPart`` whose page is JSON already."""

    entity: str
    after_id: UUID | None
    page: msgspec.Raw


def _snapshot_part(entity: str, after_id: UUID | None, page: bytes) -> bytes:
    return msgspec.json.encode(_Snapshot(entity, after_id, msgspec.Raw(page)))
