"""Writing bundles: what waits for the server, or, from a revoked desk, for station IT."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk import __version__
from trafficdesk.domain.identity import new_id
from trafficdesk.security.device import Device
from trafficdesk.store import bundled, sync_marks
from trafficdesk.store.engine import Store
from trafficdesk.store.history import Operation
from trafficdesk.sync import bundle_requests, link
from trafficdesk.sync.bundle_requests import Asked
from trafficdesk.sync.link import Link, Marks
from trafficdesk.sync.pushing import message_of
from trafficdesk.wire.boxes import new_private_key, public_key_of
from trafficdesk.wire.bundles import (
    BundleError,
    BundleFault,
    CityPlace,
    Kind,
    Packer,
    Part,
    RequestHead,
    Signer,
    close_bundle,
    receiver_of,
)
from trafficdesk.wire.exchange import MAX_OPERATIONS, SPOKEN, Hello, PushRequest

_ENOUGH_BYTES: Final = 32 * 2**20  # packed; what does not fit goes with the next bundle
_ENOUGH_UNPACKED: Final = 512 * 2**20

Finding = Callable[[Connection, int, int], list[tuple[int, Operation]]]


@dataclass(frozen=True, slots=True)
class Bundle:
    """A bundle's bytes, and how many operations it carries."""

    content: bytes
    number: int
    operations: int


def make_request(store: Store, device: Device, now_ms: int) -> Bundle:
    """Return a bundle for the server of all that waits; it is marked as sent.

    The key to the answer is in the store before the bundle leaves this function.

    Raises:
        BundleError: this desk is not enrolled, or was before servers gave a key for bundles.
    """
    private_key = new_private_key()
    with store.writing() as connection:
        enrolled, marks = _enrolled(connection)
        if not enrolled.server_sealing_key:
            raise BundleError(BundleFault.NO_SERVER_KEY)
        requests = bundle_requests.get(connection)
        asked = Asked(
            number=requests.last_number + 1,
            bundle_id=new_id(),
            receiver=receiver_of(public_key_of(private_key)),
            private_key=private_key,
            epoch=marks.epoch,
            scope_id=marks.scope_id,
        )
        head = _head(enrolled, marks, asked.number, now_ms)
        head = msgspec.structs.replace(
            head,
            bundle_id=asked.bundle_id,
            answer_key=public_key_of(private_key),
            places=_places(connection, marks),
        )
        packing = _Packing(head)
        packing.fill(connection, bundled.take_waiting)
        bundle_requests.note_asked(connection, requests, asked)
    signer = Signer(device.device_id, device.sign)
    closed = close_bundle(Kind.REQUEST, enrolled.server_sealing_key, signer, packing.finish())
    return Bundle(closed, asked.number, packing.count)


def make_legacy(store: Store, device: Device, it_public_key: bytes, now_ms: int) -> list[Bundle]:
    """Return bundles for station IT that hold all that is not settled; none if all is.

    Raises:
        BundleError: this desk is not enrolled.
        ValueError: the key is none.
    """
    made = list[Bundle]()
    signer = Signer(device.device_id, device.sign)
    after = 0
    with store.reading() as connection:
        enrolled, marks = _enrolled(connection)
        while bundled.find_unsettled(connection, after, 1):
            head = _head(enrolled, marks, len(made) + 1, now_ms)
            packing = _Packing(head)
            after = packing.fill(connection, bundled.find_unsettled, after)
            closed = close_bundle(Kind.LEGACY, it_public_key, signer, packing.finish())
            made.append(Bundle(closed, head.number, packing.count))
    return made


class _Packing:
    """Packs a head and operations, as many as fit."""

    def __init__(self, head: RequestHead) -> None:
        self.count = 0
        self._protocol = head.protocol
        self._packer = Packer()
        self._packer.add(Part.HEAD, msgspec.json.encode(head))

    def fill(self, connection: Connection, find: Finding, after: int = 0) -> int:
        """Add what ``find`` finds behind a sequence number and return the last one added."""
        while self._packer.size < _ENOUGH_BYTES and self._packer.unpacked < _ENOUGH_UNPACKED:
            found = find(connection, after, MAX_OPERATIONS)
            if not found:
                break
            after = found[-1][0]
            self.count += len(found)
            operations = [message_of(each) for _, each in found]
            part = PushRequest(protocol=self._protocol, operations=operations)
            self._packer.add(Part.PUSH, msgspec.json.encode(part))
        return after

    def finish(self) -> bytes:
        """Return all of it, packed."""
        return self._packer.finish()


def _enrolled(connection: Connection) -> tuple[Link, Marks]:
    found = link.find_link(connection)
    if found is None:
        raise BundleError(BundleFault.NOT_ENROLLED)
    return found, link.get_marks(connection)


def _head(enrolled: Link, marks: Marks, number: int, now_ms: int) -> RequestHead:
    return RequestHead(
        bundle_id=new_id(),
        number=number,
        tenant_id=enrolled.tenant_id,
        device_id=enrolled.device_id,
        made_ms=now_ms,
        hello=Hello(speaks=SPOKEN, program=__version__, epoch=marks.epoch),
        protocol=marks.protocol or SPOKEN[1],
        scope_id=marks.scope_id,
    )


def _places(connection: Connection, marks: Marks) -> dict[str, CityPlace]:
    return {
        str(city_id): place
        for city_id in marks.city_ids
        if (place := _place(connection, city_id)) is not None
    }


def _place(connection: Connection, city_id: UUID) -> CityPlace | None:
    cursor = sync_marks.cursor_of(connection, city_id)
    if cursor is not None:
        return CityPlace(after=cursor)
    begun = sync_marks.find_snapshot(connection, city_id)
    if begun is None:
        return None
    # Bundles bring the oldest first: what came of a kind the other way comes again.
    after_id = None if begun.newest_first else begun.after
    return CityPlace(after=begun.at_seq, entity=str(begun.entity), after_id=after_id)
