"""What the officer filters by: no match, no possible match, chips, kept searches."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from tests.qt.review.conftest import FileReport, OpenDesk
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.services.session import Session

FileMany = Callable[[int], list[Report]]
Walk = Callable[..., list[str]]


def _labels(root: QWidget) -> list[str]:
    from PySide6.QtWidgets import QLabel

    return [label.text() for label in root.findChildren(QLabel)]


def test_a_filter_without_a_match_offers_to_clear_it(
    open_desk: OpenDesk, file_many: FileMany, qtbot: QtBot
) -> None:
    file_many(2)
    desk = open_desk()
    desk.press("f")
    desk.press("nosuchword")
    qtbot.waitUntil(
        lambda: desk.work.column.model.count() == 0 and desk.work.column.model.is_loaded
    )
    desk.hit(Qt.Key.Key_Escape)
    desk.settle()
    assert "No report matches the filter" in _labels(desk.work.empty)
    desk.hit(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: desk.work.column.model.count() == 2)


def test_a_filter_outside_the_queue_shows_nothing_and_is_dropped_by_one_click(
    open_desk: OpenDesk, file_many: FileMany, qtbot: QtBot
) -> None:
    file_many(2)
    desk = open_desk()
    column = desk.work.column
    outside = ReportFilter(
        statuses=frozenset({ReportStatus.REJECTED}), severities=frozenset({Severity.SEVERE})
    )
    column.choose(replace(column.choice, own=outside))
    desk.settle()
    assert column.model.count() == 0
    assert desk.listed == []
    words = _labels(desk.work.empty)
    assert "No report can match" in words
    assert "“Rejected” leaves nothing in Unassigned." in words
    column.filter.name.set_text("Never any")
    column.filter.save.click()
    assert column.filter.name.box.is_wrong
    assert not column.facts.searches
    for screen in (column.empty, desk.work.empty):
        (drop,) = [
            each
            for each in screen.findChildren(QAbstractButton)
            if each.text() == "Drop “Rejected”" and each.isVisible()
        ]
        drop.click()
        qtbot.waitUntil(lambda: column.model.count() == 2)
        assert column.choice.own == ReportFilter(severities=frozenset({Severity.SEVERE}))
        column.choose(replace(column.choice, own=outside))
        desk.settle()
    desk.hit(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: column.model.count() == 2)
    assert column.choice.own.severities


def test_filter_chips_are_removed_one_by_one_and_searches_are_kept(
    open_desk: OpenDesk, file: FileReport, file_many: FileMany, session: Session, qtbot: QtBot
) -> None:
    file_many(3)
    wanted = file(plate="TN99ZZ0001")
    desk = open_desk()
    column = desk.work.column
    desk.press("f")
    column.filter.plate.setFocus()
    desk.press("tn 99")
    qtbot.waitUntil(lambda: column.model.count() == 1)
    assert column.filter.done.text() == "Show 1 report"
    column.filter.name.set_text("Odd ones")
    column.filter.save.click()
    qtbot.waitUntil(lambda: [s.name for s in column.facts.searches] == ["Odd ones"])
    desk.hit(Qt.Key.Key_Escape)
    desk.settle()
    assert desk.current == wanted.reference
    column.bar.condition_removed.emit("plate")
    qtbot.waitUntil(lambda: column.model.count() == 4)
    column._open_search(column.facts.searches[0])
    qtbot.waitUntil(lambda: column.model.count() == 1)
    assert session.officer.name


def test_the_vehicle_of_a_report_is_listed_whole_until_its_plate_is_changed(
    open_desk: OpenDesk, file: FileReport
) -> None:
    file(plate="TN99ZZ0001")
    file(plate="TN99ZZ00")  # the newest, and chosen
    desk = open_desk()
    desk.settle()
    column = desk.work.column
    desk.work.show_same_vehicle()
    desk.wait_for(lambda: column.model.count() == 1)
    desk.press("f")
    column.filter.plate.setFocus()
    desk.hit(Qt.Key.Key_Backspace)
    desk.wait_for(lambda: column.model.count() == 2)
