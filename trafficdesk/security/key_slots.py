"""The slot file ``keyslots.json``: every way to come to the desk's master key, authenticated.

Each slot owns an X25519 pair and holds the master key sealed to its public half. What differs is
where the private half lies: wrapped under an officer's password, in the OS keyring, or with
station IT. So the master key can be replaced without knowing anybody's password.

The body is kept as the exact bytes that were written. A SHA-256 finds accidental damage before
anybody is told "wrong password"; an HMAC under a key derived from the master finds changes made
on purpose, and is checked as soon as the master is known.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import msgspec

from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.durable_file import write_durably
from trafficdesk.security.errors import (
    KeySlotsDamaged,
    KeySlotsMissing,
    KeySlotsTampered,
    KeySlotsTooNew,
    OfficerUnknown,
    SealBroken,
)
from trafficdesk.security.folder_lock import holding
from trafficdesk.security.framing import framed
from trafficdesk.security.keys import KEY_BYTES, SecretKey
from trafficdesk.security.password_kdf import SALT_BYTES, KdfParameters
from trafficdesk.security.sealed_box import open_box, seal_to

FORMAT: Final = 1

_Salt = Annotated[bytes, msgspec.Meta(min_length=SALT_BYTES, max_length=64)]
_Key = Annotated[bytes, msgspec.Meta(min_length=KEY_BYTES, max_length=KEY_BYTES)]


@dataclass(frozen=True, slots=True)
class Holder:
    """An officer as the unlock screen lists them: in clear, so nothing more than needed."""

    officer_id: UUID
    name: str
    initials: str
    rank: str
    role: Role


class OfficerSlot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The private half is wrapped (AES-256-GCM) under the Argon2id of the officer's password."""

    slot_id: UUID
    holder: Holder
    kdf: KdfParameters
    salt: _Salt
    public_key: _Key
    wrapped_private_key: bytes
    sealed_master: bytes
    must_change: bool

    @property
    def context(self) -> bytes:
        """What the sealed master is bound to: this slot, this holder with this role."""
        return framed(
            b"officer slot", self.slot_id.bytes, msgspec.json.encode(self.holder), self.public_key
        )

    @property
    def password_context(self) -> bytes:
        """What the wrapped private half is bound to: slot, officer, cost, salt, public half."""
        return framed(
            b"officer password",
            self.slot_id.bytes,
            self.holder.officer_id.bytes,
            msgspec.json.encode(self.kdf),
            self.salt,
            self.public_key,
        )


class KeyringSlot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The private half lies in the OS keyring of the officer who switched it on."""

    slot_id: UUID
    officer_id: UUID
    public_key: _Key
    sealed_master: bytes

    @property
    def context(self) -> bytes:
        """What the sealed master is bound to."""
        return framed(b"keyring slot", self.slot_id.bytes, self.officer_id.bytes, self.public_key)


class RecoverySlot(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The private half lies with station IT, or on the sheet printed at set-up."""

    slot_id: UUID
    public_key: _Key
    sealed_master: bytes

    @property
    def context(self) -> bytes:
        """What the sealed master is bound to."""
        return framed(b"recovery slot", self.slot_id.bytes, self.public_key)


class KeySlots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All slots of one desk. ``revision`` grows by one with every change of the file."""

    desk_id: UUID
    revision: int
    kdf: KdfParameters
    officers: tuple[OfficerSlot, ...]
    keyrings: tuple[KeyringSlot, ...]
    recovery: RecoverySlot
    # While the database is being rekeyed: the coming master key, sealed under the present one.
    next_master: bytes | None = None

    @property
    def officer_ids(self) -> tuple[UUID, ...]:
        """All officers who have a slot."""
        return tuple(slot.holder.officer_id for slot in self.officers)

    def get_officer(self, officer_id: UUID) -> OfficerSlot:
        """Return an officer's slot. Raises ``OfficerUnknown``."""
        for slot in self.officers:
            if slot.holder.officer_id == officer_id:
                return slot
        raise OfficerUnknown(officer_id=officer_id)

    def find_keyring(self, officer_id: UUID) -> KeyringSlot | None:
        """Return an officer's keyring slot, if it is switched on."""
        return next((slot for slot in self.keyrings if slot.officer_id == officer_id), None)

    def with_officer(self, slot: OfficerSlot) -> "KeySlots":
        """Return the slots with this officer's one put in the old one's place."""
        kept = tuple(
            slot if other.holder.officer_id == slot.holder.officer_id else other
            for other in self.officers
        )
        return msgspec.structs.replace(self, officers=kept)

    def without_keyring(self, officer_id: UUID) -> "KeySlots":
        """Return the slots without this officer's keyring slot."""
        kept = tuple(slot for slot in self.keyrings if slot.officer_id != officer_id)
        return msgspec.structs.replace(self, keyrings=kept)


