"""Sealed values and files open only whole, in their place, with their key."""

import hashlib
import io
import stat
import sys
import tracemalloc
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trafficdesk.security import sealed_files
from trafficdesk.security.errors import SealBroken
from trafficdesk.security.framing import framed
from trafficdesk.security.sealed_box import new_private_key, open_box, public_key_of, seal_to
from trafficdesk.security.sealed_files import (
    CHUNK_BYTES,
    key_id_of_file,
    open_file,
    open_stream,
    seal_file,
    seal_stream,
)
from trafficdesk.security.sealing import key_id_of, open_sealed, seal

KEY, OTHER_KEY = bytes(range(32)), bytes(32)
# Small chunks let Hypothesis see many of them.
SMALL = 64
HEAD = 38
parts = st.lists(st.binary(max_size=12), max_size=5)


@given(parts, parts)
def test_different_parts_never_frame_alike(one: list[bytes], other: list[bytes]) -> None:
    assert (framed(*one) == framed(*other)) == (one == other)


@given(st.binary(max_size=300), st.binary(max_size=40), st.integers(0, 255))
def test_a_sealed_value_opens_to_what_went_in(plain: bytes, context: bytes, key_id: int) -> None:
    sealed = seal(KEY, plain, context, key_id)
    assert key_id_of(sealed) == key_id
    assert open_sealed(KEY, sealed, context) == plain
    assert open_sealed({key_id: KEY}, sealed, context) == plain
    assert seal(KEY, plain, context, key_id) != sealed


@given(st.binary(max_size=60), st.integers(min_value=0), st.integers(1, 255))
def test_a_sealed_value_changed_in_any_byte_does_not_open(
    plain: bytes, place: int, flip: int
) -> None:
    sealed = bytearray(seal(KEY, plain, b"citizen/7/phone"))
    sealed[place % len(sealed)] ^= flip
    with pytest.raises(SealBroken):
        open_sealed(KEY, bytes(sealed), b"citizen/7/phone")


def test_a_sealed_value_opens_in_its_own_place_alone() -> None:
    sealed = seal(KEY, b"98430 00000", b"citizen/7/phone")
    for key, context in ((KEY, b"citizen/8/phone"), (OTHER_KEY, b"citizen/7/phone")):
        with pytest.raises(SealBroken):
            open_sealed(key, sealed, context)
    with pytest.raises(SealBroken):
        open_sealed({2: KEY}, sealed, b"citizen/7/phone")
    for length in range(len(sealed)):
        with pytest.raises(SealBroken):
            open_sealed(KEY, sealed[:length], b"citizen/7/phone")


def test_old_values_open_beside_new_ones_while_a_key_is_rotated() -> None:
    keys = {1: KEY, 2: OTHER_KEY}
    for key_id, key in keys.items():
        assert open_sealed(keys, seal(key, b"name", b"c", key_id), b"c") == b"name"


def test_a_value_sealed_by_the_first_version_opens_for_ever() -> None:
    sealed = bytes.fromhex(
        "0101069cc9b73fa4e0ca5a9b9213b53ee4c456c318eb8f395a6b32fcaaf7a5d7b05682b6c228841fbf"
    )
    assert open_sealed(KEY, sealed, b"citizen/7/phone") == b"98430 00000"


@given(st.binary(max_size=80), st.integers(min_value=0), st.integers(1, 255))
def test_a_box_opens_for_its_receiver_alone(plain: bytes, place: int, flip: int) -> None:
    private_key = new_private_key()
    box = seal_to(public_key_of(private_key), plain, b"slot")
    assert open_box(private_key, box, b"slot") == plain
    changed = bytearray(box)
    changed[place % len(box)] ^= flip
    for key, what, context in (
        (new_private_key(), box, b"slot"),
        (private_key, box, b"other slot"),
        (private_key, bytes(changed), b"slot"),
        (private_key, box[:20], b"slot"),
    ):
        with pytest.raises(SealBroken):
            open_box(key, what, context)


@pytest.fixture(scope="module", autouse=True)
def _small_chunks() -> object:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_files, "CHUNK_BYTES", SMALL)
        yield


