"""Whoever reads personal data of others leaves an entry in the audit, before the answer leaves."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
import requests
from fastapi.routing import iter_route_contexts

from sync_server.app import create_app
from sync_server.audit import service as audit
from sync_server.audit.reads import What
from sync_server.db.engine import Crossing
from tests.server.analytics.test_figures import DAYS
from tests.server.dispatching import desk_in
from tests.server.http.test_security_table import UNLISTED, Guard, client_for
from tests.server.live import Live
from tests.server.live_rooms.listening import listening
from tests.server.security.personal_reads import (
    CREW,
    NAME,
    PLAIN,
    PLATE,
    READS,
    Route,
    Scene,
    furnish,
    of,
    reads_of,
)
from tests.server.world import API, World
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.reporting.codes import KNOWN
from trafficdesk.domain.vocabulary import Role

# Names of what tells of a person, wherever the document has them in an answer.
OF_PEOPLE: Final = frozenset(
    {
        *("login", "logins", "initials", "rank", "user", "user_id", "actor_id", "crew", "plate"),
        *("description", "accounts", "text", "media", "position", "positions", "phone", "email"),
        *("reporter_id", "reviewer_id", "assignee_id", "acknowledged_by", "pseudonym", "note"),
        *("records", "record", "events", "officer_id", "photos", "speed_mps", "changes"),
    }
)
ROUTES = pytest.mark.parametrize("route", list(READS), ids=[" ".join(each) for each in READS])


@pytest.fixture(scope="module")
def scene(live: Live) -> Scene:
    return furnish(live)


def routes_of(live: Live) -> set[Route]:
    """Return every address of the program, listed in its document or not."""
    return {
        (method, str(route.path))
        for route in iter_route_contexts(create_app(live.server.settings).routes)
        for method in route.methods or {"WEBSOCKET"}
    }


def names_in(schema: object) -> Iterator[str]:
    """Yield the names of all that a schema of the document has."""
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
        for part in schema.values():
            yield from names_in(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from names_in(part)


def test_every_address_is_known_to_tell_of_people_or_not(live: Live) -> None:
    assert routes_of(live) == READS.keys() | PLAIN.keys()
    assert not READS.keys() & PLAIN.keys()
    assert routes_of(live) >= UNLISTED


def test_no_address_that_leaves_no_entry_is_documented_to_tell_of_people(live: Live) -> None:
    paths = requests.get(f"{live.url}{API}/openapi.json", timeout=10).json()["paths"]
    telling = {
        (method.upper(), path): found
        for path, each in paths.items()
        for method, told in each.items()
        if (
            found := OF_PEOPLE.intersection(
                name
                for status, answer in told["responses"].items()
                if status.startswith("2")
                for name in names_in(answer)
            )
        )
    }
    own = {"user", "login", "initials", "rank"}
    assert {route: found for route, found in telling.items() if route not in READS} == {
        ("POST", f"{API}/auth/sign-in"): own,
        ("POST", f"{API}/auth/refresh"): own,
        ("POST", f"{API}/devices/enrol"): {"logins"},
    }


@ROUTES
def test_a_read_leaves_one_entry_that_says_who_where_and_how_many(
    scene: Scene, route: Route
) -> None:
    reading, client = READS[route], scene.client()
    assert client.desk is not None
    before = scene.entries()
    answer = reading.ask(scene, client)
    (entry,) = scene.entries()[len(before) :]
    assert (entry["action"], entry["device_id"]) == (reading.action, client.desk.id)
    assert entry["actor_id"] is not None
    if answer.headers:
        assert answer.ok
        assert entry["request_id"] == answer.headers["X-Request-Id"]
    if reading.action not in {"report.make", "position.read"}:
        assert entry["detail"]["count"] >= 1


@ROUTES
def test_once_more_is_another_entry_unless_it_goes_on_all_day(scene: Scene, route: Route) -> None:
    reading, client = READS[route], scene.client()
    reading.ask(scene, client)
    before = len(scene.entries())
    reading.ask(scene, client)
    assert len(scene.entries()) - before == (0 if reading.daily else 1)
    if reading.daily:
        other = scene.client()
        before = len(scene.entries())
        reading.ask(scene, other)
        assert len(scene.entries()) - before == 1


def test_no_entry_holds_what_was_read_and_the_chain_is_sound(scene: Scene) -> None:
    for reading in READS.values():
        reading.ask(scene, scene.client())
    told = json.dumps(scene.entries(), default=str)
    for secret in (PLATE, NAME, "Thenmozhi", CREW, "Kavin", "Meena", "user-", "76.97", "hurt"):
        assert secret not in told
    with scene.world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        broken = [fault.chain for fault in audit.verify(connection)]
    assert scene.world.tenant_id not in broken


def test_what_cannot_be_noted_is_not_told(own_live: Live) -> None:
    scene = furnish(own_live)
    clients = {route: scene.client() for route in READS}
    with own_live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("REVOKE INSERT ON audit FROM trafficdesk_app")
    for route, reading in READS.items():
        if route[0] == "WEBSOCKET":
            with pytest.raises(Exception, match="HTTP 500"):
                reading.ask(scene, clients[route])
            continue
        answer = reading.ask(scene, clients[route])
        assert (route, answer.status_code) == (route, 500)
        assert answer.json().keys() == {"type", "status", "code", "title", "detail"}


@pytest.mark.parametrize(
    "path",
    [
        "/auth/sessions",
        f"/analytics/overview?{DAYS}",
        f"/analytics/kpis?{DAYS}&by=station",
        "/incidents?bbox=1,1,2,2",
        "/incidents/{incident}/timeline?cursor=9007199254740991",
        "/sync/snapshot?city={city}&entity=station",
        "/sync/snapshot?city={city}&entity=citizen",
        "/sync/changes?city={city}&after=9007199254740991",
        "/sync/history?city={city}&after=9007199254740990&until=9007199254740991",
    ],
)
def test_what_tells_of_nobody_leaves_no_entry(scene: Scene, path: str) -> None:
    client, before = scene.client(), scene.entries()
    assert of(path)(scene, client).ok
    assert scene.entries() == before


def test_a_report_about_the_audit_has_words_for_every_kind_of_read() -> None:
    assert {part for each in What for part in each.split(".")} <= KNOWN


def test_ones_own_figures_and_sessions_are_ones_own(scene: Scene) -> None:
    desk = desk_in(scene.world, Role.OFFICER)
    assert not may(Role.OFFICER, Permission.ANALYTICS_OFFICERS)
    before = scene.entries()
    for path in (
        f"/users/{desk.actor_id}/sessions",
        f"/analytics/overview?{DAYS}&officer={desk.actor_id}",
        f"/analytics/kpis?{DAYS}&by=officer",
    ):
        assert desk.client.get(path).ok
    assert scene.entries() == before


def test_a_pull_is_noted_with_what_the_desk_may_see_and_from_where_on(scene: Scene) -> None:
    client, city = scene.client(), scene.world.city_id
    assert client.desk is not None
    assert client.get(f"/sync/changes?city={city}&after=1&limit=2").ok
    (entry,) = scene.entries()[-1:]
    scope = client.desk.enrolled.scope
    assert entry["subject"] == str(city)
    assert entry["detail"] == {
        "of": "changes",
        "scope": str(scope.id),
        "stations": [str(each) for each in scope.station_ids],
        "days": scope.window_days,
        "after": 1,
        "upto": 3,
        "count": 2,
    }


@pytest.mark.parametrize("what", ["changes?", "history?until=4&"])
def test_whoever_reads_from_further_back_than_they_did_that_day_is_noted_again(
    scene: Scene, what: str
) -> None:
    """Else the day's first entry would hide all that was asked for after it."""
    client, before = scene.client(), len(scene.entries())
    for after in (2, 3, 2, 0, 1, 0):
        assert of(f"/sync/{what}city={{city}}&after={after}")(scene, client).ok
    assert [entry["detail"]["after"] for entry in scene.entries()[before:]] == [2, 0]


