"""Every address against every role and every way not to be allowed in."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from secrets import token_hex
from uuid import UUID

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi.routing import iter_route_contexts

from sync_server.accounts.service.tokens import Session, read_access, tokens_of
from sync_server.app import create_app
from sync_server.db.engine import Crossing
from tests.server.bundles.sealed import Asking, hand_in
from tests.server.dispatching import desk_in
from tests.server.live import Live
from tests.server.media.photos import (
    TUS,
    announce,
    bring,
    digest_of,
    facts,
    file_report,
    picture,
    send,
)
from tests.server.world import API, Client, World, code_of
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.accounts import User
from trafficdesk.wire.live import LIVE


@dataclass(frozen=True)
class Guard:
    """What an address asks for: nothing, a session, a desk; and which permission."""

    permission: Permission | None = None
    public: bool = False
    desk: bool = False


OPEN, PERSON, DESK = Guard(public=True), Guard(), Guard(desk=True)
MANAGE = Guard(Permission.OFFICER_MANAGE)
READ_ON_DESK = Guard(Permission.REPORT_READ, desk=True)
GUARDS = {
    ("GET", "/health"): OPEN,
    ("GET", "/health/db"): OPEN,
    ("GET", "/health/external"): OPEN,
    ("GET", "/metrics"): OPEN,  # this machine's, or with a token: see test_metrics
    ("GET", "/updates/metadata/{file}"): OPEN,  # what is there is signed
    ("GET", "/updates/targets/{platform}/{file}"): OPEN,
    ("GET", "/updates/files/{folder}/{file}"): OPEN,
    ("POST", f"{API}/auth/sign-in"): OPEN,
    ("POST", f"{API}/auth/refresh"): OPEN,
    ("POST", f"{API}/devices/enrol"): OPEN,
    ("POST", f"{API}/auth/sign-out"): PERSON,
    ("GET", f"{API}/auth/sessions"): PERSON,
    ("DELETE", f"{API}/auth/sessions/{{session_id}}"): MANAGE,
    ("GET", f"{API}/users"): MANAGE,
    ("POST", f"{API}/users"): MANAGE,
    ("PUT", f"{API}/users/{{user_id}}"): MANAGE,
    ("DELETE", f"{API}/users/{{user_id}}"): MANAGE,
    ("POST", f"{API}/users/{{user_id}}/unlock"): Guard(Permission.OFFICER_UNLOCK),
    ("POST", f"{API}/users/{{user_id}}/password"): MANAGE,
    ("GET", f"{API}/users/{{user_id}}/sessions"): MANAGE,
    ("POST", f"{API}/devices/tokens"): MANAGE,
    ("GET", f"{API}/devices"): MANAGE,
    ("PUT", f"{API}/devices/{{device_id}}/scope"): MANAGE,
    ("DELETE", f"{API}/devices/{{device_id}}"): Guard(Permission.DESK_SHRED),
    ("GET", f"{API}/audit"): Guard(Permission.AUDIT_READ),
    **{
        ("GET", f"{API}/analytics/{what}"): Guard(Permission.ANALYTICS_VIEW)
        for what in (
            *("overview", "kpis", "trends", "heatmap", "locations", "forecast", "report"),
            *("forecast/squares", "reports"),
        )
    },
    ("GET", f"{API}/analytics/reports/{{template}}"): Guard(Permission.REPORT_EXPORT),
    ("POST", f"{API}/incidents"): Guard(Permission.INCIDENT_FILE),
    ("GET", f"{API}/incidents"): Guard(Permission.REPORT_READ),
    ("GET", f"{API}/incidents/{{incident_id}}"): Guard(Permission.REPORT_READ),
    ("GET", f"{API}/incidents/{{incident_id}}/timeline"): Guard(Permission.REPORT_READ),
    ("POST", f"{API}/incidents/{{incident_id}}/verify"): Guard(Permission.INCIDENT_FILE),
    ("DELETE", f"{API}/incidents/{{incident_id}}"): Guard(Permission.INCIDENT_DISPATCH),
    ("GET", f"{API}/reports/{{report_id}}/duplicates"): Guard(Permission.REPORT_READ),
    ("GET", f"{API}/units"): Guard(Permission.INCIDENT_RESPOND),
    ("GET", f"{API}/units/positions"): Guard(Permission.INCIDENT_RESPOND),
    ("POST", f"{API}/units/positions"): Guard(Permission.INCIDENT_RESPOND),
    ("POST", f"{API}/sync/hello"): DESK,
    ("POST", f"{API}/sync/push"): DESK,  # each operation is judged by its actor's role
    ("POST", f"{API}/sync/bundles"): DESK,  # whose it is, its own signature says
    ("POST", f"{API}/sync/receipt"): DESK,  # of what this very desk has sent
    ("GET", f"{API}/sync/changes"): READ_ON_DESK,
    ("GET", f"{API}/sync/history"): READ_ON_DESK,
    ("GET", f"{API}/sync/snapshot"): READ_ON_DESK,
    ("OPTIONS", f"{API}/media"): OPEN,
    ("POST", f"{API}/media"): DESK,  # what a report names may be brought by whoever is there
    ("HEAD", f"{API}/media/uploads/{{upload_id}}"): DESK,
    ("PATCH", f"{API}/media/uploads/{{upload_id}}"): DESK,
    ("DELETE", f"{API}/media/uploads/{{upload_id}}"): DESK,
    ("HEAD", f"{API}/media/{{sha256}}"): READ_ON_DESK,
    ("GET", f"{API}/media/{{sha256}}"): READ_ON_DESK,
}
# The document itself, for anybody; and who listens: see security/test_live_handshake.py.
UNLISTED = {(method, f"{API}/openapi.json") for method in ("GET", "HEAD")}
UNLISTED |= {("WEBSOCKET", LIVE)}
CLOSED = [route for route, guard in GUARDS.items() if not guard.public]
NAMES = [f"{method} {path}" for method, path in CLOSED]
of_every_closed_route = pytest.mark.parametrize("route", CLOSED, ids=NAMES)


@dataclass(frozen=True)
class Target:
    """Somebody of an agency, for requests to be about."""

    world: World
    user_id: str
    session_id: str
    device_id: str
    photo: bytes
    unit_id: str
    bundle: bytes


@cache
def photo_in(world: World) -> bytes:
    """Store a photo of a report, once for an agency."""
    content, client = picture(), world.desk_of()
    file_report(world, client, facts(content))
    assert bring(world, client, content).ok
    return content


def upload_of(client: Client, target: Target) -> str:
    """Begin an upload on the client's desk if it is the agency's, else on the target's."""
    desk, world = client.desk, target.world
    is_theirs = desk is not None and desk.enrolled.tenant_id == world.tenant_id
    device_id = str(desk.id) if desk is not None and is_theirs else target.device_id
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        found = connection.execute(
            "INSERT INTO media_uploads (tenant_id, city_id, id, device_id, sha256, size_bytes, "
            "expires_at) VALUES (%s, %s, %s, %s, %s, 9, now() + interval '1 hour') RETURNING id",
            [world.tenant_id, world.city_id, new_id(), device_id, token_hex(32)],
        ).fetchone()
    assert found is not None
    return str(found["id"])