Slot = OfficerSlot | KeyringSlot | RecoverySlot


class _Format(msgspec.Struct):
    format: int


class _File(msgspec.Struct, forbid_unknown_fields=True):
    format: int
    body: msgspec.Raw
    sha256: str
    mac: str


@dataclass(frozen=True, slots=True)
class Loaded:
    """A slot file as read: whole, but not yet proved to be made by someone with the key."""

    slots: KeySlots
    body: bytes
    mac: bytes
    path: Path

    def prove(self, key: SecretKey) -> None:
        """Raise ``KeySlotsTampered`` unless the file was written by a holder of ``key``."""
        if not hmac.compare_digest(_mac(key, self.body), self.mac):
            raise KeySlotsTampered(self.path)

    def open_slot(self, slot: Slot, private_key: bytes) -> SecretKey:
        """Return the master key from a slot and prove the file. Raises ``KeySlotsTampered``."""
        try:
            key = SecretKey(open_box(private_key, slot.sealed_master, slot.context))
        except (SealBroken, ValueError) as error:
            raise KeySlotsTampered(self.path) from error
        self.prove(key)
        return key


def _mac(key: SecretKey, body: bytes) -> bytes:
    message = framed(b"keyslots.json", FORMAT.to_bytes(2, "big"), body)
    return hmac.new(key.derive("key slots mac"), message, hashlib.sha256).digest()


def seal_master(slot: Slot, key: SecretKey) -> bytes:
    """Return the master key sealed to a slot, bound to what the slot says of itself."""
    return seal_to(slot.public_key, key.reveal(), slot.context)


def load(profile: Profile) -> Loaded:
    """Read the slot file.

    Raises ``KeySlotsMissing``, ``KeySlotsDamaged``, ``KeySlotsTooNew`` or ``OSError``.
    """
    path = profile.key_slots
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise KeySlotsMissing(path) from error
    try:
        found = msgspec.json.decode(content, type=_Format).format
        if found > FORMAT:
            raise KeySlotsTooNew(path, found=found, supported=FORMAT)
        file = msgspec.json.decode(content, type=_File)
        body = bytes(file.body)
        slots = msgspec.json.decode(body, type=KeySlots)
        mac = bytes.fromhex(file.mac)
    except (msgspec.MsgspecError, ValueError) as error:
        raise KeySlotsDamaged(path) from error
    if file.format != FORMAT or hashlib.sha256(body).hexdigest() != file.sha256:
        raise KeySlotsDamaged(path)
    return Loaded(slots, body, mac, path)


def save(profile: Profile, slots: KeySlots, key: SecretKey) -> None:
    """Write the slot file, authenticated under ``key``, in one step (mode 0600, synced)."""
    body = msgspec.json.encode(slots)
    file = _File(FORMAT, msgspec.Raw(body), hashlib.sha256(body).hexdigest(), _mac(key, body).hex())
    write_durably(profile.key_slots, msgspec.json.encode(file))


def change(
    profile: Profile,
    key: SecretKey,
    edit: Callable[[KeySlots], KeySlots | None],
    sign_with: SecretKey | None = None,
) -> KeySlots:
    """Apply ``edit`` to the proved slots, alone in the folder, and save them one revision on.

    ``None`` from ``edit`` changes nothing; ``sign_with`` is a master key that takes over. Returns
    the slots that now hold. Raises ``KeySlotsTampered`` before anything is written, and what
    ``load`` and ``edit`` raise.
    """
    with holding(profile.folder):
        loaded = load(profile)
        loaded.prove(key)
        edited = edit(loaded.slots)
        if edited is None:
            return loaded.slots
        edited = msgspec.structs.replace(edited, revision=loaded.slots.revision + 1)
        save(profile, edited, sign_with or key)
        return edited


def holders(profile: Profile) -> tuple[Holder, ...]:
    """Return who can unlock this desk, in the order they were added. Raises what ``load`` does."""
    return tuple(slot.holder for slot in load(profile).slots.officers)
