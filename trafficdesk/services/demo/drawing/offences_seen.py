"""How each violation looks: one composition per type."""
# ruff: noqa: PLR2004 - a drawing is made of numbers

from collections.abc import Callable

from trafficdesk.domain.vocabulary import VehicleType, Violation
from trafficdesk.services.demo.drawing.signs import (
    draw_arrow,
    draw_barrier,
    draw_sign,
    draw_signal,
    draw_skid_marks,
)
from trafficdesk.services.demo.drawing.stage import Manner, Stage

Composition = Callable[[Stage, int], None]
WITH_CROSSING = frozenset({Violation.SIGNAL_JUMP, Violation.OTHER})


def compose(stage: Stage, violation: str, frame: int) -> None:
    """Place everybody of a scene; ``frame`` 1 is the picture taken a second later."""
    _BY_CODE.get(violation, _something_else)(stage, frame)
    stage.perform()


def _signal_jump(stage: Stage, frame: int) -> None:
    view = stage.setting.view
    spot = view.spot(stage.half_width_m + 0.55, 10.2)
    lamps = stage.setting.light.lamps

    def signal() -> None:
        stage.detail_box = draw_signal(stage.setting.canvas, spot, "red", lamps)

    stage.add(10.2, signal)
    aside = stage.rng.uniform(-0.75, -0.05)
    big = stage.subject.kind in {VehicleType.BUS, VehicleType.TRUCK}
    stage.add_subject(aside, (9.6 if big else 7.5) + 1.2 * frame, Manner(brakes=True))
    for side, offset in ((1.0, 1.75), (1.0, 2.45), (-1.0, 2.35)):
        if stage.rng.random() < 0.85:
            step = 0.35 * frame * -side
            stage.add_walker(aside + side * offset + step, stage.rng.uniform(9.2, 11.2))
    stage.add_bystanders(aside)


def _bare_heads(stage: Stage, frame: int) -> None:
    aside = stage.rng.uniform(-1.1, 0.2)
    riders = stage.rng.choice((1, 1, 2))
    stage.add_subject(aside, 6.2 + 0.8 * frame, Manner(riders=riders, helmets=0))
    stage.add_car(aside + 1.6, 10.5, brakes=True)
    stage.add_two_wheeler(aside - 1.5, 11.0)
    stage.add_bystanders(aside, count=1)


def _three_up(stage: Stage, frame: int) -> None:
    aside = stage.rng.uniform(-0.9, 0.3)
    helmets = stage.rng.choice((0, 0, 1))
    stage.add_subject(aside, 6.0 + 0.8 * frame, Manner(riders=3, helmets=helmets))
    stage.add_car(aside + 1.8, 10.5, brakes=True)
    stage.add_auto(aside - 1.7, 12.5)


def _phone(stage: Stage, frame: int) -> None:
    if stage.subject.kind is VehicleType.TWO_WHEELER:
        aside = stage.rng.uniform(-1.0, 0.1)
        manner = Manner(helmets=stage.rng.choice((0, 1)), on_phone=True)
        stage.add_subject(aside, 6.0 + 0.7 * frame, manner)
        stage.add_car(aside + 1.6, 9.0)
    else:
        aside = stage.rng.uniform(0.7, 1.2)
        stage.add_subject(aside, 6.6 - 0.5 * frame, Manner(oncoming=True, on_phone=True))
        stage.add_two_wheeler(aside - 2.1, 6.4)
    stage.add_auto(-1.8, 13.0)


def _no_belt(stage: Stage, frame: int) -> None:
    aside = stage.rng.uniform(0.6, 1.2)
    stage.add_subject(aside, 6.4 - 0.5 * frame, Manner(oncoming=True))
    stage.add_car(aside - 2.3, 8.5)
    stage.add_auto(aside - 2.5, 13.0)


def _parked(stage: Stage, frame: int) -> None:
    del frame  # nothing moves
    half = stage.half_width_m
    sign = stage.setting.view.spot(-half - 0.40, 11.6)

    def post() -> None:
        stage.detail_box = draw_sign(stage.setting.canvas, sign, "no_parking")

    stage.add(11.6, post)
    stage.add_subject(-half + 0.80, 8.8, Manner())
    stage.add_walker(-half - 1.0, 13.5)
    stage.add_auto(0.9, 9.0)
    stage.add_two_wheeler(1.5, 6.6)


def _against_traffic(stage: Stage, frame: int) -> None:
    for ahead in (6.0, 15.0):
        draw_arrow(stage.setting.canvas, stage.setting.view, -1.6, ahead, towards_us=False)
    stage.add_subject(-1.35, 7.2 - 0.9 * frame, Manner(oncoming=True, helmets=1))
    stage.add_car(0.9, 8.4, brakes=True)
    stage.add_two_wheeler(-2.7, 9.4)
    stage.add_auto(1.1, 14.0)


