"""What was done at dispatch in a span of time, by everybody this desk has heard of."""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.shifts import Span
from trafficdesk.store.dispatch_history import OF_DISPATCH
from trafficdesk.store.rows import fetch_all

# That a unit was sent or is free again is the other half of what its assignment tells.
_DEEDS: Final = f"""
SELECT e.entity, e.entity_id, e.action, e.note, coalesce(o.name, ''), e.device_id = ?1, e.at_ms,
  e.sync_state, coalesce(i.reference, ''), coalesce(u.call_sign, '')
FROM events e
LEFT JOIN officers o ON o.id = e.actor_id
LEFT JOIN assignments a ON a.id = e.entity_id AND e.entity = 'assignment'
LEFT JOIN incidents i ON i.id = coalesce(a.incident_id, e.entity_id)
LEFT JOIN units u ON u.id = coalesce(a.unit_id, e.entity_id)
WHERE {OF_DISPATCH} AND e.at_ms >= ?2 AND e.at_ms < ?3
AND NOT (e.entity = 'unit' AND e.action IN ('send', 'free', 'undo_send', 'undo_free'))
ORDER BY e.seq
"""


class Deed(NamedTuple):
    """One change: of what, what, with which note, by whom, at this desk, when by that desk's clock.

    ``reference`` is the incident's that it was about, ``call_sign`` the unit's; "" where none was.
    """

    entity: str
    entity_id: UUID
    action: str
    note: str
    actor: str
    is_here: bool
    at_ms: int
    state: int
    reference: str
    call_sign: str


def find_deeds(connection: Connection, device_id: UUID, span: Span) -> list[Deed]:
    """Return what was done in a span by the clocks of the desks, in the order it came in."""
    rows = fetch_all(connection, _DEEDS, (device_id.bytes, *span))
    return [
        Deed(row[0], UUID(bytes=row[1]), row[2], row[3], row[4], bool(row[5]), *row[6:])
        for row in rows
    ]


def last_settled_ms(connection: Connection) -> int | None:
    """Return when, by this desk's clock, the server last answered for a change made here."""
    rows = fetch_all(connection, "SELECT max(settled_ms) FROM outbox")
    return None if rows[0][0] is None else int(rows[0][0])
