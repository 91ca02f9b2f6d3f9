"""Who takes part in a scene: vehicles and people placed on the street, the nearest drawn last."""
# ruff: noqa: PLR2004 - a drawing is made of numbers

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from trafficdesk.domain.vocabulary import VehicleType
from trafficdesk.services.demo.drawing.backdrop import PAINTS, Setting
from trafficdesk.services.demo.drawing.canvas import Rgb
from trafficdesk.services.demo.drawing.cars import (
    HATCHBACK,
    SHAPES,
    CarLook,
    draw_auto,
    draw_car,
    draw_oncoming_car,
)
from trafficdesk.services.demo.drawing.heavy import draw_bus, draw_lorry
from trafficdesk.services.demo.drawing.plates import Box, Plate
from trafficdesk.services.demo.drawing.riders import (
    Rider,
    TwoWheeler,
    draw_two_wheeler,
)
from trafficdesk.services.demo.drawing.walkers import draw_walker

SHIRTS: tuple[Rgb, ...] = (
    (58, 104, 168),
    (196, 198, 202),
    (154, 62, 58),
    (70, 118, 84),
    (120, 96, 150),
    (206, 160, 84),
    (62, 70, 88),
    (228, 224, 214),
)
SAREES: tuple[Rgb, ...] = (
    (178, 44, 118),
    (196, 84, 40),
    (38, 116, 112),
    (142, 48, 58),
    (96, 62, 150),
    (214, 160, 50),
)
HELMETS: tuple[Rgb, ...] = ((152, 156, 162), (44, 46, 52), (176, 40, 42), (228, 226, 220))


@dataclass(frozen=True, slots=True)
class Manner:
    """How the reported vehicle moves: what makes it an offence to look at."""

    oncoming: bool = False
    brakes: bool = False
    riders: int = 1
    helmets: int = 1
    on_phone: bool = False
    lean: float = 0.0
    overloaded: bool = False
    soiled_plate: bool = False


@dataclass(frozen=True, slots=True)
class Subject:
    """The reported vehicle."""

    kind: VehicleType
    plate: str
    paint: str


