"""Dispatch as it looks and reads: names, the made-up language, large text, both sizes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.qt.dispatch.conftest import HERE, Desk, EnlistUnit, FileIncident, OpenDesk
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Duty, IncidentType, Service, Severity, Step, UnitKind
from trafficdesk.qt.dispatch.dispatch_hints import dispatch_hints
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice
from trafficdesk.services import dispatch, incidents, units
from trafficdesk.services.session import Session

DATA = (
    *("P12", "P07", "P09", "A14", "Bike 15", "Cross Cut Road", "Mill Road", "Divya R", "INC-D1"),
    *("INC", "D1", "HC Balan", "Nov", "Lorry across both lanes"),
)
Faults = Callable[..., list[str]]


@pytest.fixture
def filled(
    session: Session, file_incident: FileIncident, enlist: EnlistUnit, open_desk: OpenDesk
) -> Callable[..., Desk]:
    """Open a desk with an incident in every group and a unit of every standing."""

    def make(size: QSize = QSize(1216, 672)) -> Desk:  # noqa: B008 - a constant
        needs = {Service.POLICE: 2, Service.AMBULANCE: 1}
        worst = file_incident(
            type=IncidentType.PEDESTRIAN,
            severity=Severity.CRITICAL,
            needs=needs,
            injury_count=1,
            description="Lorry across both lanes",
        )
        sent = file_incident(Place(HERE.lon + 0.01, HERE.lat), address="Mill Road")
        over = file_incident(Place(HERE.lon, HERE.lat + 0.01), severity=Severity.MINOR)
        enlist("P12", crew="HC Balan")
        out = enlist("P09", east_m=900)
        enlist("A14", UnitKind.AMBULANCE, east_m=1500, age=timedelta(minutes=40))
        busy, off = enlist("P07", east_m=-700), enlist("Bike 15", UnitKind.OFFICER, east_m=None)
        units.set_duty(session, busy, Duty.BUSY)
        units.set_duty(session, off, Duty.OFF)
        dispatch.assign(session, sent, [out])
        found = next(each for each in units.find_units(session) if each.unit.id == out)
        assert found.assignment is not None
        dispatch.step(session, found.assignment.id, Step.ARRIVED)
        incidents.clear(session, over)
        desk = open_desk(size=size)
        desk.work.incidents.list.choose(worst)
        desk.wait_for_suggestion()
        return desk

    return make


def _states(desk: Desk) -> list[Callable[[], object]]:
    """Return ways into what the screen can show, one after the other."""
    work = desk.work
    return [
        lambda: None,
        work.open_detail,
        desk.work.doing.begin_correction,
        lambda: desk.work.open_form(HERE),
        lambda: work.doing.begin_times(_assignment_of(desk)),
        work.close_side,
        work.asking.clear,
        work.asking.forget_question,
        lambda: work.line.begin("/assign P12 INC"),
        lambda: work.line.edit.setText("/s P09 sleeping"),
        work.line.leave,
        lambda: work.incidents.list.go_to(len(work.incidents.list.board.items) - 1, -1),
    ]


def _assignment_of(desk: Desk) -> UUID:
    """Choose the incident that a unit was sent to; return that assignment's id."""
    line = next(each for each in desk.work.lines.incidents if each.open_assignments)
    desk.work.incidents.list.choose(line.id)
    return line.open_assignments[0].id


def _each_state(desk: Desk, look: Callable[[], object]) -> None:
    for enter in _states(desk):
        enter()
        QTest.qWait(120)
        look()


def test_everything_has_a_name_and_is_reached_by_tab(
    filled: Callable[..., Desk], find_unnamed: Faults, find_unreachable: Faults
) -> None:
    """No control is silent, and none needs the mouse."""
    desk = filled()

    def look() -> None:
        assert find_unnamed(desk.work) == []
        assert find_unreachable(desk.work) == []

    _each_state(desk, look)


@pytest.mark.usefixtures("pseudo_locale")
def test_every_word_passes_translation(
    filled: Callable[..., Desk], find_untranslated: Faults
) -> None:
    """No sentence of the screen is written past the translation."""
    desk = filled()
    _each_state(desk, lambda: _assert_none(find_untranslated(desk.work, DATA)))


def _assert_none(faults: list[str]) -> None:
    assert faults == []


@pytest.mark.parametrize("percent", [100, 150])
@pytest.mark.parametrize("size", [QSize(1216, 672), QSize(1856, 1032)])
def test_nothing_is_cut_off(
    filled: Callable[..., Desk],
    find_cut_off: Faults,
    appearance: Appearance,
    percent: int,
    size: QSize,
) -> None:
    """Every button has room for its words, and the screen for every button."""
    desk = filled(size)
    appearance.apply(ThemeChoice.LIGHT, percent, Density.COMFORTABLE)
    desk.work.resize(size)

    def look() -> None:
        assert find_cut_off(desk.work) == []
        assert desk.work.size() == size

    _each_state(desk, look)


@pytest.mark.usefixtures("pseudo_locale")
def test_longer_words_are_not_cut_off(filled: Callable[..., Desk], find_cut_off: Faults) -> None:
    """A language with longer words fits, too."""
    desk = filled()
    _each_state(desk, lambda: _assert_none(find_cut_off(desk.work)))


def test_both_looks_and_both_directions_can_be_painted(
    filled: Callable[..., Desk], screenshots: Callable[[QWidget, str], list[object]]
) -> None:
    """Light and dark, small and large, and from right to left."""
    desk = filled()
    assert len(screenshots(desk.work, "dispatch")) == 4
    QApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    desk.work.open_detail()
    assert len(screenshots(desk.work, "dispatch-rtl")) == 4


def test_large_text_on_a_small_screen_puts_the_units_behind_a_tab(
    filled: Callable[..., Desk], appearance: Appearance
) -> None:
    """With no room for three columns A opens the units in the map's place, Esc the incidents."""
    desk = filled()
    assert not desk.work.arrangement.tabs.isVisible()
    appearance.apply(ThemeChoice.LIGHT, 150, Density.COMFORTABLE)
    desk.work.resize(QSize(1216, 672))
    desk.wait(desk.work.arrangement.tabs.isVisible)
    assert not desk.work.units.isVisible()
    desk.press("a")
    assert desk.work.units.isVisible()
    assert desk.work.is_in_units
    appearance.apply(ThemeChoice.LIGHT, 100, Density.COMFORTABLE)
    desk.wait(lambda: not desk.work.arrangement.tabs.isVisible())
    assert desk.work.units.isVisible()
    assert desk.work.middle.isVisible()


def test_every_key_shown_is_that_of_its_command(
    filled: Callable[..., Desk], find_stray_keys: Faults
) -> None:
    """Keys on widgets follow the officer's own keys."""
    desk = filled()
    known = {each.id for each in desk.commands.all()}
    assert {command_id for command_id, _show in dispatch_hints(desk.work)} <= known
    assert find_stray_keys(desk.work) == []
    for number, command in enumerate(desk.commands.all()):
        desk.commands.remap(command.id, (f"Ctrl+Alt+{number // 10}, {number % 10}",))
    assert find_stray_keys(desk.work) == []
