"""Has PostgreSQL look at tables that have grown tenfold since it last did.

It looks by itself a minute after a tenth has changed. A new server that is handed thousands of
operations within that minute would read whole tables at every push meanwhile: its statements were
planned for empty ones.
"""

from typing import Final

from psycopg import sql

from sync_server.db.engine import Crossing
from sync_server.jobs.pouring import OUR_TABLES
from sync_server.server import Server

# The smallest first: if one cannot be looked at, those before it were.
_GROWN: Final = f"""
SELECT c.relname AS name FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid
WHERE c.relname IN ({OUR_TABLES}) AND s.n_live_tup >= 10 * greatest(c.reltuples, 100)
ORDER BY s.n_live_tup, c.relname
"""
# A table that somebody else looks at or alters is left for the next time.
_LOOK: Final = "ANALYZE (SKIP_LOCKED) public.{}"


def look_at_grown(server: Server) -> None:
    """Look at what has grown.

    Each table in a transaction of its own: what was found of it goes if that fails, while
    PostgreSQL would still believe it had looked.

    Raises ``RefusedError`` without a database, and what psycopg raises.
    """
    with server.database.crossing(Crossing.JOB) as connection:
        grown = [str(row["name"]) for row in connection.execute(_GROWN.encode())]
    for name in grown:
        with server.database.crossing(Crossing.JOB) as connection:
            connection.execute(sql.SQL(_LOOK).format(sql.Identifier(name)))
