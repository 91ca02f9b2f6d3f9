"""A file is what its first bytes are; what would unpack to too much is known without unpacking."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from sync_server.media.content import (
    MAX_PHOTO_BYTES,
    MAX_PIXELS,
    MAX_VIDEO_BYTES,
    Content,
    examine,
)
from tests.server.media.photos import announce, bring, facts, file_report, path_of, picture, send
from tests.server.world import Client, World, code_of

VIDEO = struct.pack(">I", 24) + b"ftypmp42" + bytes(4) + b"isommp42"


def drawn(kind: str, size: tuple[int, int], **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (drawn("JPEG", (320, 200)), Content("image/jpeg", 320, 200)),
        (drawn("JPEG", (320, 200), progressive=True), Content("image/jpeg", 320, 200)),
        (drawn("JPEG", (320, 200), exif=b"Exif\0\0" + bytes(60_000)), None),
        (drawn("PNG", (321, 201)), Content("image/png", 321, 201)),
        (drawn("WEBP", (322, 202), lossless=True), Content("image/webp", 322, 202)),
        (drawn("WEBP", (322, 202), quality=50), Content("image/webp", 322, 202)),
        (drawn("WEBP", (322, 202), exif=b"Exif\0\0MM\0*"), Content("image/webp", 322, 202)),
        (VIDEO, Content("video/mp4")),
        (drawn("GIF", (320, 200)), None),
        (drawn("TIFF", (320, 200)), None),
        (b"%PDF-1.7\n", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", None),
        (b"MZ\x90\x00", None),
        (b"", None),
    ],
)
def test_a_file_is_known_by_its_content(content: bytes, found: Content | None) -> None:
    if found is None and content.startswith(b"\xff\xd8"):
        found = Content("image/jpeg", 320, 200)  # behind sixty kilobytes of its camera's words
    assert examine(content) == found


@pytest.mark.parametrize(("content", "most"), [(drawn("PNG", (9, 9)), MAX_PHOTO_BYTES)])
def test_photos_and_videos_have_sizes_of_their_own(content: bytes, most: int) -> None:
    photo, video = examine(content), examine(VIDEO)
    assert photo is not None
    assert video is not None
    assert (photo.max_bytes, video.max_bytes) == (most, MAX_VIDEO_BYTES)


def bomb(width: int, height: int) -> bytes:
    """Return a small PNG that unpacks to width times height pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        whole = kind + body
        return struct.pack(">I", len(body)) + whole + struct.pack(">I", zlib.crc32(whole))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body = zlib.compress(bytes(1_000_000), 9)
    signature = b"\x89PNG\r\n\x1a\n"
    return signature + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def test_a_picture_that_unpacks_to_too_much_is_none() -> None:
    assert examine(bomb(8000, MAX_PIXELS // 8000)) is not None
    for sides in ((8000, MAX_PIXELS // 8000 + 1), (2**31 - 1, 2**31 - 1), (0, 5)):
        assert examine(bomb(*sides)) is None


@given(st.binary(max_size=200), st.sampled_from([picture(side=32), picture("PNG", 32), VIDEO]))
def test_nothing_makes_it_fail(junk: bytes, sound: bytes) -> None:
    for content in (junk, sound[: len(junk)], sound[:4] + junk, sound[:20] + junk + sound[20:]):
        examine(content)


@pytest.mark.parametrize("content", [bomb(60_000, 60_000), drawn("GIF", (320, 200)), b"MZ" * 99])
def test_what_is_not_taken_is_gone_after_its_last_byte(
    world: World, desk: Client, content: bytes
) -> None:
    file_report(world, desk, facts(content))
    answer = send(desk, path_of(announce(world, desk, content)), 0, content)
    assert (answer.status_code, code_of(answer)) == (422, "wrong_content")


def test_a_photo_that_says_it_is_a_video_has_a_photos_size(world: World, desk: Client) -> None:
    content = picture() + bytes(MAX_PHOTO_BYTES)
    file_report(world, desk, facts(content, kind="video"))
    answer = bring(world, desk, content, 4 * 2**20)
    assert (answer.status_code, code_of(answer)) == (422, "wrong_content")