def target_in(world: World) -> Target:
    person, desk = world.person(), world.enrol()
    session_id = str(read_access(world.live.server.keys, world.sign_in(person, desk).token))
    told = str(person.id), session_id, str(desk.id), photo_in(world), str(unit_in(world))
    return Target(world, *told, Asking(world, desk).request())


@cache
def report_in(world: World) -> UUID:
    """File a report, once for an agency."""
    return file_report(world, world.desk_of())


@cache
def unit_in(world: World) -> UUID:
    """Enlist a unit, once for an agency."""
    return desk_in(world).make("unit")


def incident_of(target: Target) -> str:
    """File an incident that nobody has touched."""
    world, incident_id = target.world, new_id()
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute(
            "INSERT INTO incidents (tenant_id, city_id, station_id, id, version, reference, type, "
            "severity, lon, lat, vehicle_count, injuries, injury_count, lanes_blocked, source, "
            "occurred_ms, reported_ms, created_ms, updated_ms) VALUES (%s, %s, %s, %s, 1, %s, "
            "'hazard', 1, 76.97, 11.02, 1, false, 0, 'none', 'officer', 1, 1, 1, 1)",
            [world.tenant_id, world.city_id, world.station_id, incident_id, str(incident_id)],
        )
    return str(incident_id)


