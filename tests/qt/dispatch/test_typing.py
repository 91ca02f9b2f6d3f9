"""The command line: what it understands, completes and says, and what Enter then does."""

from PySide6.QtCore import Qt

from tests.qt.dispatch.conftest import Desk, EnlistUnit, FileIncident, OpenDesk
from trafficdesk.domain.vocabulary import Duty, IncidentStatus, UnitKind, UnitStatus
from trafficdesk.qt.dispatch.typed import Fault, NotUnderstood, Understood, Verb, complete, read


def _fault(desk: Desk, text: str) -> Fault | None:
    reading = read(text, desk.work.lines)
    return reading.fault if isinstance(reading, NotUnderstood) else None


def _type(desk: Desk, text: str) -> None:
    desk.press(":")
    desk.work.line.edit.setText("")
    for each in text:
        desk.press(each)


def test_a_typed_command_says_what_it_will_do_and_enter_does_it(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """The sentence and the mark stand beside the line before anything is written."""
    incident = file_incident()
    enlist("P12")
    desk = open_desk()
    _type(desk, "/assign p12 1")
    assert desk.work.line.told.text().startswith("Enter: P12 to INC-")
    assert desk.work.line.mark_word.isVisible()
    assert desk.work.line.mark_word.text() == "Not sent"
    assert desk.incident(incident).status is IncidentStatus.ACTIVE
    desk.hit(Qt.Key.Key_Return)
    desk.wait(lambda: desk.line(incident).call_signs == ("P12",))
    assert desk.work.incidents.list.hasFocus()


def test_the_example_in_the_empty_line_can_be_typed_as_it_stands(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """The line brings a stroke of its own; one that is typed as well does no harm."""
    incident = file_incident()
    enlist("P12")
    desk = open_desk()
    desk.press(":")
    desk.press("/assign p12 1")
    assert desk.work.line.told.text().startswith("Enter: P12 to INC-")
    desk.hit(Qt.Key.Key_Return)
    desk.wait(lambda: desk.line(incident).call_signs == ("P12",))


def test_the_whole_life_of_a_unit_can_be_typed(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """On scene, checked in, withdrawn, off duty; and the incident cleared."""
    incident, unit = file_incident(), enlist("Amb 108-2", UnitKind.AMBULANCE)
    desk = open_desk()
    steps = (
        ("/assign amb108-2 1", lambda: desk.unit(unit).status is UnitStatus.EN_ROUTE),
        ("/s Amb 108-2 on scene", lambda: desk.unit(unit).status is UnitStatus.ON_SCENE),
        ("/checkin amb 108-2", lambda: desk.unit(unit).unit.checked_at is not None),
        ("/withdraw amb 108-2", lambda: desk.unit(unit).status is UnitStatus.AVAILABLE),
        ("/s amb 108-2 off duty", lambda: desk.unit(unit).unit.duty is Duty.OFF),
        ("/clear 1", lambda: desk.line(incident).incident.status is IncidentStatus.CLEARED),
    )
    for typed, holds in steps:
        _type(desk, typed)
        desk.hit(Qt.Key.Key_Return)
        desk.wait(holds)


def test_what_is_not_understood_says_what_to_do_and_changes_nothing(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """Every fault has its own sentence; Enter then writes nothing and keeps the line."""
    file_incident()
    enlist("P12")
    desk = open_desk()
    faults = {
        "/": Fault.EMPTY,
        "/dance": Fault.NO_VERB,
        "/assign": Fault.UNIT_MISSING,
        "/assign P99 1": Fault.UNIT_UNKNOWN,
        "/assign P12": Fault.INCIDENT_MISSING,
        "/assign P12 77": Fault.INCIDENT_UNKNOWN,
        "/assign P12 1 now": Fault.TOO_MUCH,
        "/s P12": Fault.STATUS_MISSING,
        "/s P12 dancing": Fault.STATUS_UNKNOWN,
        "/s P12 on scene": Fault.NOT_SENT_ANYWHERE,
        "/withdraw P12": Fault.NOT_SENT_ANYWHERE,
    }
    assert {text: _fault(desk, text) for text in faults} == faults
    sentences = set()
    for text in faults:
        desk.work.line.begin(text)
        desk.work.line.edit.setText(text)
        desk.work.line.edit.textEdited.emit(text)
        sentences.add(desk.work.line.told.text())
        desk.hit(Qt.Key.Key_Return)
        assert desk.work.line.edit.text() == text
    assert len(sentences) == len(faults) - 1, "only the two that were sent nowhere say the same"


def test_tab_completes_units_incidents_and_standings(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """Each Tab goes on to the next that fits; nothing is offered that can not be done."""
    file_incident()
    enlist("P12")
    enlist("P07")
    desk = open_desk()
    lines = desk.work.lines
    assert complete("/as", lines) == ("/assign ",)
    assert complete("/assign P", lines) == ("/assign P07 ", "/assign P12 ")
    reference = lines.incidents[0].incident.reference
    assert complete("/assign P12 ", lines)[0].startswith("/assign P12 INC-")
    assert complete("/withdraw ", lines) == (), "nobody is out"
    assert complete("/s P12 o", lines) == ("/s P12 off duty",), "on scene only when it was sent"
    _type(desk, "/assign P")
    desk.hit(Qt.Key.Key_Tab)
    assert desk.work.line.edit.text() == "/assign P07 "
    desk.hit(Qt.Key.Key_Tab)
    assert desk.work.line.edit.text() == "/assign P12 "
    reading = read(f"/assign P12 {reference}", lines)
    assert isinstance(reading, Understood)
    assert reading.verb is Verb.ASSIGN


def test_a_number_that_two_incidents_end_in_is_asked_for_whole(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """What might mean two is never guessed."""
    one, other = file_incident(), file_incident()
    enlist("P12")
    desk = open_desk()
    with desk.session.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE incidents SET reference = 'INC-2026-00001' WHERE id = ?", (other.bytes,)
        )
    desk.work.load()
    desk.wait(lambda: desk.line(other).incident.reference == "INC-2026-00001")
    assert _fault(desk, "/assign P12 1") is Fault.INCIDENT_MANY
    assert _fault(desk, f"/assign P12 {desk.line(one).incident.reference}") is None
    assert _fault(desk, "/assign P12 INC-1") is None


def test_escape_puts_the_line_away(open_desk: OpenDesk, file_incident: FileIncident) -> None:
    """Letters act on the board again."""
    file_incident()
    desk = open_desk()
    _type(desk, "/cl")
    desk.hit(Qt.Key.Key_Escape)
    assert desk.work.line.edit.text() == ""
    assert desk.work.incidents.list.hasFocus()


def test_help_lists_what_can_be_typed(open_desk: OpenDesk) -> None:
    """The list stands beside the line."""
    desk = open_desk()
    _type(desk, "/help")
    desk.hit(Qt.Key.Key_Return)
    assert "/checkin" in desk.work.line.told.text()
