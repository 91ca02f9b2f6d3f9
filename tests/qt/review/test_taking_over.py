"""A colleague's report is taken over only on purpose; what changes nothing is not offered."""

from collections.abc import Callable

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from tests.qt.review.conftest import OpenDesk, reread
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus, Role
from trafficdesk.qt.review.deciding import move_decision
from trafficdesk.qt.review.take_over_panel import TakeOverPanel
from trafficdesk.services import review
from trafficdesk.services.review import Step, Target
from trafficdesk.services.session import Session

FileMany = Callable[[int], list[Report]]


def _take(only: Report, other: Session) -> None:
    review.assign(other, [Target(only.pk, only.revision)], other.officer.id)


def test_a_report_given_to_a_colleague_says_so_and_asks_before_it_is_decided(
    open_desk: OpenDesk,
    file_many: FileMany,
    session: Session,
    make_session: Callable[..., Session],
) -> None:
    (only,) = file_many(1)
    other = make_session(Role.OFFICER, "Kavin S")
    _take(only, other)
    desk = open_desk()
    desk.press("ga")
    desk.settle()
    assert "Kavin S" in desk.work.detail.head.hold.text()
    desk.press("a")
    panel = desk.panel()
    assert panel is not None
    assert "Kavin S" in panel.title.text()
    desk.hit(Qt.Key.Key_Escape)
    desk.settle()
    assert desk.panel() is None
    assert reread(session, only.pk).status is ReportStatus.PENDING
    desk.press("r4")
    desk.hit(Qt.Key.Key_Return)
    desk.hit(Qt.Key.Key_Return)
    desk.settle()
    found = reread(session, only.pk)
    assert found.status is ReportStatus.REJECTED
    assert found.rejection_reason is RejectionReason.OFFICER_DIRECTING


def test_what_turns_out_to_be_a_colleagues_comes_back_and_asks(
    open_desk: OpenDesk,
    file_many: FileMany,
    session: Session,
    make_session: Callable[..., Session],
) -> None:
    (only,) = file_many(1)
    _take(only, make_session(Role.OFFICER, "Kavin S"))
    desk = open_desk()
    desk.press("ga")
    desk.settle()
    given = reread(session, only.pk)
    desk.work.deciding.decide(move_decision(Step(Move.APPROVE)), [Target(given.pk, given.revision)])
    desk.settle()
    assert isinstance(desk.panel(), TakeOverPanel)
    assert desk.current == only.reference
    desk.hit(Qt.Key.Key_Return)
    desk.settle()
    assert reread(session, only.pk).status is ReportStatus.APPROVED


def test_a_supervisor_is_not_asked(
    open_desk: OpenDesk,
    file_many: FileMany,
    session: Session,
    make_session: Callable[..., Session],
) -> None:
    (only,) = file_many(1)
    _take(only, session)
    desk = open_desk(make_session(Role.SUPERVISOR, "Velu R"))
    desk.press("gaa")
    desk.settle()
    assert desk.panel() is None


def test_a_decided_report_offers_neither_escalating_nor_assigning(
    open_desk: OpenDesk, file_many: FileMany, session: Session
) -> None:
    (only,) = file_many(1)
    review.take_step(session, [Target(only.pk, only.revision)], Step(Move.APPROVE))
    desk = open_desk()
    desk.press("ga")
    desk.settle()
    assert "review.escalate" not in desk.work.bar.offered()
    for each in ("review.escalate", "review.escalate_note", "review.assign"):
        assert desk.commands.get(each).disabled_reason == "Not possible at this stage"
    desk.press("ep")
    assert desk.panel() is None
    assert len(desk.refused) == 2
    assert desk.commands.get("review.second_look").is_enabled


def test_what_is_escalated_is_not_escalated_again(
    open_desk: OpenDesk, file_many: FileMany, qtbot: QtBot
) -> None:
    file_many(1)
    desk = open_desk()
    desk.press("e")
    noted = desk.commands.get("review.escalate_note")
    qtbot.waitUntil(lambda: noted.disabled_reason == "It already stands like that")
    assert desk.commands.get("review.escalate").is_enabled