def _past_the_sign(stage: Stage, frame: int) -> None:
    half = stage.half_width_m
    spots = [stage.setting.view.spot(side * (half + 0.4), 9.6) for side in (1.0, -1.0)]

    def posts() -> None:
        for spot in spots:
            stage.detail_box = draw_sign(stage.setting.canvas, spot, "no_entry")

    stage.add(9.6, posts)
    draw_arrow(stage.setting.canvas, stage.setting.view, 0.9, 6.0, towards_us=True)
    stage.add_subject(-0.7, 7.0 + 1.2 * frame, Manner(brakes=frame == 1))
    stage.add_walker(half + 1.4, 10.0)


def _too_fast(stage: Stage, frame: int) -> None:
    sign = stage.setting.view.spot(-stage.half_width_m - 0.5, 9.8)

    def post() -> None:
        stage.detail_box = draw_sign(stage.setting.canvas, sign, "limit", "40")

    stage.add(9.8, post)
    stage.add_subject(stage.rng.uniform(-0.6, 0.4), 7.0 + 2.2 * frame, Manner())


def _unsteady(stage: Stage, frame: int) -> None:
    draw_skid_marks(stage.setting.canvas, stage.setting.view, (-1.7, 5.3), (0.35, 7.4))
    barrier = stage.setting.view.spot(-2.3, 9.2)
    stage.add(9.2, lambda: draw_barrier(stage.setting.canvas, barrier))
    manner = Manner(brakes=True, lean=0.10, helmets=0)
    stage.add_subject(0.3 + 0.3 * frame, 7.0 + frame, manner)
    stage.add_walker(-stage.half_width_m - 0.8, 9.0)


def _heaped(stage: Stage, frame: int) -> None:
    aside = stage.rng.uniform(-1.2, -0.6)
    stage.add_subject(aside, 9.0 + 1.0 * frame, Manner(overloaded=True, brakes=True))
    stage.add_two_wheeler(aside + 2.4, 6.6)


def _rash(stage: Stage, frame: int) -> None:
    draw_skid_marks(stage.setting.canvas, stage.setting.view, (-1.3, 5.3), (0.1, 7.0))
    lean = stage.rng.choice((-0.22, 0.22))
    stage.add_subject(0.1, 6.8 + 1.4 * frame, Manner(lean=lean, brakes=True, helmets=0))
    stage.add_car(-1.75, 7.6, brakes=True)
    stage.add_auto(1.85, 8.2)


def _unreadable_plate(stage: Stage, frame: int) -> None:
    aside = stage.rng.uniform(-0.9, 0.2)
    stage.add_subject(aside, 6.6 + 0.6 * frame, Manner(soiled_plate=True, brakes=True))
    stage.add_two_wheeler(aside + 1.9, 7.4)


def _on_the_footpath(stage: Stage, frame: int) -> None:
    half = stage.half_width_m
    stage.add_subject(-half - 0.75, 9.8 + 0.9 * frame, Manner(helmets=1))
    stage.add_walker(-half - 2.0, 12.6)
    stage.add_walker(-half - 1.0, 14.4)
    stage.add_car(-1.3, 9.8, brakes=True)
    stage.add_auto(0.9, 8.6)
    stage.add_two_wheeler(1.2, 6.3)


def _something_else(stage: Stage, frame: int) -> None:
    aside = stage.rng.uniform(-1.0, 0.0)
    big = stage.subject.kind in {VehicleType.BUS, VehicleType.TRUCK}
    stage.add_subject(aside, (8.8 if big else 6.2) + 0.6 * frame, Manner(brakes=True))
    stage.add_walker(aside + 2.0, 9.9)
    stage.add_bystanders(aside, count=1)


_COMPOSITIONS: dict[Violation, Composition] = {
    Violation.SPEED: _too_fast,
    Violation.SIGNAL_JUMP: _signal_jump,
    Violation.WRONG_SIDE: _against_traffic,
    Violation.NO_HELMET: _bare_heads,
    Violation.NO_SEAT_BELT: _no_belt,
    Violation.TRIPLE_RIDING: _three_up,
    Violation.MOBILE_USE: _phone,
    Violation.DRUNK_DRIVING: _unsteady,
    Violation.ILLEGAL_PARKING: _parked,
    Violation.NO_ENTRY: _past_the_sign,
    Violation.OVERLOADING: _heaped,
    Violation.RASH_DRIVING: _rash,
    Violation.DEFECTIVE_PLATE: _unreadable_plate,
    Violation.FOOTPATH_RIDING: _on_the_footpath,
    Violation.OTHER: _something_else,
}
_BY_CODE = {violation.value: composition for violation, composition in _COMPOSITIONS.items()}
