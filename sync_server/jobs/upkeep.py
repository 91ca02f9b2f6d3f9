"""What the server tidies by itself: half files, sessions and tokens long over, ways of units.

Nothing that the ledger, the feed or the audit holds ever goes: they are append-only.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sync_server.db.engine import Connection, Crossing
from sync_server.media.service import expire_uploads
from sync_server.server import Server
from sync_server.units.service import forget_tracks

_LOCK: Final = 7_310_551_003  # any number that nothing else locks
KEPT_FOR: Final = timedelta(days=30)  # after the end, for whoever looks into an incident
_AT_ONCE: Final = 10_000
_OLD_SESSIONS: Final = """
DELETE FROM sessions WHERE id IN (SELECT id FROM sessions
  WHERE least(expires_at, coalesce(ended_at, expires_at)) < now() - %s LIMIT %s)
"""
_OLD_TOKENS: Final = """
DELETE FROM enrol_tokens WHERE token_hash IN (SELECT token_hash FROM enrol_tokens
  WHERE expires_at < now() - %s LIMIT %s)
"""
# Twice the longest lock-out: whoever waits as long begins anew.
_OLD_TRIES: Final = """
DELETE FROM sign_in_tries WHERE last_at < now() - interval '2 days'
"""
_IS_DUE: Final = """
SELECT FROM server_state WHERE kept_up_at IS NULL OR kept_up_at <= now() - %s
"""
Tidied = Mapping[str, int]


def tidy(server: Server, every: timedelta) -> Tidied | None:
    """Tidy up if no program of this database did so within ``every``, and none is at it.

    Returns how much of each kind went, None if it was not this program's turn. Raises
    ``RefusedError``, what psycopg raises, and ``OSError`` of the folder of photos.
    """
    with server.database.crossing(Crossing.JOB) as connection:
        if not _is_our_turn(connection, every):
            return None
        gone = {
            "sessions": connection.execute(_OLD_SESSIONS, [KEPT_FOR, _AT_ONCE]).rowcount,
            "tokens": connection.execute(_OLD_TOKENS, [KEPT_FOR, _AT_ONCE]).rowcount,
        }
        connection.execute(_OLD_TRIES)
        connection.execute("UPDATE server_state SET kept_up_at = now()")
    return {**gone, "uploads": expire_uploads(server), "track_points": forget_tracks(server)}


def _is_our_turn(connection: Connection, every: timedelta) -> bool:
    """Take the lock that ends with the transaction; with it, see whether anything is due."""
    found = connection.execute("SELECT pg_try_advisory_xact_lock(%s) AS got", [_LOCK]).fetchone()
    if found is None or not found["got"]:
        return False
    return connection.execute(_IS_DUE, [every]).rowcount == 1
