"""Exact values under the mouse; lists of what may come and what changed open their reports."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest

from tests.qt.analytics.conftest import Desk, Fill, OpenDesk
from tests.services.analytics.happened import Happened, write
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Violation
from trafficdesk.qt.ages import number
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.figure_words import MINUS, decimal, percent
from trafficdesk.qt.analytics.figures_page import FiguresPage
from trafficdesk.qt.analytics.patterns_page import PatternsPage
from trafficdesk.qt.analytics.places_page import PlacesPage
from trafficdesk.qt.analytics.table_cells import Row
from trafficdesk.services.analytics.forecasts import forecast_counts
from trafficdesk.services.analytics.place_forecasts import forecast_places
from trafficdesk.services.session import Session

MARKET, SCHOOL = Place(76.95, 11.02), Place(76.99, 11.02)
SPEED, HELMET = Violation.SPEED, Violation.NO_HELMET


def test_a_month_and_an_hour_say_their_exact_values_under_the_mouse(
    fill: Fill, open_desk: OpenDesk
) -> None:
    fill(300)
    desk = open_desk()
    chart = desk.overview.chart
    desk.wait_for_chart()
    chart.read(5)
    over = chart._box_of().center()
    chart.read(-1)
    assert chart.tip.text() == ""
    QTest.mouseMove(chart, over)
    moment = chart.timeline().moments[5]
    assert moment.count is not None
    desk.wait(lambda: moment.name in chart.tip.text())
    assert number(round(moment.count)) in chart.tip.text()

    panel = desk.overview.heat
    day, hour = panel.table.most() or (0, 0)
    QTest.mouseMove(panel.table.viewport(), panel.table.cell_box(day, hour).center())
    desk.wait(lambda: bool(panel.tip.text()))
    assert panel.tip.text() == panel.table.words(day, hour)
    assert panel.tip.text().endswith(f": {panel.table.counts()[day][hour]}")
    QTest.mouseMove(panel.table.viewport(), QPoint(-5, -5))


def _live_a_year(session: Session) -> None:
    """Have two violations twice a day for a year, one of them at Mondays' school and of late."""
    now = session.clock()
    usual = [
        Happened(
            (MARKET, SCHOOL)[n % 2],
            now - timedelta(hours=12 * n + 11),
            violation=(SPEED, HELMET)[n // 3 % 2],
        )
        for n in range(2 * 400)
    ]
    of_late = [
        Happened(MARKET, now - timedelta(hours=8 * n + 30), violation=SPEED) for n in range(75)
    ]
    monday = now - timedelta(days=now.weekday() + 7)
    mornings = [
        Happened(SCHOOL, monday - timedelta(weeks=n), violation=Violation.ILLEGAL_PARKING)
        for n in range(40)
    ]
    write(session, usual + of_late + mornings)


def test_what_changed_comes_back_or_may_come_opens_its_reports(
    session: Session, open_desk: OpenDesk
) -> None:
    _live_a_year(session)
    desk = open_desk()
    desk.open("patterns")
    page = desk.work.page
    assert isinstance(page, PatternsPage)
    changed = {row.key: row for row in page.changes.facts.rows}
    of_late = changed["type", SPEED]
    assert of_late.wanted is not None
    assert of_late.cells[1].value == desk.count(of_late.wanted)
    assert page.patterns.facts.rows
    for comes_back in page.patterns.facts.rows:
        assert comes_back.wanted is not None
        support = comes_back.cells[3].value
        assert isinstance(support, int)
        assert 0 < support <= desk.count(comes_back.wanted)
    _opens(desk, page.patterns)

    desk.open("places")
    places = desk.work.page
    assert isinstance(places, PlacesPage)
    rows = places.ahead.facts.rows
    assert len(rows) == 2
    assert all(row.wanted is not None and desk.count(row.wanted) > 300 for row in rows)
    _opens(desk, places.ahead)


def test_stations_and_officers_side_by_side_open_their_reports(
    fill: Fill, open_desk: OpenDesk
) -> None:
    fill(120)
    desk = open_desk()
    desk.open("figures")
    page = desk.work.page
    assert isinstance(page, FiguresPage)
    table = page.stations.facts_table
    (row,) = table.facts.rows
    assert row.wanted is not None
    assert row.cells[1].text == number(desk.count(row.wanted))
    _opens(desk, table)
    page.stations.choose_part(Part.OFFICER)
    desk.settle()
    for row in page.stations.facts_table.facts.rows:
        assert row.wanted is not None
        assert row.cells[1].text == number(desk.count(row.wanted))


def _opens(desk: Desk, table: FactsTable) -> None:
    desk.drilled.clear()
    table.opened.emit(table.facts.rows[0])
    assert desk.drilled == [table.facts.rows[0].wanted]


def test_a_forecast_stands_beside_what_it_was_worth_and_the_plain_count(
    session: Session, fill: Fill, open_desk: OpenDesk
) -> None:
    fill(1_500, 5 * 365)  # at random: a model is better than counting by luck alone
    desk = open_desk()
    worth = forecast_counts(session, _scope(desk)).backtest
    assert worth is not None
    (error, band) = desk.overview.backtest.table.facts.rows
    assert _told(error) == ("Error, WAPE", _share(worth.model.wape), _share(worth.plain.wape))
    assert _told(band) == (
        "In the 80 % band",
        _share(worth.model.cover),
        _share(worth.plain.cover),
    )
    verdict = desk.overview.backtest.verdict.text()
    assert verdict.startswith(f"Months: {_verdict(is_better=worth.is_better)}")

    desk.open("places")
    page = desk.work.page
    assert isinstance(page, PlacesPage)
    tried = forecast_places(session, _scope(desk), page.unit).backtest
    assert tried is not None
    rows = {row.cells[0].text: _told(row)[1:] for row in page.test.facts.rows}
    both = list(zip(tried.model.areas, tried.plain.areas, strict=True))
    for share, (model, plain) in zip((1, 5, 20), both, strict=True):
        told = _share(model.hit_rate), _share(plain.hit_rate)
        assert rows[f"Hits in {share} % of the area"] == told
        told = decimal(model.pai, 2), decimal(plain.pai, 2)
        assert rows[f"PAI, {share} % of the area"] == told
        told = decimal(model.pei_star, 2), decimal(plain.pei_star, 2)
        assert rows[f"PEI*, {share} % of the area"] == told
    assert rows["Right in the top tenth"] == (
        _share(tried.model.top_precision),
        _share(tried.plain.top_precision),
    )
    assert rows["Error, WAPE"] == (_share(tried.model.wape), _share(tried.plain.wape))
    told_plainly = f"Places: {_verdict(is_better=tried.is_better)}"
    assert page.verdict.text().startswith(told_plainly)


def _scope(desk: Desk) -> Scope:
    assert desk.work.choice is not None
    return desk.work.choice.scope


def _told(row: Row) -> tuple[str, str, str]:
    return row.cells[0].text, row.cells[1].text, row.cells[2].text


def _share(known: float | None) -> str:
    assert known is not None
    return percent(known)


def _verdict(*, is_better: bool) -> str:
    return "better than counting" if is_better else "no better than counting. So the plain count"


@pytest.mark.parametrize(
    ("value", "told"), [(-0.004, "0.00"), (-0.006, f"{MINUS}0.01"), (0.0, "0.00"), (7.25, "7.25")]
)
def test_what_is_nothing_on_paper_is_not_less_than_nothing(value: float, told: str) -> None:
    assert decimal(value, 2) == told
