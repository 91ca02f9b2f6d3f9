"""Who may be in which room, for how long, and what no caller can do to the others."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from websockets.exceptions import ConnectionClosed

from sync_server.accounts.service import tokens
from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.live_rooms.listening import Dispatcher, Ear, listening
from tests.server.world import World
from tests.system.sync.places import add_city
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.live import (
    MAX_MESSAGE_BYTES,
    MAX_ROOMS,
    Close,
    FeedGrown,
    IncidentTold,
    Refusal,
    Refused,
    RoomKind,
    Subscribe,
    Subscribed,
    Unsubscribe,
    Unsubscribed,
    cell_of,
    room_of,
)


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone."""
    return World(live)


def city_of(world: World) -> str:
    return str(room_of(RoomKind.CITY, world.city_id))


def end_session(who: Dispatcher) -> None:
    assert who.client.post("/auth/sign-out").ok


def revoke_device(who: Dispatcher) -> None:
    admin = who.world.sign_in(who.world.person(Role.ADMIN))
    assert who.client.desk is not None
    assert admin.delete(f"/devices/{who.client.desk.id}").ok


def change_scope(who: Dispatcher) -> None:
    admin = who.world.sign_in(who.world.person(Role.ADMIN))
    assert who.client.desk is not None
    scope = {"city_ids": [str(who.world.city_id)], "station_ids": [str(who.world.station_id)]}
    path = f"/devices/{who.client.desk.id}/scope"
    assert admin.send("PUT", path, scope).ok


def remove_user(who: Dispatcher) -> None:
    admin = who.world.sign_in(who.world.person(Role.ADMIN))
    assert admin.delete(f"/users/{who.person.id}").ok


def change_role_by_hand(who: Dispatcher) -> None:
    with who.world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        query = "UPDATE users SET role = 'officer' WHERE id = %s"
        connection.execute(query, [who.person.id])


@pytest.mark.parametrize(
    "lose", [end_session, revoke_device, change_scope, remove_user, change_role_by_hand]
)
def test_whose_access_changes_is_closed_before_anything_else_is_told(
    world: World, lose: Callable[[Dispatcher], None]
) -> None:
    writer, reader = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as ear:
        ear.enter(city_of(world), "incident")
        lose(reader)
        writer.file_incident()
        assert ear.closing_code() == Close.PROVE_AGAIN
    assert ear.heard == []


def test_a_token_that_expires_meanwhile_ends_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "ACCESS_LIFE", timedelta(seconds=2))
    with listening(Dispatcher.at(world).client) as ear:
        assert isinstance(ear.enter(city_of(world)), Subscribed)
        assert ear.closing_code() == Close.PROVE_AGAIN


def test_a_session_has_one_websocket_the_newer(world: World) -> None:
    reader, writer = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as former, listening(reader.client) as newer:
        assert former.closing_code() == Close.REPLACED
        newer.enter(city_of(world))
        writer.file_incident()
        assert newer.hear(IncidentTold)


def refused_rooms(world: World) -> list[str]:
    """Return rooms that are somebody else's, and names that are none's."""
    other, (cousin_id, _) = World(world.live), add_city(world, "Madurai")
    ids = (other.city_id, cousin_id, new_id())
    kinds = (RoomKind.CITY, RoomKind.RESPONDERS)
    rooms = [room_of(kind, city_id) for kind in kinds for city_id in ids]
    return list(
        map(str, [*rooms, *(room_of(RoomKind.USER, each) for each in (world.city_id, new_id()))])
    )


def test_other_agencies_other_cities_and_other_peoples_rooms_are_refused_alike(
    world: World,
) -> None:
    with listening(Dispatcher.at(world, Role.ADMIN).client) as ear:
        for room in refused_rooms(world):
            assert ear.enter(room) == Refused(code=Refusal.NOT_PERMITTED, room=room)


NAMELESS = ["", ":", "city", "city:", "city:*", "city:%", "CITY:{city}", "city:{city} ", "user:",
            "city:{{{city}}}", "admin:{city}", "responders:1", "grid:", "grid:77.0", "grid:1e1:0.0",
            "grid:181.0:0.0", "grid:nan:nan", "grid:76.95:11.0", "grid:76.9:11.0:city"]  # fmt: skip