def _sealed(plain: bytes, context: bytes = b"media") -> bytes:
    target = io.BytesIO()
    seal_stream(KEY, io.BytesIO(plain), target, context)
    return target.getvalue()


def _opened(sealed: bytes, context: bytes = b"media") -> bytes:
    return b"".join(open_stream(KEY, io.BytesIO(sealed), context))


def _sealed_chunks(sealed: bytes) -> list[bytes]:
    step = SMALL + 16
    return [sealed[at : at + step] for at in range(HEAD, len(sealed), step)]


@given(st.binary(max_size=5 * SMALL) | st.sampled_from([b"x" * SMALL * n for n in range(4)]))
def test_a_sealed_file_opens_to_what_went_in(plain: bytes) -> None:
    assert _opened(_sealed(plain)) == plain


@given(st.integers(0, 3 * SMALL + 9), st.integers(min_value=0), st.integers(1, 255))
def test_a_sealed_file_changed_or_cut_anywhere_does_not_open(
    size: int, place: int, flip: int
) -> None:
    sealed = _sealed(b"p" * size)
    changed = bytearray(sealed)
    changed[place % len(sealed)] ^= flip
    for bad in (bytes(changed), sealed[: place % len(sealed)], sealed + b"\x00"):
        with pytest.raises(SealBroken):
            _opened(bad)


@settings(max_examples=40)
@given(st.permutations(range(4)), st.sets(st.integers(0, 3), max_size=3))
def test_chunks_moved_left_out_or_doubled_do_not_open(order: list[int], left_out: set[int]) -> None:
    sealed = _sealed(bytes(3 * SMALL + 5))
    chunks = _sealed_chunks(sealed)
    kept = [chunks[at] for at in order if at not in left_out]
    if kept != chunks:
        with pytest.raises(SealBroken):
            _opened(sealed[:HEAD] + b"".join(kept))
    with pytest.raises(SealBroken):
        _opened(sealed[:HEAD] + b"".join([chunks[0], *chunks]))


def test_a_chunk_of_another_file_or_context_does_not_open() -> None:
    one, other = _sealed(b"1" * 3 * SMALL), _sealed(b"2" * 3 * SMALL)
    first, second = _sealed_chunks(one), _sealed_chunks(other)
    with pytest.raises(SealBroken) as caught:
        _opened(one[:HEAD] + first[0] + second[1] + first[2])
    assert caught.value.data["chunk"] == 1
    with pytest.raises(SealBroken):
        _opened(one, b"another context")
    with pytest.raises(SealBroken):
        list(open_stream(OTHER_KEY, io.BytesIO(one), b"media"))


def test_a_large_file_is_sealed_and_opened_in_little_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sealed_files, "CHUNK_BYTES", CHUNK_BYTES)
    plain, sealed = tmp_path / "video.mp4", tmp_path / "media" / "video"
    with plain.open("wb") as target:
        target.truncate(24 * CHUNK_BYTES + 1)
    tracemalloc.start()
    facts = seal_file(KEY, plain, sealed, b"media", key_id=3)
    read = sum(len(chunk) for chunk in open_file(KEY, sealed, b"media"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert facts.size_bytes == read == plain.stat().st_size
    assert facts.sha256 == _sha256(plain)
    assert key_id_of_file(sealed) == 3
    assert sealed.stat().st_size == HEAD + 25 * 16 + read
    assert peak < 8 * CHUNK_BYTES
    if sys.platform != "win32":
        assert stat.S_IMODE(sealed.stat().st_mode) == 0o600


def _sha256(path: Path) -> str:
    with path.open("rb") as source:
        return hashlib.file_digest(source, "sha256").hexdigest()


def test_a_file_that_cannot_be_read_to_its_end_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "photo.jpg"
    plain.write_bytes(b"photo")

    def broken(_key: bytes, _source: BinaryIO, target: BinaryIO, *_rest: object) -> None:
        target.write(b"half")
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(sealed_files, "seal_stream", broken)
    with pytest.raises(OSError, match="Input/output"):
        seal_file(KEY, plain, tmp_path / "sealed", b"media")
    assert [path.name for path in tmp_path.iterdir()] == ["photo.jpg"]
