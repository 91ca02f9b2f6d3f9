"""Whose the sync is: a device, and what of its tenant it may see."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

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

    def sender(self, actors: Mapping[UUID, Actor]) -> Sender:
        """Return the device as its operations are weighed, with the people known on it."""
        return Sender(
            device_id=self.id,
            city_ids=self.city_ids,
            station_ids=self.station_ids,
            home_city_id=str(self.home_city_id),
            actors=actors,
        )
