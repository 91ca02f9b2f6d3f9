"""Bundles: files between a desk and its server. See "Bundles" in PROTOCOL.md."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeVar
from uuid import UUID

import msgspec
import zstandard
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from trafficdesk.wire.boxes import BoxError, open_box, public_key_of, seal_to
from trafficdesk.wire.exchange import Hello, Number, Outcome, SnapshotPage, Welcome

TYPE: Final = "application/vnd.trafficdesk.bundle"
MAX_FILE_BYTES: Final = 64 * 2**20
MAX_PART_BYTES: Final = 64 * 2**20
MAX_UNPACKED_BYTES: Final = 2**30
VERSION: Final = 1
SERVER: Final = UUID(int=0)  # whose signature is the server's
_MAGIC: Final = b"TDBUNDLE"
_RECEIVER_BYTES: Final = 8
_HEAD_BYTES: Final = len(_MAGIC) + 2 + _RECEIVER_BYTES + 8
_ID_BYTES: Final = 16
_SIGNATURE_BYTES: Final = 64
_SIGNED: Final = b"trafficdesk-bundle-1\0"
_END: Final = b"."


class Kind(StrEnum):
    """From whom to whom a bundle goes."""

    REQUEST = "R"
    ANSWER = "A"
    LEGACY = "L"


class Part(StrEnum):
    """The kinds of part that this program knows."""

    HEAD = "h"
    PUSH = "p"
    OUTCOMES = "o"
    SNAPSHOT = "s"
    CHANGES = "c"


class BundleFault(StrEnum):
    """Why a file is no bundle that can be taken in."""

    NOT_A_BUNDLE = "not_a_bundle"
    TOO_NEW = "too_new"
    TOO_OLD = "too_old"
    WRONG_KIND = "wrong_kind"
    CUT_SHORT = "cut_short"
    TOO_BIG = "too_big"
    OTHER_RECEIVER = "other_receiver"
    DAMAGED = "damaged"
    FORGED = "forged"
    OTHER_TENANT = "other_tenant"
    OTHER_DEVICE = "other_device"
    UNKNOWN_DEVICE = "unknown_device"
    REVOKED = "revoked"
    REPLAYED = "replayed"
    OLDER = "older"
    COPIED = "copied"
    NOT_ENROLLED = "not_enrolled"
    NO_SERVER_KEY = "no_server_key"
    NO_IT_KEY = "no_it_key"
    NOTHING_TAKEN = "nothing_taken"


class BundleError(Exception):
    """A bundle is refused whole; ``code`` is stable."""

    def __init__(self, fault: BundleFault) -> None:
        super().__init__(str(fault))
        self.fault = fault

    @property
    def code(self) -> str:
        """The fault as the code of a sentence."""
        return f"bundle.{self.fault}"


class CityPlace(msgspec.Struct, frozen=True, kw_only=True):
    """How far a city was read: to ``after``, or to a place in its snapshot.

    With ``entity`` the snapshot is at that kind of record behind ``after_id``, begun when the feed
    stood at ``after``.
    """

    after: Number
    entity: str = ""
    after_id: UUID | None = None


class RequestHead(msgspec.Struct, frozen=True, kw_only=True):
    """Who asks; ``read_by`` is the epoch, scope and protocol that ``places`` are of.

    ``answer_key`` is a one-time X25519 public key; a legacy bundle has none.
    """

    bundle_id: UUID
    number: Number
    tenant_id: UUID
    device_id: UUID
    made_ms: int
    hello: Hello
    protocol: int
    scope_id: UUID | None = None
    answer_key: bytes = b""
    places: dict[str, CityPlace] = {}


class AnswerHead(msgspec.Struct, frozen=True, kw_only=True):
    """Which request is answered, and what a hello would have been."""

    request_id: UUID
    tenant_id: UUID
    device_id: UUID
    welcome: Welcome


class Outcomes(msgspec.Struct, frozen=True, kw_only=True):
    """What the operations of one part came to, in their order."""

    outcomes: list[Outcome]


class SnapshotPart(msgspec.Struct, frozen=True, kw_only=True):
    """A page of a snapshot, and of which kind of record behind which id it is."""

    entity: str
    after_id: UUID | None
    page: SnapshotPage


@dataclass(frozen=True, slots=True)
class Opened:
    """A bundle out of its box, its signature not yet looked at."""

    kind: Kind
    signer_id: UUID
    _signature: bytes
    _signed: bytes
    content: bytes

    def prove(self, public_key: bytes) -> None:
        """Raise ``BundleError`` unless the owner of an Ed25519 key signed it."""
        try:
            Ed25519PublicKey.from_public_bytes(public_key).verify(self._signature, self._signed)
        except (InvalidSignature, ValueError) as error:
            raise BundleError(BundleFault.FORGED) from error


def read_parts(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield kind and JSON of each packed part; may raise ``BundleError`` behind some of them."""
    left = MAX_UNPACKED_BYTES
    try:
        with zstandard.ZstdDecompressor().stream_reader(content) as reader:
            while True:
                kind, length = _read(reader, 1), int.from_bytes(_read(reader, 4), "big")
                if kind == _END:
                    return
                left -= length
                if length > MAX_PART_BYTES or left < 0:
                    raise BundleError(BundleFault.TOO_BIG)
                yield kind.decode("latin-1"), _read(reader, length)
    except zstandard.ZstdError as error:
        raise BundleError(BundleFault.DAMAGED) from error


Message = TypeVar("Message")


