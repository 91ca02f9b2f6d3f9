"""Whatever a hostile desk gets past the server, another desk takes in: nobody stops its line."""

import itertools
import json
from uuid import UUID

import pytest

from tests.server.media.photos import facts
from tests.server.security.test_hostile_pushes import INJECTIONS, operation_of, outcomes
from tests.server.sync.town import report_changes
from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Entity, GeofenceKind, Role
from trafficdesk.wire.fields import FIELDS
from trafficdesk.wire.values import EARLIEST_MS, LATEST_MS

WRONG_FACTS: list[dict[str, object]] = [
    {"sha256": "zz"},
    {"sha256": ""},
    {"kind": "x"},
    {"mime": "../x"},
    {"size_bytes": -1},
    {"width": 0, "height": -1},
    {"taken_ms": -1},
    {"taken_ms": 2**53},
    {"lon": 999.0, "lat": -999.0},
    {"sharpness": -1e300},
    {"more": [1]},
    {"id": "A" * 32},
]
VALUES = [
    *(True, 0, -1, 1, 2**31, 2**53, 1e308, -1e-308, 0.5, "", "x", "1", str(new_id()), [], {}),
    *([[]], [{}], ["x", 1, None], [None], [True], {"a": {"b": [1]}}, "x" * 20_000, *INJECTIONS),
    *([{"sha256": "x"}], [{"sha256": 1, "id": "x"}], [{"id": str(new_id()), "sha256": "0" * 64}]),
    *([facts(b"x", **wrong)] for wrong in WRONG_FACTS),
    [facts(b"x")] * 2,
    [facts(b"%d" % number) for number in range(30)],
]
MOMENTS = (EARLIEST_MS, LATEST_MS, EARLIEST_MS - 1, LATEST_MS + 1, 2**53, -(2**53))
RING = [[76.9, 11.0], [77.0, 11.0], [77.0, 11.1], [76.9, 11.0]]


def fresh() -> dict[str, object]:
    return {"op_id": str(new_id()), "entity_id": str(new_id())}


def hostile(world: World, entity: Entity) -> list[dict[str, object]]:
    """Return creations that are right but for one field, each field with each value."""
    made = []
    for name, value in itertools.product(FIELDS[entity], VALUES):
        if entity is Entity.REPORT:
            changes, action = report_changes(world.city_id, world.station_id), "file"
        else:
            changes, action = _area(world), "draw"
        made.append(operation_of(entity, str(new_id()), action, {**changes, name: (None, value)}))
    return made


def _area(world: World) -> dict[str, tuple[object, object]]:
    return {
        "city_id": (None, str(world.city_id)),
        "name": (None, "Market"),
        "kind": (None, str(GeofenceKind.GEOFENCE)),
        "geometry": (None, {"type": "Polygon", "coordinates": [RING]}),
    }


@pytest.mark.parametrize("entity", [Entity.REPORT, Entity.GEOFENCE])
def test_what_the_server_takes_every_desk_takes(
    world: World, add_desk: AddDesk, entity: Entity
) -> None:
    victim, person = add_desk(), world.person(Role.SUPERVISOR)
    victim.sync()
    client = world.sign_in(person, world.enrol())
    assert client.desk is not None
    frame = {"actor_id": str(person.id), "device_id": str(client.desk.id)}
    taken = list[UUID]()
    batch = [each | frame for each in hostile(world, entity)]
    batch += [batch[0] | fresh() | {"at_ms": at_ms} for at_ms in MOMENTS]
    batch += [batch[0] | fresh() | {"note": text[:280]} for text in INJECTIONS]
    for start in range(0, len(batch), 100):
        part = batch[start : start + 100]
        for sent, told in zip(part, outcomes(client, part), strict=True):
            if told["result"] != "rejected":
                taken.append(UUID(str(sent["entity_id"])))
    assert len(taken) > 15
    for desk in (victim, add_desk()):  # by changes, and by a snapshot
        desk.sync()
        with desk.session.store.reading() as connection:
            table = "reports" if entity is Entity.REPORT else "geofences"
            query = f"SELECT id FROM {table}"
            here = {UUID(bytes=row[0]) for row in connection.exec_driver_sql(query)}
        assert set(taken) <= here, json.dumps(len(set(taken) - here))


def test_a_station_of_nowhere_is_out_of_scope(world: World) -> None:
    other = World(world.live)
    person = world.person()
    client = world.sign_in(person, world.enrol())
    assert client.desk is not None
    frame = {"actor_id": str(person.id), "device_id": str(client.desk.id)}
    for station_id in (new_id(), other.station_id):
        changes = report_changes(world.city_id, station_id)
        (told,) = outcomes(client, [operation_of("report", str(new_id()), "file", changes) | frame])
        assert (told["reason"], told["detail"]) == ("out_of_scope", "station_id")
