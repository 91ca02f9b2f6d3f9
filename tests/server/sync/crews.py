"""Incidents, units and who is sent where, as desks write them, for tests to push."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID, uuid4

from sync_server.sync.scope import Device
from tests.server.sync.town import AT_MS, REPORTED_MS, Changes, Town
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.exchange import Outcome
from trafficdesk.wire.operations import Operation

Row = dict[str, object]
Record = tuple[str, UUID]
_CREATING = {"incident": "file", "unit": "enlist", "assignment": "dispatch"}
_TABLES = {"incident": "incidents", "unit": "units", "assignment": "assignments"}


def conflicts_of(town: Town, record: Record) -> list[dict[str, object]]:
    """Return a record's conflicts, the oldest first."""
    return town.ask("SELECT * FROM conflicts WHERE record_id = %s ORDER BY opened_ms", record[1])


@dataclass(frozen=True)
class Crews:
    """What a dispatcher of a town does on its devices."""

    town: Town

    def write(
        self,
        device: Device,
        record: Record,
        action: str,
        changes: Mapping[str, tuple[object, object]],
        **frame: object,
    ) -> Operation:
        """Return an operation of the dispatcher; ``frame`` goes over it."""
        by = {"actor_id": self.town.people["dispatcher"], "note": "told by radio"}
        given = {"entity": record[0], **by, **frame}
        return self.town.operation(device, record[1], action, changes, **given)

    def make(self, device: Device, entity: str, **values: object) -> Operation:
        """Return the creation of a record; ``values`` go over what it needs."""
        row = {"city_id": str(self.town.city_id), "station_id": str(self.town.station_id)}
        changes: Changes = {
            name: (None, value) for name, value in {**row, **needed(entity), **values}.items()
        }
        frame = {"base_version": 0, "revision": 1}
        return self.write(device, (entity, new_id()), _CREATING[entity], changes, **frame)

    def made(self, device: Device, entity: str, **values: object) -> Record:
        """Push a new record and return it."""
        operation = self.make(device, entity, **values)
        (outcome,) = self.town.push(device, operation)
        assert outcome.result == "applied", outcome
        return entity, operation.entity_id

    def send(self, device: Device, unit: Record, incident: Record) -> tuple[Operation, Operation]:
        """Return the two operations that send a free unit to an incident."""
        named = {"incident_id": str(incident[1]), "unit_id": str(unit[1])}
        assignment = self.make(device, "assignment", **named)
        claim = {"assignment_id": (None, str(assignment.entity_id))}
        return assignment, self.write(device, unit, "send", claim)

    def sent(self, device: Device, unit: Record, incident: Record) -> Record:
        """Send a free unit and return the assignment."""
        operations = self.send(device, unit, incident)
        assert results(self.town.push(device, *operations)) == ["applied", "applied"]
        return "assignment", operations[0].entity_id

    def row(self, record: Record) -> Row:
        """Return a record's row as the database has it."""
        query = f"SELECT * FROM {_TABLES[record[0]]} WHERE id = %s"
        return self.town.ask(query, record[1])[0]


def needed(entity: str) -> Row:
    """Return what a new record needs beside where it belongs."""
    if entity == "incident":
        where = {"lon": 76.97, "lat": 11.02, "occurred_ms": REPORTED_MS, "reported_ms": REPORTED_MS}
        name = f"INC-2026-D1-{uuid4().hex[:8]}"
        return {"reference": name, "type": "car_crash", "severity": 3, "source": "officer", **where}
    if entity == "unit":
        return {"call_sign": f"P{uuid4().hex[:6]}", "kind": "patrol_car"}
    return {"role": "police", "assigned_ms": AT_MS}


def results(outcomes: list[Outcome]) -> list[str]:
    """Return what operations came to."""
    return [str(outcome.result) for outcome in outcomes]
