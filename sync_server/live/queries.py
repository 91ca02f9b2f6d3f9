"""What live messages are made of: the feed's newest events, with their records as they are now."""

from collections.abc import Collection
from typing import Any, Final
from uuid import UUID

from sync_server.db.engine import Connection, rows
from sync_server.sync.tables import TABLES
from trafficdesk.domain.vocabulary import Entity, Role

MOST_EVENTS: Final = 200  # of a kind at a time, the newest; who was told less pulls the rest
_INCIDENT, _ASSIGNMENT, _REPORT = (
    TABLES[entity] for entity in (Entity.INCIDENT, Entity.ASSIGNMENT, Entity.REPORT)
)
_PAGE: Final = """
WITH page AS MATERIALIZED (
  SELECT seq, entity, entity_id, action, received_ms FROM events
  WHERE city_id = %(city)s AND seq > %(after)s AND seq <= %(upto)s AND entity = ANY (%(kinds)s)
  ORDER BY seq DESC LIMIT %(most)s
)
"""
_INCIDENTS: Final = f"""{_PAGE}
SELECT p.seq, p.entity, p.action, p.received_ms, i.id, {_INCIDENT.row("i")} AS row,
  (SELECT coalesce(json_agg(json_build_object('id', s.id, 'row', {_ASSIGNMENT.row("s")})), '[]')
   FROM {_ASSIGNMENT.name} s WHERE s.city_id = %(city)s AND s.incident_id = i.id) AS assignments
FROM page p
LEFT JOIN {_ASSIGNMENT.name} a
  ON p.entity = '{Entity.ASSIGNMENT}' AND a.city_id = %(city)s AND a.id = p.entity_id
JOIN {_INCIDENT.name} i ON i.city_id = %(city)s AND i.id = coalesce(a.incident_id, p.entity_id)
ORDER BY p.seq
"""
_REPORTS: Final = f"""{_PAGE}
SELECT p.seq, p.action, r.id, {_REPORT.row("r")} AS row
FROM page p JOIN {_REPORT.name} r ON r.city_id = %(city)s AND r.id = p.entity_id ORDER BY p.seq
"""


def find_incident_events(
    connection: Connection, city_id: UUID, after: int, upto: int
) -> list[dict[str, Any]]:
    """Return events of incidents and their assignments in a stretch of a city's feed, in order."""
    kinds = [Entity.INCIDENT, Entity.ASSIGNMENT]
    return _find(connection, _INCIDENTS.encode(), (city_id, after, upto), kinds)


def find_report_events(
    connection: Connection, city_id: UUID, after: int, upto: int
) -> list[dict[str, Any]]:
    """Return events of reports in a stretch of a city's feed, in order."""
    return _find(connection, _REPORTS.encode(), (city_id, after, upto), [Entity.REPORT])


def _find(
    connection: Connection, query: bytes, stretch: tuple[UUID, int, int], kinds: list[Entity]
) -> list[dict[str, Any]]:
    city_id, after, upto = stretch
    values = {"city": city_id, "after": after, "upto": upto, "kinds": kinds, "most": MOST_EVENTS}
    return connection.execute(query, values).fetchall()


_STANDING: Final = """
SELECT s.id, u.role, d.scope_id FROM sessions s JOIN users u ON u.id = s.user_id
LEFT JOIN devices d ON d.id = s.device_id
WHERE s.id = ANY (%s) AND s.ended_at IS NULL AND s.expires_at > now() AND u.removed_ms IS NULL
  AND d.revoked_at IS NULL
"""


def find_standing(
    connection: Connection, session_ids: Collection[UUID]
) -> dict[UUID, tuple[str, UUID | None]]:
    """Return the role and the scope of those sessions that go on, with their user and device."""
    found = rows(connection, _STANDING, list(session_ids))
    return {row["id"]: (row["role"], row["scope_id"]) for row in found}


def find_dispatchers(connection: Connection, city_id: UUID) -> list[UUID]:
    """Return a city's supervisors and dispatchers."""
    query = "SELECT id FROM users WHERE city_id = %s AND role = ANY (%s) AND removed_ms IS NULL"
    found = rows(connection, query, city_id, [Role.SUPERVISOR, Role.DISPATCHER])
    return [row["id"] for row in found]
