"""A plan for all open incidents: shown, changed, sent as one action, asked again if it moved."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget

from tests.conftest import MakeSession
from tests.qt.dispatch.conftest import (
    CONTROL,
    HERE,
    Desk,
    EnlistUnit,
    FileIncident,
    OpenDesk,
)
from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import Basis
from trafficdesk.domain.vocabulary import (
    Duty,
    Entity,
    IncidentStatus,
    Role,
    Service,
    Severity,
    UnitStatus,
)
from trafficdesk.qt.dispatch.plan_making import PlanDraft, PlanOption
from trafficdesk.qt.dispatch.plan_panel import GAPS_SHOWN, PlanPanel, PlanRow
from trafficdesk.qt.dispatch.plan_words import way_words
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice
from trafficdesk.services import dispatch, incidents, units
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session

DATA = ("P12", "P07", "P09", "Cross Cut Road", "Mill Road", "INC-D1", "INC", "D1", "Divya R")
EAST = Place(HERE.lon + 0.02, HERE.lat)  # 2.2 km
OpenPlan = Callable[..., Desk]


@pytest.fixture
def two(file_incident: FileIncident, enlist: EnlistUnit) -> tuple[UUID, UUID]:
    """File a grave incident here and a mild one in the east that needs a fire engine, too.

    P12 is nearest to both, P07 second; P09 is far.
    """
    grave = file_incident(severity=Severity.CRITICAL, injury_count=2)
    needs = {Service.POLICE: 1, Service.FIRE: 1}
    mild = file_incident(EAST, severity=Severity.MINOR, address="Mill Road", needs=needs)
    enlist("P12", east_m=0)
    enlist("P07", east_m=-900)
    enlist("P09", east_m=-4000, age=timedelta(minutes=40))
    return grave, mild


@pytest.fixture
def open_plan(open_desk: OpenDesk) -> OpenPlan:
    """Open a desk, press P, and wait for the plan."""

    def make(size: QSize = QSize(1216, 672)) -> Desk:  # noqa: B008 - a constant
        desk = open_desk(size=size)
        desk.wait(lambda: bool(desk.work.lines.incidents))
        desk.press("p")
        desk.wait(lambda: panel_of(desk).is_whole)
        return desk

    return make


def panel_of(desk: Desk) -> PlanPanel:
    found = desk.work.doing.planning.panel
    assert found is not None
    return found


def row_of(desk: Desk, incident: UUID, service: Service = Service.POLICE) -> PlanRow:
    found = (row for row in panel_of(desk).rows if row.line.incident.id == incident)
    return next(row for row in found if row.line.service is service)


def pick(desk: Desk, row: PlanRow, words: str) -> None:
    """Choose a line of a row's menu; it must not be refused."""
    items = panel_of(desk).menu_of(row)
    (item,) = [each for each in items if each.text.startswith(words)]
    assert not item.refusal
    item.handler()


def out(desk: Desk) -> dict[str, UnitStatus]:
    """Return the units that are out, as the store has them."""
    found = units.find_units(desk.session)
    return {each.unit.call_sign: each.status for each in found if each.assignment is not None}


def test_each_line_says_who_to_what_how_long_by_what_and_why(
    open_plan: OpenPlan, two: tuple[UUID, UUID]
) -> None:
    """And what stays unserved says why; nobody is sent by looking."""
    desk = open_plan()
    grave, mild = (row_of(desk, each) for each in two)
    assert grave.who.text() == "P12"
    assert grave.way.text() == "1 min, straight line at 25 km/h"
    assert grave.why.text() == "The first to be there of those that are free"
    assert mild.who.text() == "P07"
    assert mild.why.text() == "Nearer ones do more good elsewhere: P12"
    nobody = row_of(desk, two[1], Service.FIRE)
    assert nobody.chosen is None
    assert nobody.why.text() == "No fire unit is free"
    assert "no roads" in panel_of(desk).basis.text()
    assert panel_of(desk).submit_button.text() == "Send 2 units"
    assert grave.who.hasFocus(), "an Enter too many opens a menu and sends nobody"
    assert out(desk) == {}


def test_a_plan_is_sent_by_one_key_and_taken_back_by_one(
    open_plan: OpenPlan, two: tuple[UUID, UUID]
) -> None:
    """Ctrl+Enter sends all; one undo frees them all."""
    desk = open_plan()
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: "2 units sent" in desk.toast)
    assert desk.work.middle.side is None
    assert set(out(desk)) == {"P12", "P07"}
    assert desk.incident(two[0]).status is IncidentStatus.DISPATCHED
    desk.hit(Qt.Key.Key_Z, CONTROL)
    desk.wait(lambda: out(desk) == {})


