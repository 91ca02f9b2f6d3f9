"""Access and refresh tokens. Both are computed, so that none has to be stored to be told again."""

import base64
import binascii
import hmac
from datetime import datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

import jwt

from sync_server.keys import ServerKeys
from sync_server.problems import RefusedError
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.wire.accounts import Tokens, User
from trafficdesk.wire.codes import Code

ACCESS_LIFE: Final = timedelta(minutes=15)
REFRESH_LIFE: Final = timedelta(days=7)
_ALGORITHM: Final = "HS256"
_ISSUER: Final = "trafficdesk"
_CLAIMS: Final = ["iss", "sub", "sid", "iat", "exp"]
# Several servers may answer one desk, and their clocks differ a little.
_LEEWAY_S: Final = 5
_ID_BYTES: Final = 16
_ROTATION_BYTES: Final = 4


class Session(NamedTuple):
    """What tokens are made of. ``rotation`` counts how often the refresh token was changed."""

    id: UUID
    rotation: int
    rotated_at: datetime
    expires_at: datetime


def tokens_of(keys: ServerKeys, session: Session, user: User) -> Tokens:
    """Return a session's present tokens, always the same ones for the same rotation.

    Only ``access_lasts_s`` differs: it is what is left.
    """
    issued_s = int(session.rotated_at.timestamp())
    expires_s = issued_s + int(ACCESS_LIFE.total_seconds())
    claims = {
        "iss": _ISSUER,
        "sub": str(user.id),
        "sid": str(session.id),
        "iat": issued_s,
        "exp": expires_s,
    }
    return Tokens(
        access_token=jwt.encode(claims, keys.access, _ALGORITHM),
        access_lasts_s=max(0, expires_s - int(utc_now().timestamp())),
        access_expires_ms=expires_s * 1000,
        refresh_token=_refresh_token(keys, session.id, session.rotation),
        refresh_expires_ms=to_ms(session.expires_at),
        user=user,
    )


def read_access(keys: ServerKeys, token: str) -> UUID:
    """Return the session of an access token. Raises ``RefusedError`` if it is none or expired."""
    session_id, _ = _read_claims(keys, token)
    return session_id


def read_expiry_ms(keys: ServerKeys, token: str) -> int:
    """Return when an access token expires. Raises as ``read_access``."""
    _, expires_s = _read_claims(keys, token)
    return expires_s * 1000


def _read_claims(keys: ServerKeys, token: str) -> tuple[UUID, int]:
    try:
        claims = jwt.decode(
            token,
            keys.access,
            algorithms=[_ALGORITHM],
            issuer=_ISSUER,
            leeway=_LEEWAY_S,
            options={"require": _CLAIMS},
        )
        return UUID(claims["sid"]), int(claims["exp"])
    except jwt.ExpiredSignatureError:
        raise RefusedError(Code.SIGN_IN_NEEDED, "The access token has expired.") from None
    except (jwt.InvalidTokenError, ValueError):
        raise RefusedError(Code.SIGN_IN_NEEDED, "The access token is not valid.") from None


def read_refresh(keys: ServerKeys, token: str) -> tuple[UUID, int]:
    """Return session and rotation of a refresh token. Raises ``RefusedError``."""
    try:
        content = base64.urlsafe_b64decode(token.encode("ascii"))
    except (binascii.Error, ValueError):
        content = b""
    session_id, rest = content[:_ID_BYTES], content[_ID_BYTES:]
    rotation = int.from_bytes(rest[:_ROTATION_BYTES], "big")
    if len(session_id) == _ID_BYTES:
        expected = _refresh_token(keys, UUID(bytes=session_id), rotation)
        if hmac.compare_digest(expected.encode(), token.encode()):
            return UUID(bytes=session_id), rotation
    raise RefusedError(Code.SIGN_IN_NEEDED, "The refresh token is not valid.")


def _refresh_token(keys: ServerKeys, session_id: UUID, rotation: int) -> str:
    content = session_id.bytes + rotation.to_bytes(_ROTATION_BYTES, "big")
    mark = hmac.digest(keys.refresh, content, "sha256")
    # 52 bytes and two: a multiple of three needs no padding signs.
    return base64.urlsafe_b64encode(content + mark + bytes(2)).decode()
