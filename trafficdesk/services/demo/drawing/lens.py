"""What a phone's camera adds: vignette, grain, a stamp, EXIF, and the JPEG file itself."""

import io
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from PIL import ExifTags, Image, ImageChops, ImageDraw, ImageFilter

from trafficdesk.domain.demo.chance import dice
from trafficdesk.domain.records import Place
from trafficdesk.services.demo.drawing.canvas import HEIGHT, WIDTH, lettering

JPEG_QUALITY = 78
_GRAIN_SIDE = 256


@dataclass(frozen=True, slots=True)
class Shot:
    """When and where a picture was taken (local aware time), and what the camera stamps on it.

    ``blur_px`` is that of an unsteady hand; without ``place`` or ``taken_at`` the file has none.
    """

    taken_at: datetime | None
    place: Place | None
    stamp: str = ""
    blur_px: float = 0.0
    model: str = "Phone"


def develop(scene: Image.Image, shot: Shot, seed: int) -> Image.Image:
    """Return the scene as the camera saw it."""
    image = scene
    if shot.blur_px:
        image = image.filter(ImageFilter.GaussianBlur(shot.blur_px))
    image = ImageChops.multiply(image, _vignette())
    image = ImageChops.add(image, _grain(seed % 8), 1, -10)
    if shot.stamp:
        _stamp(image, shot.stamp)
    return image


def jpeg_of(image: Image.Image, shot: Shot) -> bytes:
    """Return the picture as a JPEG file with the camera's time and place in its EXIF."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "Demo"
    exif[ExifTags.Base.Model] = shot.model
    if shot.taken_at is not None:
        details = exif.get_ifd(ExifTags.IFD.Exif)
        details[ExifTags.Base.DateTimeOriginal] = shot.taken_at.strftime("%Y:%m:%d %H:%M:%S")
        offset = shot.taken_at.strftime("%z")
        details[ExifTags.Base.OffsetTimeOriginal] = f"{offset[:3]}:{offset[3:5]}"
    if shot.place is not None:
        gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
        lon, lat = shot.place
        gps[ExifTags.GPS.GPSLatitudeRef] = "N" if lat >= 0 else "S"
        gps[ExifTags.GPS.GPSLatitude] = _sexagesimal(abs(lat))
        gps[ExifTags.GPS.GPSLongitudeRef] = "E" if lon >= 0 else "W"
        gps[ExifTags.GPS.GPSLongitude] = _sexagesimal(abs(lon))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=JPEG_QUALITY, exif=exif)
    return out.getvalue()


def _sexagesimal(degrees: float) -> tuple[float, float, float]:
    whole = int(degrees)
    minutes = int((degrees - whole) * 60)
    seconds = round((degrees - whole - minutes / 60) * 3600, 3)
    return float(whole), float(minutes), seconds


@lru_cache(maxsize=1)
def _vignette() -> Image.Image:
    centre = Image.radial_gradient("L").point(lambda far: 255 - max(0, far - 90) * 74 // 165)
    return Image.merge("RGB", [centre.resize((WIDTH, HEIGHT), Image.Resampling.BILINEAR)] * 3)


@lru_cache(maxsize=8)
def _grain(seed: int) -> Image.Image:
    rng = dice("grain", seed)
    # Two throws added: a bell is nearer to a sensor's noise than an even spread.
    one = Image.frombytes("L", (_GRAIN_SIDE, _GRAIN_SIDE), rng.randbytes(_GRAIN_SIDE**2))
    two = Image.frombytes("L", (_GRAIN_SIDE, _GRAIN_SIDE), rng.randbytes(_GRAIN_SIDE**2))
    tile = ImageChops.add(one, two, 2).point(lambda level: level * 20 // 255)
    sheet = Image.new("L", (WIDTH, HEIGHT))
    for x in range(0, WIDTH, _GRAIN_SIDE):
        for y in range(0, HEIGHT, _GRAIN_SIDE):
            sheet.paste(tile, (x, y))
    return Image.merge("RGB", [sheet] * 3)


def _stamp(image: Image.Image, text: str) -> None:
    pen = ImageDraw.Draw(image)
    for offset, colour in ((2, (0, 0, 0)), (0, (250, 196, 84))):
        at = (24 + offset, HEIGHT - 26 + offset)
        pen.text(at, text, font=lettering(22), fill=colour, anchor="ls")
