"""Who did what on the server: appended in the deed's own transaction, and proved unchanged."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

import msgspec

from sync_server.audit import queries
from sync_server.db.engine import Connection
from trafficdesk.domain.times import to_ms, utc_now

SERVER_CHAIN: Final = UUID(int=0)  # what no tenant did
_HASHED: Final = (
    "chain",
    "seq",
    "at_ms",
    "actor_id",
    "device_id",
    "action",
    "subject",
    "detail",
    "request_id",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What is to be kept: ids, never names; ``detail`` holds JSON values without personal data."""

    action: str
    tenant_id: UUID | None = None
    actor_id: UUID | None = None
    device_id: UUID | None = None
    subject: str = ""
    detail: Mapping[str, object] = field(default_factory=dict)
    request_id: str = ""


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where a chain no longer holds. ``seq`` is the first entry that is not as it was written."""

    chain: UUID
    seq: int


def append(connection: Connection, deed: Deed) -> None:
    """Write a deed in the present transaction, as late in it as can be: the chain stays locked."""
    chain = deed.tenant_id or SERVER_CHAIN
    seq, head = queries.lock_head(connection, chain)
    entry = {
        "chain": chain,
        "seq": seq + 1,
        "at_ms": to_ms(utc_now()),
        "actor_id": deed.actor_id,
        "device_id": deed.device_id,
        "action": deed.action,
        "subject": deed.subject,
        "detail": dict(deed.detail),
        "request_id": deed.request_id,
    }
    queries.append(connection, {**entry, "hash": chained(head, entry)})


def verify(connection: Connection) -> list[ChainFault]:
    """Walk every chain that the transaction may see and return where one is broken."""
    faults = []
    for head in queries.chains(connection):
        fault = _first_fault(connection, head)
        if fault:
            faults.append(ChainFault(head["chain"], fault))
    return faults


def newest(
    connection: Connection, tenant_id: UUID, before: int, limit: int
) -> list[dict[str, Any]]:
    """Return a tenant's entries below a number, the newest first."""
    return queries.newest(connection, tenant_id, before, limit)


def _first_fault(connection: Connection, head: Mapping[str, Any]) -> int:
    """Return the number of the first wrong entry, 0 if there is none."""
    last, expected = b"", 1
    for entry in queries.walk(connection, head["chain"]):
        last = chained(last, entry)
        if entry["seq"] != expected or bytes(entry["hash"]) != last:
            return expected
        expected += 1
    whole = head["seq"] == expected - 1 and bytes(head["hash"]) == last
    return 0 if whole else expected


def heads(connection: Connection) -> dict[UUID, tuple[int, bytes]]:
    """Return number and hash of the newest entry of every chain that the transaction may see."""
    found = queries.chains(connection)
    return {head["chain"]: (head["seq"], bytes(head["hash"])) for head in found}


def walk(connection: Connection, chain: UUID) -> Iterator[dict[str, Any]]:
    """Yield a chain's entries in order, without holding them all."""
    return queries.walk(connection, chain)


def chained(previous: bytes, entry: Mapping[str, Any]) -> bytes:
    """Return an entry's hash: SHA-256 of the one before and of the entry as canonical JSON.

    That is an array of ``_HASHED``, ids as text, keys of ``detail`` sorted, no spaces, UTF-8.
    """
    content = msgspec.json.encode([entry[name] for name in _HASHED], order="sorted")
    return hashlib.sha256(previous + content).digest()
