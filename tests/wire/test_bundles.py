"""Bundles as files: what was changed, cut, swollen or meant for others is refused whole."""

import hashlib

import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.wire.examples import DEVICE
from trafficdesk.wire import bundles
from trafficdesk.wire.boxes import public_key_of, seal_to
from trafficdesk.wire.bundles import (
    BundleError,
    BundleFault,
    Kind,
    Packer,
    Part,
    Signer,
    close_bundle,
    open_bundle,
    packed,
    read_parts,
)

RECEIVER = hashlib.sha256(b"receiver").digest()
SIGNING = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"signer").digest())
PARTS = [(Part.HEAD, b'{"a":1}'), (Part.PUSH, b"[]"), (Part.PUSH, b"[1]")]
HEAD_BYTES = 26


def _sign(content: bytes) -> bytes:
    return SIGNING.sign(content)


def _close(content: bytes, kind: Kind = Kind.REQUEST, receiver: bytes = RECEIVER) -> bytes:
    return close_bundle(kind, public_key_of(receiver), Signer(DEVICE, _sign), content)


def _public() -> bytes:
    return SIGNING.public_key().public_bytes_raw()


def _fault(bundle: bytes, private_key: bytes = RECEIVER) -> BundleFault:
    with pytest.raises(BundleError) as refused:
        _read_whole(bundle, private_key)
    return refused.value.fault


def _read_whole(bundle: bytes, private_key: bytes) -> list[tuple[str, bytes]]:
    opened = open_bundle(bundle, private_key, [Kind.REQUEST])
    opened.prove(_public())
    return list(read_parts(opened.content))


def test_what_was_packed_is_read_by_its_receiver() -> None:
    opened = open_bundle(_close(packed(PARTS)), RECEIVER, [Kind.REQUEST])
    opened.prove(_public())
    assert (opened.signer_id, opened.kind) == (DEVICE, Kind.REQUEST)
    assert list(read_parts(opened.content)) == [(str(part), found) for part, found in PARTS]


def test_nothing_of_the_content_is_seen_from_outside() -> None:
    bundle = _close(packed([(Part.HEAD, b"TN37BZ4412" * 50)]))
    assert DEVICE.bytes not in bundle
    assert b"TN37BZ4412" not in bundle


@given(place=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_every_changed_byte_is_noticed(place: int, flip: int) -> None:
    bundle = bytearray(_close(packed(PARTS)))
    bundle[place % len(bundle)] ^= flip
    assert _fault(bytes(bundle)) is not BundleFault.FORGED


@given(place=st.integers(min_value=0))
def test_a_bundle_cut_anywhere_is_said_to_be_cut(place: int) -> None:
    bundle = _close(packed(PARTS))
    fault = _fault(bundle[: place % len(bundle)])
    assert fault in {BundleFault.CUT_SHORT, BundleFault.NOT_A_BUNDLE}
    if place % len(bundle) >= len(b"TDBUNDLE"):
        assert fault is BundleFault.CUT_SHORT


def test_bytes_behind_a_bundle_are_no_part_of_it() -> None:
    assert _fault(_close(packed(PARTS)) + b"\0") is BundleFault.DAMAGED


def test_a_file_of_another_kind_version_or_receiver_is_told_apart() -> None:
    bundle = _close(packed(PARTS))
    assert _fault(b"PK\3\4" + bundle) is BundleFault.NOT_A_BUNDLE
    assert _fault(bundle[:8] + b"\2" + bundle[9:]) is BundleFault.TOO_NEW
    assert _fault(_close(packed(PARTS), Kind.ANSWER)) is BundleFault.WRONG_KIND
    assert _fault(bundle, hashlib.sha256(b"other").digest()) is BundleFault.OTHER_RECEIVER


def test_a_signature_of_somebody_else_is_forged() -> None:
    opened = open_bundle(_close(packed(PARTS)), RECEIVER, [Kind.REQUEST])
    with pytest.raises(BundleError, match="forged"):
        opened.prove(Ed25519PrivateKey.generate().public_key().public_bytes_raw())


def test_a_bundle_cannot_be_sealed_anew_to_somebody_else() -> None:
    """Whoever may open a bundle cannot pass it on as if it had been meant for another."""
    other = hashlib.sha256(b"other").digest()
    bundle = _close(packed(PARTS))
    opened = open_bundle(bundle, RECEIVER, [Kind.REQUEST])
    moved = _close(opened.content, receiver=other)
    head = moved[:HEAD_BYTES]
    plain = DEVICE.bytes + opened._signature + opened.content
    assert _fault(head + seal_to(public_key_of(other), plain, head), other) is BundleFault.FORGED


def test_parts_without_their_end_are_damaged() -> None:
    cut = zstandard.compress(b"h" + (2).to_bytes(4, "big") + b"{}")
    assert _fault(_close(cut)) is BundleFault.DAMAGED
    assert _fault(_close(b"no zstd at all")) is BundleFault.DAMAGED


def test_a_part_that_swells_beyond_all_bounds_is_never_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    claims = zstandard.compress(b"h" + (bundles.MAX_PART_BYTES + 1).to_bytes(4, "big"))
    assert _fault(_close(claims)) is BundleFault.TOO_BIG
    monkeypatch.setattr(bundles, "MAX_UNPACKED_BYTES", 1000)
    part = b"p" + (600).to_bytes(4, "big") + bytes(600)
    assert _fault(_close(zstandard.compress(part * 2))) is BundleFault.TOO_BIG


def test_more_than_a_bundle_may_hold_is_not_packed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundles, "MAX_PART_BYTES", 10)
    with pytest.raises(BundleError, match="too_big"):
        Packer().add(Part.PUSH, bytes(11))
    monkeypatch.setattr(bundles, "MAX_FILE_BYTES", 100)
    with pytest.raises(BundleError, match="too_big"):
        _close(packed(PARTS))
    with pytest.raises(BundleError, match="too_big"):
        open_bundle(bytes(101), RECEIVER, [Kind.REQUEST])