def test_records_that_came_since_they_were_counted_are_noted(live: Live) -> None:
    """The count of a snapshot is kept from its first page on, also where it is none."""
    world = World(live)
    desk, client = desk_in(world, Role.SUPERVISOR), world.desk_of(Role.ADMIN)
    path = f"/sync/snapshot?city={world.city_id}&entity=incident"
    assert client.get(path).json()["records"] == []
    assert reads_of(world) == []
    desk.make("incident", description=f"{NAME} is hurt")
    assert client.get(f"{path}&after={UUID(int=1)}").json()["records"]
    assert "snapshot of incident" in [each["detail"]["of"] for each in reads_of(world)]


def test_whoever_may_follow_no_units_listens_without_an_entry(scene: Scene) -> None:
    client, before = client_for(scene.world, Guard(), Role.CITIZEN), scene.entries()
    with listening(client):
        pass
    assert scene.entries() == before


def test_a_read_that_cannot_be_noted_soon_is_refused_and_told_once_it_can(live: Live) -> None:
    world = World(live)
    admin = world.sign_in(world.person(Role.ADMIN))
    with live.server.database.crossing(Crossing.OPERATOR) as connection:
        audit.append(connection, audit.Deed(action="tested", tenant_id=world.tenant_id))
        refused = admin.get("/users")
    assert refused.elapsed < timedelta(seconds=15)  # a statement may take twice as long
    assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
    assert admin.get("/users").ok
