"""Second looks: drawing a share of decisions, and saying what one would have decided oneself."""

from collections.abc import Iterable
from typing import Final

from trafficdesk.domain.analytics.agreement import draw, verdict_of
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.authority import SECOND_OPINIONS
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Report
from trafficdesk.domain.texts import clean_text
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.services.intent import Intent, intent
from trafficdesk.services.outcomes import Outcome, Refusal, Refused, refusal
from trafficdesk.services.review import NOTE_LENGTH, Target, find_target
from trafficdesk.services.session import Session
from trafficdesk.store import facts, reports
from trafficdesk.store.analytics import looks, sampling

DRAW: Final = "want_second_look"
_ACTIONS: Final = {verdict: action for action, verdict in SECOND_OPINIONS.items()}


def find_sample(
    session: Session, scope: Scope, share: float, at_most: int | None = None
) -> tuple[int, ...]:
    """Return the numbers of a share of a scope's decisions, at least one if there are any.

    Drawn by lot from those that stand, were not looked at twice and are not one's own; the same
    question draws the same lots, so that nobody chooses.

    Raises:
        ValueError: the share is not above 0 and up to 1.
    """
    with session.store.reading() as connection:
        candidates = sampling.find_candidates(
            connection, facts.calendar(connection), scope, session.officer.id
        )
    drawn = draw(tuple(candidates), share, f"{scope.period} {scope.part_id}")
    return tuple(candidates[each] for each in drawn[:at_most])


def want_looks(session: Session, pks: Iterable[int]) -> Outcome:
    """Ask for a second look at decisions; at those that were undone meanwhile for none."""
    if not session.may(Permission.REPORT_REOPEN):
        return refusal(DRAW, Refusal.NOT_PERMITTED)
    with intent(session, DRAW) as doing:
        for pk in looks.find_decided(doing.connection, list(pks)):
            doing.change_report(reports.get(doing.connection, pk), DRAW, {"second_look": True})
        return doing.outcome()


def draw_sample(session: Session, scope: Scope, share: float) -> Outcome:
    """Ask for a second look at what ``find_sample`` draws."""
    return want_looks(session, find_sample(session, scope, share))


def give_opinion(
    session: Session, target: Target, verdict: ReportStatus, note: str = ""
) -> Outcome:
    """Say what one would have decided of a report that is to be looked at twice.

    It ends the second look and changes no decision: whoever disagrees may reopen the report.

    Raises:
        KeyError: the verdict is none of ``domain.analytics.agreement.VERDICTS``.
    """
    action = _ACTIONS[verdict]
    if not session.may(Permission.REPORT_REOPEN):
        return refusal(action, Refusal.NOT_PERMITTED)
    with intent(session, action) as doing:
        report = find_target(doing, target)
        if report is not None:
            _give(doing, report, action, clean_text(note, NOTE_LENGTH))
        return doing.outcome()


def _give(doing: Intent, report: Report, action: str, note: str) -> None:
    code: Refusal | None = None
    if report.deleted_at is not None or not report.second_look or not verdict_of(report.status):
        code = Refusal.NOTHING_TO_CHANGE
    elif report.reviewer_id == doing.session.officer.id:
        code = Refusal.OWN_DECISION
    if code is not None:
        doing.refuse(Refused(report.pk, code))
    else:
        doing.change_report(report, action, {"second_look": False}, note)
