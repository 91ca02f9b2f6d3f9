"""What a question is about: a period, and the whole city or one station, ward or officer."""

from dataclasses import dataclass, replace
from enum import IntEnum
from uuid import UUID

from trafficdesk.domain.analytics.periods import Period


class Part(IntEnum):
    """What figures are told of. The numbers are those that tallies are kept under."""

    CITY = 0
    STATION = 1
    WARD = 2
    OFFICER = 3


@dataclass(frozen=True, slots=True)
class Scope:
    """A period and whom it is about; without station, ward and officer the whole city.

    An officer's figures are of what they decided, wherever it was.

    Raises:
        ValueError: more than one of station, ward and officer is named.
    """

    period: Period
    station_id: UUID | None = None
    ward_id: UUID | None = None
    officer_id: UUID | None = None

    def __post_init__(self) -> None:
        """Refuse a scope that is about two things."""
        if sum(each is not None for each in (self.station_id, self.ward_id, self.officer_id)) > 1:
            raise ValueError("a scope names one station, ward or officer")

    @property
    def part(self) -> Part:
        """Return what kind of thing it is about."""
        if self.station_id is not None:
            return Part.STATION
        if self.ward_id is not None:
            return Part.WARD
        return Part.CITY if self.officer_id is None else Part.OFFICER

    @property
    def part_id(self) -> UUID | None:
        """Return the station, ward or officer it is about; None for the city."""
        return self.station_id or self.ward_id or self.officer_id

    def over(self, period: Period) -> "Scope":
        """Return the same question of another period."""
        return replace(self, period=period)


def scope_of(period: Period, part: Part, part_id: UUID | None) -> Scope:
    """Return the scope of one station, ward or officer, or of the city (None)."""
    match part:
        case Part.STATION:
            return Scope(period, station_id=part_id)
        case Part.WARD:
            return Scope(period, ward_id=part_id)
        case Part.OFFICER:
            return Scope(period, officer_id=part_id)
        case Part.CITY:
            return Scope(period)
