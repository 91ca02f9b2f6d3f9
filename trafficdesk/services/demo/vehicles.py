"""Invented vehicles: plates that look real, a few of them seen again and again."""

from dataclasses import dataclass
from random import Random

from trafficdesk.domain.demo.chance import happens
from trafficdesk.domain.vocabulary import VehicleType

_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_DISTRICTS = ("TN37", "TN38", "TN66", "TN99", "TN37", "TN38", "TN66", "TN43", "TN40", "KL09")
_MAKES: dict[VehicleType, tuple[str, ...]] = {
    VehicleType.CAR: ("Hatchback", "Sedan", "SUV", "Compact SUV", "Taxi"),
    VehicleType.TWO_WHEELER: ("Scooter", "Motorcycle", "Motorcycle", "Moped"),
    VehicleType.THREE_WHEELER: ("Auto-rickshaw", "Goods auto"),
    VehicleType.BUS: ("Town bus", "Private bus", "College bus"),
    VehicleType.TRUCK: ("Lorry", "Tipper", "Mini lorry"),
}
_PAINTS: dict[VehicleType, tuple[str, ...]] = {
    VehicleType.CAR: ("white", "white", "silver", "grey", "red", "blue", "black", "brown"),
    VehicleType.TWO_WHEELER: ("black", "red", "blue", "grey", "silver"),
    VehicleType.THREE_WHEELER: ("yellow", "green", "yellow"),
    VehicleType.BUS: ("red", "blue", "green"),
    VehicleType.TRUCK: ("orange", "brown", "green", "blue"),
}
REPEATERS_SHARE = 0.12
_FLEET_SHARES = {
    VehicleType.CAR: 0.42,
    VehicleType.TWO_WHEELER: 0.42,
    VehicleType.THREE_WHEELER: 0.09,
    VehicleType.BUS: 0.03,
    VehicleType.TRUCK: 0.04,
}


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A vehicle as a witness describes it; ``plate`` is the canonical token."""

    plate: str
    kind: VehicleType
    paint: str
    text: str


def plate_by_chance(rng: Random) -> str:
    """Return a well-formed plate of the district or a neighbour."""
    series = "".join(rng.choices(_LETTERS, k=rng.choice((1, 2, 2, 2))))
    return f"{rng.choice(_DISTRICTS)}{series}{rng.randint(1, 9999):04d}"


class Fleet:
    """Vehicles by kind; the first ones of each kind are the repeat offenders."""

    def __init__(self, rng: Random, size: int) -> None:
        self._rng = rng
        self._by_kind: dict[VehicleType, list[Vehicle]] = {}
        taken: set[str] = set()
        for kind, share in _FLEET_SHARES.items():
            self._by_kind[kind] = [self._new(kind, taken) for _ in range(max(3, int(size * share)))]

    def _new(self, kind: VehicleType, taken: set[str]) -> Vehicle:
        plate = plate_by_chance(self._rng)
        while plate in taken:
            plate = plate_by_chance(self._rng)
        taken.add(plate)
        paint = self._rng.choice(_PAINTS[kind])
        return Vehicle(plate, kind, paint, f"{self._rng.choice(_MAKES[kind])}, {paint}")

    def pick(self, kind: VehicleType) -> Vehicle:
        """Return a vehicle by chance; more than a third of the time one that is known already."""
        vehicles = self._by_kind[kind]
        known = max(1, round(len(vehicles) * REPEATERS_SHARE))
        if happens(self._rng, 0.38):
            return vehicles[self._rng.randrange(known)]
        return self._rng.choice(vehicles[known:])