def test_a_line_takes_another_unit_or_none(open_plan: OpenPlan, two: tuple[UUID, UUID]) -> None:
    """One that goes elsewhere is refused until it was taken from there."""
    desk = open_plan()
    panel = panel_of(desk)
    grave, mild = (row_of(desk, each) for each in two)
    taken = next(each for each in panel.menu_of(mild) if each.text.startswith("P12"))
    assert "Take it from there first" in taken.refusal
    pick(desk, grave, "P09")
    assert "40 min old" in grave.way.text()
    assert grave.why.text() == "Your choice. The plan proposed P12"
    pick(desk, mild, "Nobody")
    assert panel.submit_button.text() == "Send 1 unit"
    pick(desk, grave, "Nobody")
    assert not panel.submit_button.isEnabled()
    desk.hit(Qt.Key.Key_Return, CONTROL)
    pick(desk, grave, "P09")
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: set(out(desk)) == {"P09"})


def test_a_menu_outlives_its_plan(open_plan: OpenPlan, two: tuple[UUID, UUID]) -> None:
    """What is picked for a plan that is gone changes nothing."""
    desk = open_plan()
    panel = panel_of(desk)
    old = panel.menu_of(row_of(desk, two[0]))[-1]
    panel.again.click()
    desk.wait(lambda: panel.is_whole)
    QTest.qWait(20)
    old.handler()
    assert row_of(desk, two[0]).who.text() == "P12"


def test_esc_drops_a_plan(open_plan: OpenPlan, two: tuple[UUID, UUID]) -> None:
    """Nobody is sent, and letters are the board's again."""
    assert two
    desk = open_plan()
    desk.press("c")
    assert not desk.asks(), "letters are not the board's while a plan is open"
    desk.hit(Qt.Key.Key_Escape)
    assert desk.work.middle.side is None
    desk.press("c")
    assert desk.asks()
    assert out(desk) == {}


@pytest.mark.parametrize("is_heard", [True, False])
def test_a_plan_that_moved_on_says_so_and_asks_again(
    open_plan: OpenPlan, two: tuple[UUID, UUID], *, is_heard: bool
) -> None:
    """Whether the desk hears of it before Ctrl+Enter or by it: nobody is sent."""
    desk = open_plan()
    panel = panel_of(desk)
    units.set_duty(desk.session, desk.names()["P12"], Duty.OFF)
    if is_heard:
        desk.changes.tell(Changed(kinds=frozenset({Entity.UNIT})))
        desk.wait(lambda: "P12 is no longer free" in panel.message.title())
        assert not panel.submit_button.isEnabled()
        panel.again.click()
    else:
        desk.hit(Qt.Key.Key_Return, CONTROL)
        desk.wait(lambda: "off duty" in panel.message.title())
    assert out(desk) == {}
    desk.wait(lambda: panel.rows != [] and panel.submit_button.isEnabled())
    assert row_of(desk, two[0]).who.text() == "P07"
    assert out(desk) == {}
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: "P07" in out(desk))


def test_an_incident_that_is_over_or_served_meanwhile_makes_a_plan_stale(
    open_plan: OpenPlan, two: tuple[UUID, UUID], enlist: EnlistUnit
) -> None:
    """A unit from elsewhere fills the place; another incident is cleared."""
    other = enlist("P44", east_m=-6000)
    desk = open_plan()
    panel = panel_of(desk)
    dispatch.assign(desk.session, two[0], [other])
    incidents.clear(desk.session, two[1])
    desk.changes.tell(Changed(kinds=frozenset({Entity.ASSIGNMENT})))
    desk.wait(lambda: panel.message.title().count("no longer needs it") == 2)
    assert not panel.submit_button.isEnabled()
    desk.hit(Qt.Key.Key_Return, CONTROL)
    QTest.qWait(50)
    assert set(out(desk)) == {"P44"}


def test_a_plan_is_asked_for_in_the_line_and_refused_with_a_reason(
    open_desk: OpenDesk, file_incident: FileIncident
) -> None:
    """Nothing open, or an officer who may not send."""
    desk = open_desk()
    desk.press("p")
    assert desk.refused[-1][1] == "No incident needs a unit"
    file_incident()
    desk.work.load()
    desk.wait(lambda: bool(desk.work.lines.incidents))
    desk.work.line.begin("/plan")
    desk.hit(Qt.Key.Key_Return)
    desk.wait(lambda: panel_of(desk).is_whole)
    assert "nobody" in panel_of(desk).submit_button.text().lower()


def test_an_officer_proposes_nothing(
    open_desk: OpenDesk, make_session: MakeSession, file_incident: FileIncident
) -> None:
    """Only who may send may have a plan."""
    file_incident()
    desk = open_desk(make_session(Role.OFFICER, "Meena K"))
    desk.wait(lambda: bool(desk.work.lines.incidents))
    desk.press("p")
    assert desk.refused[-1][1] == "Your role may not do this"


