"""Which rows of ``day_sums`` are a scope's, and whose a row is."""

from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.store.analytics.recount import Where
from trafficdesk.store.rows import fetch_all

NOBODY: Final = b""
_ID_SIZE: Final = 16
_PAST_ALL: Final = b"\xff" * (2 * _ID_SIZE + 1)
# The ids of wards after ?1 and before ?2: one after the other is looked for, and the days of each
# are passed over.
WARDS: Final = f"""
WITH RECURSIVE wards (part_id) AS (
SELECT min(part_id) FROM day_sums WHERE part = {Part.WARD:d} AND part_id > ?1 AND part_id < ?2
UNION ALL SELECT (SELECT min(d.part_id) FROM day_sums d WHERE d.part = {Part.WARD:d}
AND d.part_id > wards.part_id AND d.part_id < ?2) FROM wards WHERE wards.part_id IS NOT NULL)
"""
EVERY_WARD: Final = (NOBODY, _PAST_ALL)
# As ``ward_key``, of a report ``r``.
WARD_KEY: Final = "CAST(r.ward_id || r.station_id AS BLOB)"
STATION_OF_WARD: Final = f"substr(wards.part_id, {_ID_SIZE + 1})"


def ward_key(ward_id: bytes, station_id: bytes) -> bytes:
    """Return the id under which a ward's reports of one station are summed."""
    return ward_id + station_id


def owner_of(part_id: bytes) -> bytes:
    """Return whose sums are kept under an id: a ward has one for each station."""
    return part_id[:_ID_SIZE]


def keys_of(connection: Connection, scope: Scope) -> Where:
    """Return the condition for a scope's rows, of any day."""
    ids = [NOBODY if scope.part_id is None else scope.part_id.bytes]
    if scope.part is Part.WARD:
        span = (ids[0], ids[0] + _PAST_ALL)
        rows = fetch_all(connection, f"{WARDS} SELECT part_id FROM wards", span)
        ids = [row[0] for row in rows if row[0] is not None]
    marks = ", ".join("?" * len(ids))
    return Where(f"part = ? AND part_id IN ({marks})", (int(scope.part), *ids))
