"""The demo's pictures are JPEG photos a phone could have sent, the same in every run."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from PIL import Image, ImageChops, ImageStat

from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import VehicleType, Violation
from trafficdesk.services.demo.drawing.canvas import smooth
from trafficdesk.services.demo.drawing.daylight import daylight
from trafficdesk.services.demo.scenes import SceneBrief, draw_scene, pictures_of
from trafficdesk.services.pictures import Examined, examine

KOLKATA = ZoneInfo("Asia/Kolkata")
SEEN_AT = datetime(2026, 11, 21, 17, 42, 7, tzinfo=KOLKATA)
BRIEF = SceneBrief(
    seed=11,
    violation=Violation.SIGNAL_JUMP,
    vehicle=VehicleType.CAR,
    plate="TN37BZ4412",
    paint="white",
    seen_at=SEEN_AT,
    exif_at=SEEN_AT,
    exif_place=Place(76.9674, 11.0183),
)


def examined(picture: bytes) -> Examined:
    result = examine(picture)
    assert isinstance(result, Examined)
    return result


def test_a_red_light_jump_brings_four_sharp_pictures_with_time_and_place() -> None:
    pictures = [examined(picture) for picture in pictures_of(BRIEF, 4)]
    assert [(p.width, p.height) for p in pictures] == [(1280, 720), (960, 540)] * 2
    assert pictures[0].taken_at == datetime(2026, 11, 21, 12, 12, 7, tzinfo=UTC)
    assert pictures[0].place == pytest.approx((76.9674, 11.0183), abs=1e-6)
    assert pictures[0].sharpness > 120
    assert len({picture.sha256 for picture in pictures}) == 4
    assert all(len(picture.content) < 250_000 for picture in pictures)


def test_the_same_brief_draws_the_same_picture_and_another_seed_another_street() -> None:
    once, again = draw_scene(BRIEF), draw_scene(BRIEF)
    other = draw_scene(replace(BRIEF, seed=12))
    assert once.image.tobytes() == again.image.tobytes()
    assert once.image.tobytes() != other.image.tobytes()


@pytest.mark.parametrize("violation", Violation)
def test_every_violation_shows_its_vehicle_with_the_plate_inside_the_picture(
    violation: Violation,
) -> None:
    for vehicle in (VehicleType.CAR, VehicleType.TWO_WHEELER):
        brief = replace(BRIEF, violation=violation, vehicle=vehicle)
        box = draw_scene(brief).plate_box
        assert box is not None
        left, top, right, bottom = box
        assert 0 <= left < right <= 1280
        assert 0 <= top < bottom <= 720
        assert right - left > 30


def red_over_green(image: Image.Image) -> float:
    red, green, _ = ImageStat.Stat(image).mean
    return red - green


def test_the_signal_cut_out_of_a_red_light_jump_is_red() -> None:
    scene = draw_scene(BRIEF)
    assert scene.detail_box is not None
    left, top, right, bottom = (round(edge) for edge in scene.detail_box)
    signal = scene.image.crop((left, max(0, top), right, bottom))
    assert red_over_green(signal) > red_over_green(scene.image) + 5


def test_night_is_darker_than_noon_and_still_bright_enough_to_judge() -> None:
    def brightness(hour: int) -> float:
        brief = replace(BRIEF, seen_at=SEEN_AT.replace(hour=hour))
        return ImageStat.Stat(draw_scene(brief).image.convert("L")).mean[0]

    noon, night = brightness(12), brightness(23)
    assert noon > night + 25
    assert night > 30


def test_a_camera_without_clock_or_fix_writes_neither() -> None:
    silent = examined(pictures_of(replace(BRIEF, exif_at=None, exif_place=None), 1)[0])
    assert (silent.taken_at, silent.place) == (None, None)


def test_an_unsteady_hand_is_measured() -> None:
    blurred = examined(pictures_of(replace(BRIEF, blur_px=7.0), 1)[0])
    sharp = examined(pictures_of(BRIEF, 1)[0])
    assert blurred.sharpness < sharp.sharpness / 2


def test_a_stamp_is_burnt_into_the_corner() -> None:
    plain = draw_scene(BRIEF).image
    stamped = draw_scene(replace(BRIEF, stamp="68 km/h")).image
    changed = ImageChops.difference(plain, stamped).getbbox()
    assert changed is not None
    assert changed[0] < 60
    assert changed[1] > 640


@pytest.mark.parametrize("hour", [0.0, 5.99, 6.0, 12.5, 18.0, 23.99, 24.0])
def test_light_changes_without_a_jump(hour: float) -> None:
    here, soon = daylight(hour), daylight(hour + 0.01)
    assert all(abs(a - b) <= 3 for a, b in zip(here.horizon, soon.horizon, strict=True))


def test_a_smooth_outline_passes_through_its_corners() -> None:
    corners = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    curve = smooth(corners, 5)
    assert [curve[i * 5] for i in range(4)] == corners
