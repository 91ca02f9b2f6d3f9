"""A picture is judged by its content, before it can do harm, and its derivatives tell nothing."""

import io
import os
import struct
import time
import zlib
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageDraw, ImageFilter

from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import VehicleType, Violation
from trafficdesk.services.demo.scenes import SceneBrief, pictures_of
from trafficdesk.services.pictures import (
    MAX_PICTURE_BYTES,
    Examined,
    PictureRefusal,
    PictureRefused,
    examine,
    examine_file,
    laplacian_variance,
)

KOLKATA = ZoneInfo("Asia/Kolkata")
SEEN = datetime(2026, 11, 21, 12, 12, tzinfo=UTC)


def drawing(size: tuple[int, int] = (640, 360)) -> Image.Image:
    image = Image.new("RGB", size, (90, 120, 150))
    pen = ImageDraw.Draw(image)
    for x in range(0, size[0], 16):
        pen.line((x, 0, size[0] - x, size[1]), fill=(240, 230, 40), width=2)
    return image


def encoded(image: Image.Image, form: str = "JPEG", exif: Image.Exif | None = None) -> bytes:
    out = io.BytesIO()
    if exif is None:
        image.save(out, form)
    else:
        image.save(out, form, exif=exif)
    return out.getvalue()


def camera_exif() -> Image.Exif:
    exif = Image.Exif()
    details = exif.get_ifd(ExifTags.IFD.Exif)
    details[ExifTags.Base.DateTimeOriginal] = "2026:11:21 17:42:07"
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef] = "N"
    gps[ExifTags.GPS.GPSLatitude] = (11.0, 1.0, 5.88)
    gps[ExifTags.GPS.GPSLongitudeRef] = "E"
    gps[ExifTags.GPS.GPSLongitude] = (76.0, 58.0, 2.64)
    return exif


def taken(result: Examined | PictureRefused) -> Examined:
    assert isinstance(result, Examined), result
    return result


def refused(result: Examined | PictureRefused) -> PictureRefused:
    assert isinstance(result, PictureRefused)
    return result


def test_time_and_place_are_read_from_the_camera_and_local_clocks_become_utc() -> None:
    seen = taken(examine(encoded(drawing(), exif=camera_exif()), KOLKATA))
    assert seen.taken_at == datetime(2026, 11, 21, 12, 12, 7, tzinfo=UTC)
    assert seen.place is not None
    assert seen.place == pytest.approx(Place(76.96740, 11.01830), abs=1e-6)


def test_a_camera_that_names_its_zone_is_believed() -> None:
    exif = camera_exif()
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.OffsetTimeOriginal] = "+02:00"
    seen = taken(examine(encoded(drawing(), exif=exif), KOLKATA))
    assert seen.taken_at == datetime(2026, 11, 21, 15, 42, 7, tzinfo=UTC)


def test_a_southern_and_western_place_has_negative_degrees() -> None:
    exif = camera_exif()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitudeRef], gps[ExifTags.GPS.GPSLongitudeRef] = "S", "W"
    place = taken(examine(encoded(drawing(), exif=exif))).place
    assert place is not None
    assert (place.lat < 0, place.lon < 0) == (True, True)


def test_a_phone_without_a_fix_names_no_place() -> None:
    exif = camera_exif()
    gps = exif.get_ifd(ExifTags.IFD.GPSInfo)
    gps[ExifTags.GPS.GPSLatitude] = gps[ExifTags.GPS.GPSLongitude] = (0.0, 0.0, 0.0)
    assert taken(examine(encoded(drawing(), exif=exif))).place is None


