"""Writing and checking the audit chain of this desk."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.times import to_ms
from trafficdesk.security import audit as chain
from trafficdesk.security.audit_anchor import load_anchor, save_anchor
from trafficdesk.security.device import Device
from trafficdesk.services.session import Session
from trafficdesk.store import audit as rows

NOBODY: Final = UUID(int=0)
_REPLACED: Final = "desk.replaced"


@dataclass(frozen=True, slots=True)
class Audited:
    """What is to be remembered: an action on a record, and JSON text of its detail.

    ``actor_id``: who did it, if that was not the officer who is signed in (``NOBODY``: not known).
    """

    action: str
    entity: str
    entity_id: str
    detail: str = "{}"
    actor_id: UUID | None = None


def append(session: Session, connection: Connection, what: Audited) -> None:
    """Write the next entry in the caller's transaction."""
    head = rows.find_head(connection)
    fact = chain.AuditFact(
        to_ms(session.clock()),
        session.officer.id if what.actor_id is None else what.actor_id,
        what.action,
        what.entity,
        what.entity_id,
        what.detail,
    )
    entry = chain.append(
        chain.GENESIS if head is None else chain.AuditHead(*head), fact, session.device
    )
    rows.append(
        connection,
        rows.AuditRow(
            entry.seq,
            entry.at_ms,
            entry.actor_id.bytes,
            entry.device_id.bytes,
            entry.action,
            entry.entity,
            entry.entity_id,
            entry.detail,
            entry.prev_hash,
            entry.hash,
            entry.signature,
        ),
    )


def note(session: Session, what: Audited) -> None:
    """Write one entry in a transaction of its own: signing in, locking, exporting."""
    with session.store.writing() as connection:
        append(session, connection, what)


def entries(connection: Connection) -> Iterator[chain.AuditEntry]:
    """Yield the chain's entries, the first first."""
    for row in rows.walk(connection):
        yield chain.AuditEntry(
            seq=row.seq,
            at_ms=row.at_ms,
            actor_id=UUID(bytes=row.actor_id),
            device_id=UUID(bytes=row.device_id),
            action=row.action,
            entity=row.entity,
            entity_id=row.entity_id,
            detail=row.detail,
            prev_hash=row.prev_hash,
            hash=row.hash,
            signature=row.signature,
        )


def verify(session: Session) -> chain.AuditVerdict:
    """Check every entry, its signature, and that the chain passes through the head kept last.

    Raises:
        AnchorDamaged: the head kept beside the database cannot be read.
    """
    anchor = load_anchor(session.profile, session.key)
    with session.store.reading() as connection:
        return chain.verify(entries(connection), find_keys(session, connection), anchor)


def note_replaced(session: Session, connection: Connection, former: Device) -> None:
    """Have the present device vouch for the one that this desk was before."""
    detail = json.dumps({"public_key": former.public_key.hex()})
    append(session, connection, Audited(_REPLACED, "device", str(former.device_id), detail))


def find_keys(session: Session, connection: Connection) -> dict[UUID, bytes]:
    """Return the public keys that the chain's entries are proved with, by device.

    The present device's own, and those that an entry vouches for which one of these keys signed:
    whoever changes such an entry breaks the chain.
    """
    keys = {session.device.device_id: session.device.public_key}
    for row in rows.find_of_action(connection, _REPLACED):
        if UUID(bytes=row.device_id) in keys:
            keys[UUID(row.entity_id)] = bytes.fromhex(json.loads(row.detail)["public_key"])
    return keys


def keep_head(session: Session) -> None:
    """Keep the chain's present head beside the database, so that cutting it off is noticed."""
    with session.store.reading() as connection:
        head = rows.find_head(connection)
    if head is not None:
        save_anchor(session.profile, session.key, chain.AuditHead(*head))
