"""Officers of a desk that joins with its work: they become users, with the ids that they have."""

import unicodedata
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg

from sync_server.accounts.queries import devices, users
from sync_server.db.engine import Connection
from sync_server.problems import RefusedError
from sync_server.sync import directory
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.wire.accounts import NEEDS_MANAGER, Brought, EnrolRequest
from trafficdesk.wire.codes import Code

_MOST: Final = 500
_MAX_TEXT: Final = 120
_ROLES: Final = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN})


@dataclass(frozen=True, slots=True)
class Station:
    """Where the officers will work, and who vouches for them."""

    tenant_id: UUID
    city_id: UUID
    station_id: UUID
    voucher_id: UUID


def check(request: EnrolRequest, voucher: dict[str, Any] | None) -> None:
    """Raise ``RefusedError`` unless somebody who manages officers brings officers that can be."""
    if not request.officers:
        return
    if voucher is None or not may(Role(voucher["role"]), Permission.OFFICER_MANAGE):
        raise RefusedError(Code.NOT_PERMITTED, NEEDS_MANAGER)
    fits = len(request.officers) <= _MOST and all(map(_can_be, request.officers))
    if not fits:
        raise RefusedError(Code.BAD_REQUEST, "An officer has a name, initials and a role.")


def _can_be(officer: Brought) -> bool:
    texts = (officer.name.strip(), officer.initials.strip())
    has_texts = all(0 < len(text) <= _MAX_TEXT and text.isprintable() for text in texts)
    has_rank = len(officer.rank) <= _MAX_TEXT and officer.rank.isprintable()
    return has_texts and has_rank and officer.role in _ROLES


def bring(connection: Connection, request: EnrolRequest, station: Station) -> None:
    """Make users of the officers, and let each count as signed in on the device.

    Nobody can sign in as one of them before a password is set. Those that are known already stay
    as they are; whoever has a password signs in for themselves. Raises ``RefusedError``.
    """
    for officer in request.officers or ():
        known = users.find_known(connection, officer.id)
        if known is None:
            _add(connection, officer, station)
        elif known["tenant_id"] != station.tenant_id:
            raise RefusedError(Code.TAKEN, "An officer of this id works elsewhere.")
        if known is None or not known["has_password"]:
            devices.note_user(connection, request.device_id, officer.id)


def logins(connection: Connection, request: EnrolRequest) -> dict[str, str]:
    """Return the logins of the officers that a request brings."""
    found = [users.find(connection, each.id) for each in request.officers or ()]
    return {str(each["id"]): each["login"] for each in found if each is not None}


def _add(connection: Connection, officer: Brought, station: Station) -> None:
    user = {
        "tenant_id": station.tenant_id,
        "city_id": station.city_id,
        "station_id": station.station_id,
        "id": officer.id,
        "login": _free_login(connection, officer.name, station.tenant_id),
        "password_hash": "",
        "name": officer.name.strip(),
        "initials": officer.initials.strip(),
        "rank": officer.rank.strip() or "-",
        "role": officer.role,
    }
    try:
        users.put(connection, user)
    except psycopg.errors.UniqueViolation:
        raise RefusedError(Code.TAKEN, "An officer of this id or login came meanwhile.") from None
    change = directory.Change(
        tenant_id=station.tenant_id,
        entity=Entity.OFFICER,
        record_id=officer.id,
        action="add",
        actor_id=station.voucher_id,
    )
    directory.announce(connection, change)


def _free_login(connection: Connection, name: str, tenant_id: UUID) -> str:
    """Return a login like the name that nobody of the agency has: ``meena.k``, ``meena.k2``."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = ["".join(sign for sign in word if sign.isalnum()) for word in plain.split()]
    base = ".".join(filter(None, words)) or "officer"
    number = 1
    while users.has_login(connection, tenant_id, login := f"{base}{'' if number == 1 else number}"):
        number += 1
    return login
