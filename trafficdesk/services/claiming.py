"""What a claim leaves behind when it ends: the report is its assignee's again."""

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.services.intent import Intent
from trafficdesk.store import history, officers


def find_assignee_before(doing: Intent, report: Report) -> str | None:
    """Return the id of the officer a claimed report was given to; None if it was nobody's.

    The review began with the latest claim that changed the status; later ones took it over. Who
    has left the desk gets nothing back.
    """
    assignee: object = None if report.assignee_id is None else str(report.assignee_id)
    for event in reversed(history.events_of(doing.connection, report.id)):
        if event.action != Move.CLAIM or event.sync_state is SyncState.NOT_TAKEN:
            continue
        before = {change.field: change.old for change in event.changes}
        assignee = before.get("assignee_id", assignee)
        if "status" in before:
            present = {str(each.id) for each in officers.find_present(doing.connection)}
            return str(assignee) if assignee in present else None
    return None
