"""The audit chain: each entry holds the hash of the one before and the device's signature. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from trafficdesk.security.framing import framed

_DOMAIN: Final = b"trafficdesk/1/audit"
_HASH_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class AuditHead:
    """Where a chain stands: its last entry's number and hash."""

    seq: int
    hash: bytes


GENESIS: Final = AuditHead(0, bytes(_HASH_BYTES))


@dataclass(frozen=True, slots=True)
class AuditFact:
    """What happened: who did what to which record. ``detail`` is JSON text without secrets."""

    at_ms: int
    actor_id: UUID
    action: str
    entity: str
    entity_id: str
    detail: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """A fact in its place in the chain. Hashes have 32 bytes, the signature 64."""

    seq: int
    at_ms: int
    actor_id: UUID
    device_id: UUID
    action: str
    entity: str
    entity_id: str
    detail: str
    prev_hash: bytes
    hash: bytes
    signature: bytes

    @property
    def head(self) -> AuditHead:
        """The chain's head when this is its last entry."""
        return AuditHead(self.seq, self.hash)


class Signer(Protocol):
    """A device that signs."""

    @property
    def device_id(self) -> UUID:
        """Whose signature it is."""

    def sign(self, message: bytes) -> bytes:
        """Return an Ed25519 signature."""


class AuditFault(StrEnum):
    """What is wrong at the first bad entry, or with the end of the chain."""

    NUMBER = "number"
    PREVIOUS = "previous"
    HASH = "hash"
    UNKNOWN_DEVICE = "unknown_device"
    SIGNATURE = "signature"
    CUT_OFF = "cut_off"
    NOT_AS_ANCHORED = "not_as_anchored"


@dataclass(frozen=True, slots=True)
class AuditVerdict:
    """The outcome of a verification: ``count`` good entries from the start, and the head there."""

    count: int
    first_bad_seq: int | None
    reason: AuditFault | None
    head_hash: bytes

    @property
    def ok(self) -> bool:
        """Tell whether the whole chain is good."""
        return self.reason is None


def canonical_bytes(seq: int, fact: AuditFact, device_id: UUID, prev_hash: bytes) -> bytes:
    """Return the one byte string that an entry's hash is taken of (every part length-prefixed)."""
    return framed(
        _DOMAIN,
        seq.to_bytes(8, "big"),
        fact.at_ms.to_bytes(8, "big", signed=True),
        fact.actor_id.bytes,
        device_id.bytes,
        fact.action.encode(),
        fact.entity.encode(),
        fact.entity_id.encode(),
        fact.detail.encode(),
        prev_hash,
    )


def _signed(entry_hash: bytes) -> bytes:
    return framed(_DOMAIN + b" signature", entry_hash)


def append(head: AuditHead, fact: AuditFact, device: Signer) -> AuditEntry:
    """Return the entry that follows ``head``; write it in the transaction of what it tells of."""
    seq = head.seq + 1
    entry_hash = hashlib.sha256(canonical_bytes(seq, fact, device.device_id, head.hash)).digest()
    return AuditEntry(
        seq=seq,
        at_ms=fact.at_ms,
        actor_id=fact.actor_id,
        device_id=device.device_id,
        action=fact.action,
        entity=fact.entity,
        entity_id=fact.entity_id,
        detail=fact.detail,
        prev_hash=head.hash,
        hash=entry_hash,
        signature=device.sign(_signed(entry_hash)),
    )


def _find_fault(
    entry: AuditEntry, head: AuditHead, public_keys: Mapping[UUID, bytes]
) -> AuditFault | None:
    if entry.seq != head.seq + 1:
        return AuditFault.NUMBER
    if entry.prev_hash != head.hash:
        return AuditFault.PREVIOUS
    fact = AuditFact(
        entry.at_ms, entry.actor_id, entry.action, entry.entity, entry.entity_id, entry.detail
    )
    message = canonical_bytes(entry.seq, fact, entry.device_id, entry.prev_hash)
    if hashlib.sha256(message).digest() != entry.hash:
        return AuditFault.HASH
    public_key = public_keys.get(entry.device_id)
    if public_key is None:
        return AuditFault.UNKNOWN_DEVICE
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(entry.signature, _signed(entry.hash))
    except (InvalidSignature, ValueError):
        return AuditFault.SIGNATURE
    return None


def verify(
    entries: Iterable[AuditEntry],
    public_keys: Mapping[UUID, bytes],
    anchor: AuditHead | None = None,
    start: AuditHead = GENESIS,
) -> AuditVerdict:
    """Check a chain in order, stopping at the first bad entry.

    ``public_keys``: Ed25519 keys by device. ``anchor``: a head seen before; the chain must pass
    through it. ``start``: the head that retention kept of older entries. Memory is constant.
    """
    head, count = start, 0
    for entry in entries:
        fault = _find_fault(entry, head, public_keys)
        if fault is None and anchor and entry.seq == anchor.seq and entry.hash != anchor.hash:
            fault = AuditFault.NOT_AS_ANCHORED
        if fault:
            return AuditVerdict(count, head.seq + 1, fault, head.hash)
        head, count = entry.head, count + 1
    if anchor and head.seq < anchor.seq:
        return AuditVerdict(count, head.seq + 1, AuditFault.CUT_OFF, head.hash)
    return AuditVerdict(count, None, None, head.hash)
