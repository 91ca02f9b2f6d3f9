"""What is answered late, or sent again after a fault, is what the dispatcher meant."""

from tests.qt.dispatch.conftest import HERE, FileIncident, OpenDesk
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import IncidentType, Severity

BESIDE = Place(HERE.lon + 0.0004, HERE.lat)  # 44 m


def test_another_twin_that_comes_in_before_the_answer_is_asked_for_anew(
    open_desk: OpenDesk, file_incident: FileIncident
) -> None:
    """What is merged is what was asked, however near the one that came meanwhile."""
    first, second = file_incident(), file_incident(BESIDE)
    desk = open_desk()
    desk.wait(lambda: desk.work.incident is not None)
    desk.work.incidents.list.choose(second)
    desk.press("m")
    asked = desk.work.strip.asked.text()
    third = file_incident(BESIDE)
    desk.work.load()
    desk.wait(lambda: third in desk.work.lines.by_incident)
    desk.press("m")
    assert desk.asks()
    assert desk.work.strip.asked.text() != asked
    assert not any(desk.incident(each).merged_into for each in (first, second, third))
    desk.press("m")
    desk.wait(lambda: desk.incident(third).merged_into == second)


def test_what_could_not_be_written_can_be_sent_again(open_desk: OpenDesk) -> None:
    """A fault of the store leaves the form as it is, and open to another try."""
    desk = open_desk()
    desk.press("n")
    form = desk.work.form
    desk.wait(form.isVisible)
    form.type.choose({str(IncidentType.PEDESTRIAN)})
    form.place.choose(HERE)
    form.severity.choose({str(int(Severity.SEVERE))})
    with desk.session.store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER no_room BEFORE INSERT ON incidents "
            "BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
    with desk.qtbot.waitSignal(desk.work.gear.lanes.failed):
        form.submit()
    assert "was not written" in form.message.title()
    with desk.session.store.writing() as connection:
        connection.exec_driver_sql("DROP TRIGGER no_room")
    form.submit()
    desk.wait(lambda: len(desk.work.lines.incidents) == 1 and not form.isVisible())
