"""The end-of-shift proof: what was done here, and what the server states that it holds of it."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import msgspec

from trafficdesk.security.device import Device
from trafficdesk.store import facts, shifts
from trafficdesk.store.engine import Store
from trafficdesk.sync import link
from trafficdesk.sync.access import Access
from trafficdesk.sync.line import Call, ServerAddress
from trafficdesk.sync.line import Line as HttpLine
from trafficdesk.sync.link import Link
from trafficdesk.wire import receipts
from trafficdesk.wire.receipts import (
    FORMAT,
    MAX_OPERATIONS,
    DeskPart,
    Held,
    Receipt,
    ReceiptError,
    ReceiptRequest,
    ShiftChange,
    SignedStatement,
    Statement,
)

RECEIPT: Final = "/api/v1/sync/receipt"
_REJECTED: Final = "rejected"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which shift: a span (epoch ms, its end left out), and whose; None is everybody here."""

    since_ms: int
    until_ms: int
    officer_id: UUID | None = None
    officer: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One change with what the server states of it; None when it has not taken it."""

    change: ShiftChange
    held: Held | None

    @property
    def is_taken(self) -> bool:
        """Tell whether the server holds it, as it was sent or as a conflict."""
        return self.held is not None and self.held.result != _REJECTED


@dataclass(frozen=True, slots=True)
class Proof:
    """A receipt that was made and proved: its lines, and the JSON that others can prove."""

    asked: Asked
    desk_code: str
    statement: Statement
    lines: tuple[Line, ...]
    content: bytes

    @property
    def taken(self) -> int:
        """How many changes the server holds."""
        return sum(line.is_taken for line in self.lines)


def find_shift(store: Store, asked: Asked) -> list[ShiftChange]:
    """Return what was done here in a shift: what a receipt would prove.

    Raises:
        ReceiptError: this desk is not enrolled, or it is more than a receipt may hold.
    """
    with store.reading() as connection:
        enrolled = link.find_link(connection)
        if enrolled is None:
            raise ReceiptError("not_enrolled")
        span_ms = (asked.since_ms, asked.until_ms)
        found = shifts.find_done(
            connection, enrolled.device_id, span_ms, asked.officer_id, MAX_OPERATIONS + 1
        )
    if len(found) > MAX_OPERATIONS:
        raise ReceiptError("too_many")
    return [ShiftChange(**each._asdict()) for each in found]


def fetch_proof(access: Access, asked: Asked, now_ms: int) -> Proof:
    """Have the server state what it holds of a shift, prove that, sign the rest, and keep it.

    Raises:
        ReceiptError: nothing was done, or the server's statement is not to be believed.
        SyncError: there was no contact; nothing was kept.
    """
    changes = find_shift(access.store, asked)
    if not changes:
        raise ReceiptError("nothing_done")
    request = ReceiptRequest(op_ids=[each.op_id for each in changes])
    call = Call("POST", RECEIPT, msgspec.json.encode(request))
    signed = access.ask(call, SignedStatement)
    with access.store.reading() as connection:
        enrolled = link.find_link(connection)
        desk_code = facts.desk_code(connection)
    if enrolled is None:
        raise ReceiptError("not_enrolled")
    statement = _prove(signed, enrolled, request)
    part = DeskPart(
        device_id=enrolled.device_id,
        desk_code=desk_code,
        officer=asked.officer,
        since_ms=asked.since_ms,
        until_ms=asked.until_ms,
        made_ms=now_ms,
        statement_digest=receipts.digest(bytes(signed.statement)),
        changes=changes,
    )
    content = _joined(signed, part, access.device)
    with access.store.writing() as connection:
        shifts.keep_receipt(connection, now_ms, content.decode())
    return _proof(statement, part, content)


def _joined(signed: SignedStatement, part: DeskPart, device: Device) -> bytes:
    """Return both parts as one receipt, the desk's signed by its device."""
    desk = msgspec.json.encode(part)
    receipt = Receipt(
        format=FORMAT,
        statement=signed.statement,
        signature=signed.signature,
        desk=msgspec.Raw(desk),
        desk_signature=device.sign(receipts.signed_by_desk(desk)),
    )
    return msgspec.json.encode(receipt)


def prove_shift(store: Store, device: Device, asked: Asked, now_ms: int) -> Proof:
    """Fetch a proof over a line of its own. Raises as ``fetch_proof``."""
    with store.reading() as connection:
        enrolled = link.find_link(connection)
    if enrolled is None:
        raise ReceiptError("not_enrolled")
    line = HttpLine(ServerAddress(enrolled.base_url, enrolled.ca_pem, enrolled.proxy))
    try:
        return fetch_proof(Access(line, store, device), asked, now_ms)
    finally:
        line.close()


def _prove(signed: SignedStatement, enrolled: Link, request: ReceiptRequest) -> Statement:
    content = receipts.signed_by_server(bytes(signed.statement))
    receipts.prove(enrolled.server_public_key, signed.signature, content)
    statement = receipts.read_statement(signed)
    whose = (statement.tenant_id, statement.device_id)
    told = {each.op_id for each in statement.operations}
    if whose != (enrolled.tenant_id, enrolled.device_id) or not told <= set(request.op_ids):
        raise ReceiptError("mixed")
    return statement


def open_proof(store: Store, content: bytes, device_public_key: bytes) -> Proof:
    """Prove a receipt that this desk made before and return it.

    Raises ``ReceiptError``: it was altered, or is another desk's.
    """
    receipt = receipts.read_receipt(content)
    with store.reading() as connection:
        enrolled = link.find_link(connection)
    if enrolled is None:
        raise ReceiptError("not_enrolled")
    receipts.prove(
        device_public_key, receipt.desk_signature, receipts.signed_by_desk(bytes(receipt.desk))
    )
    part = receipts.read_desk_part(receipt)
    signed = SignedStatement(statement=receipt.statement, signature=receipt.signature)
    request = ReceiptRequest(op_ids=[each.op_id for each in part.changes])
    statement = _prove(signed, enrolled, request)
    if part.statement_digest != receipts.digest(bytes(receipt.statement)):
        raise ReceiptError("mixed")
    return _proof(statement, part, content)


def find_kept(store: Store) -> list[bytes]:
    """Return the receipts that were made at this desk, the newest first."""
    with store.reading() as connection:
        return [each.encode() for each in shifts.find_receipts(connection)]


def _proof(statement: Statement, part: DeskPart, content: bytes) -> Proof:
    held = {each.op_id: each for each in statement.operations}
    lines = tuple(Line(each, held.get(each.op_id)) for each in part.changes)
    asked = Asked(part.since_ms, part.until_ms, officer=part.officer)
    return Proof(asked, part.desk_code, statement, lines, content)
