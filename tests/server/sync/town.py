"""A tenant with a city, two stations, people and devices, for tests to push into."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import msgspec

from sync_server.db.engine import Connection, Crossing, Database
from sync_server.sync.pushing import push_batch
from sync_server.sync.scope import Device
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.exchange import Outcome
from trafficdesk.wire.operations import Operation

AT_MS = 1_795_000_000_000  # a desk's clock; nothing is decided by it
REPORTED_MS = 1_794_990_000_000
Changes = dict[str, tuple[object, object]]


def report_changes(city: UUID, station: UUID, **values: object) -> Changes:
    """Return the creation of a pending report; ``values`` go over it."""
    row: dict[str, object] = {
        "city_id": str(city),
        "station_id": str(station),
        "reference": f"CBE-2026-D1-{uuid4().hex[:12]}",
        "status": "pending",
        "severity": 2,
        "violations": ["no_helmet"],
        "lon": 76.97,
        "lat": 11.02,
        "occurred_ms": REPORTED_MS,
        "reported_ms": REPORTED_MS,
        "plate": "TN37BZ4412",
        "source": "officer",
    }
    return {name: (None, value) for name, value in {**row, **values}.items()}


@dataclass
class Town:
    """Everything is there once made; ``people`` are ids by role, known on every device."""

    database: Database
    tenant_id: UUID = field(default_factory=uuid4)
    city_id: UUID = field(default_factory=uuid4)
    other_city_id: UUID = field(default_factory=uuid4)
    station_id: UUID = field(default_factory=uuid4)
    other_station_id: UUID = field(default_factory=uuid4)
    other_citys_station_id: UUID = field(default_factory=uuid4)
    people: dict[str, UUID] = field(default_factory=dict)
    devices: int = 0

    def build(self) -> "Town":
        """Write the tenant, its cities and its people."""
        with self.database.crossing(Crossing.OPERATOR) as connection:
            connection.execute(
                "INSERT INTO tenants (id, name) VALUES (%s, %s)",
                [self.tenant_id, str(self.tenant_id)],
            )
            for city_id, code in ((self.city_id, "CBE"), (self.other_city_id, "MDU")):
                self._add_city(connection, city_id, code)
            for station_id in (self.station_id, self.other_station_id):
                self._add_station(connection, self.city_id, station_id)
            self._add_station(connection, self.other_city_id, self.other_citys_station_id)
            for role in ("officer", "supervisor", "dispatcher", "admin", "citizen"):
                self.people[role] = self._add_person(connection, role)
            self.people["other_officer"] = self._add_person(connection, "officer")
        return self

    def _add_city(self, connection: Connection, city_id: UUID, code: str) -> None:
        connection.execute(
            "INSERT INTO cities (tenant_id, id, code, name, time_zone, lon, lat, west, south, "
            "east, north) VALUES (%s, %s, %s, %s, 'Asia/Kolkata', 77, 11, 76, 10, 78, 12)",
            [self.tenant_id, city_id, code, code],
        )
        connection.execute("INSERT INTO feed_counters (city_id) VALUES (%s)", [city_id])

    def _add_station(self, connection: Connection, city_id: UUID, station_id: UUID) -> None:
        connection.execute(
            "INSERT INTO stations (tenant_id, city_id, id, name, lon, lat) "
            "VALUES (%s, %s, %s, 'Station', 77, 11)",
            [self.tenant_id, city_id, station_id],
        )

    def _add_person(self, connection: Connection, role: str) -> UUID:
        person_id = uuid4()
        connection.execute(
            "INSERT INTO users (tenant_id, city_id, station_id, id, login, name, initials, rank, "
            "role) VALUES (%s, %s, %s, %s, %s, %s, 'XY', 'SI', %s)",
            [
                self.tenant_id,
                self.city_id,
                self.station_id,
                person_id,
                str(person_id),
                f"{role} {person_id}",
                role,
            ],
        )
        return person_id

    def add_device(
        self,
        *,
        station_ids: tuple[UUID, ...] = (),
        city_ids: tuple[UUID, ...] = (),
        people: tuple[str, ...] | None = None,
    ) -> Device:
        """Enrol a device on which everybody, or only some, signed in."""
        self.devices += 1
        device = Device(
            id=new_id(),
            tenant_id=self.tenant_id,
            scope_id=uuid4(),
            home_city_id=self.city_id,
            city_ids=frozenset(map(str, city_ids or (self.city_id,))),
            station_ids=frozenset(map(str, station_ids)),
            window_days=90,
        )
        with self.database.crossing(Crossing.OPERATOR) as connection:
            connection.execute(
                "INSERT INTO devices (tenant_id, id, name, desk_code, public_key, home_city_id, "
                "home_station_id, scope_id, city_ids, station_ids, turn) "
                "VALUES (%s, %s, 'Desk', %s, '', %s, %s, %s, %s::uuid[], %s::uuid[], 'first')",
                [
                    self.tenant_id,
                    device.id,
                    f"D{self.devices}",
                    self.city_id,
                    self.station_id,
                    device.scope_id,
                    list(device.city_ids),
                    list(device.station_ids),
                ],
            )
            for role in self.people if people is None else people:
                connection.execute(
                    "INSERT INTO device_users (device_id, user_id) VALUES (%s, %s)",
                    [device.id, self.people[role]],
                )
        return device

    def push(self, device: Device, *operations: Operation) -> list[Outcome]:
        """Push operations in one transaction."""
        cities = [UUID(city) for city in device.city_ids]
        with self.database.transaction(device.tenant_id, cities) as connection:
            return push_batch(connection, device, operations).outcomes

    def operation(
        self,
        device: Device,
        entity_id: UUID,
        action: str,
        changes: Mapping[str, tuple[object, object]],
        **frame: object,
    ) -> Operation:
        """Return an operation of the device's officer on a report; ``frame`` goes over it."""
        given: dict[str, object] = {
            "op_id": new_id(),
            "action_id": new_id(),
            "entity": "report",
            "entity_id": entity_id,
            "action": action,
            "base_version": 1,
            "revision": 2,
            "changes": dict(changes),
            "note": "",
            "actor_id": self.people["officer"],
            "device_id": device.id,
            "at_ms": AT_MS,
        }
        return msgspec.convert({**given, **frame}, Operation)

    def file(self, device: Device, **values: object) -> Operation:
        """Return the creation of a report in the device's city."""
        changes = report_changes(self.city_id, self.station_id, **values)
        return self.operation(device, new_id(), "file", changes, base_version=0, revision=1)

    def filed(self, device: Device, **values: object) -> UUID:
        """Push a new report and return its id."""
        operation = self.file(device, **values)
        (outcome,) = self.push(device, operation)
        assert outcome.result == "applied", outcome
        return operation.entity_id

    def row(self, report_id: UUID) -> Mapping[str, object]:
        """Return a report's row as the database has it."""
        return self.ask("SELECT * FROM reports WHERE id = %s", report_id)[0]

    def ask(self, query: str, *values: object) -> list[dict[str, object]]:
        """Return rows, whosever they are."""
        with self.database.crossing(Crossing.OPERATOR) as connection:
            return connection.execute(query.encode(), values).fetchall()
