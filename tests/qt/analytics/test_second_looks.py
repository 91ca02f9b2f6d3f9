"""A supervisor draws decisions, looks at them by keyboard untold, and sees who agrees."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from tests.conftest import MakeSession
from tests.qt.analytics.conftest import Desk, FileReport, OpenDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus, Role
from trafficdesk.qt.analytics.blind_commands import CONTEXT
from trafficdesk.qt.analytics.blind_look import BlindLook
from trafficdesk.qt.analytics.second_looks_page import SecondLooksPage
from trafficdesk.services import board
from trafficdesk.services.review import Step, Target, take_step
from trafficdesk.services.session import Session
from trafficdesk.store.queues import PageRequest

Decide = Callable[[int], list[int]]
NOTE = "Plate is not that of the car"


@pytest.fixture
def decide(session: Session, file: FileReport, make_session: MakeSession) -> Decide:
    """Let an officer decide so many reports, every other one rejected; return their numbers."""
    officer = make_session(Role.OFFICER, "Meena K").officer

    def make(count: int) -> list[int]:
        acting = replace(session, officer=officer)
        for _ in range(count):
            file()
        rows = board.find_page(session, PageRequest(ReportFilter()))
        for number, row in enumerate(rows):
            reject = Step(Move.REJECT, NOTE, RejectionReason.NO_OFFENCE)
            step = reject if number % 2 else Step(Move.APPROVE, NOTE)
            assert take_step(acting, [Target(row.pk, row.revision)], step).is_done
        return [row.pk for row in rows]

    return make


def page_of(desk: Desk) -> SecondLooksPage:
    page = desk.work.pages["second_looks"]
    assert isinstance(page, SecondLooksPage)
    return page


def look_of(desk: Desk) -> BlindLook:
    blind = desk.work.looking.blind
    assert blind is not None
    return blind


def opened(open_desk: OpenDesk, drawn: int = 10) -> Desk:
    """Open the page with a sample drawn."""
    desk = open_desk()
    desk.open("second_looks")
    desk.work.looking.draw(drawn)
    desk.wait(lambda: bool(page_of(desk).waiting))
    return desk


def wait_for_report(desk: Desk) -> None:
    desk.wait(lambda: look_of(desk).is_shown)


def words_on(blind: BlindLook) -> str:
    """Return everything that is written on a look, painted lines too."""
    shown = [each for each in blind.findChildren(QWidget) if each.isVisibleTo(blind)]
    texts = [getattr(each, "text", None) for each in shown]
    told = [str(text()) for text in texts if callable(text)]
    rows = blind.detail.timeline.view.rows()
    return " ".join((*told, *(each.accessibleName() for each in shown), *map(repr, rows)))


def test_a_sample_is_drawn_looked_at_by_keys_and_told(open_desk: OpenDesk, decide: Decide) -> None:
    numbers = decide(4)
    desk = opened(open_desk)
    page = page_of(desk)
    assert set(page.waiting) == set(numbers)
    assert "4" in page.look_button.text()
    assert page.differing_section.is_empty
    desk.commands.run("analytics.look")
    for key in (Qt.Key.Key_A, Qt.Key.Key_A, Qt.Key.Key_R, Qt.Key.Key_A):
        wait_for_report(desk)
        command = desk.commands.find_by_key(chr(key))
        assert command is not None
        assert command.context == CONTEXT
        desk.commands.run(command.id)
    table = page.officers.facts
    desk.wait(look_of(desk).isHidden)
    desk.wait(lambda: bool(table.rows) and table.cell(0, 1).text == "4")
    desk.settle()
    assert table.cell(0, 0).text == "Meena K"
    told = page.differing.facts.rows
    decided = {row.cells[2].text: row.cells[3].text for row in told}
    assert set(decided.items()) <= {
        ("Approved", "Rejected"),
        ("Rejected: No offence visible", "Approved"),
    }
    assert len(told) == 4 - int(page.officer_section.fact.text().split()[0])
    assert told
    page.open_row(told[0])
    assert desk.count(desk.drilled[-1]) == 1
    assert desk.commands.find_by_key("P") is not None  # the workspace's keys act again


def test_the_screen_tells_nothing_of_the_decision(
    open_desk: OpenDesk, decide: Decide, session: Session
) -> None:
    decide(2)
    desk = opened(open_desk)
    desk.commands.run("analytics.look")
    for _ in range(2):
        wait_for_report(desk)
        desk.wait(look_of(desk).detail.timeline.view.isVisible)
        told = words_on(look_of(desk))
        assert "Gandhipuram" in told
        for leak in ("Meena", NOTE, "Rejected", "Approved", "No offence"):
            assert leak not in told
        decided = board.get_detail(session, look_of(desk).pk)
        look_of(desk).detail.show_detail(decided)
        assert NOTE in words_on(look_of(desk))
        look_of(desk).skip()


def test_a_look_is_taken_back_and_says_why(open_desk: OpenDesk, decide: Decide) -> None:
    first, _second = decide(2)[:2]
    desk = opened(open_desk)
    desk.commands.run("analytics.look")
    wait_for_report(desk)
    blind = look_of(desk)
    was = blind.pk
    blind.write_note()
    QTest.keyClicks(blind.note.edit, "lamp is green")
    blind.give(ReportStatus.DUPLICATE)
    assert blind.pk != was
    desk.wait(blind.undo_button.isEnabled)
    assert blind.note.text() == ""
    blind.take_back()
    desk.wait(lambda: blind.pk == was and blind.is_shown)
    blind.leave()
    desk.wait(blind.isHidden)
    desk.settle()
    assert len(page_of(desk).waiting) == 2
    assert first in page_of(desk).waiting


def test_leaving_the_workspace_closes_the_look(open_desk: OpenDesk, decide: Decide) -> None:
    decide(2)
    desk = opened(open_desk)
    desk.commands.run("analytics.look")
    wait_for_report(desk)
    desk.work.hide()
    assert look_of(desk).isHidden()
    assert len(page_of(desk).waiting) == 2


def test_an_officer_draws_and_looks_at_nothing(
    open_desk: OpenDesk, decide: Decide, session: Session, make_session: MakeSession
) -> None:
    decide(2)
    session.officer = make_session(Role.OFFICER, "Selvi R").officer
    desk = open_desk()
    desk.open("second_looks")
    page = page_of(desk)
    assert not page.draw_button.isVisibleTo(page)
    assert not page.look_button.isVisibleTo(page)
    desk.commands.run("analytics.look")
    assert desk.work.looking.blind is None
