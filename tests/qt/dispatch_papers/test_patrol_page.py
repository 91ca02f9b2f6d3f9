"""The patrol plan on screen and on paper: the table, the shades, the units, what it stands on."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.qt.dispatch_papers.conftest import NAME, ReadPdf
from tests.qt.picking import Picker
from tests.services.conftest import new_report
from tests.services.dispatching import enlist
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Geofence, Place
from trafficdesk.domain.shifts import shift_of, span_of
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import GeofenceKind
from trafficdesk.qt.dispatch_papers.gear import PapersGear
from trafficdesk.qt.dispatch_papers.patrol_page import DAYS_AHEAD, PatrolPage
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice
from trafficdesk.services.intake import file_report
from trafficdesk.services.patrol_plan import Counting
from trafficdesk.services.session import Session
from trafficdesk.store import facts, geofences

OpenPage = Callable[..., PatrolPage]
Faults = Callable[..., list[str]]
NORTH, SOUTH = Place(76.95, 11.05), Place(76.95, 10.95)
AREA = "வடக"
DATA = (NAME, AREA, "South", "P1", "P2", "P3", "SI", "Gandhipuram")


def draw(session: Session, name: str, middle: Place) -> None:
    (x, y), d = middle, 0.04
    ring = [[x - d, y - d], [x + d, y - d], [x + d, y + d], [x - d, y + d], [x - d, y - d]]
    outline = json.dumps({"type": "Polygon", "coordinates": [ring]})
    with session.store.writing() as connection:
        kind = GeofenceKind.PATROL_AREA
        geofences.insert(connection, Geofence(new_id(), 1, name, kind, outline))


@pytest.fixture
def past(session: Session) -> Session:
    """Let there be two areas, and reports in one of them in the coming shift of past weeks."""
    draw(session, AREA, NORTH)
    draw(session, "South", SOUTH)
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
    coming = span_of(calendar, shift_of(calendar, to_ms(session.lease_clock())) + 1)
    for week in range(1, 11):
        at = from_ms(coming.begin_ms) - timedelta(weeks=week) + timedelta(hours=1)
        for _ in range(4):
            filed = file_report(session, new_report(session, place=NORTH, occurred_at=at))
            assert filed.outcome.is_done
    enlist(session, "P3")
    return session


@pytest.fixture
def open_page(qtbot: QtBot, gear: PapersGear, tmp_path: Path) -> Iterator[OpenPage]:
    """Open the page in a window, and wait until it has counted."""
    opened: list[PatrolPage] = []

    def make(size: QSize = QSize(1040, 632)) -> PatrolPage:  # noqa: B008 - a constant
        page = PatrolPage(gear, Counting())
        page.files = Picker(tmp_path)
        opened.append(page)
        qtbot.addWidget(page)
        page.resize(size)
        page.show()
        qtbot.waitUntil(lambda: page.plan is not None)
        return page

    yield make
    for page in opened:
        page.hide()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def sent(page: PatrolPage) -> dict[str, tuple[str, ...]]:
    return {shade.name: shade.units for shade in page.map.shades}


@pytest.mark.usefixtures("past")
def test_units_go_where_more_is_expected_and_the_page_says_on_what_it_stands(
    open_page: OpenPage,
) -> None:
    page = open_page()
    assert sent(page) == {"South": (), AREA: ("P1", "P2", "P3")}
    shades = {shade.name: shade.step for shade in page.map.shades}
    assert shades[AREA] > shades["South"]
    told = page.view.toPlainText()
    assert "8 whole weeks" in told
    assert "A baseline, no forecast" in told
    assert "Reports that this desk holds" in told
    for each in (AREA, "P1, P2, P3", "nobody"):
        assert each in told


@pytest.mark.usefixtures("past")
def test_fewer_units_and_another_day_make_another_plan(open_page: OpenPage) -> None:
    page = open_page()
    assert page.shifts is not None
    chosen = int(page.shifts.chosen_id())
    page.crews[chosen].set_value(1)
    assert sent(page)[AREA] == ("P1",)
    day = page.day_label.text()
    assert not page.earlier.isEnabled()
    for _ in range(DAYS_AHEAD):
        QTest.mouseClick(page.later, Qt.MouseButton.LeftButton)
    assert page.day_label.text() != day
    assert not page.later.isEnabled()
    assert page.earlier.isEnabled()
    QTest.mouseClick(page.earlier, Qt.MouseButton.LeftButton)
    assert "8 whole weeks" in page.view.toPlainText()
    expected = {shade.name: shade.expected for shade in page.map.shades}
    assert expected[AREA] == expected["South"]  # another weekday, of which nothing is known


@pytest.mark.usefixtures("past")
def test_it_is_printed_with_a_map_for_each_shift(
    open_page: OpenPage, qtbot: QtBot, tmp_path: Path, read_pdf: ReadPdf
) -> None:
    page = open_page()
    page.pdf_button.click()
    told = "Saved patrol-plan.pdf."
    qtbot.waitUntil(lambda: page.message.title() == told)
    pages = read_pdf(tmp_path / "patrol-plan.pdf")
    assert len(pages) == 3
    first = pages[0].replace("\n", " ")
    for words in ("Patrol plan", NAME, "8 whole weeks", "A baseline, no forecast", AREA):
        assert words in first
    for number, (hours, words) in enumerate(zip(("06:00", "14:00", "22:00"), pages, strict=True)):
        assert hours in words
        assert f"Page {number + 1} of 3" in words
    assert any("P1, P2, P3" in words for words in pages)
    assert (tmp_path / "patrol-plan.pdf").read_bytes().count(b"/Subtype /Image") >= 3


def test_without_areas_it_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page()
    told = page.view.toPlainText()
    assert "draw patrol areas on the map first" in told
    assert "No whole week of reports" in told
    assert not page.map.isVisible()


@pytest.mark.usefixtures("past")
@pytest.mark.parametrize("size", [QSize(1040, 632), QSize(1120, 992)])
def test_it_fits_with_large_text_and_everything_has_a_name(
    open_page: OpenPage,
    size: QSize,
    appearance: Appearance,
    find_cut_off: Faults,
    find_unnamed: Faults,
    find_unreachable: Faults,
) -> None:
    appearance.apply(ThemeChoice.DARK, 150, Density.COMFORTABLE)
    page = open_page(size)
    assert find_cut_off(page) == []
    assert find_unnamed(page) == []
    assert find_unreachable(page) == []


@pytest.mark.usefixtures("pseudo_locale", "past")
def test_every_word_of_it_can_be_translated(open_page: OpenPage, find_untranslated: Faults) -> None:
    page = open_page()
    assert find_untranslated(page, DATA) == []


@pytest.mark.usefixtures("past")
def test_it_looks_right(
    open_page: OpenPage, screenshots: Callable[[QWidget, str], list[Path]]
) -> None:
    page = open_page()
    for picture in screenshots(page, "patrol"):
        assert picture.stat().st_size > 5_000
