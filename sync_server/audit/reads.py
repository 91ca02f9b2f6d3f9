"""Reads of personal data: noted in the reader's chain before the answer leaves, or refused.

An entry tells who read, from which device, of what kind, which record or by which filter, and how
many; never what was read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from sync_server.accounts.service.people import Caller
from sync_server.audit import service as audit
from sync_server.server import Server

# Every read waits for the chain: if somebody held it, all connections would soon be waiting.
_WAIT_BRIEFLY: Final = "SELECT set_config('lock_timeout', '2s', true)"


class What(StrEnum):
    """What is read of people, as the action of its entry."""

    USERS = "user.read"
    SESSIONS = "session.read"
    AUDIT = "audit.read"
    FIGURES = "figures.read"
    INCIDENTS = "incident.read"
    UNITS = "unit.read"
    POSITIONS = "position.read"
    MEDIA = "media.read"
    SYNC = "sync.read"
    ADDRESSES = "address.read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """What somebody was about to be told: ``count`` records, None where that is not known.

    ``asked`` is the filter: ids, texts of ours and whole numbers. No floats: PostgreSQL writes
    some of them otherwise, and the chain would seem broken.
    """

    what: What
    count: int | None
    subject: str = ""
    asked: Mapping[str, object] = field(default_factory=dict)


def note_read(server: Server, caller: Caller, read: Read) -> None:
    """Note a read that found anything. What it raises must keep the answer from leaving.

    That is ``psycopg.OperationalError`` where the chain is not free within two seconds.
    """
    if read.count == 0:
        return
    counted = {} if read.count is None else {"count": read.count}
    deed = audit.Deed(
        action=read.what,
        tenant_id=caller.tenant_id,
        actor_id=caller.user.id,
        device_id=None if caller.device is None else caller.device.id,
        subject=read.subject,
        detail={**read.asked, **counted},
        request_id=caller.origin.request_id,
    )
    with server.database.transaction(caller.tenant_id, caller.city_ids) as connection:
        connection.execute(_WAIT_BRIEFLY)
        audit.append(connection, deed)


def note_daily(server: Server, caller: Caller, read: Read, of: str = "", begin: int = 0) -> None:
    """Note what goes on all day once: by session, device's scope, subject and ``of``.

    What has a beginning is noted again when that is earlier than all that was noted today.
    """
    if read.count == 0:
        return
    scope_id = None if caller.device is None else caller.device.scope.id
    key = (caller.session_id, scope_id, read.what, read.subject, of)
    if not server.day_book.has(key, begin):
        note_read(server, caller, read)
        server.day_book.keep(key, begin)


def cities_of(caller: Caller) -> dict[str, object]:
    """Return whose records a list of the caller's is of, for ``Read.asked``."""
    return {"cities": [str(city_id) for city_id in caller.city_ids]}
