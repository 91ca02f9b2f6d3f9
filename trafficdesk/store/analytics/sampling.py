"""Which decisions a second look may be asked for."""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.authority import SECOND_OPINIONS
from trafficdesk.domain.calendar import Calendar
from trafficdesk.store.analytics.recount import DECIDED, where_of
from trafficdesk.store.rows import fetch_all

_LOOKED_AT: Final = ", ".join(f"'{action}'" for action in SECOND_OPINIONS)


def find_candidates(
    connection: Connection, calendar: Calendar, scope: Scope, by_officer: UUID
) -> dict[UUID, int]:
    """Return the numbers of decided reports by id: neither one's own nor looked at before."""
    where = where_of(scope)
    rows = fetch_all(
        connection,
        f"SELECT r.id, r.pk FROM reports r WHERE r.deleted_ms IS NULL AND {DECIDED} "
        "AND r.decided_ms >= ? AND r.decided_ms < ? AND r.second_look = 0 "
        f"AND r.reviewer_id IS NOT NULL AND r.reviewer_id <> ? AND {where.sql} "
        "AND NOT EXISTS (SELECT 1 FROM events e WHERE e.entity_id = r.id "
        f"AND e.action IN ({_LOOKED_AT}))",
        (*scope.period.span_ms(calendar), by_officer.bytes, *where.values),
    )
    return {UUID(bytes=row[0]): int(row[1]) for row in rows}
