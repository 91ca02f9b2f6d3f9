"""Users: added, removed, unlocked, given a password; and their sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import psycopg

from sync_server.accounts.queries import sessions, users
from sync_server.accounts.service import signing_in, tries
from sync_server.accounts.service.people import Caller
from sync_server.accounts.service.signing_in import deed
from sync_server.audit import service as audit
from sync_server.audit.reads import Read, What, cities_of, note_read
from sync_server.db.engine import Connection
from sync_server.passwords import find_fault
from sync_server.problems import RefusedError
from sync_server.server import Server
from sync_server.sync import directory
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.wire.accounts import SignInRequest
from trafficdesk.wire.codes import Code

_MAX_TEXT: Final = 120
# Citizens and programs have ways of their own.
_ROLES: Final = frozenset({Role.OFFICER, Role.SUPERVISOR, Role.DISPATCHER, Role.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUser:
    """Who is to be added, and at which station."""

    login: str
    password: str
    name: str
    initials: str
    rank: str
    role: str
    station_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedUser:
    """What a user is to be from now on."""

    name: str
    initials: str
    rank: str
    role: str
    station_id: UUID


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody works, and who says so; nobody is the operator of the server."""

    tenant_id: UUID
    city_id: UUID
    actor_id: UUID = directory.NOBODY


def put_user(server: Server, connection: Connection, place: Place, wanted: NewUser) -> UUID:
    """Add a user in the present transaction and return the id. Raises ``RefusedError``.

    Desks hear of it by the feed.
    """
    _check(wanted, ("login", "name", "initials", "rank"))
    if fault := find_fault(wanted.password, wanted.name, wanted.login):
        raise RefusedError(Code.BAD_REQUEST, fault)
    if not users.find_station(connection, place.city_id, wanted.station_id):
        raise RefusedError(Code.NOT_FOUND, "There is no such station in the city.")
    user_id = new_id()
    try:
        users.put(
            connection,
            {
                "tenant_id": place.tenant_id,
                "city_id": place.city_id,
                "station_id": wanted.station_id,
                "id": user_id,
                "login": wanted.login.strip(),
                "password_hash": server.passwords.hash(wanted.password),
                "name": wanted.name.strip(),
                "initials": wanted.initials.strip(),
                "rank": wanted.rank.strip(),
                "role": wanted.role,
            },
        )
    except psycopg.errors.UniqueViolation:
        raise RefusedError(Code.TAKEN, "This login is taken.") from None
    _announce(connection, place, user_id, "add")
    return user_id


def _announce(
    connection: Connection,
    place: Place,
    user_id: UUID,
    action: str,
    before: directory.Row | None = None,
) -> None:
    change = directory.Change(
        tenant_id=place.tenant_id,
        entity=Entity.OFFICER,
        record_id=user_id,
        action=action,
        before=before,
        actor_id=place.actor_id,
    )
    directory.announce(connection, change)


def _place_of(caller: Caller) -> Place:
    return Place(caller.tenant_id, caller.city_id, caller.user.id)


def list_users(server: Server, caller: Caller) -> list[dict[str, Any]]:
    """Return the users of the caller's cities."""
    caller.require(Permission.OFFICER_MANAGE)
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        found = users.find_all(connection)
    note_read(server, caller, Read(what=What.USERS, count=len(found), asked=cities_of(caller)))
    return found


def add_user(server: Server, caller: Caller, wanted: NewUser) -> UUID:
    """Add a user to the caller's city."""
    caller.require(Permission.OFFICER_MANAGE)
    with server.database.transaction(caller.tenant_id, caller.city_ids) as connection:
        user_id = put_user(server, connection, _place_of(caller), wanted)
        done = deed(caller, "user.added", subject=str(user_id), role=wanted.role)
        audit.append(connection, done)
    return user_id


def change_user(server: Server, caller: Caller, user_id: UUID, wanted: ChangedUser) -> None:
    """Give a user another name, rank, role or station; from the next request it counts."""
    caller.require(Permission.OFFICER_MANAGE)
    _check(wanted, ("name", "initials", "rank"))
    if user_id == caller.user.id and wanted.role != caller.role:
        raise RefusedError(Code.BAD_REQUEST, "Nobody changes their own role.")
    with server.database.transaction(caller.tenant_id, caller.city_ids) as connection:
        before = directory.lock(connection, Entity.OFFICER, user_id)
        if before is None or before["removed_ms"] is not None:
            raise _no_user()
        city_id = UUID(str(before["city_id"]))
        if not users.find_station(connection, city_id, wanted.station_id):
            raise RefusedError(Code.NOT_FOUND, "There is no such station in the city.")
        users.change(
            connection,
            {
                "id": user_id,
                "station_id": wanted.station_id,
                "name": wanted.name.strip(),
                "initials": wanted.initials.strip(),
                "rank": wanted.rank.strip(),
                "role": wanted.role,
            },
        )
        _announce(connection, _place_of(caller), user_id, "change", before)
        done = deed(caller, "user.changed", subject=str(user_id), role=wanted.role)
        audit.append(connection, done)


