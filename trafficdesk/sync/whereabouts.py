"""Where the server says that units are: told at once, and kept for the time without a line."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from trafficdesk.domain.records import Place, Position
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.store import unit_positions
from trafficdesk.store.engine import Store
from trafficdesk.wire.live import UnitPosition

KEEP_EVERY_S: Final = 5.0  # a thousand rows a second would wear a disk out and keep others waiting


def position_of(told: UnitPosition) -> Position:
    """Return a position as the desk knows it."""
    place, at = Place(told.lon, told.lat), from_ms(told.at_ms)
    return Position(told.unit_id, place, at, told.accuracy_m, told.speed_mps, told.heading)


def told_of(position: Position) -> UnitPosition:
    """Return a position as the server is told."""
    return UnitPosition(
        unit_id=position.unit_id,
        lon=position.place.lon,
        lat=position.place.lat,
        at_ms=to_ms(position.at),
        accuracy_m=position.accuracy_m,
        speed_mps=position.speed_mps,
        heading=position.heading,
    )


@dataclass(slots=True)
class Whereabouts:
    """The newest of each unit since the store was last written. One thread at a time."""

    store: Store
    monotonic: Callable[[], float] = time.monotonic
    _newest: dict[UUID, Position] = field(default_factory=dict, init=False)
    _kept_at: float = field(default=float("-inf"), init=False)

    def take(self, positions: Sequence[Position]) -> bool:
        """Take positions; tell whether the store holds all of them now."""
        self._newest |= {each.unit_id: each for each in positions}
        if self.monotonic() < self._kept_at + KEEP_EVERY_S:
            return False
        newest, self._newest = self._newest, {}
        with self.store.writing() as connection:
            unit_positions.put(connection, list(newest.values()))
        self._kept_at = self.monotonic()
        return True
