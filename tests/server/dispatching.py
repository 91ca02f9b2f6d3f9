"""Units and incidents of an agency on a live server, as its desks push them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from tests.server.sync.crews import needed
from tests.server.world import Client, World
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role

CREATING = {"incident": "file", "unit": "enlist", "assignment": "dispatch"}


@dataclass
class Desk:
    """A desk with somebody signed in on it."""

    world: World
    client: Client
    actor_id: UUID

    def push(self, entity: str, record_id: UUID, action: str, **changes: object) -> dict[str, Any]:
        """Push one operation and return its outcome.

        Each change is what the field becomes, or a pair with what it was before.
        """
        assert self.client.desk is not None
        operation = {
            "op_id": new_id(),
            "action_id": new_id(),
            "entity": entity,
            "entity_id": record_id,
            "action": action,
            "base_version": 0,
            "revision": 1,
            "changes": {
                name: value if isinstance(value, tuple) else (None, value)
                for name, value in changes.items()
            },
            "note": "",
            "actor_id": self.actor_id,
            "device_id": self.client.desk.id,
            "at_ms": 1_795_000_000_000,
        }
        answer = self.client.post("/sync/push", {"protocol": 1, "operations": [operation]})
        assert answer.status_code == 200, answer.text
        self.client.desk.turn = answer.json()["turn"]
        (outcome,) = answer.json()["outcomes"]
        return dict(outcome)

    def make(self, entity: str, **values: object) -> UUID:
        """Push a new record of the agency's city and return its id."""
        place = {"city_id": str(self.world.city_id), "station_id": str(self.world.station_id)}
        record_id = new_id()
        facts = {**place, **needed(entity), **values}
        outcome = self.push(entity, record_id, CREATING[entity], **facts)
        assert outcome["result"] == "applied", outcome
        return record_id

    def send(self, unit_id: UUID, incident_id: UUID) -> UUID:
        """Send a unit to an incident and return the assignment's id."""
        named = {"incident_id": str(incident_id), "unit_id": str(unit_id)}
        assignment_id = self.make("assignment", **named)
        claim = self.push("unit", unit_id, "send", assignment_id=str(assignment_id))
        assert claim["result"] == "applied", claim
        return assignment_id


def desk_in(world: World, role: Role = Role.DISPATCHER) -> Desk:
    """Enrol a desk and sign a new person in on it."""
    person = world.person(role)
    return Desk(world, world.sign_in(person, world.enrol()), person.id)
