"""A duplicate names a report that stands by itself."""

from collections.abc import Callable

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.services import undo
from trafficdesk.services.outcomes import Outcome, Refusal
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session

FileReport = Callable[..., Report]
Reread = Callable[[Report], Report]
Seen = Callable[[Report], list[Target]]


def _codes(outcome: Outcome) -> list[str]:
    return [refused.code for refused in outcome.refused]


def test_the_original_must_be_on_this_desk(session: Session, file: FileReport, seen: Seen) -> None:
    step = Step(Move.MARK_DUPLICATE, duplicate_of=new_id())
    assert _codes(take_step(session, seen(file()), step)) == [Refusal.ORIGINAL_MISSING]


def test_a_deleted_report_is_no_original(session: Session, file: FileReport, seen: Seen) -> None:
    report = file()
    gone = file()
    undo.undo_last(session)
    step = Step(Move.MARK_DUPLICATE, duplicate_of=gone.id)
    assert _codes(take_step(session, seen(report), step)) == [Refusal.ORIGINAL_MISSING]


def test_two_reports_are_not_each_others_duplicate(
    session: Session, file: FileReport, reread: Reread, seen: Seen
) -> None:
    first, second, third = file(), file(), file()
    for one, other in ((first, second), (second, third)):
        step = Step(Move.MARK_DUPLICATE, duplicate_of=other.id)
        assert take_step(session, seen(one), step).is_done
    step = Step(Move.MARK_DUPLICATE, duplicate_of=first.id)
    assert _codes(take_step(session, seen(third), step)) == [Refusal.DUPLICATE_OF_ITSELF]
    assert reread(third).status is ReportStatus.PENDING
