"""How often a reporter was right is what the decisions of this desk say, also after an undo."""

from collections.abc import Callable

import pytest

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import RejectionReason, Role
from trafficdesk.services import board, review, undo
from trafficdesk.services.review import Step, Target
from trafficdesk.services.session import Session
from trafficdesk.store import citizens
from trafficdesk.store.citizens import CitizenRow

FileReport = Callable[..., Report]
CITIZEN = new_id()


@pytest.fixture
def supervisor(make_session: Callable[..., Session]) -> Session:
    return make_session(Role.SUPERVISOR, "Velu R")


@pytest.fixture
def reported(supervisor: Session, file: FileReport) -> Callable[[], Report]:
    """File a report of a citizen of whom three reports were decided before, two of them right."""
    with supervisor.store.writing() as connection:
        citizens.put(connection, CitizenRow(CITIZEN, "Citizen 7", b"sealed", 3, 2))
    return lambda: file(reporter_id=CITIZEN)


def _standing(session: Session, pk: int) -> tuple[int, int]:
    reporter = board.get_detail(session, pk).reporter
    assert reporter is not None
    return reporter.approved, reporter.decided


def _take(session: Session, report: Report, *steps: Step) -> None:
    for revision, step in enumerate(steps, report.revision):
        assert review.take_step(session, [Target(report.pk, revision)], step).is_done


def test_a_decision_counts_at_once_and_its_undo_takes_it_out(
    supervisor: Session, reported: Callable[[], Report]
) -> None:
    report = reported()
    _take(supervisor, report, Step(Move.CLAIM))
    assert _standing(supervisor, report.pk) == (2, 3)
    _take(supervisor, board.get_detail(supervisor, report.pk).report, Step(Move.APPROVE))
    assert _standing(supervisor, report.pk) == (3, 4)
    assert undo.undo_last(supervisor).is_done
    assert _standing(supervisor, report.pk) == (2, 3)


def test_a_rejection_is_decided_and_not_right_and_a_duplicate_is_neither(
    supervisor: Session, reported: Callable[[], Report]
) -> None:
    wrong, same = reported(), reported()
    _take(
        supervisor,
        wrong,
        Step(Move.CLAIM),
        Step(Move.REJECT, reason=RejectionReason.NO_OFFENCE),
    )
    assert _standing(supervisor, wrong.pk) == (2, 4)
    _take(
        supervisor,
        same,
        Step(Move.CLAIM),
        Step(Move.MARK_DUPLICATE, duplicate_of=wrong.id),
    )
    assert _standing(supervisor, same.pk) == (2, 4)


def test_a_citation_does_not_count_twice_and_a_reopened_report_not_at_all(
    supervisor: Session, reported: Callable[[], Report]
) -> None:
    report = reported()
    _take(supervisor, report, Step(Move.CLAIM), Step(Move.APPROVE), Step(Move.CITE))
    assert _standing(supervisor, report.pk) == (3, 4)
    _take(supervisor, board.get_detail(supervisor, report.pk).report, Step(Move.REOPEN))
    assert _standing(supervisor, report.pk) == (2, 3)
