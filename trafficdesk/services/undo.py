"""Taking actions back: the inverse as a new action, level after level."""

from collections.abc import Sequence
from enum import StrEnum
from uuid import UUID

from trafficdesk.domain.conflicts import ConflictStatus
from trafficdesk.domain.merge import LEASE_UNTIL
from trafficdesk.domain.records import Event, Report
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, ReportStatus
from trafficdesk.services import citing, dispatch_undo, dispatching, intake
from trafficdesk.services import conflicts as settling
from trafficdesk.services.dispatching import KINDS
from trafficdesk.services.intent import Intent, field_value, intent
from trafficdesk.services.outcomes import Outcome, Refusal, Refused, refusal
from trafficdesk.services.session import Session
from trafficdesk.store import conflicts, history, officers, reports


class Scope(StrEnum):
    """Which screen takes back: each takes back what is done there."""

    REVIEW = "review"
    DISPATCH = "dispatch"


KIND = "undo"
REOPEN_CONFLICT = "reopen_conflict"
# The desk itself frees leases; taking that back would fight with it. Who may open the desk lies in
# its key slots, which no undo of records reaches. Areas are changed on the map, which asks before
# it removes one: an undo in the review list would change there what nobody is looking at.
_NOT_UNDOABLE = frozenset({"lease_ended", "import", "add_officer", "change_officer"}) | {
    "remove_officer",
    "draw",
    "rename",
    "reshape",
    "remove",
}


def find_undoable(session: Session, scope: Scope = Scope.REVIEW) -> list[history.ActionRecord]:
    """Return what the officer did since they signed in and could take back, the latest first.

    What was done at dispatch can be taken back until a server has confirmed it; then others may
    have acted on it, and it is corrected instead.
    """
    with session.store.reading() as connection:
        if scope is Scope.DISPATCH:
            return dispatching.find_undoable(session, connection)
        found = history.undoable_actions(connection, session.officer.id, to_ms(session.started_at))
    return [action for action in found if action.kind not in _NOT_UNDOABLE | KINDS]


def undo_last(session: Session, scope: Scope = Scope.REVIEW) -> Outcome:
    """Take back the officer's latest action that was not taken back yet."""
    found = find_undoable(session, scope)
    return undo(session, found[0].id) if found else refusal(KIND, Refusal.NOTHING_TO_UNDO)


def undo(session: Session, action_id: UUID) -> Outcome:
    """Take back one of the officer's own actions whole, as far as nobody changed its reports since.

    A report that somebody changed after the action comes back as a lost race and stays as it is;
    the action counts as taken back all the same, so that the ones before it can be reached.
    """
    with intent(session, KIND, undoes=action_id) as doing:
        action = history.find_open_action(doing.connection, action_id, session.officer.id)
        if action is None or action.kind in _NOT_UNDOABLE:
            return refusal(KIND, Refusal.NOTHING_TO_UNDO)
        if action.kind in KINDS and action not in dispatching.find_undoable(
            session, doing.connection
        ):
            return refusal(KIND, Refusal.NOTHING_TO_UNDO)
        doing.begin()
        _take_back(doing, history.events_of_action(doing.connection, action_id))
        return doing.outcome()


def reopen_conflict(session: Session, conflict_id: UUID, expected_revision: int) -> Outcome:
    """Take back a settlement, whoever made it; its record as far as nobody changed it since."""
    with intent(session, REOPEN_CONFLICT) as doing:
        conflict = conflicts.find(doing.connection, conflict_id)
        if conflict is None or conflict.revision != expected_revision:
            return refusal(REOPEN_CONFLICT, Refusal.MOVED_ON)
        if not settling.may_settle(session, conflict):
            return refusal(REOPEN_CONFLICT, Refusal.NOT_PERMITTED)
        events = history.events_of(doing.connection, conflict_id)
        settled = [event for event in events if event.action == settling.SETTLE]
        if settled:
            _take_back(doing, history.events_of_action(doing.connection, settled[-1].action_id))
        else:  # it came settled, without its history
            settling.take_back(doing, conflict)
        return doing.outcome()


def _take_back(doing: Intent, events: Sequence[Event]) -> None:
    """Write the inverse of what an action did; what hangs on a report follows from its own."""
    dispatch_undo.take_back(doing, events)
    present = {str(officer.id) for officer in officers.find_present(doing.connection)}
    for event in events:
        if event.entity is Entity.REPORT and (report := _find_untouched(doing, event)):
            doing.change_report(report, f"{KIND}_{event.action}", _before(doing, event, present))
            citing.take_back(doing, report, events)
        elif event.entity is Entity.CONFLICT:
            conflict = conflicts.find(doing.connection, event.entity_id)
            if conflict is not None and conflict.status is ConflictStatus.SETTLED:
                settling.take_back(doing, conflict)


def _find_untouched(doing: Intent, event: Event) -> Report | None:
    """Return the event's report when nothing happened to it since but what was taken back."""
    report = reports.find_by_id(doing.connection, event.entity_id)
    if report is None:
        doing.refuse(Refused(0, Refusal.NOTHING_TO_UNDO))
        return None
    later = history.events_since(doing.connection, report.id, event.revision)
    is_alone = history.cancel_out(doing.connection, {e.action_id for e in later})
    if not is_alone or not _stands(report, event):
        doing.lose(report, event.revision)
        return None
    return report


def _stands(report: Report, event: Event) -> bool:
    """Tell whether a report is as the event left it: the server may have put others' work there."""
    if event.action == intake.FILE:
        return report.deleted_at is None
    return all(
        field_value(report, each.field) == each.new
        for each in event.changes
        if each.field != LEASE_UNTIL  # the server says until when
    )


def _before(doing: Intent, event: Event, present: set[str]) -> dict[str, object]:
    """Return the fields as they were before an event; who has left the desk gets nothing back."""
    if event.action == intake.FILE:
        return {"deleted_ms": doing.at_ms}
    values = {change.field: change.old for change in event.changes}
    if values.get("assignee_id") not in {None, *present}:
        values |= {"assignee_id": None, "lease_until_ms": None}
        if values.get("status") == ReportStatus.UNDER_REVIEW:
            values["status"] = str(ReportStatus.PENDING)
    return values
