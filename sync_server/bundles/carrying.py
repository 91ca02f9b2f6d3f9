"""Bundles that a colleague's desk carries over its own connection: taken in and answered."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from sync_server.accounts.service.people import Caller, Device
from sync_server.audit import service as audit
from sync_server.bundles.answering import Answered, Room, answer_known
from sync_server.bundles.service import Proved, prove_request, take_in
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.wire.bundles import BundleError, BundleFault
from trafficdesk.wire.codes import Code

# A courier reads no more than 32 MiB, and hears nothing while pages are gathered.
CARRIED: Final = Room(packed=16 * 2**20, unpacked=256 * 2**20, gather_s=15.0)

_RETRY_S: Final = 15  # by then one of the answers is gathered


def carry(server: Server, courier: tuple[Caller, Device], bundle: bytes) -> Answered:
    """Take a request in for whoever signed it, if it is new, and return its answer.

    The courier's tenant is the only one there is; their scope and role decide nothing.

    Raises:
        RefusedError: ``bundle_refused``, or the database is away, or others are served now.
    """
    with _a_place(server):
        return _carry(server, courier, bundle)


@contextmanager
def _a_place(server: Server) -> Iterator[None]:
    """Serve so many couriers at once: an answer is many pages, gathered in memory."""
    if not server.couriers.acquire(blocking=False):
        detail = "Answers for others are being gathered."
        raise RefusedError(Code.UNAVAILABLE, detail, retry_after_s=_RETRY_S)
    try:
        yield
    finally:
        server.couriers.release()


def _carry(server: Server, courier: tuple[Caller, Device], bundle: bytes) -> Answered:
    try:
        proved = prove_request(server, bundle, courier[0].tenant_id)
        is_again = not _take_in(server, proved)
        made = answer_known(server, proved.device, CARRIED)
    except BundleError as error:
        raise _refused(server, courier, error.fault) from error
    except RefusedError as error:
        fault = _fault_of(error)
        if fault is None:
            raise
        raise _refused(server, courier, fault) from error
    told = {"number": made.number, "again": is_again}
    _note(server, courier, _deed(courier, "bundle.carried", str(proved.device.id), told))
    return made


def _take_in(server: Server, proved: Proved) -> bool:
    """Take a request in; False if that was done before, and only its answer is wanted again."""
    try:
        take_in(server, proved)
    except BundleError as error:
        if error.fault is not BundleFault.REPLAYED:
            raise
        return False
    return True


def _fault_of(error: RefusedError) -> BundleFault | None:
    """Return what is wrong with the desk whose bundle it is; nothing of it is the courier's."""
    if error.code is Code.UPGRADE_NEEDED:
        is_newer = error.members.get("side") == "server"
        return BundleFault.TOO_NEW if is_newer else BundleFault.TOO_OLD
    return BundleFault.REVOKED if error.code is Code.DEVICE_REVOKED else None


def _refused(server: Server, courier: tuple[Caller, Device], fault: BundleFault) -> RefusedError:
    _note(server, courier, _deed(courier, "bundle.refused", "", {"fault": str(fault)}))
    return RefusedError(Code.BUNDLE_REFUSED, "Nothing new was taken in.", fault=str(fault))


def _deed(
    courier: tuple[Caller, Device], action: str, subject: str, detail: Mapping[str, object]
) -> audit.Deed:
    caller, device = courier
    return audit.Deed(
        action=action,
        tenant_id=caller.tenant_id,
        actor_id=caller.user.id,
        device_id=device.id,
        subject=subject,
        detail=detail,
        request_id=caller.origin.request_id,
    )


def _note(server: Server, courier: tuple[Caller, Device], deed: audit.Deed) -> None:
    caller, device = courier
    with server.database.transaction(caller.tenant_id, device.scope.city_ids) as connection:
        audit.append(connection, deed)