def ask(client: Client, route: tuple[str, str], target: Target) -> requests.Response:
    """Send a request that is right but for who asks."""
    method, path = route
    if path.startswith(f"{API}/media"):
        return ask_media(client, route, target)
    if path == f"{API}/sync/bundles":
        return hand_in(client, target.bundle)
    path = path.removeprefix(API).format(
        user_id=target.user_id,
        session_id=target.session_id,
        device_id=target.device_id,
        incident_id=incident_of(target) if "{incident_id}" in path else "",
        report_id=report_in(target.world) if "{report_id}" in path else "",
        template="city-week",
    )
    city, station = target.world.city_id, str(target.world.station_id)
    new = {"login": f"new-{new_id()}", "password": "lamp-river-42", "name": "New", "rank": "SI"}
    new |= {"initials": "N", "role": "officer", "station_id": station}
    bodies: dict[str, object] = {
        "/users": new,
        f"/users/{target.user_id}": new,
        f"/devices/{target.device_id}/scope": {"city_ids": [str(city)]},
        "/devices/tokens": {"station_id": station},
        "/incidents": {"type": "hazard", "lon": 76.97, "lat": 11.02},
        "/units/positions": {
            "positions": [{"unit_id": target.unit_id, "lon": 76.97, "lat": 11.02, "at_ms": 1}]
        },
        "/sync/hello": {"speaks": [1, 1], "program": "test"},
        "/sync/receipt": {"op_ids": []},
        "/sync/push": {"protocol": 1, "operations": []},
    }
    queries = {
        "/sync/changes": f"?city={city}&after=0",
        "/sync/history": f"?city={city}&after=0&until=1",
        "/sync/snapshot": f"?city={city}&entity=report",
    }
    body = bodies.get(path, {"password": "river-lamp-43"} if path.endswith("/password") else None)
    return client.send(
        method, path + queries.get(path, ""), body if method in {"POST", "PUT"} else None
    )


def ask_media(client: Client, route: tuple[str, str], target: Target) -> requests.Response:
    """Send a request of media that is right but for who asks."""
    method, path = route
    if method == "POST":
        return announce(target.world, client, target.photo)
    upload_id = upload_of(client, target) if "{upload_id}" in path else ""
    path = path.removeprefix(API).format(sha256=digest_of(target.photo), upload_id=upload_id)
    if method == "PATCH":
        return send(client, path, 0, b"")
    return client.send(method, path, **TUS)


def client_for(world: World, guard: Guard, role: Role = Role.ADMIN) -> Client:
    """Sign in somebody of a role, on a desk where the address asks for one."""
    person = world.person()
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute("UPDATE users SET role = %s WHERE id = %s", [role, person.id])
    return world.sign_in(person, world.enrol() if guard.desk else None)


@pytest.fixture(scope="module")
def world(live: Live) -> World:
    return World(live)


@pytest.fixture
def target(world: World) -> Target:
    return target_in(world)


def test_every_address_is_in_the_table(live: Live) -> None:
    routes = {
        (method, route.path)
        for route in iter_route_contexts(create_app(live.server.settings).routes)
        for method in route.methods or {"WEBSOCKET"}
    }
    assert routes == set(GUARDS) | UNLISTED
    document = requests.get(f"{live.url}{API}/openapi.json", timeout=10).json()
    told = {(method.upper(), path) for path, each in document["paths"].items() for method in each}
    assert told == set(GUARDS)


def test_the_document_tells_what_each_address_asks_for(live: Live) -> None:
    paths = requests.get(f"{live.url}{API}/openapi.json", timeout=10).json()["paths"]
    desk = {"person", "device", "turn", "signature"}
    for (method, path), guard in GUARDS.items():
        ways = [set(way) for way in paths[path][method.lower()]["security"]]
        asked = [desk] if guard.desk else [{"person"}, desk]
        assert set() in ways if guard.public else ways == asked, (method, path)


@pytest.mark.parametrize("role", list(Role))
@of_every_closed_route
def test_each_role_does_what_it_may_and_no_more(
    world: World, target: Target, route: tuple[str, str], role: Role
) -> None:
    guard = GUARDS[route]
    answer = ask(client_for(world, guard, role), route, target)
    if guard.permission is None or may(role, guard.permission):
        assert answer.ok, answer.text
    else:
        assert (answer.status_code, code_of(answer)) == (403, "not_permitted")


def forget(client: Client, _world: World) -> None:
    client.token = ""