@dataclass
class Stage:
    """One scene being set; ``perform`` draws everybody and says where the plate is."""

    setting: Setting
    subject: Subject
    rng: Random
    plate_box: Box | None = None
    detail_box: Box | None = None
    _actors: list[tuple[float, Callable[[], Box | None]]] = field(default_factory=list)

    @property
    def half_width_m(self) -> float:
        """From the road's middle to its kerb."""
        return self.setting.street.half_width_m

    def add(self, ahead_m: float, draw: Callable[[], Box | None]) -> None:
        """Let somebody stand so far ahead."""
        self._actors.append((ahead_m, draw))

    def perform(self) -> None:
        """Draw all actors, the farthest first."""
        for _, draw in sorted(self._actors, key=lambda actor: -actor[0]):
            draw()

    def add_subject(self, aside_m: float, ahead_m: float, manner: Manner) -> None:
        """Place the reported vehicle; its plate's box is kept."""

        def draw() -> None:
            self.plate_box = self._drawn_subject(aside_m, ahead_m, manner)

        self.add(ahead_m, draw)

    def _drawn_subject(self, aside_m: float, ahead_m: float, manner: Manner) -> Box:
        canvas, lamps = self.setting.canvas, self.setting.light.lamps
        spot = self.setting.view.spot(aside_m, ahead_m)
        kind, paint = self.subject.kind, PAINTS[self.subject.paint]
        for_hire = kind in {VehicleType.THREE_WHEELER, VehicleType.BUS, VehicleType.TRUCK}
        plate = Plate(self.subject.plate, for_hire, manner.soiled_plate)
        if kind is VehicleType.TWO_WHEELER:
            riders = tuple(self._rider(manner, seat) for seat in range(manner.riders))
            bike = TwoWheeler(riders, paint, manner.lean, manner.oncoming)
            return draw_two_wheeler(canvas, spot, bike, plate, lamps)
        if kind is VehicleType.THREE_WHEELER:
            return draw_auto(canvas, spot, plate, lamps, paint)
        if kind is VehicleType.BUS:
            return draw_bus(canvas, spot, plate, paint, lamps)
        if kind is VehicleType.TRUCK:
            return draw_lorry(canvas, spot, plate, paint, overloaded=manner.overloaded)
        # The same plate always drives the same kind of car.
        shape = SHAPES[sum(map(ord, self.subject.plate)) % len(SHAPES)]
        look = CarLook(shape, paint, manner.brakes, manner.on_phone)
        draw = draw_oncoming_car if manner.oncoming else draw_car
        return draw(canvas, spot, look, plate, lamps)

    def _rider(self, manner: Manner, seat: int) -> Rider:
        helmet = self.rng.choice(HELMETS) if seat < manner.helmets else None
        return Rider(self.rng.choice(SHIRTS), helmet, manner.on_phone and seat == 0)

    def add_car(self, aside_m: float, ahead_m: float, *, brakes: bool = False) -> None:
        """Place some other car."""
        paint = PAINTS[self.rng.choice(("white", "silver", "grey", "blue", "red"))]
        look = CarLook(self.rng.choice((HATCHBACK, *SHAPES)), paint, brakes)
        plate = Plate(_plate_of_another(self.rng))
        spot = self.setting.view.spot(aside_m, ahead_m)
        light = self.setting.light
        self.add(ahead_m, lambda: draw_car(self.setting.canvas, spot, look, plate, light.lamps))

    def add_auto(self, aside_m: float, ahead_m: float) -> None:
        """Place an auto-rickshaw."""
        body = self.rng.choice((PAINTS["green"], (34, 70, 44), PAINTS["yellow"]))
        plate = Plate(_plate_of_another(self.rng), is_commercial=True)
        spot = self.setting.view.spot(aside_m, ahead_m)
        light = self.setting.light
        self.add(ahead_m, lambda: draw_auto(self.setting.canvas, spot, plate, light.lamps, body))

    def add_two_wheeler(self, aside_m: float, ahead_m: float) -> None:
        """Place a two-wheeler whose rider wears a helmet."""
        rider = Rider(self.rng.choice(SHIRTS), self.rng.choice(HELMETS))
        bike = TwoWheeler((rider,), PAINTS[self.rng.choice(("red", "black", "blue", "grey"))])
        plate = Plate(_plate_of_another(self.rng))
        spot = self.setting.view.spot(aside_m, ahead_m)
        canvas, lamps = self.setting.canvas, self.setting.light.lamps
        self.add(ahead_m, lambda: draw_two_wheeler(canvas, spot, bike, plate, lamps))

    def add_walker(self, aside_m: float, ahead_m: float) -> None:
        """Place somebody on foot."""
        saree = self.rng.random() < 0.45
        cloth = self.rng.choice(SAREES if saree else SHIRTS)
        stride = self.rng.choice((-1.0, 0.7, 1.0))
        spot = self.setting.view.spot(aside_m, ahead_m)
        canvas = self.setting.canvas
        self.add(ahead_m, lambda: draw_walker(canvas, spot, cloth, saree=saree, stride=stride))

    def add_bystanders(self, near_aside_m: float, *, count: int = 2) -> None:
        """Place traffic close to the camera, beside a line that must stay in view."""
        for side in self.rng.sample((-1.0, 1.0), k=2)[:count]:
            aside = near_aside_m + side * self.rng.uniform(1.9, 2.25)
            ahead = self.rng.uniform(5.8, 6.3)
            if abs(aside) > self.half_width_m - 0.4:
                continue
            if side > 0 and self.rng.random() < 0.6:
                self.add_auto(aside, ahead)
            else:
                self.add_two_wheeler(aside, ahead)


def _plate_of_another(rng: Random) -> str:
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    series = "".join(rng.choices(letters, k=2))
    return f"TN{rng.choice((37, 38, 66, 99))}{series}{rng.randint(1000, 9999)}"