def remove_user(server: Server, caller: Caller, user_id: UUID) -> None:
    """Mark a user as gone and end their sessions; what they did keeps their id."""
    caller.require(Permission.OFFICER_MANAGE)
    if user_id == caller.user.id:
        raise RefusedError(Code.BAD_REQUEST, "Nobody removes themselves.")
    with server.database.transaction(caller.tenant_id, caller.city_ids) as connection:
        before = directory.lock(connection, Entity.OFFICER, user_id)
        if users.remove(connection, user_id, to_ms(utc_now())) is None:
            raise _no_user()
        sessions.end_of_user(connection, user_id, "user removed")
        _announce(connection, _place_of(caller), user_id, "remove", before)
        audit.append(connection, deed(caller, "user.removed", subject=str(user_id)))


def unlock_user(server: Server, caller: Caller, user_id: UUID) -> None:
    """End a lock-out."""
    caller.require(Permission.OFFICER_UNLOCK)
    with server.database.transaction(caller.tenant_id, caller.city_ids) as connection:
        user = users.find(connection, user_id)
        if user is None:
            raise _no_user()
        audit.append(connection, deed(caller, "user.unlocked", subject=str(user_id)))
    tries.unlock(server, user["login"], caller.tenant_id)


def set_password(server: Server, caller: Caller, user_id: UUID, passwords: tuple[str, str]) -> None:
    """Give a user a new password; their sessions end, but for the caller's own.

    ``passwords`` are the new one and, of one's own, the present one: a stolen session is not
    enough to keep somebody out.
    """
    password, present = passwords
    if user_id != caller.user.id:
        caller.require(Permission.OFFICER_MANAGE)
    else:
        _prove_present(server, caller, present)
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        user = users.find(connection, user_id)
    if user is None:
        raise _no_user()
    if fault := find_fault(password, user["name"], user["login"]):
        raise RefusedError(Code.BAD_REQUEST, fault)
    hashed = server.passwords.hash(password)
    with server.database.transaction(caller.tenant_id, caller.city_ids) as connection:
        users.set_hash(connection, user_id, hashed)
        sessions.end_of_user(connection, user_id, "password changed", besides=caller.session_id)
        audit.append(connection, deed(caller, "user.password_set", subject=str(user_id)))
    tries.unlock(server, user["login"], caller.tenant_id)


def _prove_present(server: Server, caller: Caller, present: str) -> None:
    device_id = caller.device.id if caller.device else None
    home = signing_in.Place(caller.tenant_id, [caller.city_id], device_id)
    asked = SignInRequest(login=caller.user.login, password=present)
    try:
        signing_in.prove_person(server, asked, home, caller.origin)
    except RefusedError as refused:
        if refused.code is not Code.SIGN_IN_NEEDED:
            raise
        raise RefusedError(Code.NOT_PERMITTED, "The present password is wrong.") from refused


def list_sessions(server: Server, caller: Caller, user_id: UUID) -> list[dict[str, Any]]:
    """Return the sessions of a user: one's own, or with permission another's."""
    if user_id != caller.user.id:
        caller.require(Permission.OFFICER_MANAGE)
    with server.database.reading(caller.tenant_id, caller.city_ids) as connection:
        if users.find(connection, user_id) is None:
            raise _no_user()
        found = sessions.find_of_user(connection, user_id)
    if user_id != caller.user.id:
        note_read(server, caller, Read(what=What.SESSIONS, count=len(found), subject=str(user_id)))
    return found


def end_session(server: Server, caller: Caller, session_id: UUID) -> None:
    """End a session: one's own, or with permission another's."""
    with server.database.transaction(caller.tenant_id, caller.city_ids) as connection:
        session = sessions.find(connection, session_id)
        if session is None or session["ended_at"] is not None:
            raise RefusedError(Code.NOT_FOUND, "There is no such session.")
        if session["user_id"] != caller.user.id:
            caller.require(Permission.OFFICER_MANAGE)
        sessions.end(connection, session_id, "revoked")
        audit.append(connection, deed(caller, "session.revoked", subject=str(session_id)))


def _check(wanted: NewUser | ChangedUser, texts: Sequence[str]) -> None:
    for name in texts:
        text = str(getattr(wanted, name)).strip()
        if not 0 < len(text) <= _MAX_TEXT or not text.isprintable():
            raise RefusedError(Code.BAD_REQUEST, f"{name}: 1 to {_MAX_TEXT} printable characters.")
    if wanted.role not in _ROLES:
        raise RefusedError(Code.BAD_REQUEST, f"role: one of {', '.join(sorted(_ROLES))}.")


def _no_user() -> RefusedError:
    return RefusedError(Code.NOT_FOUND, "There is no such user.")
