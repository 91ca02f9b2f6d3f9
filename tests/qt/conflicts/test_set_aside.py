"""What the server would not take: why, what was wanted, retried or withdrawn by keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.qt.conflicts.conftest import Desk, FileReport, OpenDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.times import to_ms
from trafficdesk.services import review
from trafficdesk.services.review import Step, Target
from trafficdesk.services.session import Session
from trafficdesk.store import outbox
from trafficdesk.store.outbox import Settled

ALT = Qt.KeyboardModifier.AltModifier


@pytest.fixture
def report(session: Session, file: FileReport) -> Report:
    """A report whose approval the server did not take: another officer holds it."""
    made = file()
    step = Step(Move.APPROVE, "two clear frames")
    assert review.take_step(session, [Target(made.pk, made.revision)], step).is_done
    with session.store.writing() as connection:
        batch = outbox.take_batch(connection, 10)
        parked = Settled(batch[-1].op_id, outbox.PARKED, "rejected", "illegal_move")
        outbox.settle(connection, [parked], to_ms(session.clock()))
    return made


@pytest.fixture
def desk(report: Report, open_desk: OpenDesk) -> Desk:
    """The desk with that approval before the officer."""
    assert report.pk
    shown = open_desk()
    shown.hit(Qt.Key.Key_3, ALT)
    shown.wait(lambda: shown.work.parked.row is not None)
    return shown


def test_it_says_why_and_what_was_wanted(desk: Desk, report: Report) -> None:
    row = desk.work.parked.row
    assert row is not None
    assert row.title.text() == f"Approved, {report.reference}"
    assert row.sentence.text().startswith("The report stands where this step is not possible.")
    told = desk.work.parked.sentences()
    assert "Status: Pending \N{RIGHTWARDS ARROW} Approved" in told
    assert "Note: \N{EN DASH} \N{RIGHTWARDS ARROW} two clear frames" in told
    assert "Decided by: \N{EN DASH} \N{RIGHTWARDS ARROW} Meena K" in told
    assert not any("_" in sentence for sentence in told)


def test_it_is_sent_again_by_r(desk: Desk, session: Session) -> None:
    desk.press("r")
    desk.wait(lambda: not desk.work.listed.parked)
    assert desk.toast == "It is sent again"
    with session.store.reading() as connection:
        assert outbox.count(connection).queued == 1


def test_it_is_withdrawn_after_a_question(desk: Desk, session: Session) -> None:
    desk.hit(Qt.Key.Key_Delete)
    row = desk.work.parked.row
    assert row is not None
    assert row.question.isVisible()
    row.yes.click()
    desk.wait(lambda: not desk.work.listed.parked)
    with session.store.reading() as connection:
        counts = outbox.count(connection)
    assert (counts.queued, counts.parked) == (0, 0)


def test_its_report_is_opened(desk: Desk, report: Report) -> None:
    desk.press("o")
    assert desk.opened == [report.pk]
    desk.press("1")
    assert desk.refused[-1][1] == "Choose an open conflict first"


def test_it_is_done_anew_with_other_words_by_3(
    desk: Desk, report: Report, session: Session
) -> None:
    with session.store.writing() as connection:  # as it stands where the server did not take it
        connection.exec_driver_sql(
            "UPDATE reports SET status = 'pending' WHERE pk = ?", (report.pk,)
        )
    desk.press("3")
    edit = desk.work.parked.form.fields["decision_note"].edit
    assert edit.hasFocus()
    assert edit.text() == "two clear frames"
    edit.setText("three clear frames")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    desk.wait(lambda: not desk.work.listed.parked)
    assert desk.toast == "Done anew; it is sent"
    assert desk.report(report.pk).decision_note == "three clear frames"


def test_what_can_no_longer_be_done_says_so_and_stays(desk: Desk) -> None:
    desk.press("3")
    edit = desk.work.parked.form.fields["decision_note"].edit
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert not desk.work.parked.form.isVisible()
    desk.press("3")
    QTest.keyClick(desk.work.parked.form.fields["decision_note"].edit, Qt.Key.Key_Return)
    desk.wait(lambda: desk.toast == "It could not be done anew")
    assert len(desk.work.listed.parked) == 1


@pytest.fixture
def three(session: Session, file: FileReport, open_desk: OpenDesk) -> Desk:
    """The desk with three claims that the server did not take."""
    for _ in range(3):
        made = file()
        step = Step(Move.CLAIM)
        assert review.take_step(session, [Target(made.pk, made.revision)], step).is_done
    with session.store.writing() as connection:
        claims = [each for _, each in outbox.find_queued(connection, 50) if each.action == "claim"]
        parked = [Settled(e.op_id, outbox.PARKED, "rejected", "unknown_actor") for e in claims]
        outbox.settle(connection, parked, to_ms(session.clock()))
    shown = open_desk()
    shown.hit(Qt.Key.Key_3, ALT)
    shown.wait(lambda: len(shown.work.column.list.entries.entries) == 3)
    return shown


def test_those_that_are_marked_are_sent_again_together(three: Desk) -> None:
    three.press("J", Qt.KeyboardModifier.ShiftModifier)
    three.press("x")
    assert three.work.parked.bulk.words.text() == "2 changes are marked"
    three.press("r")
    three.wait(lambda: len(three.work.listed.parked) == 1)
    assert three.toast == "2 changes are sent again"
    assert not three.work.parked.bulk.isVisible()


def test_those_that_are_marked_are_withdrawn_after_one_question(three: Desk) -> None:
    three.press("J", Qt.KeyboardModifier.ShiftModifier)
    three.press("x")
    three.hit(Qt.Key.Key_Delete)
    bulk = three.work.parked.bulk
    assert "Withdraw 2 changes?" in bulk.words.text()
    assert bulk.no.hasFocus()
    bulk.yes.click()
    three.wait(lambda: len(three.work.listed.parked) == 1)
    assert three.toast == "2 changes withdrawn"


def test_what_is_no_decision_is_not_done_anew_here(three: Desk) -> None:
    three.press("3")
    assert three.refused[-1][1] == "Do it anew where it was done, and withdraw this"
