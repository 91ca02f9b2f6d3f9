"""Lock-outs after wrong passwords: where they were tried, so that nobody locks another one out.

Five in a row lock a login at that desk or, without a desk, at that address; a stranger's guesses
never keep an officer from signing in at a desk. Without a desk a hundred from anywhere lock as
well, for addresses are cheap. A login that nobody has is counted as one that somebody has: what
is answered, and how long it takes, tells nothing. Neither logins nor addresses are kept.
"""

import hmac
from typing import Final, NamedTuple
from uuid import UUID

from sync_server.accounts.queries import tries
from sync_server.db.engine import Crossing
from sync_server.limits import network_of
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.wire.codes import Code

_AT_ONE_PLACE: Final = 5
_ANYWHERE: Final = 100
_LOCKED: Final = "Too many wrong passwords. Wait, or have a supervisor unlock the login."


class Tried(NamedTuple):
    """Whose password is tried, and from where; ``device_id`` is None for no desk."""

    login: str
    tenant_id: UUID | None
    device_id: UUID | None
    address: str


def take(server: Server, tried: Tried) -> bool:
    """Count a try; tell whether it is the last before a lock-out.

    Raises ``RefusedError`` while there is one.
    """
    login = _hash(server, "login", tried.login.casefold(), tried.tenant_id)
    is_last = False
    for place, most in _places(server, tried).items():
        with server.database.crossing(Crossing.SIGN_IN) as connection:
            count = tries.take(connection, login, place, most)
            left_s = 0 if count else tries.left_s(connection, login, place)
        if not count:
            server.metrics.sign_ins.labels("locked").inc()
            raise RefusedError(Code.TOO_MANY_REQUESTS, _LOCKED, retry_after_s=max(1, left_s))
        is_last = is_last or count % most == 0
    return is_last


def forget(server: Server, tried: Tried) -> None:
    """Set the tries there to none: the password was right."""
    login = _hash(server, "login", tried.login.casefold(), tried.tenant_id)
    with server.database.crossing(Crossing.SIGN_IN) as connection:
        tries.forget(connection, login, _places(server, tried))


def unlock(server: Server, login: str, tenant_id: UUID) -> None:
    """Set a user's tries to none, wherever they were."""
    logins = [_hash(server, "login", login.casefold(), each) for each in (tenant_id, None)]
    with server.database.crossing(Crossing.SIGN_IN) as connection:
        tries.forget_everywhere(connection, logins)


def _places(server: Server, tried: Tried) -> dict[bytes, int]:
    """Return where a try counts, and how many do until a lock-out."""
    if tried.device_id is not None:
        return {_hash(server, "desk", tried.device_id): _AT_ONE_PLACE}
    here = _hash(server, "address", network_of(tried.address))
    return {here: _AT_ONE_PLACE, _hash(server, "anywhere"): _ANYWHERE}


def _hash(server: Server, kind: str, *words: object) -> bytes:
    text = "\x00".join(("tries", kind, *map(str, words)))
    return hmac.digest(server.keys.refresh, text.encode(), "sha256")