def invent(client: Client, _world: World) -> None:
    client.token = client.token[:-3] + ("AAA" if client.token[-3:] != "AAA" else "BBB")


def use_unsigned(client: Client, _world: World) -> None:
    claims = client.token.split(".")[1]
    client.token = f"eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.{claims}."


def wait_too_long(client: Client, world: World) -> None:
    keys, then = world.live.server.keys, utc_now() - timedelta(minutes=16)
    session = Session(read_access(keys, client.token), 0, then, then)
    words = dict.fromkeys(("login", "name", "initials", "rank", "role"), "")
    somebody = User(id=new_id(), station_id=new_id(), **words)
    client.token = tokens_of(keys, session, somebody).access_token


def leave(client: Client, world: World) -> None:
    session_id = read_access(world.live.server.keys, client.token)
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        connection.execute("UPDATE sessions SET ended_at = now() WHERE id = %s", [session_id])


@pytest.mark.parametrize("spoil", [forget, invent, use_unsigned, wait_too_long, leave])
@of_every_closed_route
def test_without_a_good_token_nobody_is_let_in(
    world: World, target: Target, route: tuple[str, str], spoil: Callable[[Client, World], None]
) -> None:
    client = client_for(world, GUARDS[route])
    spoil(client, world)
    answer = ask(client, route, target)
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_needed")


@pytest.mark.parametrize("on_a_desk", [True, False])
@of_every_closed_route
def test_another_agency_reaches_nothing(
    world: World, target: Target, route: tuple[str, str], *, on_a_desk: bool
) -> None:
    other = World(world.live)
    client = client_for(other, Guard(desk=on_a_desk or GUARDS[route].desk))
    before = rows_of(world)
    answer = ask(client, route, target)
    of_nobody = route[1].replace("{template}", "")  # every agency has the same templates
    names_nothing = "{" not in of_nobody and "station_id" not in str(answer.request.body)
    assert answer.ok or answer.status_code in {403, 404, 422}, answer.text
    assert answer.ok is (names_nothing and route[1] not in {*PER_CITY, f"{API}/sync/bundles"})
    assert rows_of(world) == before
    for secret in (target.user_id, target.session_id, target.device_id, str(world.station_id)):
        assert secret not in answer.text


PER_CITY = {f"{API}/{path}" for path in ("sync/changes", "sync/history", "sync/snapshot", "media")}


def rows_of(world: World) -> str:
    """Return what an agency has, but for what reading alone moves."""
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        found = [
            connection.execute(query.encode(), [world.tenant_id]).fetchall()
            for query in (
                "SELECT * FROM users WHERE tenant_id = %s ORDER BY id",
                "SELECT * FROM sessions WHERE tenant_id = %s ORDER BY id",
                "SELECT id, turn, revoked_at FROM devices WHERE tenant_id = %s ORDER BY id",
                "SELECT * FROM enrol_tokens WHERE tenant_id = %s ORDER BY token_hash",
                "SELECT * FROM unit_positions WHERE tenant_id = %s",
                "SELECT * FROM audit WHERE chain = %s ORDER BY seq",
            )
        ]
    return str(found)


@of_every_closed_route
def test_a_revoked_device_is_told_so_wherever_it_knocks(
    world: World, target: Target, route: tuple[str, str]
) -> None:
    client = client_for(world, DESK)
    assert client.desk is not None
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        query = "UPDATE devices SET revoked_at = now() WHERE id = %s"
        connection.execute(query, [client.desk.id])
    answer = ask(client, route, target)
    assert (answer.status_code, code_of(answer)) == (403, "device_revoked")


@of_every_closed_route
def test_a_desk_that_signs_with_another_key_is_not_let_in(
    world: World, target: Target, route: tuple[str, str]
) -> None:
    client = client_for(world, DESK)
    assert client.desk is not None
    client.desk.key = Ed25519PrivateKey.generate()
    answer = ask(client, route, target)
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_needed")


@pytest.mark.parametrize("route", [r for r in CLOSED if GUARDS[r].desk])
def test_a_token_of_no_desk_opens_nothing_of_the_sync(
    world: World, target: Target, route: tuple[str, str]
) -> None:
    answer = ask(client_for(world, PERSON), route, target)
    assert (answer.status_code, code_of(answer)) == (401, "sign_in_needed")
