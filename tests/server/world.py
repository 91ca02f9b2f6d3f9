"""An agency of its own on a live server, its people, and desks that sign what they send."""

import base64
import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
import requests
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from sync_server.accounts.service.enrolment import Enrolment, make_token
from sync_server.accounts.service.users import NewUser, Place, put_user
from sync_server.db.engine import Crossing
from tests.server.live import Live
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.accounts import Enrolled, EnrolRequest, SignInRequest, Tokens
from trafficdesk.wire.signing import DEVICE_HEADER, SIGNATURE_HEADER, TURN_HEADER, signed_bytes

PASSWORD = "lamp-river-42"
API = "/api/v1"
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in."""

    id: UUID
    login: str
    role: Role


@dataclass
class Desk:
    """An enrolled device: its key, and the turn it would show next."""

    id: UUID
    key: Ed25519PrivateKey
    enrolled: Enrolled
    turn: str

    def signed(self, method: str, target: str, body: bytes) -> dict[str, str]:
        """Return the headers that prove the device."""
        signature = self.key.sign(signed_bytes(method, target, body, self.turn))
        return {
            DEVICE_HEADER: str(self.id),
            TURN_HEADER: self.turn,
            SIGNATURE_HEADER: base64.b64encode(signature).decode(),
        }


@dataclass
class Client:
    """Sends requests as a person, from a desk or from nowhere."""

    url: str
    token: str = ""
    desk: Desk | None = None
    headers: dict[str, str] = field(default_factory=dict)

    def send(
        self, method: str, path: str, content: object = None, **headers: str
    ) -> requests.Response:
        """Send a request; ``content`` is a message or bytes as they are to travel."""
        body = content if isinstance(content, bytes) else b""
        if content is not None and not isinstance(content, bytes):
            body = msgspec.json.encode(content)
        target = API + path
        sent = {"Content-Type": "application/json"} if content is not None else {}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if self.desk is not None:
            sent |= self.desk.signed(method, target, body)
        sent |= self.headers | headers
        return requests.request(method, self.url + target, data=body, headers=sent, timeout=30)

    def get(self, path: str) -> requests.Response:
        """Send a GET."""
        return self.send("GET", path)

    def post(self, path: str, content: object = None) -> requests.Response:
        """Send a POST."""
        return self.send("POST", path, content)

    def delete(self, path: str) -> requests.Response:
        """Send a DELETE."""
        return self.send("DELETE", path)


def code_of(answer: requests.Response) -> str:
    """Return the code of a problem; an answer to HEAD has no body to tell it."""
    if answer.request.method == "HEAD":
        return answer.headers["X-Problem"]
    code: str = answer.json()["code"]
    return code


class World:
    """A tenant with a city and a station, on a live server; their ids may be given."""

    def __init__(
        self, live: Live, city_id: UUID | None = None, station_id: UUID | None = None
    ) -> None:
        self.live = live
        self.tenant_id = new_id()
        self.city_id, self.station_id = city_id or new_id(), station_id or new_id()
        with live.server.database.crossing(Crossing.OPERATOR) as connection:
            name = f"Agency {self.tenant_id}"
            connection.execute("INSERT INTO tenants VALUES (%s, %s)", [self.tenant_id, name])
            connection.execute(
                "INSERT INTO cities (tenant_id, id, code, name, time_zone, lon, lat, west, south, "
                "east, north) VALUES (%s, %s, 'CBE', 'Coimbatore', 'Asia/Kolkata', 76.96, 11.02, "
                "76.8, 10.8, 77.2, 11.2)",
                [self.tenant_id, self.city_id],
            )
            connection.execute("INSERT INTO feed_counters (city_id) VALUES (%s)", [self.city_id])
            connection.execute(
                "INSERT INTO stations (tenant_id, city_id, id, name, lon, lat) "
                "VALUES (%s, %s, %s, 'Gandhipuram', 76.966, 11.018)",
                [self.tenant_id, self.city_id, self.station_id],
            )

    def person(
        self, role: Role = Role.OFFICER, name: str = "Meena K", user_id: UUID | None = None
    ) -> Person:
        """Add somebody who can sign in with ``PASSWORD``."""
        login = f"user-{next(_numbers)}"
        wanted = NewUser(
            login=login,
            password=PASSWORD,
            name=name,
            initials="MK",
            rank="SI",
            role=role,
            station_id=self.station_id,
        )
        server, place = self.live.server, Place(self.tenant_id, self.city_id)
        with server.database.crossing(Crossing.OPERATOR) as connection:
            made_id = put_user(server, connection, place, wanted)
            if user_id is not None:
                query = "UPDATE users SET id = %s WHERE id = %s"
                connection.execute(query, [user_id, made_id])
            return Person(user_id or made_id, login, role)

    def token(self, hours: int = 1, station_ids: Sequence[UUID] = ()) -> str:
        """Make a one-time token of the station."""
        wanted = Enrolment(
            tenant_id=self.tenant_id,
            city_id=self.city_id,
            station_id=self.station_id,
            station_ids=list(station_ids),
            hours=hours,
        )
        with self.live.server.database.crossing(Crossing.OPERATOR) as connection:
            return make_token(connection, wanted)

    def client(self) -> Client:
        """Return somebody unknown."""
        return Client(self.live.url)

    def enrol(self, station_ids: Sequence[UUID] = ()) -> Desk:
        """Enrol a new desk."""
        desk_id, key = new_id(), Ed25519PrivateKey.generate()
        asked = enrol_request(self.token(station_ids=station_ids), desk_id, key)
        answer = self.client().post("/devices/enrol", asked)
        assert answer.status_code == 200, answer.text
        enrolled = msgspec.json.decode(answer.content, type=Enrolled)
        return Desk(desk_id, key, enrolled, enrolled.turn)

    def tokens(self, person: Person, desk: Desk | None = None) -> Tokens:
        """Sign somebody in and return the tokens."""
        client = Client(self.live.url, desk=desk)
        answer = client.post("/auth/sign-in", SignInRequest(login=person.login, password=PASSWORD))
        assert answer.status_code == 200, answer.text
        return msgspec.json.decode(answer.content, type=Tokens)

    def audited(self, action: str) -> list[dict[str, Any]]:
        """Return the audit's entries of actions LIKE this one, the oldest first."""
        with self.live.server.database.crossing(Crossing.JOB) as connection:
            return connection.execute(
                "SELECT * FROM audit WHERE chain = %s AND action LIKE %s ORDER BY seq",
                [self.tenant_id, action],
            ).fetchall()

    def sign_in(self, person: Person, desk: Desk | None = None) -> Client:
        """Sign somebody in and return what sends as them."""
        return Client(self.live.url, self.tokens(person, desk).access_token, desk)

    def desk_of(self, role: Role = Role.OFFICER) -> Client:
        """Enrol a desk, sign a new person in on it, and return what sends as both."""
        return self.sign_in(self.person(role), self.enrol())


def enrol_request(token: str, desk_id: UUID, key: Ed25519PrivateKey) -> EnrolRequest:
    """Return what a desk sends to be enrolled."""
    return EnrolRequest(
        token=token,
        device_id=desk_id,
        public_key=key.public_key().public_bytes_raw(),
        name="Gandhipuram front desk",
        program="trafficdesk 0.1",
    )