def decoded(content: bytes, kind: type[Message]) -> Message:
    """Return the message of a part. Raises ``BundleError``."""
    try:
        return msgspec.json.decode(content, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise BundleError(BundleFault.DAMAGED) from error


def head_of(content: bytes, kind: type[Message]) -> Message:
    """Return the head of packed parts. Raises ``BundleError``."""
    for part, found in read_parts(content):
        if part == Part.HEAD:
            return decoded(found, kind)
        break
    raise BundleError(BundleFault.DAMAGED)


def _read(reader: zstandard.ZstdDecompressionReader, length: int) -> bytes:
    found = bytearray()
    while len(found) < length:
        piece = reader.read(length - len(found))
        if not piece:
            raise BundleError(BundleFault.DAMAGED)
        found += piece
    return bytes(found)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs: an id and what makes an Ed25519 signature."""

    id: UUID
    sign: Callable[[bytes], bytes]


class Packer:
    """Packs parts; ``size`` is about what they take so far."""

    def __init__(self) -> None:
        self._packed = bytearray()
        self._compressor = zstandard.ZstdCompressor().compressobj()
        self._unpacked = 0

    def add(self, part: Part, content: bytes) -> None:
        """Add a part. Raises ``BundleError`` if it, or all of them, are too big."""
        if len(content) > MAX_PART_BYTES:
            raise BundleError(BundleFault.TOO_BIG)
        self._unpacked += len(content)
        if self._unpacked > MAX_UNPACKED_BYTES:
            raise BundleError(BundleFault.TOO_BIG)
        self._write(part.encode() + len(content).to_bytes(4, "big") + content)
        self._packed += self._compressor.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)

    @property
    def size(self) -> int:
        """How many bytes the parts take, packed."""
        return len(self._packed)

    @property
    def unpacked(self) -> int:
        """How many bytes the parts have, unpacked."""
        return self._unpacked

    def _write(self, content: bytes) -> None:
        self._packed += self._compressor.compress(content)

    def finish(self) -> bytes:
        """Return all parts behind each other, packed."""
        self._write(_END + bytes(4))
        self._packed += self._compressor.flush()
        return bytes(self._packed)


def packed(parts: Iterable[tuple[Part, bytes]]) -> bytes:
    """Return parts, packed."""
    packer = Packer()
    for part, content in parts:
        packer.add(part, content)
    return packer.finish()


def close_bundle(kind: Kind, receiver_key: bytes, signer: Signer, content: bytes) -> bytes:
    """Sign packed parts, seal them to an X25519 public key and return the file's bytes.

    Raises ``BundleError`` if it is too big, ``ValueError`` for a key that is none.
    """
    signature = signer.sign(_signed(kind, signer.id, receiver_key, content))
    plain = signer.id.bytes + signature + content
    length = len(plain) + _BOX_BYTES
    head = _head(kind, receiver_key, length)
    if _HEAD_BYTES + length > MAX_FILE_BYTES:
        raise BundleError(BundleFault.TOO_BIG)
    return head + seal_to(receiver_key, plain, head)


_BOX_BYTES: Final = 48  # what a box adds: the ephemeral key and the tag


def _head(kind: Kind, receiver_key: bytes, length: int) -> bytes:
    parts = (_MAGIC, bytes((VERSION,)), kind.encode(), receiver_of(receiver_key))
    return b"".join(parts) + length.to_bytes(8, "big")


def receiver_of(public_key: bytes) -> bytes:
    """Return the mark by which a bundle names its receiver."""
    return hashlib.sha256(public_key).digest()[:_RECEIVER_BYTES]


def _signed(kind: Kind, signer_id: UUID, receiver_key: bytes, content: bytes) -> bytes:
    digest = hashlib.sha256(content).digest()
    return _SIGNED + kind.encode() + signer_id.bytes + receiver_key + digest


def named_receiver(bundle: bytes, kinds: Iterable[Kind]) -> bytes:
    """Look at a bundle from outside and return its receiver's mark. Raises ``BundleError``."""
    if len(bundle) > MAX_FILE_BYTES:
        raise BundleError(BundleFault.TOO_BIG)
    if not bundle.startswith(_MAGIC):
        raise BundleError(BundleFault.NOT_A_BUNDLE)
    if len(bundle) < _HEAD_BYTES:
        raise BundleError(BundleFault.CUT_SHORT)
    if bundle[8] != VERSION:
        raise BundleError(BundleFault.TOO_NEW)
    if bundle[9:10] not in {kind.encode() for kind in kinds}:
        raise BundleError(BundleFault.WRONG_KIND)
    length = int.from_bytes(bundle[18:_HEAD_BYTES], "big")
    if len(bundle) - _HEAD_BYTES != length:
        is_short = len(bundle) - _HEAD_BYTES < length
        raise BundleError(BundleFault.CUT_SHORT if is_short else BundleFault.DAMAGED)
    return bundle[10:18]


def open_bundle(bundle: bytes, private_key: bytes, kinds: Iterable[Kind]) -> Opened:
    """Open a bundle of one of these kinds; ``prove`` it before it is believed.

    Raises ``BundleError``.
    """
    receiver_key = public_key_of(private_key)
    if named_receiver(bundle, kinds) != receiver_of(receiver_key):
        raise BundleError(BundleFault.OTHER_RECEIVER)
    try:
        plain = open_box(private_key, bundle[_HEAD_BYTES:], bundle[:_HEAD_BYTES])
    except BoxError as error:
        raise BundleError(BundleFault.DAMAGED) from error
    signed_from = _ID_BYTES + _SIGNATURE_BYTES
    if len(plain) < signed_from:
        raise BundleError(BundleFault.DAMAGED)
    kind, signer_id = Kind(bundle[9:10].decode("latin-1")), UUID(bytes=plain[:_ID_BYTES])
    content = plain[signed_from:]
    signed = _signed(kind, signer_id, receiver_key, content)
    return Opened(kind, signer_id, plain[_ID_BYTES:signed_from], signed, content)
