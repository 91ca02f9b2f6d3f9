"""Filing, correcting, merging, checking in and calling for help, on the screen."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.conftest import MakeSession
from tests.qt.conftest import SIZES
from tests.qt.dispatch.conftest import (
    CONTROL,
    HERE,
    Desk,
    EnlistUnit,
    FileIncident,
    OpenDesk,
)
from tests.qt.review.conftest import ZONE
from tests.services.dispatching import confirm_all
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import (
    IncidentType,
    Role,
    Service,
    Severity,
    Step,
)
from trafficdesk.qt.dispatch.lines import UnitGroup

SHIFT = Qt.KeyboardModifier.ShiftModifier
BESIDE = Place(HERE.lon + 0.0004, HERE.lat)  # 44 m


def test_an_incident_is_filed_from_the_form_and_is_chosen(open_desk: OpenDesk) -> None:
    """N, what, where: Ctrl+Enter files it; what is missing is said in place before."""
    desk = open_desk()
    desk.press("n")
    form = desk.work.form
    desk.wait(form.isVisible)
    form.submit()
    assert "Choose what happened" in form.message.title()
    form.type.choose({str(IncidentType.PEDESTRIAN)})
    form.type.changed.emit()
    assert form.needs[Service.AMBULANCE].value() == 1
    form.submit()
    assert form.place.field.error.text()
    form.place.choose(HERE)
    form.severity.choose({str(int(Severity.SEVERE))})
    form.words.edit.setFocus()
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: len(desk.work.lines.incidents) == 1 and not form.isVisible())
    filed = desk.work.lines.incidents[0].incident
    assert filed.type is IncidentType.PEDESTRIAN
    assert filed.needs == {Service.POLICE: 1, Service.AMBULANCE: 1}
    desk.wait(lambda: desk.work.incident is not None and desk.work.incident.id == filed.id)


def test_a_right_click_on_the_map_begins_an_incident_there(
    open_desk: OpenDesk, file_incident: FileIncident
) -> None:
    """The place of the form is the one that was clicked; another click moves it."""
    file_incident()
    desk = open_desk()
    spot = QPoint(100, 120)
    QTest.mouseClick(desk.work.map, Qt.MouseButton.RightButton, pos=spot)
    form = desk.work.form
    desk.wait(form.isVisible)
    wanted = desk.work.map.view.place_at(QPointF(spot))
    assert form.place.place is not None
    assert abs(form.place.place.lon - wanted.lon) < 1e-9
    QTest.mouseClick(desk.work.map, Qt.MouseButton.RightButton, pos=QPoint(40, 60))
    assert form.place.place != wanted


def test_facts_are_corrected_in_the_same_form(
    open_desk: OpenDesk, file_incident: FileIncident
) -> None:
    """O, then E: only what was changed is written. Letters belong to the form meanwhile."""
    incident = file_incident(vehicle_count=2, injuries=True)
    desk = open_desk()
    desk.wait(lambda: desk.work.incident is not None)
    desk.press("oe")
    form = desk.work.form
    desk.wait(form.isVisible)
    desk.press("c")
    assert not desk.asks(), "C is no longer the board's"
    form.vehicles.set_value(5)
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: desk.line(incident).incident.vehicle_count == 5)
    assert desk.line(incident).incident.injuries, "how many, nobody has said"
    desk.wait(desk.work.detail.isVisible)
    desk.wait(lambda: len(desk.work.detail.timeline.rows()) == 2)
    assert desk.work.detail.timeline.rows()[0].title == "Facts corrected"


def test_facts_others_know_of_are_corrected_with_a_note(
    open_desk: OpenDesk, file_incident: FileIncident
) -> None:
    """The form asks why, and the timeline says it; also where they heard of it meanwhile."""
    incident = file_incident(vehicle_count=2)
    desk = open_desk()
    desk.wait(lambda: desk.work.incident is not None)
    desk.press("oe")
    form = desk.work.form
    desk.wait(form.isVisible)
    assert not form.note.isVisible(), "nobody else knows of it yet"
    confirm_all(desk.session)
    form.vehicles.set_value(5)
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(form.note.isVisible)
    form.note.set_text("Counted on scene")
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: desk.line(incident).incident.vehicle_count == 5)
    desk.wait(desk.work.detail.isVisible)
    desk.wait(lambda: "Counted on scene" in desk.work.detail.timeline.rows()[0].detail)
    desk.press("e")
    desk.wait(form.note.isVisible)
    assert not form.note.text()
    form.vehicles.set_value(6)
    desk.hit(Qt.Key.Key_Return, CONTROL)
    assert form.note.error.text(), "a correction says why"


def test_times_others_know_of_are_corrected_with_a_note(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """T: a note is asked for, a time of day understood, and the timeline says why."""
    incident = file_incident()
    enlist("P12")
    desk = open_desk()
    desk.wait_for_suggestion()
    desk.press("1")
    desk.wait(lambda: desk.line(incident).call_signs == ("P12",))
    desk.press("t")
    form = desk.work.times
    desk.wait(form.isVisible)
    before = desk.line(incident).open_assignments[0].assigned_at
    earlier = (before - timedelta(minutes=2)).astimezone(ZONE)
    field = form.fields[Step.ASSIGNED]
    assert not form.fields[Step.ARRIVED].isVisible()
    field.set_text("soon")
    form.submit()
    assert field.error.text()
    field.set_text(f"{earlier:%H:%M:%S}")
    desk.hit(Qt.Key.Key_Return, CONTROL)
    assert form.note.error.text(), "a correction says why"
    form.note.set_text("Sent by radio before")
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(lambda: bool(form.message.title()))
    assert "undo" in form.message.title().lower(), "what only this desk knows is taken back instead"
    confirm_all(desk.session)
    desk.hit(Qt.Key.Key_Return, CONTROL)
    desk.wait(desk.work.detail.isVisible)
    found = desk.line(incident).open_assignments[0]
    desk.wait(lambda: desk.line(incident).open_assignments[0].assigned_at < before)
    desk.wait(lambda: "Sent by radio" in desk.work.detail.timeline.rows()[0].detail)
    assert found.unit_id == desk.names()["P12"]


def test_a_twin_is_merged_after_one_question(
    open_desk: OpenDesk, file_incident: FileIncident
) -> None:
    """M offers the incident beside it; the earlier one stays and counts both."""
    first = file_incident()
    second = file_incident(BESIDE)
    desk = open_desk()
    desk.wait(lambda: desk.work.incident is not None)
    desk.work.incidents.list.choose(second)
    desk.press("m")
    assert desk.asks()
    desk.press("m")
    desk.wait(lambda: desk.incident(second).merged_into == first)
    desk.wait(lambda: desk.line(first).incident.report_count == 2)


def test_an_incident_far_away_is_no_twin(open_desk: OpenDesk, file_incident: FileIncident) -> None:
    """M says why it does nothing."""
    file_incident()
    file_incident(Place(HERE.lon + 0.01, HERE.lat))
    desk = open_desk()
    desk.wait(lambda: desk.work.incident is not None)
    desk.press("m")
    assert not desk.asks()
    assert "No other incident" in desk.refused[-1][1]


def _is_out(desk: Desk, unit: UUID) -> bool:
    return desk.unit(unit).incident is not None


def test_a_check_in_begins_the_timer_anew(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """W notes that the crew is well; an overdue unit stands first among those that work."""
    late, fresh = enlist("P99"), enlist("P12")
    one, other = file_incident(), file_incident(Place(HERE.lon + 0.01, HERE.lat))
    desk = open_desk()
    for unit, incident in ((late, one), (fresh, other)):
        desk.work.dropping.send(unit, incident)
        desk.wait(partial(_is_out, desk, unit))
    ago = int((desk.session.clock() - timedelta(minutes=40)).timestamp() * 1000)
    with desk.session.store.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE assignments SET assigned_ms = ? WHERE unit_id = ?", (ago, late.bytes)
        )
    desk.work.load()
    now = desk.session.lease_clock()

    def due() -> timedelta:
        left = desk.unit(late).due_in(now)
        assert left is not None
        return left

    desk.wait(lambda: due() < timedelta())
    working = [line.id for line in desk.work.lines.units if line.group is UnitGroup.WORKING]
    assert working == [late, fresh]
    desk.work.units.list.choose(late)
    desk.press("w")
    desk.wait(lambda: due() > timedelta(minutes=29))


def test_help_takes_two_chords_and_never_one(
    open_desk: OpenDesk, file_incident: FileIncident, enlist: EnlistUnit
) -> None:
    """The first chord only asks; Enter, Space and letters do not answer; the second chord does."""
    file_incident()
    enlist("P12")
    desk = open_desk()
    desk.press("a")
    desk.hit(Qt.Key.Key_H, CONTROL | SHIFT)
    assert desk.asks()
    desk.hit(Qt.Key.Key_Space)
    assert len(desk.work.lines.incidents) == 1
    desk.hit(Qt.Key.Key_Escape)
    desk.hit(Qt.Key.Key_Return, CONTROL | SHIFT)
    assert "Ask for help first" in desk.refused[-1][1]
    desk.hit(Qt.Key.Key_H, CONTROL | SHIFT)
    desk.hit(Qt.Key.Key_Return, CONTROL | SHIFT)
    desk.wait(lambda: len(desk.work.lines.incidents) == 2)
    called = desk.work.lines.incidents[0]
    assert called.incident.severity_score == 100
    assert called.caller == "P12"
    assert called.row.is_alert


def test_an_officer_without_the_right_is_told(
    open_desk: OpenDesk,
    file_incident: FileIncident,
    enlist: EnlistUnit,
    make_session: MakeSession,
) -> None:
    """Sending is a dispatcher's; the key says so instead of failing."""
    file_incident(needs={Service.POLICE: 3})
    for call_sign in ("P12", "P14", "P17"):
        enlist(call_sign)
    desk = open_desk(make_session(Role.OFFICER, "Meena K"))
    desk.wait_for_suggestion()
    desk.press("1")
    assert desk.refused[-1][1] == "Your role may not do this"
    assert desk.toast == "Your role may not do this", "a key that does nothing says why"
    strip = desk.work.strip
    assert not strip.buttons[0].isEnabled()
    assert not strip.choose.isEnabled()
    assert strip.note.text() == "Your role may not do this", "and the strip before any key"
    for size in SIZES:
        desk.work.resize(size)
        QApplication.processEvents()
        assert strip.note.width() >= strip.note.sizeHint().width() - 1, "and whole"


def test_the_chosen_row_stays_where_it_is_while_keys_move(
    open_desk: OpenDesk, file_incident: FileIncident
) -> None:
    """A worse incident that comes while J is held waits until the keys rest."""
    file_incident()
    file_incident(Place(HERE.lon + 0.01, HERE.lat))
    desk = open_desk()
    board = desk.work.incidents.list
    desk.press("j")
    chosen = board.board.current
    assert _is_stepping(desk)
    file_incident(severity=Severity.CRITICAL, injury_count=3)
    desk.work.load()
    desk.wait(lambda: len(desk.work.lines.incidents) == 3)
    assert not _is_stepping(desk)
    assert board.board.current == chosen


def _is_stepping(desk: Desk) -> bool:
    return desk.work.incidents.list.is_stepping
