"""What Prometheus is told of feeds, desks, conflicts and ages: true, without persons, bounded."""

import re
import time
from pathlib import Path

import pytest
import requests

from sync_server.admin import scoping
from sync_server.db.engine import Crossing
from sync_server.jobs.reading import write_reads
from tests.server.dispatching import desk_in
from tests.server.live import Live, running, settings_for
from tests.server.media.photos import file_report
from tests.server.world import Client, World
from trafficdesk.domain.identity import new_id


@pytest.fixture
def world(own_live: Live) -> World:
    """An agency alone in its database."""
    return World(own_live)


def numbers(world: World) -> dict[str, float]:
    """Return every sample of the page by its name and the labels without the city's."""
    page = requests.get(f"{world.live.url}/metrics", timeout=30).text
    own = re.compile(r'city="CBE",city_id="[^"]*",?')
    found = (line.rpartition(" ") for line in page.splitlines() if not line.startswith("#"))
    return {own.sub("", name).removesuffix("{}"): float(value) for name, _, value in found}


def read_all(world: World, desk: Client) -> None:
    """Have a desk ask for all that it has not read, and what it read written down."""
    answer = desk.get(f"/sync/changes?city={world.city_id}&after=0")
    assert answer.ok, answer.text
    write_reads(world.live.server)


def test_the_lag_is_the_slowest_active_desks(world: World) -> None:
    writer, reader = world.desk_of(), world.desk_of()
    file_report(world, writer)
    read_all(world, writer)
    read_all(world, reader)
    before = numbers(world)
    assert before["trafficdesk_feed_lag_events"] == 0
    file_report(world, writer)
    file_report(world, writer)
    read_all(world, writer)
    found = numbers(world)
    assert found["trafficdesk_feed_head"] == before["trafficdesk_feed_head"] + 2
    assert found["trafficdesk_feed_lag_events"] == 2
    assert found['trafficdesk_desks{state="active"}'] == 2
    assert found['trafficdesk_desks{state="behind"}'] == 1
    assert 0 <= found["trafficdesk_feed_lag_seconds"] < 600


def test_the_lags_age_is_the_oldest_event_that_was_not_given(world: World) -> None:
    desk = world.desk_of()
    file_report(world, desk)
    read_all(world, desk)
    file_report(world, desk)
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER events_keep")
        connection.execute(
            "UPDATE events SET received_ms = received_ms - 60000 "
            "WHERE seq = (SELECT max(seq) FROM events)"
        )
    assert 60 <= numbers(world)["trafficdesk_feed_lag_seconds"] < 600


def test_a_desk_that_is_switched_off_or_revoked_holds_no_figure_up(world: World) -> None:
    writer, sleeper, thief = world.desk_of(), world.desk_of(), world.desk_of()
    file_report(world, writer)
    for desk in (writer, sleeper, thief):
        read_all(world, desk)
    file_report(world, writer)
    read_all(world, writer)
    assert sleeper.desk is not None
    assert thief.desk is not None
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        query = "UPDATE devices SET seen_at = now() - interval '11 min' WHERE id = %s"
        connection.execute(query, [sleeper.desk.id])
        connection.execute("UPDATE devices SET revoked_at = now() WHERE id = %s", [thief.desk.id])
    found = numbers(world)
    assert found["trafficdesk_feed_lag_events"] == 0
    assert [found[f'trafficdesk_desks{{state="{s}"}}'] for s in ("active", "behind", "away")] == [
        1,
        0,
        1,
    ]


def test_operators_see_which_desk_is_how_far_behind(world: World) -> None:
    one, two = world.desk_of(), world.desk_of()
    file_report(world, one)
    read_all(world, one)
    file_report(world, two)
    read_all(world, two)
    found = scoping.list_desks(world.live.server)
    assert [(desk.code, desk.behind) for desk in found] == [("CBE/D1", 1), ("CBE/D2", 0)]
    assert (found[0].station, found[0].is_revoked) == ("Gandhipuram", False)


def test_what_could_not_be_written_down_is_written_the_next_time(world: World) -> None:
    desk = world.desk_of()
    file_report(world, desk)
    desk.get(f"/sync/changes?city={world.city_id}&after=0")
    server = world.live.server
    assert desk.desk is not None
    with server.database.crossing(Crossing.JOB) as connection:  # as a push holds its desk
        connection.execute("SELECT FROM devices WHERE id = %s FOR UPDATE", [desk.desk.id])
        assert write_reads(server) == 0
    assert write_reads(server) == 1


def test_conflicts_are_counted_by_state_with_the_oldests_age(world: World) -> None:
    opened_ms = int(time.time() * 1000)
    ages_ms = {"open": (30_000, 90_000), "settled": (500_000,)}
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        for status, ages in ages_ms.items():
            for age_ms in ages:
                connection.execute(
                    "INSERT INTO conflicts (tenant_id, city_id, id, version, record_entity, "
                    "record_id, device_id, actor_id, status, fields, operations, theirs_version, "
                    "opened_ms) "
                    "VALUES (%s, %s, %s, 1, 'report', %s, %s, %s, %s, '[]', '[]', 1, %s)",
                    [world.tenant_id, world.city_id]
                    + [new_id() for _ in range(4)]
                    + [status, opened_ms - age_ms],
                )
    found = numbers(world)
    states = [found[f'trafficdesk_conflicts{{state="{s}"}}'] for s in ("open", "settled")]
    assert states == [2, 1]
    assert 90 <= found["trafficdesk_conflict_oldest_seconds"] < 300


def test_no_label_tells_of_a_person_or_a_desk(world: World) -> None:
    desk = world.desk_of()
    file_report(world, desk)
    read_all(world, desk)
    page = requests.get(f"{world.live.url}/metrics", timeout=30).text
    assert desk.desk is not None
    for secret in (str(desk.desk.id), "Meena", "Gandhipuram", "user-", "TN37"):
        assert secret not in page
    labels = set(re.findall(r'(\w+)="', page))
    assert labels <= {
        *("method", "route", "status", "le", "result", "reason", "limit"),
        *("number", "city", "city_id", "state", "what", "job"),
    }


def test_without_a_database_the_page_still_comes(tmp_path: Path) -> None:
    settings = settings_for("postgresql://owner@/desk?host=/nowhere", tmp_path)
    with running(settings) as live:
        page = requests.get(f"{live.url}/metrics", timeout=30).text
    assert "\ntrafficdesk_database_up 0.0" in page
    assert "trafficdesk_feed_head{" not in page
    assert "\ntrafficdesk_disk_free_bytes " in page


def test_incidents_that_go_on_and_units_sent_twice_are_counted(world: World) -> None:
    one, other = desk_in(world), desk_in(world)
    unit_id, incidents = one.make("unit"), [one.make("incident") for _ in range(3)]
    one.push("incident", incidents[2], "clear", cleared_ms=1_795_000_000_000)
    one.send(unit_id, incidents[0])
    named = {"incident_id": str(incidents[1]), "unit_id": str(unit_id)}
    assert numbers(world)["trafficdesk_double_dispatches"] == 0
    second_id = other.make("assignment", **named)
    assert numbers(world)["trafficdesk_double_dispatches"] == 1
    other.push("unit", unit_id, "send", assignment_id=str(second_id))
    found = numbers(world)
    assert found["trafficdesk_incidents_open"] == 2
    assert found["trafficdesk_double_dispatches"] == 1, "the claim is of the same conflict"