def test_the_thumbnail_is_upright_small_and_carries_no_metadata() -> None:
    exif = camera_exif()
    exif[ExifTags.Base.Orientation] = 6
    image = drawing((800, 400))
    ImageDraw.Draw(image).rectangle((0, 0, 400, 399), fill=(250, 0, 0))
    seen = taken(examine(encoded(image, exif=exif)))
    assert (seen.width, seen.height) == (400, 800)
    with Image.open(io.BytesIO(seen.thumbnail)) as thumbnail:
        assert thumbnail.width < thumbnail.height <= 270
        assert len(thumbnail.getexif()) == 0
        assert b"Exif" not in seen.thumbnail
        top = thumbnail.convert("RGB").getpixel((thumbnail.width // 2, 20))
    assert isinstance(top, tuple)
    assert top[0] > 200
    assert top[1] < 60


def test_the_type_is_that_of_the_content_not_of_the_name(tmp_path: Path) -> None:
    path = tmp_path / "photo.jpg"
    path.write_bytes(encoded(drawing(), "PNG"))
    assert taken(examine_file(path)).mime == "image/png"
    path.write_bytes(b"MZ" + b"\0" * 4000)
    assert refused(examine_file(path)).code is PictureRefusal.NOT_A_PICTURE
    path.write_bytes(encoded(drawing(), "BMP"))
    assert refused(examine_file(path)).code is PictureRefusal.NOT_A_PICTURE


def test_a_webp_with_transparency_is_taken() -> None:
    image = drawing().convert("RGBA")
    image.putalpha(120)
    assert taken(examine(encoded(image, "WEBP"))).mime == "image/webp"


def test_a_file_of_2_gigabytes_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.jpg"
    with path.open("wb") as file:
        file.truncate(2 << 30)
    path.chmod(0o000)  # reading it would fail with another code, for anybody but root
    started = time.perf_counter()
    result = refused(examine_file(path))
    assert time.perf_counter() - started < 0.05
    assert result.code is PictureRefusal.TOO_LARGE
    assert result.data == {"size_bytes": 2 << 30, "limit_bytes": MAX_PICTURE_BYTES}


def png_that_claims(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + check

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    rows = chunk(b"IDAT", zlib.compress(bytes(1_000_000)))
    return b"\x89PNG\r\n\x1a\n" + header + rows + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_500, 11_000, 50_000])
def test_an_image_bomb_is_refused_before_it_is_unpacked(side: int) -> None:
    started = time.perf_counter()
    result = refused(examine(png_that_claims(side, side)))
    assert result.code is PictureRefusal.TOO_MANY_PIXELS
    assert time.perf_counter() - started < 0.2


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_truncated_picture_is_refused(form: str) -> None:
    whole = encoded(drawing(), form)
    assert refused(examine(whole[: len(whole) // 2])).code is PictureRefusal.DAMAGED


def test_a_folder_a_pipe_and_a_missing_file_are_refused(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (tmp_path, pipe, tmp_path / "missing.jpg"):
        assert refused(examine_file(path)).code is PictureRefusal.UNREADABLE


def test_a_dot_is_too_small_to_be_evidence() -> None:
    assert refused(examine(encoded(drawing((8, 8))))).code is PictureRefusal.TOO_SMALL


def test_a_blurred_picture_measures_less_sharp_and_a_dark_one_less_bright() -> None:
    sharp = taken(examine(encoded(drawing())))
    blurred = taken(examine(encoded(drawing().filter(ImageFilter.GaussianBlur(5)))))
    dark = taken(examine(encoded(drawing().point(lambda level: level // 8))))
    assert blurred.sharpness < 20
    assert sharp.sharpness > 120
    assert dark.brightness < 22 < sharp.brightness


@pytest.mark.parametrize("size", [(1024, 1), (2, 600), (3, 3)])
def test_a_strip_that_is_all_rim_is_not_sharp(size: tuple[int, int]) -> None:
    assert laplacian_variance(Image.new("L", size, 255)) == 0.0


SOUND = encoded(drawing((96, 64)), exif=camera_exif())


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow warns of broken EXIF and goes on
@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SOUND) - 1), st.binary(min_size=1, max_size=12))
def test_damaged_bytes_end_in_an_answer_never_in_a_crash(at: int, junk: bytes) -> None:
    result = examine(SOUND[:at] + junk + SOUND[at + len(junk) :])
    assert isinstance(result, Examined | PictureRefused)


def _copies(image: Image.Image) -> list[bytes]:
    """Return one picture as it comes by other ways: smaller, packed harder, darker, cropped."""
    narrow = image.width // 80
    cropped = image.crop((narrow, narrow, image.width - narrow, image.height - narrow))
    poor = io.BytesIO()
    image.resize((320, 180)).save(poor, "JPEG", quality=30)
    darker = image.point([int(value * 0.7) for value in range(256)] * 3)
    return [poor.getvalue(), encoded(darker), encoded(cropped), encoded(image, "PNG")]


def _bits_apart(first: str | None, second: str | None) -> int:
    assert first is not None
    assert second is not None
    return (int(first, 16) ^ int(second, 16)).bit_count()


def test_copies_of_a_picture_are_known_by_their_hash() -> None:
    scene = SceneBrief(
        11, Violation.SPEED, VehicleType.CAR, "TN37BZ4412", "white", SEEN, SEEN, None
    )
    others = [
        replace(scene, seed=seed, paint="red", plate=f"TN38A{seed}") for seed in range(20, 26)
    ]
    (content,) = pictures_of(scene, 1)
    picture = taken(examine(content))
    image = Image.open(io.BytesIO(content)).convert("RGB")
    apart = [
        _bits_apart(picture.picture_hash, taken(examine(c)).picture_hash) for c in _copies(image)
    ]
    different = [
        _bits_apart(picture.picture_hash, taken(examine(pictures_of(other, 1)[0])).picture_hash)
        for other in others
    ]
    assert max(apart) <= 8, apart
    assert min(different) > 8, different


def test_a_flat_picture_has_no_hash() -> None:
    assert taken(examine(encoded(Image.new("RGB", (64, 64), (7, 7, 7))))).picture_hash is None
