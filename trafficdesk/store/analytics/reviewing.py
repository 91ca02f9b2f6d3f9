"""What happened to decisions: let go, overturned; counted from the history as it is known here."""

from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Reviewing
from trafficdesk.domain.authority import UNDO
from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.store.analytics.recount import where_of
from trafficdesk.store.rows import fetch_all

LET_GO: Final = frozenset({"release", "lease_ended"})
REOPEN: Final = "reopen"
# The words of the index ``events_of_review``, as it says them.
OF_REVIEW: Final = (
    "e.entity = 'report' AND e.action IN ('release', 'lease_ended', 'undo_release', 'reopen', "
    "'undo_reopen')"
)


def count_reviewing(connection: Connection, calendar: Calendar, scope: Scope) -> Reviewing:
    """Return what happened in a period; what was taken back did not happen.

    Of an officer: what they let go, and which of their decisions others overturned.
    """
    counts = {
        str(action): int(n)
        for action, n in fetch_all(
            connection, _statement(scope), (*scope.period.span_ms(calendar), *_values(scope))
        )
    }
    let_go = sum(n for action, n in counts.items() if action in LET_GO)
    return Reviewing(
        let_go=max(0, let_go - counts.get(f"{UNDO}release", 0)),
        reopened=max(0, counts.get(REOPEN, 0) - counts.get(f"{UNDO}{REOPEN}", 0)),
    )


_OVERTURNED: Final = "replace(coalesce(json_extract(e.changes, '$.reviewer_id[{}]'), ''), '-', '')"


def _statement(scope: Scope) -> str:
    source, where = "events e", "1"
    if scope.part is Part.OFFICER:
        mine = " OR ".join(f"hex(?) = upper({_OVERTURNED.format(side)})" for side in (0, 1))
        where = f"CASE WHEN e.action LIKE '%{REOPEN}' THEN {mine} ELSE e.actor_id = ? END"
    elif scope.part is not Part.CITY:
        source, where = "events e JOIN reports r ON r.id = e.entity_id", where_of(scope).sql
    return (
        f"SELECT e.action, count(*) FROM {source} WHERE {OF_REVIEW} "
        f"AND e.sync_state <> {int(SyncState.NOT_TAKEN)} AND e.at_ms >= ? AND e.at_ms < ? "
        f"AND {where} GROUP BY e.action"
    )


def _values(scope: Scope) -> tuple[object, ...]:
    if scope.part_id is None:
        return ()
    return (scope.part_id.bytes,) * (3 if scope.part is Part.OFFICER else 1)
