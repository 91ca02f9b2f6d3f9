"""The pictures of a report: the scene, a second one a moment later, and what was cut out of it."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from PIL import Image

from trafficdesk.domain.demo.chance import dice
from trafficdesk.domain.demo.town import ZONE
from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import VehicleType
from trafficdesk.services.demo.drawing.backdrop import Setting, draw_backdrop
from trafficdesk.services.demo.drawing.canvas import HEIGHT, WIDTH
from trafficdesk.services.demo.drawing.lens import Shot, develop, jpeg_of
from trafficdesk.services.demo.drawing.offences_seen import WITH_CROSSING, compose
from trafficdesk.services.demo.drawing.plates import Box
from trafficdesk.services.demo.drawing.stage import Stage, Subject

CUT_SIZE = (960, 540)
_BEFORE_SECOND = 2  # pictures that come before the second scene


@dataclass(frozen=True, slots=True)
class SceneBrief:
    """What a picture shows. ``seen_at`` gives the light of the hour in the demo's city.

    ``exif_at`` and ``exif_place`` are what the camera wrote; None where it wrote nothing.
    """

    seed: int
    violation: str
    vehicle: VehicleType
    plate: str
    paint: str
    seen_at: datetime
    exif_at: datetime | None
    exif_place: Place | None
    stamp: str = ""
    blur_px: float = 0.0


@dataclass(frozen=True, slots=True)
class Drawn:
    """A developed scene and where its plate and its sign or signal are, in pixels."""

    image: Image.Image
    plate_box: Box | None
    detail_box: Box | None


def draw_scene(brief: SceneBrief, frame: int = 0) -> Drawn:
    """Draw a scene of 1280 x 720; ``frame`` 1 is taken a second later."""
    return _staged(brief, _backdrop(brief), frame)


def _backdrop(brief: SceneBrief) -> Setting:
    # A brief that was sent to another process comes there with times of no zone but UTC.
    local = brief.seen_at.astimezone(ZONE)
    hour = local.hour + local.minute / 60
    return draw_backdrop(brief.seed, hour, crossing=brief.violation in WITH_CROSSING)


def _staged(brief: SceneBrief, setting: Setting, frame: int) -> Drawn:
    subject = Subject(brief.vehicle, brief.plate, brief.paint)
    stage = Stage(setting, subject, dice("scene", brief.seed))
    compose(stage, brief.violation, frame)
    image = develop(setting.canvas.finished(), _shot(brief, frame), brief.seed + frame)
    return Drawn(image, stage.plate_box, stage.detail_box)


def pictures_of(brief: SceneBrief, count: int) -> list[bytes]:
    """Return ``count`` JPEG files, at most four: scene, plate, a second later, sign or signal."""
    shot = _shot(brief, 0)
    setting = _backdrop(brief)
    later = replace(setting, canvas=setting.canvas.copied()) if count > _BEFORE_SECOND else None
    first = _staged(brief, setting, 0)
    files = [jpeg_of(first.image, shot)]
    if count > len(files) and first.plate_box is not None:
        files.append(jpeg_of(_cut(first.image, first.plate_box, 2.4), shot))
    if later is not None:
        files.append(jpeg_of(_staged(brief, later, 1).image, _shot(brief, 1)))
    if count > len(files) and first.detail_box is not None:
        files.append(jpeg_of(_cut(first.image, first.detail_box, 1.15), shot))
    return files


def _shot(brief: SceneBrief, frame: int) -> Shot:
    taken_at = None
    if brief.exif_at is not None:
        taken_at = brief.exif_at.astimezone(ZONE) + timedelta(seconds=frame)
    return Shot(taken_at, brief.exif_place, brief.stamp, brief.blur_px)


def _cut(image: Image.Image, box: Box, times: float) -> Image.Image:
    """Return the surroundings of a box in 16:9, wholly inside the picture."""
    left, top, right, bottom = box
    width = min(WIDTH, max(right - left, (bottom - top) * 16 / 9) * times)
    height = width * 9 / 16
    x = min(max(0.0, (left + right - width) / 2), WIDTH - width)
    y = min(max(0.0, (top + bottom - height) / 2), HEIGHT - height)
    return image.resize(CUT_SIZE, Image.Resampling.BICUBIC, box=(x, y, x + width, y + height))
