"""What the map needs to know before it shows anything."""

from dataclasses import dataclass

from trafficdesk.domain.records import Bounds
from trafficdesk.maps.overview import city_bounds, first_span
from trafficdesk.maps.time_window import DEFAULT_DAYS, Span
from trafficdesk.store.engine import Store


@dataclass(frozen=True, slots=True)
class Beginning:
    """The city's limits, and the days to show first (None: all, for the last 30 hold nothing)."""

    home: Bounds
    span: Span | None


def read_beginning(store: Store, now_ms: int) -> Beginning:
    """Return where the map begins."""
    return Beginning(city_bounds(store), first_span(store, now_ms, DEFAULT_DAYS))
