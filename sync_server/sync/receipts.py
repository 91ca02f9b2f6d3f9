"""Signed statements of what the server holds of a device's operations, and their proof later."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import msgspec
from psycopg.rows import dict_row

from sync_server.accounts.service.known import KnownDevice
from sync_server.accounts.service.people import Caller, Device
from sync_server.db import ledger
from sync_server.db.engine import Connection, Crossing, one
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.wire import receipts
from trafficdesk.wire.codes import Code
from trafficdesk.wire.receipts import (
    DeskPart,
    Held,
    Photo,
    Receipt,
    ReceiptError,
    SignedStatement,
    Statement,
)

# What took effect goes before what was rejected at first.
_HELD: Final = """
SELECT DISTINCT ON (o.op_id) o.op_id, o.result, o.reason, o.actor_id, o.entity, o.entity_id,
  coalesce(r.reference, c.number, i.reference, u.call_sign, '') AS reference,
  o.city_id, o.seq, o.conflict_id,
  CASE WHEN o.result = 'duplicate' AND o.version = 0
    THEN coalesce(r.version, c.version, g.version, a.version, u.version, i.version, 0)
    ELSE o.version END AS version,
  coalesce(encode(e.hash, 'hex'), '') AS event_hash,
  o.content -> 'changes' -> 'media' -> 1 AS photos
FROM operations o
LEFT JOIN events e ON e.city_id = o.city_id AND e.seq = o.seq
LEFT JOIN reports r ON o.entity = 'report' AND r.city_id = o.city_id AND r.id = o.entity_id
LEFT JOIN citations c ON o.entity = 'citation' AND c.city_id = o.city_id AND c.id = o.entity_id
LEFT JOIN geofences g ON o.entity = 'geofence' AND g.city_id = o.city_id AND g.id = o.entity_id
LEFT JOIN assignments a ON o.entity = 'assignment' AND a.city_id = o.city_id AND a.id = o.entity_id
LEFT JOIN units u ON o.entity = 'unit' AND u.city_id = o.city_id AND u.id = o.entity_id
LEFT JOIN incidents i ON i.city_id = o.city_id
  AND i.id = CASE o.entity WHEN 'incident' THEN o.entity_id ELSE a.incident_id END
