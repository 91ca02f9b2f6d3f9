"""Who is calling: the person, and the device they call from."""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from uuid import UUID

from sync_server.problems import RefusedError
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.accounts import User
from trafficdesk.wire.codes import Code
from trafficdesk.wire.exchange import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a request came from, for limits and audit; the address is never stored."""

    address: str = ""
    request_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedRequest:
    """What of a request is signed, and the headers that prove who sends it.

    ``body`` is as it travels. ``device_id`` is empty for a request from no device.
    """

    method: str
    target: str
    body: bytes = b""
    token: str = ""
    device_id: str = ""
    turn: str = ""
    signature: str = ""
    origin: Origin = Origin()

    @property
    def body_digest(self) -> bytes:
        """SHA-256 of the body."""
        return hashlib.sha256(self.body).digest()


class Turns(NamedTuple):
    """A device's present turn, and the one its last push took with that push's body digest.

    After a restore the present one is empty: the device's turns went on without the server, and
    whichever it shows first is believed.
    """

    present: str
    last: str
    last_body: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device whose signature was right. ``shown_turn`` is the turn it showed.

    ``former_ids`` are what it was before it was enrolled anew with its work.
    """

    id: UUID
    tenant_id: UUID
    desk_code: str
    home_city_id: UUID
    home_station_id: UUID
    scope: Scope
    turns: Turns
    shown_turn: str
    body_digest: bytes
    former_ids: frozenset[UUID]

    def holds(self, turns: Turns, *, pushes: bool) -> bool:
        """Tell whether the shown turn is the present one, or the last one as that may be shown."""
        if not turns.present:
            return True
        if hmac.compare_digest(turns.present.encode(), self.shown_turn.encode()):
            return True
        is_last = bool(turns.last) and turns.last == self.shown_turn
        return is_last and (not pushes or self.repeats(turns))

    def repeats(self, turns: Turns) -> bool:
        """Tell whether this is the last push once more."""
        return turns.last == self.shown_turn and turns.last_body == self.body_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who is signed in. ``device`` is None when the session was not started on one."""

    tenant_id: UUID
    session_id: UUID
    role: Role
    city_id: UUID
    user: User
    device: Device | None
    origin: Origin

    @property
    def city_ids(self) -> list[UUID]:
        """The cities that the caller's transactions may see."""
        return self.device.scope.city_ids if self.device else [self.city_id]

    def require(self, permission: Permission) -> None:
        """Raise ``RefusedError`` unless the caller's role holds a permission."""
        if not may(self.role, permission):
            raise RefusedError(Code.NOT_PERMITTED, f"This needs {permission.value}.")


def scope_of(row: Mapping[str, Any]) -> Scope:
    """Return what a device may see."""
    return Scope(
        id=row["scope_id"],
        city_ids=row["city_ids"],
        station_ids=row["station_ids"],
        window_days=row["window_days"],
        home_station_id=row["home_station_id"],
    )


def user_of(row: Mapping[str, Any], user_id: UUID) -> User:
    """Return a user as a desk keeps them."""
    return User(
        id=user_id,
        login=row["login"],
        name=row["name"],
        initials=row["initials"],
        rank=row["rank"],
        role=row["role"],
        station_id=row["station_id"],
    )


def turns_of(row: Mapping[str, Any]) -> Turns:
    """Return a device's turns."""
    return Turns(row["turn"], row["last_turn"], row["last_body"])
