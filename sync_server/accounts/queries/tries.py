"""Tries to sign in as the database keeps them: by login and place, both as keyed hashes."""

from collections.abc import Collection
from typing import Final

from sync_server.db.engine import Connection, one

# So many wrong tries lock for ten minutes, as many more for twenty, and so on up to a day. The try
# is counted before the password is looked at: a hundred at once are five tries all the same.
_TAKE: Final = """
INSERT INTO sign_in_tries AS t (login, place, tries) VALUES (%(login)s, %(place)s, 1)
ON CONFLICT (login, place) DO UPDATE SET tries = t.tries + 1, last_at = now(),
  locked_until = CASE WHEN (t.tries + 1) %% %(most)s = 0
    THEN now() + least(interval '10 min' * 2 ^ least((t.tries + 1) / %(most)s - 1, 8),
      interval '1 day') END
WHERE t.locked_until IS NULL OR t.locked_until <= now()
RETURNING tries
"""
_LEFT: Final = """
SELECT ceil(extract(epoch FROM locked_until - now()))::int AS left_s FROM sign_in_tries
WHERE login = %s AND place = %s AND locked_until > now()
"""


def take(connection: Connection, login: bytes, place: bytes, most: int) -> int:
    """Count a try and return how many there were in a row; 0 if there is a lock-out."""
    found = connection.execute(_TAKE, {"login": login, "place": place, "most": most}).fetchone()
    return int(found["tries"]) if found else 0


def left_s(connection: Connection, login: bytes, place: bytes) -> int:
    """Return for how many more seconds a lock-out holds."""
    found = one(connection, _LEFT, login, place)
    return int(found["left_s"]) if found else 0


def forget(connection: Connection, login: bytes, places: Collection[bytes]) -> None:
    """Set the tries at some places to none."""
    query = "DELETE FROM sign_in_tries WHERE login = %s AND place = ANY (%s)"
    connection.execute(query, [login, list(places)])


def forget_everywhere(connection: Connection, logins: Collection[bytes]) -> None:
    """Set the tries of some logins to none, wherever they were."""
    connection.execute("DELETE FROM sign_in_tries WHERE login = ANY (%s)", [list(logins)])
