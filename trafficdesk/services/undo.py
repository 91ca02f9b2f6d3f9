"""Taking actions back: the inverse as a new action, level after level."""

from uuid import UUID

from trafficdesk.domain.records import Event
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, ReportStatus
from trafficdesk.services import citing, intake
from trafficdesk.services.intent import Intent, intent
from trafficdesk.services.outcomes import Outcome, Refusal, Refused, refusal
from trafficdesk.services.session import Session
from trafficdesk.store import history, reports

KIND = "undo"
# The desk itself does these; taking them back would fight with it.
# Who may open the desk lies in its key slots, which no undo of records reaches.
_NOT_UNDOABLE = frozenset(
    {"lease_ended", "import", "add_officer", "change_officer", "remove_officer"}
)


def find_undoable(session: Session) -> list[history.ActionRecord]:
    """Return what the officer did since they signed in and could take back, the latest first."""
    with session.store.reading() as connection:
        found = history.undoable_actions(connection, session.officer.id, to_ms(session.started_at))
    return [action for action in found if action.kind not in _NOT_UNDOABLE]


def undo_last(session: Session) -> Outcome:
    """Take back the officer's latest action that was not taken back yet."""
    found = find_undoable(session)
    return undo(session, found[0].id) if found else refusal(KIND, Refusal.NOTHING_TO_UNDO)


def undo(session: Session, action_id: UUID) -> Outcome:
    """Take back one action whole, as far as nobody has changed its reports since.

    A report that somebody changed after the action comes back as a lost race and stays as it is.
    """
    with intent(session, KIND, undoes=action_id) as doing:
        events = history.events_of_action(doing.connection, action_id)
        if not events:
            return refusal(KIND, Refusal.NOTHING_TO_UNDO)
        for event in events:
            _take_back(doing, event)
        return doing.outcome()


def _take_back(doing: Intent, event: Event) -> None:
    if event.entity is not Entity.REPORT:
        return  # what hangs on a report follows from taking the report's own change back
    report = reports.find_by_id(doing.connection, event.entity_id)
    if report is None:
        doing.refuse(Refused(0, Refusal.NOTHING_TO_UNDO))
        return
    later = history.events_since(doing.connection, report.id, event.revision)
    if not history.cancel_out(doing.connection, {e.action_id for e in later}):
        doing.lose(report, event.revision)
        return
    values = {change.field: change.old for change in event.changes}
    if event.action == intake.FILE:
        values = {"deleted_ms": doing.at_ms}
    doing.change_report(report, f"{KIND}_{event.action}", values)
    if report.status is ReportStatus.CITED:
        citing.cancel_of(doing, report)
