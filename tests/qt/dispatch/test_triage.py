"""An incident from the board to its end by keyboard: sent, on scene, cleared, taken back."""

from PySide6.QtCore import Qt

from tests.qt.dispatch.conftest import CONTROL, EnlistUnit, FileIncident, OpenDesk
from trafficdesk.domain.vocabulary import IncidentStatus, Service, SyncState, UnitKind, UnitStatus


def test_one_key_sends_the_nearest_unit_and_letters_take_its_steps(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """1, then S, then C twice: the incident goes through its whole life without the mouse."""
    incident = file_incident()
    near, _far = enlist("P12", east_m=400), enlist("P07", east_m=3000)
    desk = open_desk()
    desk.wait_for_suggestion(2)
    assert desk.work.strip.buttons[0].text().startswith("P12")

    desk.press("1")
    desk.wait(lambda: desk.line(incident).incident.status is IncidentStatus.DISPATCHED)
    assert desk.unit(near).status is UnitStatus.EN_ROUTE

    desk.press("s")
    desk.wait(lambda: desk.line(incident).incident.status is IncidentStatus.ON_SCENE)

    desk.press("c")
    assert desk.asks(), "clearing asks once"
    assert desk.incident(incident).status is IncidentStatus.ON_SCENE
    desk.press("c")
    desk.wait(lambda: desk.line(incident).incident.status is IncidentStatus.CLEARED)
    assert desk.unit(near).status is UnitStatus.AVAILABLE


def test_escape_lets_a_question_be(open_desk: OpenDesk, file_incident: FileIncident) -> None:
    """A question that was let be changes nothing, and the next C asks anew."""
    incident = file_incident()
    desk = open_desk()
    desk.wait(lambda: desk.work.incident is not None)
    desk.press("c")
    desk.hit(Qt.Key.Key_Escape)
    assert not desk.asks()
    desk.press("c")
    assert desk.asks()
    assert desk.incident(incident).status is IncidentStatus.ACTIVE


def test_what_was_sent_is_taken_back_while_nobody_else_knows(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """Ctrl+Z withdraws a unit that was just sent."""
    incident, unit = file_incident(), enlist("P12")
    desk = open_desk()
    desk.wait_for_suggestion()
    desk.press("1")
    desk.wait(lambda: desk.line(incident).incident.status is IncidentStatus.DISPATCHED)
    desk.press("z", CONTROL)
    desk.wait(lambda: desk.line(incident).incident.status is IncidentStatus.ACTIVE)
    assert desk.unit(unit).status is UnitStatus.AVAILABLE


def test_each_step_shows_how_far_it_has_travelled(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """A desk without a server says of every step that it was not sent."""
    incident = file_incident()
    enlist("P12")
    desk = open_desk()
    desk.wait_for_suggestion()
    desk.press("1")
    desk.wait(lambda: desk.line(incident).incident.status is IncidentStatus.DISPATCHED)
    states = [step.state for step in desk.line(incident).steps]
    assert states == [SyncState.NOT_SENT, SyncState.NOT_SENT, None, None]


def test_the_best_of_each_service_comes_before_a_second_of_one(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """An incident that needs police and an ambulance is offered one of each first."""
    file_incident(needs={Service.POLICE: 1, Service.AMBULANCE: 1})
    enlist("P12", east_m=300)
    enlist("P13", east_m=350)
    enlist("A14", UnitKind.AMBULANCE, east_m=4000)
    desk = open_desk()
    desk.wait_for_suggestion(3)
    shown = [button.text().split("  ")[0] for button in desk.work.strip.buttons]
    assert shown == ["P12", "A14", "P13"]
    assert "straight line" in desk.work.strip.basis.text()


def test_of_two_as_near_whose_skill_is_of_use_comes_first(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """A car with somebody hurt in it asks for whom can cut them out."""
    file_incident(injury_count=1, needs={Service.FIRE: 1})
    enlist("F1", UnitKind.FIRE)
    enlist("F2", UnitKind.FIRE, skills=("rescue",))
    desk = open_desk()
    desk.wait_for_suggestion(2)
    suggestion = desk.work.strip.suggestion
    assert suggestion is not None
    shown = [each.call_sign for each in suggestion.options]
    assert shown == ["F2", "F1"]


def test_a_unit_chosen_in_its_board_is_sent_by_enter(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """A goes to the units, J to the second one, Enter sends it."""
    incident = file_incident()
    enlist("P07")
    second = enlist("P12")
    desk = open_desk()
    desk.wait_for_suggestion(2)
    desk.press("aj")
    assert desk.work.unit is not None
    assert desk.work.unit.id == second
    desk.hit(Qt.Key.Key_Return)
    desk.wait(lambda: desk.line(incident).call_signs == ("P12",))


def test_tab_goes_from_board_to_board(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """Tab changes the board, and again."""
    file_incident()
    enlist("P12")
    desk = open_desk()
    assert desk.work.incidents.list.hasFocus()
    desk.hit(Qt.Key.Key_Tab)
    assert desk.work.is_in_units
    desk.hit(Qt.Key.Key_Tab)
    assert desk.work.incidents.list.hasFocus()


def test_an_empty_board_says_so_and_what_to_do(open_desk: OpenDesk) -> None:
    """Without incidents and units both boards say it, and one offers to file."""
    desk = open_desk()
    assert desk.work.incidents.empty.isVisible()
    assert desk.work.units.empty.isVisible()