WHERE o.op_id = ANY (%s::uuid[]) AND o.device_id = ANY (%s::uuid[])
ORDER BY o.op_id, o.result = 'rejected', o.received_at DESC
"""
_STORED: Final = "SELECT sha256 FROM media WHERE city_id = ANY (%s) AND sha256 = ANY (%s)"


def state(server: Server, caller: Caller, device: Device, op_ids: Sequence[UUID]) -> bytes:
    """Return a ``SignedStatement`` as JSON. Raises ``RefusedError``: ``too_large``."""
    if len(op_ids) > receipts.MAX_OPERATIONS:
        raise RefusedError(
            Code.TOO_LARGE, f"At most {receipts.MAX_OPERATIONS} operations in a receipt."
        )
    with server.database.reading(device.tenant_id, device.scope.city_ids) as connection:
        epoch = one(connection, "SELECT epoch FROM server_state")
        own = [device.id, *device.former_ids]
        held = find_held(connection, own, device.scope.city_ids, op_ids)
    if epoch is None:
        raise AssertionError("a migrated database has its state")
    order = {op_id: place for place, op_id in enumerate(op_ids)}
    statement = Statement(
        tenant_id=device.tenant_id,
        device_id=device.id,
        epoch=epoch["epoch"],
        user_id=caller.user.id,
        server_time_ms=to_ms(utc_now()),
        operations=sorted(held, key=lambda each: order[each.op_id]),
    )
    raw = msgspec.json.encode(statement)
    signature = server.keys.signing.sign(receipts.signed_by_server(raw))
    return msgspec.json.encode(SignedStatement(statement=msgspec.Raw(raw), signature=signature))


def find_held(
    connection: Connection,
    device_ids: Sequence[UUID],
    city_ids: Sequence[UUID],
    op_ids: Sequence[UUID],
) -> list[Held]:
    """Return what the database holds of a device's operations, by all its ids.

    Those it does not know are left out.
    """
    with connection.cursor(row_factory=dict_row) as cursor:
        asked = [ledger.as_array(op_ids), ledger.as_array(device_ids)]
        rows = cursor.execute(_HELD, asked).fetchall()
        named = {digest for row in rows for digest in _photos(row)}
        found = cursor.execute(_STORED, [list(city_ids), sorted(named)]).fetchall()
    stored = {row["sha256"] for row in found}
    return [_held(row, stored) for row in rows]


def _photos(row: dict[str, Any]) -> list[str]:
    photos = row["photos"]
    if not isinstance(photos, list):
        return []
    return [str(each["sha256"]) for each in photos if isinstance(each, dict) and "sha256" in each]


def _held(row: dict[str, Any], stored: set[str]) -> Held:
    photos = [Photo(sha256=digest, is_held=digest in stored) for digest in _photos(row)]
    return Held(**{**row, "photos": photos})


@dataclass(slots=True)
class Verdict:
    """What a receipt came to: each fault is a sentence; none means that all of it holds."""

    statement: Statement
    desk: DeskPart
    faults: list[str] = field(default_factory=list)
    is_old_epoch: bool = False

    @property
    def untaken(self) -> int:
        """How many changes of the shift the server had not taken when it was made."""
        taken = {each.op_id for each in self.statement.operations if each.result != "rejected"}
        return sum(each.op_id not in taken for each in self.desk.changes)


def verify(server: Server, receipt: Receipt, device: KnownDevice) -> Verdict:
    """Hold a receipt against keys and database.

    Raises:
        ReceiptError: it is not what it seems; nothing in it is to be believed.
    """
    receipts.prove(
        server.keys.public_key,
        receipt.signature,
        receipts.signed_by_server(bytes(receipt.statement)),
    )
    receipts.prove(
        device.public_key, receipt.desk_signature, receipts.signed_by_desk(bytes(receipt.desk))
    )
    verdict = Verdict(receipts.read_statement(receipt), receipts.read_desk_part(receipt))
    belongs = verdict.desk.statement_digest == receipts.digest(bytes(receipt.statement))
    is_of_one = verdict.statement.device_id == verdict.desk.device_id == device.id
    if not belongs or not is_of_one or verdict.statement.tenant_id != device.tenant_id:
        raise ReceiptError("mixed")
    with server.database.crossing(Crossing.OPERATOR) as connection:
        _compare(connection, device, verdict)
    return verdict


def _compare(connection: Connection, device: KnownDevice, verdict: Verdict) -> None:
    statement = verdict.statement
    epoch = one(connection, "SELECT epoch FROM server_state")
    verdict.is_old_epoch = epoch is None or epoch["epoch"] != statement.epoch
    told = {each.op_id: each for each in statement.operations}
    own = [device.id, *device.former_ids]
    now = {
        each.op_id: each for each in find_held(connection, own, device.scope.city_ids, list(told))
    }
    for op_id, each in told.items():
        fault = _fault(each, now.get(op_id))
        if fault:
            verdict.faults.append(f"{each.entity} {each.reference or each.entity_id}: {fault}")
    for city_id in sorted({each.city_id for each in told.values() if each.city_id and each.seq}):
        broken = ledger.find_break(connection, city_id)
        if broken is not None:
            verdict.faults.append(f"the feed of city {city_id} is broken at number {broken}")


def _fault(told: Held, now: Held | None) -> str:
    """Return what of an operation the database holds otherwise, '' for nothing."""
    if now is None:
        return f"operation {told.op_id} is not in the ledger"
    if told.result == "rejected":
        return ""  # it may have been taken since
    if (told.result, told.seq, told.conflict_id) != (now.result, now.seq, now.conflict_id):
        return f"operation {told.op_id} was answered otherwise"
    if told.seq and told.event_hash != now.event_hash:
        return f"event {told.seq} has another hash"
    if told.result != "duplicate" and told.version != now.version:
        return f"operation {told.op_id} made another version"
    return ""
