"""Messages of devices and sessions: enrolment, sign-in, refresh. Times are epoch milliseconds."""

from typing import Final
from uuid import UUID

import msgspec

from trafficdesk.wire.exchange import Scope


class SignInRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A user's name and password, from an enrolled device or, without one, from anywhere."""

    login: str
    password: str


class Replaced(msgspec.Struct, frozen=True, kw_only=True):
    """The device that a desk was before it is enrolled anew with its work.

    ``signature`` is its Ed25519 signature of ``wire.signing.replacing_bytes``.
    """

    device_id: UUID
    signature: bytes


class Brought(msgspec.Struct, frozen=True, kw_only=True):
    """An officer of a desk that joins with its work, as the desk keeps them."""

    id: UUID
    name: str
    initials: str
    rank: str
    role: str


NEEDS_MANAGER: Final = "needs_manager"  # the detail of a refusal to bring officers


class EnrolRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A device's one-time token and its Ed25519 public key (32 bytes, base64 in JSON).

    ``device_id`` is the desk's own; an id that the server knows already is refused. With
    ``sign_in`` the token is spent only if login and password are right; they must be those of
    somebody who manages officers, if the desk brings ``officers``.
    """

    token: str
    device_id: UUID
    public_key: bytes
    name: str
    program: str
    sign_in: SignInRequest | msgspec.UnsetType = msgspec.UNSET
    replaces: Replaced | msgspec.UnsetType = msgspec.UNSET
    officers: list[Brought] | msgspec.UnsetType = msgspec.UNSET


class Enrolled(msgspec.Struct, frozen=True, kw_only=True):
    """What an enrolled device is. ``desk_code`` marks its references, such as ``D7``.

    To ``server_sealing_key`` (X25519, 32 bytes) bundles are sealed; an older server gives none.
    ``logins`` are those of the officers that were brought, by id; their passwords are still to be
    set.
    """

    device_id: UUID
    tenant_id: UUID
    desk_code: str
    home_city_id: UUID
    home_station_id: UUID
    scope: Scope
    server_public_key: bytes
    turn: str
    server_sealing_key: bytes | msgspec.UnsetType = msgspec.UNSET
    logins: dict[str, str] | msgspec.UnsetType = msgspec.UNSET


class RefreshRequest(msgspec.Struct, frozen=True, kw_only=True):
    """The latest refresh token."""

    refresh_token: str


class Tokens(msgspec.Struct, frozen=True, kw_only=True):
    """An access token and the refresh token that follows the one used.

    ``access_lasts_s`` is for desks, whose clocks may be years off.
    """

    access_token: str
    access_lasts_s: int
    access_expires_ms: int
    refresh_token: str
    refresh_expires_ms: int
    user: "User"


class User(msgspec.Struct, frozen=True, kw_only=True):
    """Who signed in, as a desk keeps an officer."""

    id: UUID
    login: str
    name: str
    initials: str
    rank: str
    role: str
    station_id: UUID


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Problem details (RFC 9457) with the stable ``code`` of PROTOCOL.md.

    ``it_public_key`` (base64) comes with ``device_revoked``, if station IT has a key; ``side``
    (``desk`` or ``server``), with ``upgrade_needed``, is the one that is too old; ``fault``, with
    ``bundle_refused``, says why a carried bundle was refused.
    """

    status: int
    code: str
    title: str
    detail: str = ""
    it_public_key: str | msgspec.UnsetType = msgspec.UNSET
    side: str | msgspec.UnsetType = msgspec.UNSET
    fault: str | msgspec.UnsetType = msgspec.UNSET
