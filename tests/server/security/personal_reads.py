"""Every address of the server: how those are asked that tell of people, and why others do not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import requests

from sync_server.db.engine import Crossing
from tests.server.analytics.test_figures import DAYS, decided, report
from tests.server.dispatching import Desk, desk_in
from tests.server.live import Live
from tests.server.live_rooms.listening import listening
from tests.server.media.photos import bring, digest_of, facts, file_report, picture
from tests.server.world import API, Client, World
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.live import LIVE

Route = tuple[str, str]
PLATE, NAME, CREW = "TN37BZ4412", "Thenmozhi Ilango", "Constable Kavin"


@dataclass(frozen=True)
class Scene:
    """An agency with something of everything that tells of people."""

    world: World
    desk: Desk
    user_id: UUID
    report_id: UUID
    incident_id: UUID
    photo: bytes

    def client(self, role: Role = Role.ADMIN) -> Client:
        """Return somebody new at a new desk."""
        return self.world.desk_of(role)

    def entries(self) -> list[dict[str, Any]]:
        """Return what the agency's audit has of reads and reports, the oldest first."""
        return reads_of(self.world)


def reads_of(world: World) -> list[dict[str, Any]]:
    """Return what an agency's audit has of reads and reports, the oldest first."""
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        return connection.execute(
            "SELECT * FROM audit WHERE chain = %s "
            "AND (action LIKE '%%.read' OR action = 'report.make') ORDER BY seq",
            [world.tenant_id],
        ).fetchall()


def furnish(live: Live) -> Scene:
    """Make an agency in which every read finds somebody."""
    world = World(live)
    desk = desk_in(world, Role.SUPERVISOR)
    content = picture()
    report_id = file_report(world, desk.client, facts(content), plate=PLATE)
    assert bring(world, desk.client, content).ok
    report(desk, values=decided(desk, "approved", 3) | {"plate": PLATE})
    unit_id = desk.make("unit", crew=CREW)
    incident_id = desk.make("incident", description=f"{NAME} is hurt")
    desk.send(unit_id, incident_id)
    place = {"unit_id": str(unit_id), "lon": 76.97, "lat": 11.02, "at_ms": 1}
    assert desk.client.post("/units/positions", {"positions": [place]}).ok
    person = world.person(name=NAME)
    world.sign_in(person)
    return Scene(world, desk, person.id, report_id, incident_id, content)


Asking = Callable[[Scene, Client], requests.Response]


def of(path: str) -> Asking:
    """Ask for an address; braces hold what the scene has."""

    def ask(scene: Scene, client: Client) -> requests.Response:
        filled = path.format(
            user=scene.user_id,
            city=scene.world.city_id,
            incident=scene.incident_id,
            photo=digest_of(scene.photo),
        )
        return client.get(filled)

    return ask


def _push_twice(scene: Scene, client: Client) -> requests.Response:
    """Push a change that stands already, so that the record comes back."""
    assert client.desk is not None
    with scene.world.live.server.database.crossing(Crossing.JOB) as connection:
        found = connection.execute(
            "SELECT user_id FROM device_users WHERE device_id = %s", [client.desk.id]
        ).fetchone()
    assert found is not None
    operation = {
        "op_id": new_id(),
        "action_id": new_id(),
        "entity": "incident",
        "entity_id": scene.incident_id,
        "action": "correct",
        "base_version": 1,
        "revision": 2,
        "changes": {"description": ("", f"{NAME} is hurt")},
        "note": "as it stands",
        "actor_id": found["user_id"],
        "device_id": client.desk.id,
        "at_ms": 1_795_000_000_000,
    }
    answer = client.post("/sync/push", {"protocol": 1, "operations": [operation]})
    if answer.ok:
        client.desk.turn = answer.json()["turn"]
        assert answer.json()["outcomes"][0]["record"]["row"]["description"]
    return answer


def _listen(_scene: Scene, client: Client) -> requests.Response:
    with listening(client):
        return requests.Response()


@dataclass(frozen=True)
class Reading:
    """How personal data is read, and as what it is noted: each time, or once a day."""

    action: str
    ask: Asking
    daily: bool = False


def _figures(path: str) -> Reading:
    return Reading("figures.read", of(f"/analytics/{path}{DAYS}&officer={{user}}"))


def _sync(path: str) -> Reading:
    return Reading("sync.read", of(f"/sync/{path}"), daily=True)


