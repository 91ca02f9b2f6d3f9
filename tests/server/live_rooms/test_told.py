"""What is told in which room, after its commit."""

from uuid import UUID

import pytest

from tests.server.live import Live, running
from tests.server.live_rooms.listening import Dispatcher, listening
from tests.server.sync.town import AT_MS, REPORTED_MS
from tests.server.world import World
from tests.system.sync.places import add_station
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.live import (
    EventName,
    FeedGrown,
    IncidentTold,
    ReportTold,
    RoomKind,
    Subscribed,
    cell_of,
    room_of,
)


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone."""
    return World(live)


def city_of(world: World) -> object:
    return room_of(RoomKind.CITY, world.city_id)


def test_an_incident_is_told_with_what_paints_an_alert(world: World) -> None:
    writer, reader = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as ear:
        assert isinstance(ear.enter(city_of(world)), Subscribed)
        incident_id = writer.file_incident(
            vehicle_count=4, injuries=True, lanes_blocked="partial", address="Avinashi Road"
        )
        told = ear.hear(IncidentTold)
    assert (told.event, told.id, told.city) == (
        EventName.INCIDENT_CREATED,
        incident_id,
        world.city_id,
    )
    assert (told.score, told.severity, told.status) == (80, 3, "active")
    assert (told.kind, told.place, told.lon, told.lat) == (
        "car_crash",
        "Avinashi Road",
        76.97,
        11.02,
    )
    assert not told.calls_for_help


def test_the_hint_to_pull_follows_what_was_told(world: World) -> None:
    writer, reader = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as ear:
        entered = ear.enter(city_of(world))
        assert isinstance(entered, Subscribed)
        assert entered.seq is not None
        writer.file_incident()
        hint = ear.hear(FeedGrown)
    assert hint == FeedGrown(city=world.city_id, seq=entered.seq + 1)
    assert [type(each) for each in ear.heard] == [IncidentTold]


def test_who_has_read_less_is_told_to_pull_and_nothing_is_told_again(world: World) -> None:
    writer, reader = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as ear:
        ear.enter(city_of(world))
        writer.file_incident()
        seq = ear.hear(FeedGrown).seq
    with listening(reader.client) as again:
        behind = again.enter(city_of(world), since=seq - 1)
        assert behind == Subscribed(room=str(city_of(world)), seq=seq, pull=True)
        up_to_date = again.enter(city_of(world), since=seq)
        assert up_to_date == Subscribed(room=str(city_of(world)), seq=seq)
        writer.file_report()
        again.hear(FeedGrown)
    assert not any(isinstance(each, IncidentTold) for each in again.heard)


def test_an_incident_is_followed_to_its_end(world: World) -> None:
    """Step by step: of what comes faster than it is told the newest is."""
    writer, reader = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as ear:
        ear.enter(city_of(world), "incident")
        incident = ("incident", writer.file_incident())
        told = [ear.hear(IncidentTold)]
        writer.change(incident, "verify", verifications=(0, 1))
        told.append(ear.hear(IncidentTold))
        assignment = ("assignment", writer.send_unit(incident[1]))
        told.append(ear.hear(IncidentTold))
        for record, action, field, value in (
            (assignment, "arrive", "arrived_ms", (None, AT_MS + 1)),
            (incident, "correct", "vehicle_count", (1, 2)),
            (assignment, "finish", "cleared_ms", (None, AT_MS + 2)),
            (incident, "clear", "cleared_ms", (None, AT_MS + 3)),
        ):
            writer.change(record, action, **{field: value})
            told.append(ear.hear(IncidentTold))
    assert [(str(each.event), each.status) for each in told] == [
        ("incident.created", "active"),
        ("incident.verified", "active"),
        ("incident.dispatched", "dispatched"),
        ("incident.arrived", "on_scene"),
        ("incident.updated", "on_scene"),
        ("incident.updated", "on_scene"),
        ("incident.cleared", "cleared"),
    ]


@pytest.mark.parametrize(("place", "is_told"), [((76.97, 11.02), True), ((77.07, 11.02), False)])
def test_a_cell_tells_of_what_lies_in_it(
    world: World, place: tuple[float, float], *, is_told: bool
) -> None:
    writer, reader = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as ear:
        assert isinstance(ear.enter(cell_of(76.95, 11.05)), Subscribed)
        ear.enter(city_of(world), "feed")
        writer.file_incident(lon=place[0], lat=place[1])
        ear.hear(FeedGrown)
    assert any(isinstance(each, IncidentTold) for each in ear.heard) == is_told


def test_somebody_in_two_rooms_is_told_once(world: World) -> None:
    writer, reader = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as ear:
        for room in (cell_of(76.97, 11.02), city_of(world)):
            ear.enter(room)
        writer.file_incident()
        ear.hear(FeedGrown)
    assert len([each for each in ear.heard if isinstance(each, IncidentTold)]) == 1


def test_whoever_filed_an_incident_hears_of_it_in_their_own_room(world: World) -> None:
    writer, person = Dispatcher.at(world), world.person(Role.OFFICER)
    with listening(world.sign_in(person)) as ear:
        ear.enter(room_of(RoomKind.USER, person.id))
        writer.file_incident()
        theirs = writer.file_incident(reporter_id=str(person.id))
        assert ear.hear(IncidentTold).id == theirs
    assert ear.heard == []


def report_told(world: World, station_ids: tuple[UUID, ...], **values: object) -> bool:
    """Tell whether a desk of some stations is told of a report."""
    writer = Dispatcher.at(world)
    reader = Dispatcher.at(world, Role.OFFICER, station_ids=station_ids)
    with listening(reader.client) as ear:
        ear.enter(city_of(world))
        writer.file_report(**values)
        ear.hear(FeedGrown)
    return any(isinstance(each, ReportTold) for each in ear.heard)


def test_a_desk_is_told_of_its_stations_reports_alone(world: World) -> None:
    other_id = add_station(world, "Peelamedu")
    assert report_told(world, ())
    assert report_told(world, (world.station_id,))
    assert not report_told(world, (other_id,))


@pytest.mark.parametrize(("reported_ms", "is_told"), [(REPORTED_MS, True), (1_000_000, False)])
def test_a_decided_report_is_told_within_the_desks_window_alone(
    world: World, reported_ms: int, *, is_told: bool
) -> None:
    writer, reader = Dispatcher.at(world, Role.OFFICER), Dispatcher.at(world)
    report = ("report", writer.file_report(reported_ms=reported_ms))
    with listening(reader.client) as ear:
        ear.enter(city_of(world))
        who, why = (None, str(writer.person.id)), (None, "no_offence")
        decided = ("pending", "rejected")
        writer.change(report, "reject", status=decided, reviewer_id=who, rejection_reason=why)
        ear.hear(FeedGrown)
    assert any(isinstance(each, ReportTold) for each in ear.heard) == is_told


def test_only_what_was_wished_for_is_told(world: World) -> None:
    writer, reader = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as ear:
        ear.enter(city_of(world), "feed", "report.created")
        writer.file_incident()
        writer.file_report()
        assert ear.hear(ReportTold).event == EventName.REPORT_CREATED
    assert not any(isinstance(each, IncidentTold) for each in ear.heard)


def test_two_server_processes_tell_the_same(world: World, live: Live) -> None:
    reader, writer = Dispatcher.at(world), Dispatcher.at(world)
    with running(live.server.settings) as other:
        reader.client.url = other.url
        with listening(reader.client) as ear:
            ear.enter(city_of(world))
            incident_id = writer.file_incident()
            assert ear.hear(IncidentTold).id == incident_id
