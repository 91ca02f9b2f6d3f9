"""Open conflicts on the map: where they are, and the way to settle them."""

from tests.qt.map.conftest import CENTRE, FileAt, Hand, MakeMap
from tests.services.conflict_rows import Met, add_officer, open_conflict
from trafficdesk.domain.vocabulary import Entity, Severity
from trafficdesk.qt.equipment import Equipment
from trafficdesk.services.changes import Changed
from trafficdesk.services.session import Session
from trafficdesk.store import conflicts, reports


def test_a_conflict_is_shown_where_its_report_lies_and_leads_to_its_question(
    make_map: MakeMap, session: Session, equipment: Equipment, file_at: FileAt, hand: Hand
) -> None:
    pk = file_at(CENTRE.lon, CENTRE.lat, Severity.SEVERE)
    other = add_officer(session, "Ravi S")
    desk = make_map(session)
    hand.wait(desk.view, "document.querySelectorAll('.leaflet-marker-icon').length > 0")
    assert hand.ask(desk.view, "document.querySelectorAll('.conflict').length") == 0

    with session.store.reading() as connection:
        report = reports.get(connection, pk)
    met = Met(report, {"plate": "TN37AA0001"}, {"plate": "TN37AA0002"}, other.id)
    opened = open_conflict(session, met)
    equipment.changes.tell(Changed(frozenset({pk}), frozenset({Entity.CONFLICT})))
    hand.wait(desk.view, "document.querySelectorAll('.conflict').length === 1")

    asked: list[object] = []
    desk.selection.conflict_opened.connect(asked.append)
    hand.click(desk.view, ".conflict")
    hand.bot.waitUntil(lambda: "compare" in desk.side.thing.offers)
    assert desk.side.thing.title.text() == report.reference
    desk.side.thing.offers["compare"].click()
    assert asked == [opened.id]


def test_a_settled_conflict_and_one_about_an_area_have_no_place(
    session: Session, file_at: FileAt
) -> None:
    pk = file_at(CENTRE.lon, CENTRE.lat, Severity.SEVERE)
    other = add_officer(session, "Ravi S")
    with session.store.reading() as connection:
        report = reports.get(connection, pk)
    met = Met(report, {"plate": "TN37AA0001"}, {"plate": "TN37AA0002"}, other.id)
    opened = open_conflict(session, met)
    with session.store.writing() as connection:
        (spot,) = conflicts.find_spots(connection)
        connection.exec_driver_sql("UPDATE conflicts SET status = 'settled'")
        assert conflicts.find_spots(connection) == []
    assert (spot.id, spot.reference, spot.fields) == (opened.id, report.reference, 1)
    assert (spot.place.lon, spot.place.lat) == (report.place.lon, report.place.lat)