READS: Final[dict[Route, Reading]] = {
    ("GET", f"{API}/users"): Reading("user.read", of("/users")),
    ("GET", f"{API}/users/{{user_id}}/sessions"): Reading(
        "session.read", of("/users/{user}/sessions")
    ),
    ("GET", f"{API}/audit"): Reading("audit.read", of("/audit")),
    **{
        ("GET", f"{API}/analytics/{what}"): _figures(f"{what}?")
        for what in ("overview", "trends", "heatmap", "locations", "forecast", "report")
    },
    ("GET", f"{API}/analytics/forecast/squares"): _figures("forecast/squares?"),
    ("GET", f"{API}/analytics/kpis"): Reading(
        "figures.read", of(f"/analytics/kpis?{DAYS}&by=officer")
    ),
    ("GET", f"{API}/analytics/reports/{{template}}"): Reading(
        "report.make", of(f"/analytics/reports/city-week?format=html&{DAYS}")
    ),
    ("GET", f"{API}/incidents"): Reading(
        "incident.read", of("/incidents?status=all&bbox=76.8,10.8,77.2,11.2")
    ),
    ("GET", f"{API}/incidents/{{incident_id}}"): Reading(
        "incident.read", of("/incidents/{incident}")
    ),
    ("GET", f"{API}/incidents/{{incident_id}}/timeline"): Reading(
        "incident.read", of("/incidents/{incident}/timeline")
    ),
    ("GET", f"{API}/units"): Reading("unit.read", of("/units"), daily=True),
    ("GET", f"{API}/units/positions"): Reading("position.read", of("/units/positions"), daily=True),
    ("GET", f"{API}/media/{{sha256}}"): Reading("media.read", of("/media/{photo}"), daily=True),
    ("GET", f"{API}/sync/changes"): _sync("changes?city={city}&after=0"),
    ("GET", f"{API}/sync/history"): _sync("history?city={city}&after=0&until=3"),
    ("GET", f"{API}/sync/snapshot"): _sync("snapshot?city={city}&entity=report"),
    ("POST", f"{API}/sync/push"): Reading("sync.read", _push_twice, daily=True),
    ("WEBSOCKET", LIVE): Reading("position.read", _listen, daily=True),
}
_OWN = "tells whoever asks of themselves alone"
_DONE = "does something, which is audited or is an event, and tells no more than its id"
_BARE = "tells of machines, places or files, and of nobody"
_DEEDS: Final[tuple[Route, ...]] = (
    ("POST", f"{API}/auth/sign-out"),
    ("DELETE", f"{API}/auth/sessions/{{session_id}}"),
    ("POST", f"{API}/users"),
    ("PUT", f"{API}/users/{{user_id}}"),
    ("DELETE", f"{API}/users/{{user_id}}"),
    ("POST", f"{API}/users/{{user_id}}/unlock"),
    ("POST", f"{API}/users/{{user_id}}/password"),
    ("POST", f"{API}/devices/tokens"),
    ("PUT", f"{API}/devices/{{device_id}}/scope"),
    ("DELETE", f"{API}/devices/{{device_id}}"),
    ("POST", f"{API}/incidents"),
    ("POST", f"{API}/incidents/{{incident_id}}/verify"),
    ("DELETE", f"{API}/incidents/{{incident_id}}"),
    ("POST", f"{API}/units/positions"),
    ("POST", f"{API}/media"),
    ("PATCH", f"{API}/media/uploads/{{upload_id}}"),
    ("DELETE", f"{API}/media/uploads/{{upload_id}}"),
)
# Why an address leaves no entry.
PLAIN: Final[dict[Route, str]] = {
    **{
        ("GET", path): _BARE
        for path in (
            *("/health", "/health/db", "/health/external", "/metrics"),
            *("/updates/metadata/{file}", "/updates/targets/{platform}/{file}"),
            *("/updates/files/{folder}/{file}", f"{API}/devices", f"{API}/openapi.json"),
            f"{API}/analytics/reports",
        )
    },
    ("HEAD", f"{API}/openapi.json"): _BARE,
    ("OPTIONS", f"{API}/media"): _BARE,
    ("HEAD", f"{API}/media/{{sha256}}"): "tells the size of a file that the desk knows of",
    ("HEAD", f"{API}/media/uploads/{{upload_id}}"): "tells how far the desk's own upload is",
    ("POST", f"{API}/sync/hello"): "tells numbers of feeds and the desk's own scope",
    ("POST", f"{API}/sync/receipt"): "tells what this very desk has sent",
    ("POST", f"{API}/sync/bundles"): "tells what the courier cannot open: noted as the desk's read",
    ("GET", f"{API}/reports/{{report_id}}/duplicates"): "tells references and how alike they are",
    ("POST", f"{API}/auth/sign-in"): _OWN,
    ("POST", f"{API}/auth/refresh"): _OWN,
    ("GET", f"{API}/auth/sessions"): _OWN,
    ("POST", f"{API}/devices/enrol"): "audited as device.enrolled; logins of whom the desk brought",
    **dict.fromkeys(_DEEDS, _DONE),
}
