"""This desk's own Ed25519 key: it signs audit entries and, later, bundles."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trafficdesk.domain.identity import new_id
from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import sync_folder, write_durably
from trafficdesk.security.errors import DeviceDamaged, SealBroken
from trafficdesk.security.framing import framed
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.sealing import open_sealed, seal

_FORMAT: Final = 1


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    device_id: UUID
    public_key: Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
    sealed_private_key: bytes


@dataclass(frozen=True, slots=True, repr=False)
class Device:
    """A desk that signs. ``public_key`` has 32 bytes."""

    device_id: UUID
    public_key: bytes
    _private_key: Ed25519PrivateKey

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes of an Ed25519 signature (RFC 8032)."""
        return self._private_key.sign(message)

    def __repr__(self) -> str:
        return f"Device({self.device_id})"


def _context(device_id: UUID, public_key: bytes) -> bytes:
    return framed(b"device key", device_id.bytes, public_key)


def new_device() -> Device:
    """Make a new device id and key; ``save_device`` keeps them."""
    private_key = Ed25519PrivateKey.generate()
    return Device(new_id(), private_key.public_key().public_bytes_raw(), private_key)


def create_device(profile: Profile, key: SecretKey) -> Device:
    """Make a new device id and key and keep them sealed in the profile. Raises ``OSError``."""
    device = new_device()
    save_device(profile, key, device)
    return device


def save_device(profile: Profile, key: SecretKey, device: Device) -> None:
    """Seal a device under a master key, the present or a coming one. Raises ``OSError``."""
    _save(profile.device, key, device)


def _save(path: Path, key: SecretKey, device: Device) -> None:
    sealed = seal(
        key.derive("device"),
        device._private_key.private_bytes_raw(),  # noqa: SLF001 - the same module seals and opens
        _context(device.device_id, device.public_key),
    )
    file = _File(_FORMAT, device.device_id, device.public_key, sealed)
    write_durably(path, msgspec.json.encode(file))


def load_device(profile: Profile, key: SecretKey) -> Device:
    """Return the desk's device. Raises ``DeviceDamaged`` (missing, too) or ``OSError``."""
    return _load(profile.device, key)


def coming_device(profile: Profile, key: SecretKey) -> Device:
    """Return the device that the desk is to be next, made and kept if there is none yet.

    It stays the same until it takes its place, so that an enrolment can be asked for again.
    """
    try:
        return _load(profile.coming_device, key)
    except DeviceDamaged:
        device = new_device()
        _save(profile.coming_device, key, device)
        return device


def put_coming_in_place(profile: Profile) -> None:
    """Let the device that was to come be the desk's from now on. Raises ``OSError``."""
    profile.coming_device.replace(profile.device)
    sync_folder(profile.folder)


def _load(path: Path, key: SecretKey) -> Device:
    try:
        file = msgspec.json.decode(path.read_bytes(), type=_File)
        raw = open_sealed(
            key.derive("device"),
            file.sealed_private_key,
            _context(file.device_id, file.public_key),
        )
        return Device(file.device_id, file.public_key, Ed25519PrivateKey.from_private_bytes(raw))
    except (FileNotFoundError, msgspec.MsgspecError, SealBroken, ValueError) as error:
        raise DeviceDamaged(path) from error
