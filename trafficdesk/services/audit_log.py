"""Reading the audit chain: page by page, checked, and written out as JSON lines."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.security.audit import AuditEntry, AuditVerdict
from trafficdesk.services import auditing
from trafficdesk.services.dispatching import RECORDS
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session
from trafficdesk.services.tries_told import WRONG_TRIES
from trafficdesk.store import audit as rows
from trafficdesk.store import naming, officers

PAGE_SIZE = 100
_NAMED = frozenset({Entity.REPORT, *RECORDS})
FORMAT = "trafficdesk-audit/1"


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry as a list shows it; the time is epoch milliseconds UTC.

    ``subject`` is what the record is called or an officer's name, else what the entry names;
    ``count`` is how many wrong passwords it tells of, 0 for every other entry.
    """

    seq: int
    at_ms: int
    actor: str
    action: str
    entity: str
    subject: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class Exported:
    """The chain was written out, so many entries of it."""

    path: Path
    count: int


def find_log_page(session: Session, before_seq: int | None = None) -> list[LogLine] | Refusal:
    """Return entries older than ``before_seq`` (None: the newest), the newest first."""
    if not session.may(Permission.AUDIT_READ):
        return Refusal.NOT_PERMITTED
    with session.store.reading() as connection:
        found = rows.find_page(connection, before_seq, PAGE_SIZE)
        names = officers.find_names(connection)
        known = {str(each): name for each, name in names.items()}
        ids = {
            UUID(row.entity_id) for row in found if row.entity in _NAMED and _is_id(row.entity_id)
        }
        for record_id, name in naming.find_names(connection, ids).items():
            known[str(record_id)] = name
    return [
        LogLine(
            row.seq,
            row.at_ms,
            names.get(UUID(bytes=row.actor_id), ""),
            row.action,
            row.entity,
            known.get(row.entity_id, "" if _is_id(row.entity_id) else row.entity_id),
            json.loads(row.detail)["tries"] if row.action == WRONG_TRIES else 0,
        )
        for row in found
    ]


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def verify_log(session: Session) -> AuditVerdict | Refusal:
    """Check the whole chain and remember that it was checked. Raises as ``auditing.verify``."""
    if not session.may(Permission.AUDIT_READ):
        return Refusal.NOT_PERMITTED
    verdict = auditing.verify(session)
    action = "audit.verify" if verdict.ok else "audit.verify_failed"
    auditing.note(session, auditing.Audited(action, "audit", str(verdict.count)))
    return verdict


def export_log(session: Session, path: Path) -> Exported | Refusal:
    """Write the chain as JSON lines: first the desk's public key, then an entry a line.

    Whoever has the file can check hashes and signatures without this desk. The export itself is
    its last entry. The file appears whole or not at all. Raises ``OSError``.
    """
    if not session.may(Permission.AUDIT_READ):
        return Refusal.NOT_PERMITTED
    auditing.note(session, auditing.Audited("audit.export", "audit", path.name))
    part = path.with_name(f".{path.name}.part")
    try:
        count = _write(session, part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return Exported(path, count)


def _write(session: Session, path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8") as file, session.store.reading() as connection:
        keys = auditing.find_keys(session, connection)
        head = {
            "format": FORMAT,
            "device_id": str(session.device_id),
            "public_key": session.device.public_key.hex(),
            "public_keys": {str(device_id): each.hex() for device_id, each in keys.items()},
        }
        file.write(json.dumps(head) + "\n")
        for entry in auditing.entries(connection):
            file.write(json.dumps(entry_as_json(entry), ensure_ascii=False) + "\n")
            count += 1
        file.flush()
        os.fsync(file.fileno())
    return count


def entry_as_json(entry: AuditEntry) -> dict[str, object]:
    """Return an entry as the export writes it: ids as text, hashes and signature as hex."""
    return {
        "seq": entry.seq,
        "at_ms": entry.at_ms,
        "actor_id": str(entry.actor_id),
        "device_id": str(entry.device_id),
        "action": entry.action,
        "entity": entry.entity,
        "entity_id": entry.entity_id,
        "detail": entry.detail,
        "prev_hash": entry.prev_hash.hex(),
        "hash": entry.hash.hex(),
        "signature": entry.signature.hex(),
    }
