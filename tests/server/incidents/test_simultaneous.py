"""Two who report one crash at the same moment make one incident."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest

from sync_server.accounts.service import Caller, Origin
from sync_server.db.engine import Crossing, Database
from sync_server.incidents import queries
from sync_server.incidents.asked import Sighting
from sync_server.incidents.intake import Intake
from sync_server.sync.own import Place, write_own
from tests.server.incidents.test_intake import LAT, LON, report
from tests.server.live import Live
from tests.server.sync.crews import results
from tests.server.world import World
from trafficdesk.domain.dispatch import SAME_INCIDENT_M
from trafficdesk.domain.geometry import boxes_around
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import IncidentType, Role
from trafficdesk.wire.accounts import User

SIGHTING = Sighting(type=IncidentType.CAR_CRASH, lon=LON, lat=LAT)


def intake(world: World) -> Intake:
    words = dict.fromkeys(("login", "name", "initials", "rank", "role"), "")
    caller = Caller(
        tenant_id=world.tenant_id,
        session_id=new_id(),
        role=Role.SERVICE,
        city_id=world.city_id,
        user=User(id=new_id(), station_id=world.station_id, **words),
        device=None,
        origin=Origin(),
    )
    return Intake(Place(world.tenant_id, world.city_id), caller, SIGHTING)


def waits(database: Database) -> bool:
    """Tell whether some transaction waits for the lock of intakes."""
    query = "SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with database.crossing(Crossing.OPERATOR) as connection:
        return connection.execute(query).rowcount > 0


def test_the_second_waits_for_the_first_and_finds_its_incident(own_live: Live) -> None:
    world, database = World(own_live), own_live.server.database
    cities = [world.city_id]
    first, second = intake(world), intake(world)

    def follow() -> list[str]:
        with database.transaction(world.tenant_id, cities) as connection:
            return results(write_own(connection, second.place, second.make(connection)))

    with ThreadPoolExecutor(1) as threads:
        with database.transaction(world.tenant_id, cities) as connection:
            write_own(connection, first.place, first.make(connection))
            following = threads.submit(follow)
            tick = threading.Event()
            while not waits(database):
                assert not following.done(), following.result()
                tick.wait(0.01)
            # Without the lock it would look now, and find none: there would be two.
            near = boxes_around(SIGHTING.place, SAME_INCIDENT_M)
            with database.transaction(world.tenant_id, cities) as naive:
                assert queries.lock_open(naive, world.city_id, near) == []
        assert following.result(timeout=30) == ["applied"]
    assert first.filed is not None
    assert second.filed is not None
    assert (second.filed.id, second.filed.is_new) == (first.filed.id, False)
    assert second.filed.report_count == 2


@pytest.mark.parametrize("people", [8])
def test_many_at_once_make_one_incident_of_all_their_reports(live: Live, people: int) -> None:
    world = World(live)
    clients = []
    for _ in range(people):
        person = world.person()
        with live.server.database.crossing(Crossing.JOB) as connection:
            connection.execute("UPDATE users SET role = 'service' WHERE id = %s", [person.id])
        clients.append(world.sign_in(person))
    gate = threading.Barrier(people)

    def post(number: int) -> tuple[int, UUID]:
        gate.wait()
        answer = report(clients[number])
        assert answer.ok, answer.text
        return answer.status_code, UUID(answer.json()["data"]["id"])

    with ThreadPoolExecutor(people) as threads:
        told = list(threads.map(post, range(people)))
    assert len({incident_id for _, incident_id in told}) == 1
    assert Counter(status for status, _ in told) == {201: 1, 200: people - 1}
    with live.server.database.crossing(Crossing.OPERATOR) as connection:
        (row,) = connection.execute(
            "SELECT jsonb_array_length(accounts) AS told, version FROM incidents "
            "WHERE city_id = %s",
            [world.city_id],
        ).fetchall()
    assert (row["told"], row["version"]) == (people - 1, people)
