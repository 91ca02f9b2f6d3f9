"""One change of one record as it travels; its digest tells it from an altered one."""

import hashlib
from typing import Final
from uuid import UUID

import msgspec

MAX_NOTE_LENGTH: Final = 280
MAX_OPERATION_BYTES: Final = 256 * 1024  # of its canonical JSON


class Operation(msgspec.Struct, frozen=True, kw_only=True):
    """See "An operation" in PROTOCOL.md. ``changes`` maps a field to ``(old, new)``."""

    op_id: UUID
    action_id: UUID
    entity: str
    entity_id: UUID
    action: str
    base_version: int
    revision: int
    changes: dict[str, tuple[object, object]]
    note: str
    actor_id: UUID
    device_id: UUID
    at_ms: int


def canonical(operation: Operation) -> bytes:
    """Return the operation's canonical JSON: fields in order, keys sorted, no spaces, UTF-8."""
    sorted_changes = dict(sorted(operation.changes.items()))
    return msgspec.json.encode(msgspec.structs.replace(operation, changes=sorted_changes))


def digest(operation: Operation) -> bytes:
    """Return the SHA-256 of the operation's canonical JSON (32 bytes)."""
    return hashlib.sha256(canonical(operation)).digest()
