"""One position as a receiver told it, and what every position must be to be looked at."""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from trafficdesk.domain.geometry import is_on_earth
from trafficdesk.domain.records import Place

# A receiver that counted its weeks wrong is off by 1024 of them. A span of just that length,
# begun when this program was made, tells the right date from the wrong one without any clock.
EARLIEST: Final = datetime(2026, 1, 1, tzinfo=UTC)
LATEST: Final = EARLIEST + timedelta(weeks=1024)
_NOWHERE: Final = Place(0.0, 0.0)  # in the Gulf of Guinea; what broken receivers say


class SourceKind(StrEnum):
    """Where positions come from."""

    OFF = "off"
    GPSD = "gpsd"
    SERIAL = "serial"
    TCP = "tcp"
    UDP = "udp"
    QT = "qt"
    REPLAY = "replay"


@dataclass(frozen=True, slots=True, repr=False)
class Fix:
    """A place at an instant of the receiver (aware UTC); None is what it did not tell.

    Its ``repr`` names no place: an officer's position gets into no log and no report of a fault.
    """

    place: Place
    at: datetime
    source: SourceKind
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None

    def __repr__(self) -> str:
        return f"<Fix of {self.source}>"


@dataclass(frozen=True, slots=True)
class Extras:
    """What may come with a place, as it was told: any of it may be missing or nonsense."""

    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None


def sound_fix(
    place: Place, at: datetime, source: SourceKind, extras: Extras | None = None
) -> Fix | None:
    """Return a fix whose place is on earth, and without such extras as cannot be."""
    if not is_on_earth(place) or place == _NOWHERE:
        return None
    told = extras or Extras()
    heading = _not_negative(told.heading_deg)
    return Fix(
        place,
        at.astimezone(UTC),
        source,
        _not_negative(told.accuracy_m),
        _not_negative(told.speed_mps),
        None if heading is None else heading % 360.0,
    )


def is_of_our_time(at: datetime) -> bool:
    """Tell whether a live receiver may say this date, which one that lost its weeks does not."""
    return EARLIEST <= at < LATEST


def _not_negative(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) and value >= 0 else None
