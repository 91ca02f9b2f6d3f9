"""What a push works with: who sends, the records as they stand, and what is to be written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from trafficdesk.domain.merge import Clash
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.wire.exchange import Reason, Result
from trafficdesk.wire.fields import CITY_WIDE
from trafficdesk.wire.operations import Operation

Row = dict[str, object]
Changes = Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person who signed in on the device and is not gone."""

    role: Role
    city_id: str


@dataclass(frozen=True, slots=True)
class Sender:
    """The device whose operations these are, and what it may see. Ids are their texts.

    No ``station_ids`` mean whole cities. ``actors`` are the people who signed in on it.
    """

    device_id: UUID
    city_ids: frozenset[str]
    station_ids: frozenset[str]
    home_city_id: str
    actors: Mapping[UUID, Actor]
    former_ids: frozenset[UUID] = frozenset()

    def is_own(self, device_id: UUID) -> bool:
        """Tell whether a device is this one, or was it before it was enrolled anew."""
        return device_id == self.device_id or device_id in self.former_ids

    def sees(self, entity: Entity, row: Mapping[str, object]) -> bool:
        """Tell whether a record is this device's: of its city, and where it matters its station."""
        station_id = row.get("station_id")
        is_everywhere = not self.station_ids or station_id is None or is_city_wide(entity, row)
        is_here = is_everywhere or station_id in self.station_ids
        return is_here and row.get("city_id") in self.city_ids


def is_city_wide(entity: Entity, row: Mapping[str, object]) -> bool:
    """Tell whether every desk of a record's city sees it; a conflict is seen as what it is of."""
    kind = row.get("record_entity") if entity is Entity.CONFLICT else entity
    return kind in CITY_WIDE


@dataclass(slots=True)
class Standing:
    """A record while a batch is weighed; version 0 means that there is none yet.

    ``read_version`` is what the database holds, ``foreign_version`` the version that another
    device's latest change made (read for operations whose fields could not tell), ``touched`` the
    fields that the batch has changed.
    """

    entity: Entity
    id: UUID
    row: Row
    version: int = 0
    read_version: int = 0
    foreign_version: int = 0
    touched: set[str] = field(default_factory=set)

    @property
    def exists(self) -> bool:
        """Whether there is such a record by now."""
        return self.version > 0


@dataclass(slots=True)
class Draft:
    """An event to be written; ``seq`` is known when the city's counter has been raised."""

    id: UUID
    operation: Operation
    entity: Entity
    entity_id: UUID
    city_id: str
    version: int
    action: str
    changes: Changes
    seq: int = 0


class Verdict(NamedTuple):
    """What an operation came to. ``event`` is what it wrote, if anything."""

    result: Result
    reason: Reason | None = None
    detail: str = ""
    event: Draft | None = None
    conflict_id: UUID | None = None


@dataclass(slots=True)
class Conflict:
    """An open conflict of the sending device; ``standing`` is its record."""

    standing: Standing
    record_id: UUID
    clashes: tuple[Clash, ...]

    @property
    def fields(self) -> set[str]:
        """The fields in question."""
        return {clash.field for clash in self.clashes}


def refused(reason: Reason, detail: str = "") -> Verdict:
    """Return a rejection."""
    return Verdict(Result.REJECTED, reason, detail[:200])
