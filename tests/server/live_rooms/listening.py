"""Those who listen: a live WebSocket, what is said over it and what comes; and what is told of."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar
from uuid import UUID

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from tests.server.sync.town import AT_MS, REPORTED_MS, report_changes
from tests.server.world import Client, Person, World
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.exchange import PushAnswer, PushRequest
from trafficdesk.wire.live import (
    LIVE,
    FromCaller,
    FromServer,
    Greeting,
    Refused,
    Subscribe,
    Subscribed,
)
from trafficdesk.wire.operations import Operation

HEARD_S = 30.0
Kind = TypeVar("Kind")
_FROM_SERVER: msgspec.json.Decoder[FromServer] = msgspec.json.Decoder(FromServer)


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something that the server brings about."""
    ends_at = time.monotonic() + HEARD_S
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.05)


@dataclass
class Ear:
    """One end of a live WebSocket; ``heard`` is what came and was not asked for."""

    socket: ClientConnection
    heard: list[FromServer] = field(default_factory=list)

    def say(self, message: FromCaller) -> None:
        """Send a message."""
        self.socket.send(msgspec.json.encode(message).decode())

    def next(self) -> FromServer:
        """Return what comes next."""
        return _FROM_SERVER.decode(self.socket.recv(timeout=HEARD_S))

    def hear(self, kind: type[Kind]) -> Kind:
        """Return the next message of a kind; others are kept aside."""
        while not isinstance(found := self.next(), kind):
            self.heard.append(found)
        return found

    def enter(self, room: object, *events: str, since: int | None = None) -> Subscribed | Refused:
        """Ask to be let into a room; return the answer."""
        self.say(Subscribe(room=str(room), events=list(events), since=since))
        while not isinstance(answer := self.next(), Subscribed | Refused):
            self.heard.append(answer)
        return answer

    def closing_code(self) -> int:
        """Wait until the server closes; return its code."""
        with pytest.raises(ConnectionClosed) as closed:
            self.heard.extend(iter(self.next, None))
        assert closed.value.rcvd is not None
        return closed.value.rcvd.code


@contextmanager
def listening(client: Client) -> Iterator[Ear]:
    """Open the live WebSocket, signed as any request."""
    headers = {"Authorization": f"Bearer {client.token}"}
    if client.desk is not None:
        headers |= client.desk.signed("GET", LIVE, b"")
    address = client.url.replace("http", "ws", 1) + LIVE
    with connect(address, additional_headers=headers, open_timeout=HEARD_S) as socket:
        ear = Ear(socket)
        assert isinstance(ear.next(), Greeting)
        yield ear


@dataclass
class Dispatcher:
    """Somebody at an enrolled desk who files and sends."""

    world: World
    person: Person
    client: Client

    @classmethod
    def at(
        cls, world: World, role: Role = Role.DISPATCHER, station_ids: Sequence[UUID] = ()
    ) -> "Dispatcher":
        """Sign a new person in at a new desk."""
        person = world.person(role)
        return cls(world, person, world.sign_in(person, world.enrol(station_ids)))

    def push(self, *operations: Operation) -> list[str]:
        """Push operations, take the next turn; return what they came to."""
        assert self.client.desk is not None
        answer = self.client.post(
            "/sync/push", PushRequest(protocol=1, operations=list(operations))
        )
        assert answer.status_code == 200, answer.text
        found = msgspec.json.decode(answer.content, type=PushAnswer)
        self.client.desk.turn = found.turn
        return [str(each.result) for each in found.outcomes]

    def operation(
        self,
        record: tuple[str, UUID],
        action: str,
        changes: Mapping[str, tuple[object, object]],
        *,
        is_new: bool = False,
    ) -> Operation:
        """Return an operation of the desk."""
        assert self.client.desk is not None
        return Operation(
            op_id=new_id(),
            action_id=new_id(),
            entity=record[0],
            entity_id=record[1],
            action=action,
            base_version=0 if is_new else 1,
            revision=1 if is_new else 2,
            changes=dict(changes),
            note="Looked at again" if action == "correct" else "",
            actor_id=self.person.id,
            device_id=self.client.desk.id,
            at_ms=AT_MS,
        )

    def make(self, entity: str, action: str, **values: object) -> UUID:
        """Push a new record of the city and station; return its id."""
        record_id = new_id()
        here = {"city_id": str(self.world.city_id), "station_id": str(self.world.station_id)}
        changes = {name: (None, value) for name, value in {**here, **values}.items()}
        assert self.push(self.operation((entity, record_id), action, changes, is_new=True)) == [
            "applied"
        ]
        return record_id

    def file_incident(self, **values: object) -> UUID:
        """File an incident: one car at the station; ``values`` go over it."""
        given: dict[str, object] = {
            "reference": f"INC-{new_id()}",
            "type": "car_crash",
            "severity": 3,
            "source": "officer",
            "lon": 76.97,
            "lat": 11.02,
            "occurred_ms": REPORTED_MS,
            "reported_ms": REPORTED_MS,
            "vehicle_count": 1,
        }
        return self.make("incident", "file", **{**given, **values})

    def file_report(self, **values: object) -> UUID:
        """File a report at the station."""
        record_id = new_id()
        changes = report_changes(self.world.city_id, self.world.station_id, **values)
        operation = self.operation(("report", record_id), "file", changes, is_new=True)
        assert self.push(operation) == ["applied"]
        return record_id

    def send_unit(self, incident_id: UUID) -> UUID:
        """Enlist a unit and send it to an incident; return the assignment."""
        unit_id = self.make("unit", "enlist", call_sign=f"P{new_id()}", kind="patrol_car")
        named = {"incident_id": str(incident_id), "unit_id": str(unit_id), "role": "police"}
        return self.make("assignment", "dispatch", assigned_ms=AT_MS, **named)

    def change(
        self, record: tuple[str, UUID], action: str, **changes: tuple[object, object]
    ) -> None:
        """Change a record."""
        assert self.push(self.operation(record, action, changes)) == ["applied"]
