"""What happened to decisions: let go, overturned, looked at twice; read from the history."""

from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.analytics.agreement import verdict_of
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.reviewed import LET_GO, REOPEN, LookedAt
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.authority import SECOND_OPINIONS, plain_action
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.vocabulary import ReportStatus, SyncState
from trafficdesk.store.rows import fetch_all

# The words of the index ``events_of_review``, as it says them.
OF_REVIEW: Final = (
    "e.entity = 'report' AND e.action IN ('release', 'lease_ended', 'undo_release', 'reopen', "
    "'undo_reopen', 'second_approve', 'second_reject', 'second_duplicate', "
    "'undo_second_approve', 'undo_second_reject', 'undo_second_duplicate')"
)
HAPPENED: Final = f"sync_state <> {int(SyncState.NOT_TAKEN)}"
# The decision that was looked at: the last before, in the server's order and then in this desk's.
LOOKED_AT: Final = f"""FROM events d WHERE d.entity_id = e.entity_id
AND d.action IN ('approve', 'reject', 'mark_duplicate') AND d.{HAPPENED}
AND (d.feed_seq = 0, d.feed_seq, d.seq) < (e.feed_seq = 0, e.feed_seq, e.seq)
ORDER BY d.feed_seq = 0 DESC, d.feed_seq DESC, d.seq DESC LIMIT 1"""
_DECISION: Final = f"""
(SELECT json_extract(d.changes, '$.status[1]') || ' ' || json_extract(d.changes,
'$.reviewer_id[1]') {LOOKED_AT})
"""
_READ: Final = f"""
SELECT e.action, e.at_ms, e.actor_id, r.station_id, r.ward_id, r.status, r.reviewer_id,
CASE WHEN e.action LIKE '%reopen' THEN coalesce(json_extract(e.changes, '$.reviewer_id[0]'),
json_extract(e.changes, '$.reviewer_id[1]')) END,
CASE WHEN e.action LIKE '%second%' THEN {_DECISION} END
FROM events e LEFT JOIN reports r ON r.id = e.entity_id
WHERE {OF_REVIEW} AND e.{HAPPENED} AND e.at_ms >= ? AND e.at_ms < ?
"""


class Happening(NamedTuple):
    """One thing that happened to a report under review or to a decision.

    ``officer_id`` is whose it was: who let go, or whose decision was overturned or looked at.
    ``first`` is what they had decided, ``second`` what a second look came to.
    """

    at_ms: int
    action: str
    station_id: bytes | None
    ward_id: bytes | None
    officer_id: bytes | None
    first: ReportStatus | None = None
    second: ReportStatus | None = None

    @property
    def looked_at(self) -> LookedAt:
        """Return what is added up of it."""
        return LookedAt(self.action, self.first, self.second)

    def part_id(self, part: Part) -> bytes | None:
        """Return the station, ward or officer it counts for; b"" for the city."""
        return (b"", self.station_id, self.ward_id, self.officer_id)[part]


def find_happenings(connection: Connection, calendar: Calendar, period: Period) -> list[Happening]:
    """Return what happened in a period, undos too, in no order."""
    return list(map(_happening, fetch_all(connection, _READ, period.span_ms(calendar))))


def _happening(row: tuple[Any, ...]) -> Happening:
    action, at_ms, actor_id, station_id, ward_id, status, reviewer_id, overturned, decision = row
    plain = plain_action(action)
    if plain in LET_GO:
        return Happening(at_ms, action, station_id, ward_id, actor_id)
    if plain == REOPEN:
        return Happening(at_ms, action, station_id, ward_id, _id(overturned))
    second = SECOND_OPINIONS[plain]
    if decision is None:  # its history is not here: as the report stands
        first = None if status is None else verdict_of(ReportStatus(status))
        return Happening(at_ms, action, station_id, ward_id, reviewer_id, first, second)
    verdict, _, officer = decision.partition(" ")
    first = verdict_of(ReportStatus(verdict))
    return Happening(at_ms, action, station_id, ward_id, _id(officer), first, second)


def _id(text: str | None) -> bytes | None:
    return UUID(text).bytes if text else None