@pytest.mark.parametrize("name", NAMELESS)
def test_a_name_that_is_none_is_refused(world: World, name: str) -> None:
    room = name.format(city=world.city_id)
    with listening(Dispatcher.at(world).client) as ear:
        assert ear.enter(room) == Refused(code=Refusal.UNKNOWN_ROOM, room=room)


def test_a_cell_is_every_agencys_own(world: World) -> None:
    other = World(world.live)
    with listening(Dispatcher.at(world).client) as ear:
        assert isinstance(ear.enter(cell_of(76.97, 11.02)), Subscribed)
        ear.enter(city_of(world), "feed")
        Dispatcher.at(other).file_incident()
        Dispatcher.at(world).file_report()
        ear.hear(FeedGrown)
    assert not any(isinstance(each, IncidentTold) for each in ear.heard)


@pytest.mark.parametrize(
    "event", ["stats.update", "map.cluster_update", "system.alert", "notification.new", "*", ""]
)
def test_what_the_server_does_not_tell_of_cannot_be_wished_for(world: World, event: str) -> None:
    with listening(Dispatcher.at(world).client) as ear:
        refused = Refused(code=Refusal.UNKNOWN_EVENT, room=city_of(world))
        assert ear.enter(city_of(world), event) == refused


BAD: list[str | bytes] = [
    "", "{", "null", "[]", "{}", "\x00", "a" * 999, b"\xff\xfe", '{"type":"shout"}',
    '{"type":"subscribe"}', '{"type":"subscribe","room":7}', '{"type":"feed","city":"x","seq":1}',
    '{"type":"subscribe","room":"city:1","since":"x"}',
    '{"type":"positions","positions":[{"unit_id":"x"}]}',
    '{"type":"positions","positions":' + "[" * 1500 + "]" * 1500 + "}",
]  # fmt: skip


def test_what_cannot_be_understood_has_no_effect(world: World) -> None:
    with listening(Dispatcher.at(world).client) as ear:
        for said in BAD:
            ear.socket.send(said)
            assert ear.next() == Refused(code=Refusal.BAD_MESSAGE)
        assert isinstance(ear.enter(city_of(world)), Subscribed)


def test_a_message_that_is_too_long_ends_it(world: World) -> None:
    with listening(Dispatcher.at(world).client) as ear:
        ear.socket.send("x" * (MAX_MESSAGE_BYTES + 1))
        assert ear.closing_code() == 1009


def say_all(ear: Ear, rooms: list[str]) -> None:
    for room in rooms:
        ear.say(Subscribe(room=room))


def cells(count: int) -> list[str]:
    return [str(cell_of(each / 10 % 180, each // 1800)) for each in range(count)]


def test_nobody_is_in_more_rooms_than_may_be(world: World) -> None:
    with listening(Dispatcher.at(world).client) as ear:
        for room in cells(MAX_ROOMS):
            assert isinstance(ear.enter(room), Subscribed)
        one_more = city_of(world)
        assert ear.enter(one_more) == Refused(code=Refusal.TOO_MANY_ROOMS, room=one_more)
        ear.say(Unsubscribe(room=cells(1)[0]))
        assert ear.hear(Unsubscribed).room == cells(1)[0]
        assert isinstance(ear.enter(one_more), Subscribed)


def test_who_asks_for_ten_thousand_rooms_is_closed_and_the_others_hear_on(world: World) -> None:
    reader, writer = Dispatcher.at(world), Dispatcher.at(world)
    with listening(reader.client) as ear, listening(Dispatcher.at(world).client) as flooding:
        ear.enter(city_of(world))
        with suppress(ConnectionClosed):
            say_all(flooding, cells(10_000))
        writer.file_incident()
        assert ear.hear(IncidentTold)
        assert flooding.closing_code() == Close.TOO_MANY_MESSAGES
    assert sum(isinstance(each, Subscribed) for each in flooding.heard) <= MAX_ROOMS
