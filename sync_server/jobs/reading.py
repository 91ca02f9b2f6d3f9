"""Writes down how far desks were handed their cities' feeds."""

from typing import Final

import msgspec

from sync_server.db.engine import Crossing
from sync_server.server import Server

# A desk that is pushing is left for the next time: no push ever waits for this.
_WRITE: Final = """
UPDATE devices d SET read = d.read || n.read
FROM json_to_recordset(%s::json) AS n (id uuid, read jsonb)
WHERE d.id = n.id AND d.id IN (SELECT f.id FROM devices f
  WHERE f.id IN (SELECT id FROM json_to_recordset(%s::json) AS m (id uuid))
  ORDER BY f.id FOR NO KEY UPDATE SKIP LOCKED)
RETURNING d.id
"""


def write_reads(server: Server) -> int:
    """Write down what was handed out since the last time; return of how many desks."""
    taken = server.reads.take()
    if not taken:
        return 0
    noted = msgspec.json.encode([{"id": each, "read": taken[each]} for each in taken]).decode()
    try:
        with server.database.crossing(Crossing.JOB) as connection:
            found = connection.execute(_WRITE, [noted, noted]).fetchall()
    except BaseException:
        server.reads.put_back(taken)
        raise
    written = {row["id"] for row in found}
    server.reads.put_back({each: taken[each] for each in taken if each not in written})
    return len(written)
