"""Second looks one by one, and the decisions that wait for one."""

import json
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.analytics.agreement import verdict_of
from trafficdesk.domain.analytics.second_looks import Decided, Look
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus
from trafficdesk.store.analytics.recount import DECIDED
from trafficdesk.store.analytics.reviewing import HAPPENED, LOOKED_AT, OF_REVIEW
from trafficdesk.store.rows import fetch_all

_READ: Final = f"""
SELECT r.pk, r.reference, e.action, e.at_ms, coalesce(o.name, ''), e.note, r.station_id, r.ward_id,
(SELECT json_array(json_extract(d.changes, '$.status[1]'), json_extract(d.changes,
'$.reviewer_id[1]'), json_extract(d.changes, '$.rejection_reason[1]'), d.note) {LOOKED_AT}),
json_array(r.status, CASE WHEN r.reviewer_id IS NULL THEN NULL ELSE lower(hex(r.reviewer_id)) END,
r.rejection_reason, r.decision_note)
FROM events e JOIN reports r ON r.id = e.entity_id LEFT JOIN officers o ON o.id = e.actor_id
WHERE {OF_REVIEW} AND e.action LIKE '%second_%' AND e.{HAPPENED} AND e.at_ms >= ?
ORDER BY e.feed_seq = 0, e.feed_seq, e.seq
"""
_WAITING: Final = (
    f"SELECT r.pk FROM reports r WHERE r.second_look = 1 AND r.deleted_ms IS NULL AND {DECIDED} "
    "AND r.reviewer_id IS NOT ? ORDER BY r.decided_ms, r.pk"
)


def find_looks(connection: Connection, from_ms: int) -> list[Look]:
    """Return second looks and their undos since a time, in the server's order and then this desk's.

    Where the decision's own history is not here, it is taken as the report stands.
    """
    return [look for row in fetch_all(connection, _READ, (from_ms,)) if (look := _look(row))]


def _look(row: tuple[Any, ...]) -> Look | None:
    pk, reference, action, at_ms, looker, about, station_id, ward_id, then, now = row
    status, officer, reason, note = json.loads(then or now)
    verdict = verdict_of(ReportStatus(status))
    if verdict is None:
        return None
    decided = Decided(
        verdict,
        None if officer is None else UUID(officer),
        None if reason is None else RejectionReason(reason),
        note or "",
    )
    ward = None if ward_id is None else UUID(bytes=ward_id)
    station = UUID(bytes=station_id)
    return Look(pk, reference, action, at_ms, looker, about, station, ward, decided)


def find_waiting(connection: Connection, officer_id: UUID) -> list[int]:
    """Return the numbers of others' decisions that are to be looked at, the oldest first."""
    return [int(pk) for (pk,) in fetch_all(connection, _WAITING, (officer_id.bytes,))]


def find_decided(connection: Connection, pks: list[int]) -> set[int]:
    """Return which of these reports still stand decided and without a second look asked for."""
    rows = fetch_all(
        connection,
        f"SELECT r.pk FROM json_each(?) c CROSS JOIN reports r ON r.pk = c.value WHERE {DECIDED} "
        "AND r.deleted_ms IS NULL AND r.second_look = 0",
        (json.dumps(pks),),
    )
    return {int(pk) for (pk,) in rows}
