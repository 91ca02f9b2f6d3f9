"""What records are called where work is listed: references, numbers, names and call signs."""

import json
from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.store.rows import fetch_all

# Beside events ``e``: what each one's record is called.
NAME: Final = (
    "coalesce(r.reference, c.number, g.name, i.reference, u.call_sign, "
    "au.call_sign || ' · ' || ai.reference, au.call_sign, '')"
)
JOINS: Final = """
LEFT JOIN reports r ON r.id = e.entity_id AND e.entity = 'report'
LEFT JOIN citations c ON c.id = e.entity_id AND e.entity = 'citation'
LEFT JOIN geofences g ON g.id = e.entity_id AND e.entity = 'geofence'
LEFT JOIN incidents i ON i.id = e.entity_id AND e.entity = 'incident'
LEFT JOIN units u ON u.id = e.entity_id AND e.entity = 'unit'
LEFT JOIN assignments a ON a.id = e.entity_id AND e.entity = 'assignment'
LEFT JOIN units au ON au.id = a.unit_id
LEFT JOIN incidents ai ON ai.id = a.incident_id
"""
_BY_ID: Final = """
SELECT id, reference FROM reports WHERE id IN (SELECT unhex(value) FROM json_each(?1))
UNION ALL
SELECT id, reference FROM incidents WHERE id IN (SELECT unhex(value) FROM json_each(?1))
UNION ALL
SELECT id, call_sign FROM units WHERE id IN (SELECT unhex(value) FROM json_each(?1))
UNION ALL
SELECT a.id, u.call_sign || ' · ' || i.reference FROM assignments a
JOIN units u ON u.id = a.unit_id JOIN incidents i ON i.id = a.incident_id
WHERE a.id IN (SELECT unhex(value) FROM json_each(?1))
"""


def find_names(connection: Connection, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return what reports, incidents, units and assignments are called, by id."""
    wanted = json.dumps([each.hex for each in ids])
    return {UUID(bytes=row[0]): str(row[1]) for row in fetch_all(connection, _BY_ID, (wanted,))}
