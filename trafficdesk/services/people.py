"""Reading who a citizen is: allowed by role, and always written to the audit chain."""

from dataclasses import asdict
from uuid import UUID

import msgspec

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import CitizenIdentity
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.sealing import open_sealed, seal
from trafficdesk.services import auditing
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.store import citizens

_INFO = "citizen"


def seal_identity(data_key: SecretKey, citizen_id: UUID, identity: CitizenIdentity) -> bytes:
    """Return who a citizen is, sealed for their own row alone."""
    plain = msgspec.json.encode(asdict(identity))
    return seal(data_key.derive(_INFO), plain, _context(citizen_id))


def reveal_identity(session: Session, citizen_id: UUID) -> CitizenIdentity | Refusal:
    """Return who a citizen is; the reading is in the audit chain before it is on the screen.

    Raises:
        SealBroken: the row was changed or damaged.
        LookupError: this desk knows no such citizen.
    """
    if not session.may(Permission.CITIZEN_READ_PII):
        return Refusal.NOT_PERMITTED
    with session.store.writing() as connection:
        citizen = citizens.find(connection, citizen_id)
        if citizen is None:
            raise LookupError(f"no citizen {citizen_id}")
        auditing.append(
            session,
            connection,
            auditing.Audited("citizen.read_identity", "citizen", str(citizen_id)),
        )
    plain = open_sealed(
        session.data_key.derive(_INFO), citizen.sealed_identity, _context(citizen_id)
    )
    return msgspec.json.decode(plain, type=CitizenIdentity)


def _context(citizen_id: UUID) -> bytes:
    return f"citizen/{citizen_id}/identity".encode()
