"""Taking a request bundle in, and station IT's of a revoked desk: the same pushes as over HTTP."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from uuid import UUID

from sync_server.accounts.service.guard import believe_next_turn
from sync_server.accounts.service.known import KnownDevice, find_device
from sync_server.audit import service as audit
from sync_server.bundles import queries
from sync_server.db.engine import Connection
from sync_server.problems import RefusedError
from sync_server.server import Server
from sync_server.sync import service as sync
from sync_server.sync.scope import Device
from trafficdesk.wire.boxes import seal_to
from trafficdesk.wire.bundles import (
    BundleError,
    BundleFault,
    Kind,
    Opened,
    Part,
    RequestHead,
    decoded,
    head_of,
    open_bundle,
    read_parts,
)
from trafficdesk.wire.codes import Code
from trafficdesk.wire.exchange import MAX_OPERATIONS, Outcome, PushRequest, Welcome


@dataclass(frozen=True, slots=True)
class Proved:
    """A request out of its box: whose it is by its signature, and its parts, all readable."""

    device: KnownDevice
    head: RequestHead
    content: bytes


@dataclass(frozen=True, slots=True)
class Imported:
    """What a bundle came to: whose it was, and its operations by result."""

    device: KnownDevice
    number: int
    results: Counter[str] = field(default_factory=Counter)
    is_old_epoch: bool = False


def import_request(server: Server, bundle: bytes) -> Imported:
    """Take a desk's bundle in, once. Cut short, it may be taken in again.

    Raises:
        BundleError: it is refused, and nothing was changed.
        RefusedError: the desk or the server must be upgraded, or the database is away.
    """
    return take_in(server, prove_request(server, bundle))


def prove_request(server: Server, bundle: bytes, tenant_id: UUID | None = None) -> Proved:
    """Open a desk's bundle and prove it; ``tenant_id``: as if there were no other tenant's desks.

    Raises as ``import_request``.
    """
    opened = open_bundle(bundle, server.keys.sealing, [Kind.REQUEST])
    device = _prove(server, opened, tenant_id)
    if device.is_revoked:
        raise BundleError(BundleFault.REVOKED)
    head = _check(device, opened.content)
    try:
        seal_to(head.answer_key, b"", b"")  # some keys are none, and some give no secret
    except ValueError as error:
        raise BundleError(BundleFault.DAMAGED) from error
    return Proved(device, head, opened.content)


def take_in(server: Server, proved: Proved) -> Imported:
    """Take a proved request in. Raises as ``import_request``.

    Who comes with it at the same time, or with a newer one, may be faster: then it is replayed.
    """
    device, head, content = proved.device, proved.head, proved.content
    welcome = welcome_of(server, device, head)
    _begin(server, device, head, content)
    imported = Imported(device, head.number, is_old_epoch=is_old_epoch(head, welcome))
    if not imported.is_old_epoch:
        for outcomes in push_parts(server, device, content, stays_served(device)):
            imported.results.update(str(each.result) for each in outcomes)
    with _transaction(server, device) as connection:
        if imported.is_old_epoch:
            believe_next_turn(connection, device.id)
        if not queries.end(connection, device.id, head.number):
            raise BundleError(BundleFault.REPLAYED)
        audit.append(connection, _deed("bundle.imported", imported))
    return imported


def import_legacy(server: Server, bundle: bytes, it_private_key: bytes) -> Imported:
    """Take in what a revoked desk left for station IT, as often as one likes.

    Raises as ``import_request``.
    """
    opened = open_bundle(bundle, it_private_key, [Kind.LEGACY])
    device = _prove(server, opened)
    head = _check(device, opened.content)
    imported = Imported(device, head.number)
    for outcomes in push_parts(server, device, opened.content, _stays):
        imported.results.update(str(each.result) for each in outcomes)
    with _transaction(server, device) as connection:
        audit.append(connection, _deed("bundle.legacy_imported", imported))
    return imported


def push_parts(
    server: Server, device: KnownDevice, content: bytes, take_turn: Callable[[Connection], str]
) -> Iterator[list[Outcome]]:
    """Push part after part, each in its own transaction, and yield what they came to."""
    for part, found in read_parts(content):
        if part == Part.PUSH:
            operations = decoded(found, PushRequest).operations
            answer = sync.push(server.database, scoped(device), operations, take_turn)
            sync.count(server.metrics, answer.outcomes)
            yield answer.outcomes


def welcome_of(server: Server, device: KnownDevice, head: RequestHead) -> Welcome:
    """Return what a hello would be answered. Raises ``RefusedError``: ``upgrade_needed``."""
    return sync.welcome(
        server.database, scoped(device), device.scope, head.hello, server.settings.escalate_s
    )


def is_old_epoch(head: RequestHead, welcome: Welcome) -> bool:
    """Tell whether a restore came between: the desk must first hear of it."""
    return head.hello.epoch is not None and head.hello.epoch != welcome.epoch


def scoped(device: KnownDevice) -> Device:
    """Return a device as the sync knows it."""
    return Device(
        id=device.id,
        tenant_id=device.tenant_id,
        scope_id=device.scope.id,
        home_city_id=device.home_city_id,
        city_ids=frozenset(map(str, device.scope.city_ids)),
        station_ids=frozenset(map(str, device.scope.station_ids)),
        window_days=device.scope.window_days,
        former_ids=device.former_ids,
    )


def known_device(server: Server, device_id: UUID, tenant_id: UUID | None = None) -> KnownDevice:
    """Return a device, of any tenant if none is given. Raises ``BundleError``."""
    device = find_device(server, device_id, tenant_id)
    if device is None:
        raise BundleError(BundleFault.UNKNOWN_DEVICE)
    return device


def _prove(server: Server, opened: Opened, tenant_id: UUID | None = None) -> KnownDevice:
    device = known_device(server, opened.signer_id, tenant_id)
    opened.prove(device.public_key)
    return device


def _check(device: KnownDevice, content: bytes) -> RequestHead:
    """Read every part before any is acted on."""
    head = head_of(content, RequestHead)
    if head.tenant_id != device.tenant_id:
        raise BundleError(BundleFault.OTHER_TENANT)
    if head.device_id != device.id:
        raise BundleError(BundleFault.OTHER_DEVICE)
    for part, found in read_parts(content):
        if part != Part.PUSH:
            continue
        request = decoded(found, PushRequest)
        sync.check_protocol(request.protocol)
        if len(request.operations) > MAX_OPERATIONS:
            raise BundleError(BundleFault.DAMAGED)
    return head


def _begin(server: Server, device: KnownDevice, head: RequestHead, content: bytes) -> None:
    """Refuse what was taken in, what is older than that, and a number that another has."""
    with _transaction(server, device) as connection:
        if queries.lock_device(connection, device.id):
            raise BundleError(BundleFault.REVOKED)
        newest = queries.find_newest(connection, device.id)
        if newest is not None and head.number < newest.number:
            raise BundleError(BundleFault.OLDER)
        request = {
            "tenant_id": device.tenant_id,
            "device_id": device.id,
            "number": head.number,
            "bundle_id": head.bundle_id,
            "content": content,
        }
        if queries.begin(connection, request) != head.bundle_id:
            raise BundleError(BundleFault.COPIED)
        if newest is not None and head.number == newest.number:
            raise BundleError(BundleFault.REPLAYED)


def stays_served(device: KnownDevice) -> Callable[[Connection], str]:
    """Return what stands in the place of a turn: a device may be revoked between two parts."""

    def check(connection: Connection) -> str:
        if queries.lock_device(connection, device.id):
            raise RefusedError(Code.DEVICE_REVOKED, "The desk was revoked.")
        return ""

    return check


def _stays(_connection: Connection) -> str:
    return ""


def _transaction(server: Server, device: KnownDevice) -> AbstractContextManager[Connection]:
    return server.database.transaction(device.tenant_id, device.scope.city_ids)


def _deed(action: str, imported: Imported) -> audit.Deed:
    return audit.Deed(
        action=action,
        tenant_id=imported.device.tenant_id,
        device_id=imported.device.id,
        subject=str(imported.device.id),
        detail={"number": imported.number, "results": dict(imported.results)},
    )
