"""An alert that nobody acknowledges is escalated by the server: once, whatever restarts."""

import io
import threading
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from sync_server.db.engine import Crossing
from sync_server.incidents.escalating import escalate_due
from sync_server.server import Server
from tests.server.dispatching import desk_in
from tests.server.live import Live, running, settings_for
from tests.server.live_rooms.listening import Dispatcher, listening
from tests.server.world import World
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.live import EventName, IncidentTold, RoomKind, Subscribed, room_of

AT_MS = 1_795_000_000_000
WAIT_S = 60.0


def waits_since(live: Live, incident_id: UUID, minutes: float) -> None:
    """Let what happened to an incident have happened so long ago."""
    with live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("SET LOCAL session_replication_role = replica")
        connection.execute(
            "UPDATE events SET received_ms = received_ms - %s WHERE entity_id = %s",
            [round(minutes * 60_000), incident_id],
        )


def escalations(live: Live, incident_id: UUID) -> int:
    with live.server.database.crossing(Crossing.OPERATOR) as connection:
        query = "SELECT count(*) AS n FROM events WHERE entity_id = %s AND action = 'escalate'"
        found = connection.execute(query, [incident_id]).fetchone()
    assert found is not None
    return int(found["n"])


def test_it_is_escalated_when_its_time_is_over_and_not_before(world: World) -> None:
    incident_id = Dispatcher.at(world).file_incident(vehicle_count=8)
    waits_since(world.live, incident_id, 1.9)
    escalate_due(world.live.server)
    assert escalations(world.live, incident_id) == 0
    waits_since(world.live, incident_id, 0.2)
    escalate_due(world.live.server)
    assert escalations(world.live, incident_id) == 1


def test_what_is_not_critical_waits_in_peace(world: World) -> None:
    incident_id = Dispatcher.at(world).file_incident(vehicle_count=1)
    waits_since(world.live, incident_id, 60)
    escalate_due(world.live.server)
    assert escalations(world.live, incident_id) == 0


@pytest.mark.parametrize(
    ("action", "changes"),
    [
        ("acknowledge", {"acknowledged_ms": (None, AT_MS)}),
        ("clear", {"cleared_ms": (None, AT_MS)}),
        ("remove", {"deleted_ms": (None, AT_MS)}),
    ],
)
def test_whatever_answers_it_ends_it(
    world: World, action: str, changes: dict[str, tuple[object, object]]
) -> None:
    writer = Dispatcher.at(world)
    incident_id = writer.file_incident(vehicle_count=8)
    writer.change(("incident", incident_id), action, **changes)
    waits_since(world.live, incident_id, 60)
    escalate_due(world.live.server)
    assert escalations(world.live, incident_id) == 0


def test_what_became_critical_late_has_its_whole_time(world: World) -> None:
    writer = Dispatcher.at(world)
    incident_id = writer.file_incident(vehicle_count=1)
    waits_since(world.live, incident_id, 60)
    writer.change(("incident", incident_id), "absorb", vehicle_count=(1, 9))
    escalate_due(world.live.server)
    assert escalations(world.live, incident_id) == 0
    waits_since(world.live, incident_id, 2.1)
    escalate_due(world.live.server)
    assert escalations(world.live, incident_id) == 1


def test_of_many_processes_at_once_one_escalates(world: World) -> None:
    incident_id = Dispatcher.at(world).file_incident(vehicle_count=8)
    waits_since(world.live, incident_id, 3)
    processes = [Server.of(world.live.server.settings) for _ in range(4)]
    for each in processes:
        each.database.open()
    together, done = threading.Barrier(len(processes)), list[int]()

    def escalate(server: Server) -> None:
        together.wait(WAIT_S)
        done.append(escalate_due(server))

    threads = [threading.Thread(target=escalate, args=[each]) for each in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(WAIT_S)
    for each in processes:
        each.database.close()
    assert sum(done) <= 1  # or the server's own round was first
    assert len(done) == len(processes)
    assert escalations(world.live, incident_id) == 1


def test_one_that_somebody_works_on_keeps_no_other_waiting_and_has_its_turn_after(
    live: Live, lines: io.StringIO
) -> None:
    filed = [Dispatcher.at(World(live)).file_incident(vehicle_count=8) for _ in range(3)]
    slow = filed[1]
    with live.server.database.crossing(Crossing.OPERATOR) as writer:
        writer.execute("SELECT FROM incidents WHERE id = %s FOR UPDATE", [slow])
        for each in filed:
            waits_since(live, each, 3)
        escalate_due(live.server)
        # Or the server's own round was at them just then.
        _wait_until(lambda: [escalations(live, each) for each in filed] == [1, 0, 1])
        assert "job_failed" not in lines.getvalue()  # it did not wait until it was refused
    _wait_until(lambda: escalations(live, slow) == 1)


def _wait_until(holds: Callable[[], bool]) -> None:
    ends_at = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.05)


def test_a_server_that_is_started_again_forgets_none(database_url: str, tmp_path: Path) -> None:
    with running(settings_for(database_url, tmp_path)) as before:
        incident_id = Dispatcher.at(World(before)).file_incident(vehicle_count=8)
        waits_since(before, incident_id, 1)
        assert escalations(before, incident_id) == 0
    with running(settings_for(database_url, tmp_path, escalate_s=30)) as after:
        _wait_until(lambda: escalations(after, incident_id) == 1)


def test_supervisors_and_dispatchers_hear_of_it_wherever_they_listen(world: World) -> None:
    incident_id = Dispatcher.at(world).file_incident(vehicle_count=8)
    supervisor, officer = Dispatcher.at(world, Role.SUPERVISOR), Dispatcher.at(world, Role.OFFICER)
    city = room_of(RoomKind.CITY, world.city_id)
    with listening(supervisor.client) as ear, listening(officer.client) as other:
        ear.enter(room_of(RoomKind.USER, supervisor.person.id))
        assert isinstance(other.enter(city, "incident"), Subscribed)
        waits_since(world.live, incident_id, 3)
        for each in (ear, other):
            told = each.hear(IncidentTold)
            assert (told.event, told.id) == (EventName.INCIDENT_ESCALATED, incident_id)
            assert told.is_escalated
            assert not told.is_acknowledged


def test_no_desk_may_say_that_nobody_answers(world: World) -> None:
    incident_id = Dispatcher.at(world).file_incident(vehicle_count=8)
    desk = desk_in(world, Role.SUPERVISOR)
    for action in ("escalate", "undo_escalate"):
        outcome = desk.push("incident", incident_id, action, escalated_ms=AT_MS)
        assert (outcome["result"], outcome["reason"]) == ("rejected", "not_permitted")
