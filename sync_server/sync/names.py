"""What a record is called by, which no other of its city is: references, numbers, call signs.

Two desks can count in one series, and two cars be called alike by desks that do not hear each
other. Whoever comes second gets a name of its own, and its record goes in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from sync_server.sync.batch import Row
from trafficdesk.domain.vocabulary import Entity

UNIQUE: Final[Mapping[Entity, str]] = {
    Entity.REPORT: "reference",
    Entity.CITATION: "number",
    Entity.INCIDENT: "reference",
    Entity.UNIT: "call_sign",
}
# A call sign is free again when its unit is retired; what is written on paper never is.
REUSED: Final = frozenset({Entity.UNIT})
NameKey = tuple[Entity, str, str]


def other_name(name: object, record_id: UUID) -> str:
    """Return the name that a record gets where another has its own."""
    return f"{name}-{record_id.hex[-4:].upper()}"


@dataclass(slots=True)
class Names:
    """Who has which name while a batch is weighed, by kind, city and name."""

    _holders: dict[NameKey, UUID] = field(default_factory=dict)

    def hold(self, found: Iterable[tuple[NameKey, UUID]]) -> None:
        """Take in who has the names that the batch would use."""
        self._holders.update(found)

    def take(self, entity: Entity, record_id: UUID, row: Row) -> str | None:
        """Take the name that a record asks for, or else its other one; None if both are gone."""
        asked = str(row[UNIQUE[entity]])
        if self._take(_key(entity, row, asked), record_id):
            return asked
        other = other_name(asked, record_id)
        return other if self._take(_key(entity, row, other), record_id) else None

    def _take(self, key: NameKey, record_id: UUID) -> bool:
        return self._holders.setdefault(key, record_id) == record_id

    def leave(self, entity: Entity, record_id: UUID, row: Row) -> None:
        """Free the name that a record had."""
        key = _key(entity, row, str(row[UNIQUE[entity]]))
        if self._holders.get(key) == record_id:
            del self._holders[key]


def _key(entity: Entity, row: Row, name: str) -> NameKey:
    return entity, str(row["city_id"]), name
