"""Every figure on screen opens exactly the reports it was counted from."""

from dataclasses import replace

from PySide6.QtCore import Qt

from tests.qt.analytics.conftest import Desk, Fill, OpenDesk
from trafficdesk.domain.analytics.metrics import OF_VEHICLES, MetricId
from trafficdesk.domain.analytics.periods import first_day_of_month, month_of_day
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.qt.ages import number
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.figures_page import FiguresPage
from trafficdesk.qt.analytics.patterns_page import PatternsPage
from trafficdesk.qt.analytics.table_cells import NOTHING
from trafficdesk.qt.analytics.trends_page import TrendsPage


def _counts(table: FactsTable, column: int) -> list[tuple[str, ReportFilter | None]]:
    return [(row.cells[column].text, row.wanted) for row in table.facts.rows]


def _this_month_ms(desk: Desk) -> int:
    frame = desk.work.frame
    assert frame is not None
    return frame.calendar.day_start_ms(first_day_of_month(month_of_day(frame.today)))


def _assert_exact(desk: Desk, rows: list[tuple[str, ReportFilter | None]]) -> None:
    assert rows
    for words, wanted in rows:
        assert wanted is not None
        assert words == number(desk.count(wanted))


def test_a_tile_and_an_hour_of_the_week_open_the_reports_they_count(
    fill: Fill, open_desk: OpenDesk
) -> None:
    fill(300)
    desk = open_desk()
    tile = desk.overview.kpis.tiles[0]
    assert tile.face.id == MetricId.RECEIVED
    assert tile.hasFocus()
    desk.hit(Qt.Key.Key_Return)
    (wanted,) = desk.drilled
    assert tile.face.figure == number(desk.count(wanted))
    assert desk.count(wanted) > 50
    ran = tile.accessibleDescription().split("How it ran: ")[1].split(" \N{MIDDLE DOT} ")
    over = replace(wanted, to_ms=_this_month_ms(desk))
    assert sum(map(int, ran)) == desk.count(over)
    desk.drilled.clear()
    table = desk.overview.heat.table
    most = table.most()
    assert most is not None
    table.setFocus()
    desk.hit(Qt.Key.Key_Return)
    desk.hit(Qt.Key.Key_Right if most[1] < 23 else Qt.Key.Key_Left)
    desk.hit(Qt.Key.Key_Return)
    fullest, beside = desk.drilled
    assert desk.count(fullest) == table.counts()[most[0]][most[1]] > 1
    step = 1 if most[1] < 23 else -1
    assert desk.count(beside) == table.counts()[most[0]][most[1] + step]


def test_a_month_of_the_chart_and_a_place_open_their_reports(
    fill: Fill, open_desk: OpenDesk
) -> None:
    fill(300)
    desk = open_desk()
    chart = desk.overview.chart
    desk.wait_for_chart()
    chart.setFocus()
    desk.hit(Qt.Key.Key_Home)
    for _ in range(5):
        desk.hit(Qt.Key.Key_Right)
    moment = chart.moment()
    assert moment is not None
    assert moment.name in chart.tip.text()
    desk.hit(Qt.Key.Key_Return)
    (wanted,) = desk.drilled
    assert desk.count(wanted) == moment.count
    desk.drilled.clear()
    _assert_places_open(desk)


def test_every_row_of_the_trends_and_every_vehicle_opens_its_reports(
    fill: Fill, open_desk: OpenDesk
) -> None:
    fill(300)
    desk = open_desk()
    desk.open("trends")
    page = desk.work.page
    assert isinstance(page, TrendsPage)
    for _, table in (page.months, page.types, page.severities):
        _assert_exact(desk, _counts(table, 1))
    opened = [row for row in page.wards[1].facts.rows if row.wanted is not None]
    assert all(row.cells[1].text == number(desk.count(row.wanted)) for row in opened if row.wanted)

    desk.open("patterns")
    patterns = desk.work.page
    assert isinstance(patterns, PatternsPage)
    _assert_exact(desk, _counts(patterns.vehicles, 1))


def _assert_places_open(desk: Desk) -> None:
    rows = desk.overview.places.facts.rows
    assert len(rows) == 2
    for row in rows:
        assert row.wanted is not None
        # A box holds the disc: never less than was counted.
        assert desk.count(row.wanted) >= int(row.cells[2].text.replace(",", ""))
    desk.overview.places.setFocus()
    desk.hit(Qt.Key.Key_Down)
    desk.hit(Qt.Key.Key_Return)
    assert desk.drilled == [rows[1].wanted]


def test_a_page_opened_by_its_key_opens_its_first_row(fill: Fill, open_desk: OpenDesk) -> None:
    fill(300)
    desk = open_desk()
    desk.hit(Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)  # nothing is counted there yet
    desk.settle()
    desk.hit(Qt.Key.Key_Return)
    assert len(desk.drilled) == 1


def test_every_kpi_is_on_the_page_of_all_figures_with_what_it_counts(
    fill: Fill, open_desk: OpenDesk
) -> None:
    fill(60)
    desk = open_desk()
    desk.open("figures")
    page = desk.work.page
    assert isinstance(page, FiguresPage)
    rows = page.figures.facts.rows
    assert {row.key for row in rows} == set(MetricId)
    assert len(rows) >= 15
    told = [row.cells[-1].text for row in rows]
    assert len(set(told)) == len(told)
    assert all(len(each) > 25 and each.endswith(".") for each in told)

    _assert_run_is_told(desk, page)
    # One that is not made of reports says so.
    place = [row.key for row in page.figures.facts.rows].index(MetricId.TO_ARRIVAL)
    page.figures.setCurrentIndex(page.figures.facts.index(place, 0))
    page.figures.setFocus()
    desk.hit(Qt.Key.Key_Return)
    assert desk.drilled == []
    assert "not counted from reports" in desk.work.message.title()
    desk.hit(Qt.Key.Key_Escape)
    assert not desk.work.message.isVisible()


def _assert_run_is_told(desk: Desk, page: FiguresPage) -> None:
    """Every count is drawn over the months, and read under the mouse and by screen readers."""
    facts = page.figures.facts
    heads = [column.title for column in facts.columns]
    at = heads.index("How it ran")
    assert not page.figures.isColumnHidden(at)
    row = next(row for row in facts.rows if row.key == MetricId.RECEIVED)
    drawn = row.cells[at].spark
    assert len(drawn) == 11  # the twelfth month is not over
    assert row.wanted is not None
    over = replace(row.wanted, to_ms=_this_month_ms(desk))
    assert sum(value or 0 for value in drawn) == desk.count(over) > 0
    index = facts.index(facts.rows.index(row), at)
    told = " \N{MIDDLE DOT} ".join(number(round(value or 0)) for value in drawn)
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert facts.data(index, role) == told
    still = {row.key for row in facts.rows if row.cells[1] != NOTHING and not row.cells[at].spark}
    assert still <= {*OF_VEHICLES, MetricId.BACKLOG_AGE, MetricId.BACKLOG_OLDEST}