def test_who_was_sent_least_in_the_shift_is_suggested_first_among_equals(
    open_desk: OpenDesk, session: Session, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """Two cars at one place: the one that has had a job comes second."""
    busy, rested = enlist("P01"), enlist("P02")
    before = file_incident(EAST)
    dispatch.assign(session, before, [busy])
    incidents.clear(session, before)
    crash = file_incident()
    desk = open_desk()
    desk.work.incidents.list.choose(crash)
    desk.wait_for_suggestion(2)
    found = desk.work.strip.suggestion
    assert found is not None
    assert [each.unit_id for each in found.options] == [rested, busy]


def test_the_gravest_gaps_are_listed_and_the_rest_is_counted(
    open_plan: OpenPlan, file_incident: FileIncident
) -> None:
    """A day on which nobody is free does not make a list that nobody reads."""
    for _ in range(7):
        file_incident(needs=dict.fromkeys(Service, 1), severity=Severity.MINOR)
    worst = file_incident(severity=Severity.CRITICAL, injury_count=2)
    desk = open_plan()
    rows = panel_of(desk).rows
    assert rows[0].line.incident.id == worst

    def told() -> list[str]:
        return [each.text() for each in panel_of(desk).findChildren(QLabel)]

    desk.wait(lambda: "9 more places stay unserved, none of them graver" in told())
    assert len(rows) == GAPS_SHOWN


def test_a_row_that_is_not_on_screen_yet_is_in_the_plan_all_the_same(
    open_plan: OpenPlan, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """Rows of a long plan come between what else goes on; what is sent is whole at once."""
    for number in range(4):
        enlist(f"P{number}", east_m=100 * number)
        file_incident(Place(HERE.lon + number * 0.01, HERE.lat))
    desk = open_plan()
    panel = panel_of(desk)
    desk.wait(lambda: len(panel.rows) == 4)
    lines = tuple(row.line for row in panel.rows)
    panel.show_plan(PlanDraft(lines * 25, Basis.STRAIGHT_LINE, 25.0))
    assert 0 < len(panel.rows) < 100
    assert len(panel.chosen()) == 100
    desk.wait(lambda: len(panel.rows) == 100)
    assert len(panel.chosen()) == 100


def test_a_time_by_road_says_so_and_one_without_a_position_tells_to_ask() -> None:
    """What a time rests on stands beside it."""
    unit = UUID(int=1)
    assert way_words(PlanOption(unit, "P1", 250, Basis.BY_ROAD), 25) == "4 min by road"
    assert "ask it" in way_words(PlanOption(unit, "P1", None, None), 25)


# how it looks


def test_a_plan_is_named_reached_and_not_cut_off(
    open_plan: OpenPlan,
    two: tuple[UUID, UUID],
    find_unnamed: Callable[[QWidget], list[str]],
    find_unreachable: Callable[[QWidget], list[str]],
    find_cut_off: Callable[[QWidget], list[str]],
) -> None:
    """As it is proposed, and with what it says when it has moved on."""
    assert two
    desk = open_plan()
    for told in ("", "P12 is no longer free. INC-D1-1 no longer needs it"):
        if told:
            panel_of(desk).make_stale(told)
        QTest.qWait(50)
        for find in (find_unnamed, find_unreachable, find_cut_off):
            assert find(desk.work) == []


@pytest.mark.usefixtures("pseudo_locale")
def test_every_word_of_a_plan_passes_translation(
    open_plan: OpenPlan,
    two: tuple[UUID, UUID],
    find_untranslated: Callable[..., list[str]],
    find_cut_off: Callable[[QWidget], list[str]],
) -> None:
    """Also of what was changed, and of the reach."""
    desk = open_plan()
    row_of(desk, two[0]).choose(None)
    panel_of(desk).make_stale("")
    QTest.qWait(50)
    assert find_untranslated(desk.work, DATA) == []
    assert find_cut_off(desk.work) == []


def test_a_plan_can_be_painted_in_both_looks(
    open_plan: OpenPlan,
    two: tuple[UUID, UUID],
    appearance: Appearance,
    find_cut_off: Callable[[QWidget], list[str]],
    screenshots: Callable[[QWidget, str], list[object]],
) -> None:
    """Light and dark, small and large; large text leaves it whole."""
    assert two
    desk = open_plan()
    assert len(screenshots(desk.work, "dispatch-plan")) == 4
    panel_of(desk).make_stale("P12 is no longer free. INC-D1-1 no longer needs it")
    row_of(desk, two[0]).choose(None)
    assert len(screenshots(desk.work, "dispatch-plan-moved")) == 4
    appearance.apply(ThemeChoice.LIGHT, 150, Density.COMFORTABLE)
    desk.work.resize(1216, 672)
    QTest.qWait(80)
    assert find_cut_off(desk.work) == []
