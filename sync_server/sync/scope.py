"""Whose the sync is: a device, what of its tenant it may see, and what of a feed it asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, Self
from uuid import UUID

from sync_server.accounts.service.people import Device as Enrolled
from sync_server.sync.batch import Actor, Sender


@dataclass(frozen=True, slots=True)
class Device:
    """An enrolled device with its scope; no ``station_ids`` mean whole cities."""

    id: UUID
    tenant_id: UUID
    scope_id: UUID
    home_city_id: UUID
    city_ids: frozenset[str]
    station_ids: frozenset[str]
    window_days: int
    former_ids: frozenset[UUID] = frozenset()

    @classmethod
    def of(cls, enrolled: Enrolled) -> Self:
        """Return the device that proved itself."""
        scope = enrolled.scope
        return cls(
            id=enrolled.id,
            tenant_id=enrolled.tenant_id,
            scope_id=scope.id,
            home_city_id=enrolled.home_city_id,
            city_ids=frozenset(map(str, scope.city_ids)),
            station_ids=frozenset(map(str, scope.station_ids)),
            window_days=scope.window_days,
            former_ids=enrolled.former_ids,
        )

    @property
    def cities(self) -> list[UUID]:
        """The cities that its transactions see."""
        return [UUID(city_id) for city_id in sorted(self.city_ids)]

    def sender(self, actors: Mapping[UUID, Actor]) -> Sender:
        """Return the device as its operations are weighed, with the people known on it."""
        return Sender(
            device_id=self.id,
            city_ids=self.city_ids,
            station_ids=self.station_ids,
            home_city_id=str(self.home_city_id),
            actors=actors,
            former_ids=self.former_ids,
        )


class SnapshotPlace(NamedTuple):
    """Behind which id of a city's kind of record a page of a snapshot begins; at an end if None.

    ``newest_first`` pages towards lower ids, which are older.
    """

    city_id: UUID
    entity: str
    after: UUID | None = None
    newest_first: bool = False


class Stretch(NamedTuple):
    """Where a page of changes begins, and how many it tells; ``own`` tells the device's, too."""

    after: int
    limit: int
    own: bool = True
