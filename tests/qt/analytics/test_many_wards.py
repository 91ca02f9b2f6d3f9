"""A city of 50,000 wards on screen: the fullest stand there, all are counted and found."""

from PySide6.QtCore import Qt

from tests.qt.analytics.conftest import Desk, Fill, OpenDesk
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.times import to_ms
from trafficdesk.qt.analytics.figures_page import FiguresPage
from trafficdesk.qt.analytics.table_cells import MOST_ROWS
from trafficdesk.qt.analytics.trends_page import TrendsPage
from trafficdesk.services.session import Session
from trafficdesk.store import facts

WARDS = 50_000
SQUARE = "MULTIPOLYGON(((9 9, 9 10, 10 10, 9 9)))"


def _draw_wards(session: Session) -> None:
    """Draw wards that had 1 to 50,000 reports forty days ago."""
    with session.store.writing() as connection:
        day = facts.calendar(connection).day_of(to_ms(session.clock())) - 40
        connection.exec_driver_sql(
            "WITH RECURSIVE w (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM w WHERE n < ?) "
            "INSERT INTO day_sums (part, part_id, day, received_1, hour_9) "
            "SELECT ?, unhex(printf('%032x', n)), ?, n, n FROM w",
            (WARDS, int(Part.WARD), day),
        )
        connection.exec_driver_sql(
            "WITH RECURSIVE w (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM w WHERE n < ?) "
            "INSERT INTO wards (id, city_id, name, geom) SELECT unhex(printf('%032x', n)), ?, "
            "'Ward ' || n, GeomFromText(?, 4326) FROM w",
            (WARDS, facts.home_city_id(connection).bytes, SQUARE),
        )


def test_the_fullest_wards_stand_on_screen_and_every_one_is_found(
    session: Session, fill: Fill, open_desk: OpenDesk
) -> None:
    fill(60)
    _draw_wards(session)
    desk = open_desk()
    desk.open("trends")
    page = desk.work.page
    assert isinstance(page, TrendsPage)
    section, table = page.wards
    rows = table.facts.rows
    assert len(rows) == MOST_ROWS
    assert [row.cells[0].text for row in rows[:2]] == ["Ward 50000", "Ward 49999"]
    assert section.fact.text() == "the fullest 500 of 50,001"  # one is: outside all wards
    _compare_wards(desk)
    desk.hit(Qt.Key.Key_S)
    picker = desk.work.menus.places
    picker.field.edit.setText("ward 17")
    picker.field.edited.emit("ward 17")
    found = [row.cells[0].text for row in picker.table.facts.rows]
    assert len(found) == MOST_ROWS
    picker.field.edit.setText("ward 17342")
    picker.field.edited.emit("ward 17342")
    assert [row.cells[0].text for row in picker.table.facts.rows] == ["Ward 17342"]


def _compare_wards(desk: Desk) -> None:
    desk.open("figures")
    page = desk.work.page
    assert isinstance(page, FiguresPage)
    page.stations.choose_part(Part.WARD)
    desk.settle()
    rows = page.stations.facts_table.facts.rows
    assert len(rows) == MOST_ROWS
    assert [(row.cells[0].text, row.cells[1].text) for row in rows[:2]] == [
        ("Ward 50000", "50,000"),
        ("Ward 49999", "49,999"),
    ]
    assert page.stations.fact.text() == "the fullest 500 of 50,000"
