"""Desks that listen: alerts before the record, units that move, and lines that die in silence."""

from uuid import UUID

import pytest

from tests.server.live_rooms.listening import Dispatcher
from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.fault_proxy import Road, Way
from tests.system.sync.listening import listening, wait_until
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.sync import live as lives
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.wire.live import UnitPosition

SHORT_S = 1.0


def test_a_critical_incident_is_an_alert_first_and_then_a_record(
    add_desk: AddDesk, world: World
) -> None:
    writer = Dispatcher.at(world)
    with listening(add_desk(Role.DISPATCHER), world.live.url) as desk:
        incident_id = writer.file_incident(severity=4)
        wait_until(lambda: desk.knows(incident_id))
        wait_until(lambda: not desk.engine.status.alerts)
    assert desk.alerts == {incident_id}


def test_an_alert_is_shown_while_the_desk_cannot_fetch(add_desk: AddDesk, world: World) -> None:
    writer = Dispatcher.at(world)
    with listening(add_desk(Role.DISPATCHER), world.live.url) as desk:
        desk.engine.access.line.close()
        desk.engine.access.line = Line(ServerAddress("http://127.0.0.1:9"))
        incident_id = writer.file_incident(vehicle_count=9)
        wait_until(lambda: desk.shows(incident_id))
        assert not desk.knows(incident_id)


def test_what_is_not_critical_comes_without_an_alert(add_desk: AddDesk, world: World) -> None:
    writer = Dispatcher.at(world)
    with listening(add_desk(Role.DISPATCHER), world.live.url) as desk:
        incident_id = writer.file_incident(severity=3)
        wait_until(lambda: desk.knows(incident_id))
    assert desk.alerts == set()


def enlisted(who: Dispatcher) -> UUID:
    return who.make("unit", "enlist", call_sign="P12", kind="patrol_car")


def test_a_unit_that_tells_where_it_is_is_seen_at_the_other_desk_and_kept_there(
    add_desk: AddDesk, world: World
) -> None:
    unit_id = enlisted(Dispatcher.at(world))
    with (
        listening(add_desk(Role.OFFICER), world.live.url) as patrol,
        listening(add_desk(Role.DISPATCHER), world.live.url) as desk,
    ):
        patrol.live.tell_position(
            UnitPosition(
                unit_id=unit_id, lon=76.98, lat=11.03, at_ms=to_ms(utc_now()), heading=90.0
            )
        )
        wait_until(lambda: any(each.unit_id == unit_id for each in desk.moved))
        wait_until(lambda: desk.place_of(unit_id) is not None)
    kept = desk.place_of(unit_id)
    assert kept is not None
    assert (kept.place, kept.heading) == ((76.98, 11.03), 90.0)
    assert any(Entity.UNIT in each.kinds for each in desk.touched)


def test_a_line_that_died_in_silence_is_noticed_and_made_anew(
    add_desk: AddDesk, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "PING_S", SHORT_S)
    writer = Dispatcher.at(world)
    with Road(world.live.url) as road, listening(add_desk(Role.DISPATCHER), road.url) as desk:
        desk.engine.access.line.close()
        desk.engine.access.line = Line(ServerAddress(world.live.url))
        road.set(Way.NOWHERE)
        wait_until(lambda: not desk.engine._is_told)
        assert road.lost.is_set()
        monkeypatch.undo()
        road.set(Way.CLOSED)  # what hangs on the way is turned back, and tried again
        road.set(Way.OPEN)
        wait_until(lambda: desk.engine._is_told)
        incident_id = writer.file_incident(severity=4)
        wait_until(lambda: desk.shows(incident_id))
