"""What happens on the roads, how often, how bad and at which hours."""

from dataclasses import dataclass

from trafficdesk.domain.vocabulary import Severity, VehicleType, Violation

# Weight of each hour of the local day, from midnight.
_RUSH = (1, 1, 1, 1, 1, 2, 5, 9, 14, 13, 9, 7, 7, 7, 7, 8, 11, 15, 16, 13, 9, 6, 4, 2)
_DAY = (1, 1, 1, 1, 1, 2, 4, 6, 8, 11, 13, 13, 12, 11, 11, 12, 13, 13, 12, 10, 8, 5, 3, 2)
_NIGHT = (28, 22, 14, 8, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 4, 9, 16, 24, 32, 34)
_FREE_ROAD = (6, 5, 4, 4, 5, 8, 9, 6, 4, 4, 5, 6, 6, 6, 6, 5, 4, 4, 4, 5, 7, 9, 9, 8)

# Monday first; Sunday is quiet.
WEEKDAYS = (15, 15, 14, 15, 16, 15, 10)


@dataclass(frozen=True, slots=True)
class Kind:
    """One type of violation: its share, who does it, how bad it is, and when."""

    violation: Violation
    weight: float
    vehicles: dict[VehicleType, int]
    severities: dict[Severity, int]
    hours: tuple[int, ...]


_CAR, _TWO, _AUTO = VehicleType.CAR, VehicleType.TWO_WHEELER, VehicleType.THREE_WHEELER
_BUS, _TRUCK = VehicleType.BUS, VehicleType.TRUCK
_MINOR, _MODERATE = Severity.MINOR, Severity.MODERATE
_SEVERE, _CRITICAL = Severity.SEVERE, Severity.CRITICAL

KINDS: tuple[Kind, ...] = (
    Kind(
        Violation.SIGNAL_JUMP,
        16,
        {_CAR: 45, _TWO: 40, _AUTO: 10, _BUS: 5},
        {_MODERATE: 30, _SEVERE: 55, _CRITICAL: 15},
        _RUSH,
    ),
    Kind(Violation.NO_HELMET, 17, {_TWO: 1}, {_MODERATE: 85, _SEVERE: 15}, _DAY),
    Kind(
        Violation.ILLEGAL_PARKING,
        13,
        {_CAR: 60, _AUTO: 20, _TRUCK: 12, _TWO: 8},
        {_MINOR: 70, _MODERATE: 30},
        _DAY,
    ),
    Kind(
        Violation.WRONG_SIDE,
        10,
        {_TWO: 65, _CAR: 35},
        {_MODERATE: 25, _SEVERE: 50, _CRITICAL: 25},
        _RUSH,
    ),
    Kind(
        Violation.MOBILE_USE,
        8,
        {_TWO: 55, _CAR: 45},
        {_MODERATE: 55, _SEVERE: 45},
        _DAY,
    ),
    Kind(Violation.TRIPLE_RIDING, 8, {_TWO: 1}, {_MODERATE: 50, _SEVERE: 50}, _RUSH),
    Kind(
        Violation.SPEED,
        6,
        {_CAR: 65, _TWO: 25, _BUS: 10},
        {_MODERATE: 35, _SEVERE: 50, _CRITICAL: 15},
        _FREE_ROAD,
    ),
    Kind(
        Violation.RASH_DRIVING,
        5,
        {_TWO: 60, _CAR: 30, _BUS: 10},
        {_SEVERE: 70, _CRITICAL: 30},
        _FREE_ROAD,
    ),
    Kind(Violation.NO_SEAT_BELT, 4, {_CAR: 1}, {_MINOR: 45, _MODERATE: 55}, _DAY),
    Kind(
        Violation.NO_ENTRY,
        3.5,
        {_CAR: 45, _TWO: 35, _AUTO: 20},
        {_MINOR: 40, _MODERATE: 60},
        _DAY,
    ),
    Kind(
        Violation.DRUNK_DRIVING,
        2.5,
        {_CAR: 60, _TWO: 40},
        {_SEVERE: 45, _CRITICAL: 55},
        _NIGHT,
    ),
    Kind(Violation.OVERLOADING, 2.5, {_TRUCK: 1}, {_MODERATE: 40, _SEVERE: 60}, _DAY),
    Kind(
        Violation.DEFECTIVE_PLATE,
        2.5,
        {_CAR: 50, _TWO: 50},
        {_MINOR: 70, _MODERATE: 30},
        _DAY,
    ),
    Kind(Violation.FOOTPATH_RIDING, 3, {_TWO: 1}, {_MODERATE: 70, _SEVERE: 30}, _RUSH),
    Kind(
        Violation.OTHER,
        2,
        {_CAR: 40, _BUS: 30, _AUTO: 30},
        {_MINOR: 75, _MODERATE: 25},
        _DAY,
    ),
)
