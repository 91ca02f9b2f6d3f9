"""Receipts: what the server holds of a shift's work, signed. See "Receipts" in PROTOCOL.md."""

import hashlib
from typing import Final, TypeVar
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Message = TypeVar("Message")

MAX_OPERATIONS: Final = 20_000
MAX_FILE_BYTES: Final = 64 * 2**20
FORMAT: Final = "trafficdesk-receipt-1"
_BY_SERVER: Final = b"trafficdesk-receipt-1\0"
_BY_DESK: Final = b"trafficdesk-receipt-desk-1\0"


class ReceiptRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Operations of the device that asks, at most ``MAX_OPERATIONS``."""

    op_ids: list[UUID]


class Photo(msgspec.Struct, frozen=True, kw_only=True):
    """A photo that an operation brought, and whether the server holds its bytes."""

    sha256: str
    is_held: bool


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What the server holds of one operation.

    ``event_hash`` (hex) is the chain hash of the event with number ``seq`` of the city's feed; both
    are empty for an operation that wrote none. ``version`` is what the record became, or, for a
    duplicate, what it is.
    """

    op_id: UUID
    result: str
    reason: str
    actor_id: UUID
    entity: str
    entity_id: UUID
    reference: str
    version: int
    city_id: UUID | None
    seq: int
    event_hash: str
    conflict_id: UUID | None
    photos: list[Photo]


class Statement(msgspec.Struct, frozen=True, kw_only=True):
    """The server's part of a receipt. ``user_id`` asked; times are epoch milliseconds."""

    tenant_id: UUID
    device_id: UUID
    epoch: UUID
    user_id: UUID
    server_time_ms: int
    operations: list[Held]


class SignedStatement(msgspec.Struct, frozen=True, kw_only=True):
    """A ``Statement`` as JSON, with the server's signature over its canonical form."""

    statement: msgspec.Raw
    signature: bytes


class ShiftChange(msgspec.Struct, frozen=True, kw_only=True):
    """One change of a shift as the desk knows it; ``state`` is that of its outbox."""

    op_id: UUID
    action: str
    entity: str
    entity_id: UUID
    reference: str
    actor_id: UUID
    at_ms: int
    state: str
    reason: str


class DeskPart(msgspec.Struct, frozen=True, kw_only=True):
    """The desk's part of a receipt; ``officer`` is '' for everybody at this desk.

    ``statement_digest`` is the SHA-256 (hex) of the statement's canonical JSON.
    """

    device_id: UUID
    desk_code: str
    officer: str
    since_ms: int
    until_ms: int
    made_ms: int
    statement_digest: str
    changes: list[ShiftChange]


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """A receipt as it is kept: both parts as JSON, each with its signature."""

    format: str
    statement: msgspec.Raw
    signature: bytes
    desk: msgspec.Raw
    desk_signature: bytes


class ReceiptError(Exception):
    """A receipt or statement is not what it seems; ``code`` is stable."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = f"receipt.{code}"


def canonical(part: bytes) -> bytes:
    """Return JSON with sorted keys and no spaces. Raises ``ReceiptError``."""
    try:
        return msgspec.json.encode(msgspec.json.decode(part), order="sorted")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ReceiptError("damaged") from error


def digest(part: bytes) -> str:
    """Return the SHA-256 of a part's canonical JSON, as hex."""
    return hashlib.sha256(canonical(part)).hexdigest()


def signed_by_server(statement: bytes) -> bytes:
    """Return what the server signs of a statement."""
    return _BY_SERVER + canonical(statement)


def signed_by_desk(part: bytes) -> bytes:
    """Return what the desk signs of its part."""
    return _BY_DESK + canonical(part)


def prove(public_key: bytes, signature: bytes, content: bytes) -> None:
    """Raise ``ReceiptError`` unless the owner of an Ed25519 key signed this content."""
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(signature, content)
    except (InvalidSignature, ValueError) as error:
        raise ReceiptError("forged") from error


def read_statement(signed: SignedStatement | Receipt) -> Statement:
    """Return the statement, whoever signed it. Raises ``ReceiptError``."""
    return _read(signed.statement, Statement)


def read_desk_part(receipt: Receipt) -> DeskPart:
    """Return the desk's part, whoever signed it. Raises ``ReceiptError``."""
    return _read(receipt.desk, DeskPart)


def read_receipt(content: bytes) -> Receipt:
    """Return a receipt from a file. Raises ``ReceiptError``."""
    if len(content) > MAX_FILE_BYTES:
        raise ReceiptError("damaged")
    receipt = _read(content, Receipt)
    if receipt.format != FORMAT:
        raise ReceiptError("too_new")
    return receipt


def _read(content: bytes | msgspec.Raw, kind: type[Message]) -> Message:
    try:
        return msgspec.json.decode(bytes(content), type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise ReceiptError("damaged") from error
