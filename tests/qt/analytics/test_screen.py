"""What is looked at is chosen by keys; nothing to show, faults and stopping are said plainly."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from tests.qt.analytics.conftest import Desk, FileReport, Fill, OpenDesk
from tests.qt.review.conftest import ZONE
from trafficdesk.domain.analytics.compared import period_before, whole_before
from trafficdesk.domain.analytics.periods import Period, last_days, last_months, month_of_day
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.calendar import DAY_MS, DayTime
from trafficdesk.qt.analytics.ages_of_data import age_words
from trafficdesk.qt.analytics.analytics_commands import PAGES
from trafficdesk.qt.analytics.asking import Question
from trafficdesk.qt.analytics.choosing import Against, period_words, unfinished_words
from trafficdesk.qt.analytics.overview_page import OverviewPage
from trafficdesk.qt.analytics.questions import DANGEROUS
from trafficdesk.qt.analytics.scope_bar import AgeLine
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.map.histogram import date_of
from trafficdesk.services.analytics.as_of import NEVER
from trafficdesk.services.changes import Changed

pytestmark = pytest.mark.qt_log_ignore(  # what the platform without a screen says to menus
    "This plugin does not support raise", "This plugin does not support grabbing the keyboard"
)


def _period(desk: Desk) -> Period:
    assert desk.work.choice is not None
    return desk.work.choice.period


def _menu() -> list[QAction]:
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    actions = menu.actions()
    menu.close()
    return actions


def _sections(desk: Desk) -> list[Section]:
    return desk.work.page.findChildren(Section)


def test_it_begins_with_twelve_months_of_the_city(open_desk: OpenDesk) -> None:
    desk = open_desk()
    assert desk.work.frame is not None
    assert _period(desk) == last_months(desk.work.frame.today, 12)
    assert desk.work.choice is not None
    assert desk.work.choice.subject.part is Part.CITY
    assert desk.work.age.age.text().startswith("Data as of")


def test_a_desk_without_reports_says_so_on_every_page(open_desk: OpenDesk) -> None:
    desk = open_desk()
    for page in PAGES:
        desk.open(page)
        assert all(each.fault() == "" for each in _sections(desk))
        empty = [each for each in _sections(desk) if each.is_empty]
        assert empty or page == "figures"


def test_one_day_of_reports_makes_no_forecast_and_says_why(fill: Fill, open_desk: OpenDesk) -> None:
    fill(30, 0)
    desk = open_desk()
    page = desk.overview
    assert page.kpis.tiles[0].face.figure == "30"
    assert page.month_section.is_empty
    assert "forecast" in page.backtest.verdict.text()
    assert not page.heat_section.is_empty
    for each in PAGES:
        desk.open(each)
        assert all(section.fault() == "" for section in _sections(desk))


def test_a_period_that_is_not_over_says_so_beside_what_it_is_compared_with(
    open_desk: OpenDesk,
) -> None:
    desk = open_desk()
    work, bar = desk.work, desk.work.bar
    assert work.frame is not None
    assert work.choice is not None
    compared = period_words(period_before(work.choice.period, work.choice.now))
    assert bar.unfinished.isVisible()
    assert bar.unfinished.text() == f"Not over yet: against {compared}"
    assert bar.unfinished.text() in bar.period.accessibleName()
    assert compared in bar.unfinished.toolTip()  # also where the bar has no room for it
    for widget in (bar.unfinished, bar.against):
        assert "the same part" in widget.toolTip()
    beside = unfinished_words(replace(work.choice, against=Against.PLACE))  # over the same days
    assert beside.startswith(f"Not over yet: up to {date_of(work.frame.today).day()} ")
    desk.settle()
    page = work.page
    assert isinstance(page, OverviewPage)
    assert f"Compared with {compared}: " in page.kpis.tiles[0].face.told
    desk.hit(Qt.Key.Key_BracketLeft)
    assert bar.unfinished.isHidden()
    assert "the same part" not in bar.against.toolTip()
    assert "Not over yet" not in bar.period.accessibleName()
    work.choose_period(last_days(work.frame.today, 7))
    assert bar.unfinished.isVisible()  # today is not over
    desk.settle()


def test_a_period_is_over_when_its_last_day_is(open_desk: OpenDesk) -> None:
    desk = open_desk()
    choice = desk.work.choice
    assert choice is not None
    last_day = choice.period.past_day - 1
    at_noon = replace(choice, now=DayTime(last_day, 12 * 3_600_000))
    assert unfinished_words(at_noon).startswith("Not over yet")
    assert unfinished_words(at_noon).endswith(", until 12:00")
    assert unfinished_words(replace(choice, now=DayTime(last_day + 1, 0))) == ""


def test_the_age_of_the_data_stays_where_it_is_while_counting_ends(qtbot: QtBot) -> None:
    line = AgeLine()
    qtbot.addWidget(line)
    line.show_age("Data as of 13:54", is_live=True)
    line.show_busy("Counting, 1 of 5")
    line.adjustSize()
    line.show()
    placed = line.icon.geometry(), line.age.geometry()
    line.show_busy("")
    layout = line.layout()
    assert layout is not None
    layout.activate()
    assert (line.icon.geometry(), line.age.geometry()) == placed


def test_what_is_answered_is_told_as_of_then_until_another_day_begins(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.settle()
    asking, choice = desk.work.asking, desk.work.choice
    assert choice is not None
    later = DayTime(choice.now.day, min(choice.now.passed_ms + 3_600_000, DAY_MS - 1))
    assert asking.dated(choice, later).now == choice.now
    other = replace(choice, period=last_days(choice.now.day, 7))
    assert asking.dated(other, later).now == later
    tomorrow = DayTime(choice.now.day + 1, 0)
    assert asking.dated(choice, tomorrow).now == tomorrow
    assert asking.dated(choice, later).now == later  # nothing is answered any more


def test_a_period_is_moved_and_chosen_by_keys(fill: Fill, open_desk: OpenDesk) -> None:
    fill(200)
    desk = open_desk()
    whole = _period(desk)
    desk.hit(Qt.Key.Key_BracketLeft)
    assert _period(desk) == whole_before(whole)
    desk.hit(Qt.Key.Key_BracketRight)
    desk.hit(Qt.Key.Key_BracketRight)
    assert _period(desk) == whole  # nothing lies after it
    desk.hit(Qt.Key.Key_P)
    last_week = _menu()[0]
    last_week.trigger()
    assert _period(desk).days == 7
    desk.settle()


def test_months_are_chosen_by_keys(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.hit(Qt.Key.Key_P, Qt.KeyboardModifier.ShiftModifier)
    months = desk.work.menus.months
    assert months.isVisible()
    months.earlier.click()
    months.months[1].setFocus()
    desk.hit(Qt.Key.Key_Return)
    desk.hit(Qt.Key.Key_Right)
    desk.hit(Qt.Key.Key_Right)
    desk.hit(Qt.Key.Key_Return)
    months.done.click()
    period = _period(desk)
    assert period.is_whole_months
    assert [month % 12 for month in period.months] == [1, 2, 3]
    assert not months.isVisible()
    desk.settle()


def test_a_month_to_come_cannot_be_chosen(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.work.open_months()
    assert desk.work.frame is not None
    this_month = month_of_day(desk.work.frame.today) % 12
    months = desk.work.menus.months
    assert [each.isEnabled() for each in months.months] == [n <= this_month for n in range(12)]
    desk.hit(Qt.Key.Key_Escape)
    assert not months.isVisible()


def test_an_officer_is_found_by_some_letters(fill: Fill, open_desk: OpenDesk) -> None:
    fill(100)
    desk = open_desk()
    desk.hit(Qt.Key.Key_S)
    picker = desk.work.menus.places
    assert picker.field.edit.hasFocus()
    picker.field.edit.setText("lath")
    picker.field.edited.emit("lath")
    assert len(picker.table.facts.rows) == 1
    desk.hit(Qt.Key.Key_Return)
    assert desk.work.choice is not None
    assert desk.work.choice.subject.part is Part.OFFICER
    desk.settle()
    assert desk.work.bar.subject.text() == "Latha R"


def test_another_place_can_be_compared_with(fill: Fill, open_desk: OpenDesk) -> None:
    fill(300)
    desk = open_desk()
    desk.work.menus._open_places("", is_rival=True)
    stations = desk.work.menus.places.table
    row = next(r for r in stations.facts.rows if r.cells[1].text == "Station")
    stations.opened.emit(row)
    assert desk.work.choice is not None
    assert desk.work.choice.against is Against.PLACE
    desk.settle()
    # All reports are of that one station: nothing differs.
    assert desk.overview.kpis.tiles[0].face.meaning == "as before"


def test_charts_are_read_as_tables_one_key_away(fill: Fill, open_desk: OpenDesk) -> None:
    fill(300)
    desk = open_desk()
    page = desk.overview
    desk.wait_for_chart()
    desk.hit(Qt.Key.Key_T)
    assert page.months.isVisible()
    assert not page.chart.isVisible()
    moments = page.chart.timeline().moments
    rows = page.months.facts.rows
    assert [row.cells[0].text for row in rows] == [moment.name for moment in moments]
    counted = [row.cells[1].text for row in rows if row.wanted is not None]
    assert counted == [str(round(m.count)) for m in moments if m.count is not None]
    desk.hit(Qt.Key.Key_T)
    assert page.chart.isVisible()


def test_a_change_is_counted_without_losing_the_row(
    fill: Fill, open_desk: OpenDesk, file: FileReport
) -> None:
    fill(300)
    desk = open_desk()
    table = desk.overview.places
    table.setFocus()
    desk.hit(Qt.Key.Key_Down)
    kept = table.current_row()
    assert kept is not None
    before = desk.overview.kpis.tiles[0].face
    file()
    desk.changes.tell(Changed(reports=frozenset({1})))
    desk.settle()
    assert desk.overview.kpis.tiles[0].face != before
    now = table.current_row()
    assert now is not None
    assert now.cells[1].text == kept.cells[1].text
    assert table.hasFocus()


def test_changes_that_never_pause_are_counted_too(
    fill: Fill, open_desk: OpenDesk, file: FileReport
) -> None:
    fill(300)
    desk = open_desk()
    counted = list[str]()
    desk.work.asking.answered.connect(lambda name, _: counted.append(name))
    stream = QTimer()
    stream.timeout.connect(lambda: desk.changes.tell(Changed(reports=frozenset({1}))))
    stream.start(100)
    before = desk.overview.kpis.tiles[0].face
    file()
    desk.wait(lambda: desk.overview.kpis.tiles[0].face != before)
    desk.wait(lambda: counted.count(DANGEROUS) > 1)  # the last question is come to each time
    stream.stop()
    desk.settle()


def test_what_is_the_same_is_not_drawn_anew(fill: Fill, open_desk: OpenDesk) -> None:
    fill(300)
    desk = open_desk()
    resets: list[None] = []
    changed = desk.overview.places.facts
    changed.modelReset.connect(lambda: resets.append(None))
    changed.dataChanged.connect(lambda *_: resets.append(None))
    desk.hit(Qt.Key.Key_R)
    desk.settle()
    assert resets == []


def test_counting_is_stopped_and_said(
    fill: Fill, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(50)
    desk = open_desk()
    go_on = threading.Event()
    slow = Question("overview", lambda _session, _choice: go_on.wait(20))
    monkeypatch.setattr(desk.work.page, "questions", (slow,))
    desk.work.count_again()
    assert desk.work.age.stop.isVisible()
    desk.hit(Qt.Key.Key_Escape)
    go_on.set()
    assert desk.work.asking.is_busy is False
    assert "stopped" in desk.work.message.title()
    assert int(desk.overview.kpis.tiles[0].face.figure) > 0


def test_a_fault_is_told_in_its_place_and_made_good(
    fill: Fill, open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(300)
    desk = open_desk()
    page = desk.overview
    shown = page.places.facts.rows
    told: list[Exception] = []
    desk.work.gear.lanes.failed.connect(told.append)
    fine = page.questions

    def break_down(*_: object) -> object:
        raise RuntimeError("disk")

    monkeypatch.setattr(page, "questions", (Question("dangerous", break_down),))
    desk.work.count_again()
    desk.wait(lambda: bool(page.place_section.fault()))
    assert page.places.facts.rows == shown
    assert len(told) == 1
    monkeypatch.setattr(page, "questions", fine)
    page.place_section.asked_again.emit()
    desk.wait(lambda: not page.place_section.fault())


def test_a_page_opened_later_shows_what_was_counted_already(
    fill: Fill, open_desk: OpenDesk
) -> None:
    fill(300)
    desk = open_desk()
    desk.hit(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert desk.work.tabs.open_id() == "trends"
    desk.settle()
    assert all(not each.is_empty for each in _sections(desk)[:2])


@pytest.mark.parametrize(
    ("hours", "said", "is_live"),
    [(0, "Data as of 17:30", True), (3, "Data as of 14:30, offline for 3 h 00", False)],
)
def test_the_age_of_the_data_is_said(hours: int, said: str, *, is_live: bool) -> None:
    now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
    assert age_words(now - timedelta(hours=hours), now, ZONE) == (said, is_live)
    assert age_words(NEVER, now, ZONE) == ("Not yet in step with the server", False)
