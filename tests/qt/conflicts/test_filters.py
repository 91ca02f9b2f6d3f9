"""Which conflicts are listed: by kind, whose, station and age, by mouse and by keyboard."""

from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from tests.qt.conflicts.conftest import Desk, FileReport, MakeConflict, OpenDesk
from tests.services.conflict_rows import open_area_conflict
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Officer
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.widgets.menus import Menu
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session

SEEN = Changed(kinds=frozenset({Entity.CONFLICT}))
pytestmark = pytest.mark.qt_log_ignore(  # what the platform without a screen says to menus
    "does not support raise", "does not support grabbing the keyboard"
)
PLACE = ({"lon": 76.98, "lat": 11.02}, {"lon": 76.99, "lat": 11.03})
PLATE = ({"plate": "TN1"}, {"plate": "TN2"})
DELETED = ({"deleted_ms": None}, {"deleted_ms": 5})


@pytest.fixture
def ids(
    conflict: MakeConflict, file: FileReport, session: Session, kumar: Officer
) -> dict[str, UUID]:
    """A conflict of every kind by name; one is another desk's, two are old."""
    now = session.clock()
    made = {
        "plate": conflict(*PLATE, at=now - timedelta(days=9)),
        "decision": conflict(
            {"status": "approved"},
            {"status": "needs_info"},
            action="approve",
            at=now - timedelta(days=3),
        ),
        "place": conflict(*PLACE, at=now - timedelta(hours=2)),
        "deletion": conflict(*DELETED, file(), at=now - timedelta(hours=1)),
        "foreign": conflict(*PLATE, mine_by=kumar.id, device_id=new_id()),
        "area": open_area_conflict(session, new_id(), kumar.id, ("A", "B", "C")),
    }
    return {name: opened.id for name, opened in made.items()}


@pytest.fixture
def desk(ids: dict[str, UUID], open_desk: OpenDesk) -> Desk:
    """The desk with all of them listed."""
    shown = open_desk()
    shown.wait(lambda: len(shown.work.column.list.entries.entries) == len(ids))
    return shown


def listed(desk: Desk, ids: dict[str, UUID]) -> set[str]:
    """Return the names of what is listed."""
    there = {each.id for each in desk.work.column.list.entries.entries}
    return {name for name, each in ids.items() if each in there}


def choose(desk: Desk, words: str) -> None:
    """Open the filters and choose a line."""
    desk.work.column.filters.open_menu()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, Menu)
    found = [each for each in menu.actions() if isinstance(each, QAction)]
    next(each for each in found if each.text() == words).trigger()
    menu.close()


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("Facts", {"plate", "foreign"}),
        ("Decision", {"decision"}),
        ("Place", {"place"}),
        ("Deletion", {"deletion"}),
        ("Area on the map", {"area"}),
        ("Citation", set()),
        ("My changes", {"plate", "decision", "place", "deletion", "area"}),
        ("Changes of others", {"foreign"}),
        ("Less than a day", {"place", "deletion", "foreign", "area"}),
        ("A day to a week", {"decision"}),
        ("More than a week", {"plate"}),
    ],
)
def test_each_condition_lists_what_it_says(
    desk: Desk, ids: dict[str, UUID], words: str, names: set[str]
) -> None:
    choose(desk, words)
    assert listed(desk, ids) == names
    assert desk.work.column.filters.words() == [words]
    choose(desk, words)
    assert listed(desk, ids) == set(ids)


def test_the_filters_open_by_g(desk: Desk, ids: dict[str, UUID]) -> None:
    assert ids
    desk.press("g")
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, Menu)
    menu.close()


def test_conditions_add_up_and_one_is_taken_away_by_its_chip(
    desk: Desk, ids: dict[str, UUID]
) -> None:
    choose(desk, "My changes")
    choose(desk, "Less than a day")
    choose(desk, "Place")
    assert listed(desk, ids) == {"place"}
    desk.work.column.filters.drop("kind")
    assert listed(desk, ids) == {"place", "deletion", "area"}
    assert desk.work.column.filters.words() == ["My changes", "Less than a day"]


def test_only_what_needs_me_by_n(desk: Desk, ids: dict[str, UUID]) -> None:
    assert desk.work.column.filters.need_me.text() == "Need me 5"
    assert desk.work.column.filters.all.text() == "All 6"
    desk.press("n")
    assert listed(desk, ids) == set(ids) - {"foreign"}
    desk.work.column.filters.all.click()
    assert listed(desk, ids) == set(ids)


def test_the_order_is_turned_by_s(desk: Desk) -> None:
    rows = desk.work.column.list.entries
    before = [each.id for each in rows.entries]
    desk.press("s")
    assert [each.id for each in rows.entries] == before[::-1]
    assert "Newest first" in desk.work.column.filters.sort.accessibleName()


def test_where_nothing_matches_esc_lists_all_again(desk: Desk, ids: dict[str, UUID]) -> None:
    choose(desk, "Citation")
    assert desk.work.column.empty.isVisible()
    assert desk.work.column.empty.accessibleName() == "No match"
    assert desk.work.page.view is None
    desk.hit(Qt.Key.Key_Escape)
    assert listed(desk, ids) == set(ids)
    assert desk.work.page.view is not None


def test_stations_are_offered_where_there_are_several(desk: Desk, conflict: MakeConflict) -> None:
    assert "Station" not in headings(desk)
    elsewhere = conflict(*PLATE, station_id=new_id())
    desk.changes.tell(SEEN)
    desk.wait(lambda: desk.work.listed.find(elsewhere.id) is not None)
    assert "Station" in headings(desk)
    choose(desk, "Another station")
    assert [each.id for each in desk.work.column.list.entries.entries] == [elsewhere.id]


def headings(desk: Desk) -> list[str]:
    """Return what the filters are grouped by."""
    desk.work.column.filters.open_menu()
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, Menu)
    found = [each.text() for each in menu.actions() if each.isSeparator()]
    menu.close()
    return found


def test_the_same_answer_goes_to_those_that_are_listed(
    conflict: MakeConflict, file: FileReport, session: Session, open_desk: OpenDesk
) -> None:
    now = session.clock()
    for days in (0, 2, 9):
        conflict(*PLATE, file(), at=now - timedelta(days=days))
    desk = open_desk()
    choose(desk, "Less than a day")
    desk.press("1")
    assert not desk.work.page.bulk.isVisible()
    choose(desk, "Less than a day")
    desk.press("1")
    assert desk.work.page.bulk.text() == "Take mine for all 3 like this"


def test_a_conflict_that_is_asked_for_is_shown_whatever_the_filters(
    desk: Desk, ids: dict[str, UUID]
) -> None:
    choose(desk, "Place")
    desk.work.show_conflict(ids["plate"])
    desk.wait(lambda: desk.shown == ids["plate"])
    assert listed(desk, ids) == set(ids)


def test_settled_ones_are_filtered_too_but_none_of_them_needs_anybody(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    conflict(*PLATE, file())
    conflict(*PLACE, file())
    desk = open_desk()
    for left in (1, 0):
        desk.press("1")
        desk.hit(Qt.Key.Key_Return)
        desk.wait_for_open(left)
    desk.hit(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert len(desk.work.column.list.entries.entries) == 2
    assert not desk.work.column.filters.need_me.isVisible()
    desk.press("n")
    assert desk.refused[-1][1] == "Only open conflicts need anybody"
    choose(desk, "Place")
    assert len(desk.work.column.list.entries.entries) == 1
