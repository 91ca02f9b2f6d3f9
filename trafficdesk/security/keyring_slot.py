"""The convenience slot: its private half lies in the OS keyring of the account on this machine."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID, uuid4

import msgspec

from trafficdesk.profile import Profile
from trafficdesk.security import key_slots, tries
from trafficdesk.security.key_slots import KeyringSlot, KeySlots, seal_master
from trafficdesk.security.keys import KEY_BYTES, SecretKey
from trafficdesk.security.sealed_box import new_private_key, public_key_of
from trafficdesk.security.tries import DeedKind, Doing, LockedOut
from trafficdesk.security.unlock import Unlocked, note_deed

SERVICE: Final = "TrafficDesk"
# Backends that keep secrets readable by anybody who reads the disk, or keep nothing.
_UNSAFE_MODULES: Final = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")


class KeyringFault(StrEnum):
    """Why the OS keyring does not serve."""

    POLICY = "policy"
    NO_KEYRING = "no_keyring"
    NOT_ENABLED = "not_enabled"
    ENTRY_LOST = "entry_lost"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class KeyringEnabled:
    """The OS keyring opens the desk for this officer from now on."""

    officer_id: UUID


@dataclass(frozen=True, slots=True)
class KeyringDisabled:
    """The OS keyring no longer opens the desk for this officer."""

    officer_id: UUID


@dataclass(frozen=True, slots=True)
class KeyringRefused:
    """The OS keyring does not serve; the password does."""

    fault: KeyringFault


def _entry(desk_id: UUID, officer_id: UUID) -> str:
    return f"{desk_id}/{officer_id}"


def find_keyring_fault(*, allowed: bool) -> KeyringRefused | None:
    """Return why no keyring slot can be had here; ``allowed`` is what the policy says."""
    if not allowed:
        return KeyringRefused(KeyringFault.POLICY)
    import keyring  # starts slowly, and most desks never need it

    backend = keyring.get_keyring()
    # A chainer asks the backends it found, one after the other.
    backends = getattr(backend, "backends", [backend])
    if not backends or any(type(b).__module__.startswith(_UNSAFE_MODULES) for b in backends):
        return KeyringRefused(KeyringFault.NO_KEYRING)
    return None


def enable_keyring(
    profile: Profile, key: SecretKey, officer_id: UUID, now: datetime, *, allowed: bool
) -> KeyringEnabled | KeyringRefused:
    """Put a fresh private key into the OS keyring and its slot into the slot file.

    That it is done is kept for the audit chain before the slot is there. Raises
    ``OfficerUnknown`` and what ``key_slots.load`` raises.
    """
    refused = find_keyring_fault(allowed=allowed)
    if refused:
        return refused
    desk_id = key_slots.load(profile).slots.desk_id
    private_key = new_private_key()
    if not _keep(_entry(desk_id, officer_id), private_key):
        return KeyringRefused(KeyringFault.REFUSED)
    bare = KeyringSlot(
        slot_id=uuid4(),
        officer_id=officer_id,
        public_key=public_key_of(private_key),
        sealed_master=b"",
    )
    slot = msgspec.structs.replace(bare, sealed_master=seal_master(bare, key))

    def enable(slots: KeySlots) -> KeySlots:
        slots.get_officer(officer_id)
        others = slots.without_keyring(officer_id)
        return msgspec.structs.replace(others, keyrings=(*others.keyrings, slot))

    note_deed(profile, Doing(DeedKind.KEYRING_ON, officer_id, officer_id), now)
    key_slots.change(profile, key, enable)
    return KeyringEnabled(officer_id)


def _keep(entry: str, private_key: bytes) -> bool:
    """Put a key into the OS keyring and read it back: some backends only say that they kept it."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.set_password(SERVICE, entry, private_key.hex())
    except KeyringError:
        return False
    return _find(entry) == private_key


def _find(entry: str) -> bytes | None:
    import keyring
    from keyring.errors import KeyringError

    try:
        private_key = bytes.fromhex(keyring.get_password(SERVICE, entry) or "")
    except (KeyringError, ValueError):
        return None
    return private_key if len(private_key) == KEY_BYTES else None


def forget_entry(desk_id: UUID, officer_id: UUID) -> bool:
    """Take an officer's entry out of the OS keyring; tell whether there was one to take."""
    import keyring
    from keyring.errors import KeyringError

    try:
        keyring.delete_password(SERVICE, _entry(desk_id, officer_id))
    except KeyringError:
        return False
    return True


def disable_keyring(profile: Profile, key: SecretKey, officer_id: UUID) -> KeyringDisabled:
    """Take the slot away and then the entry of the OS keyring; switched off already is fine.

    Without its slot a left-over entry opens nothing. Raises what ``key_slots.load`` raises.
    """

    def disable(slots: KeySlots) -> KeySlots | None:
        return slots.without_keyring(officer_id) if slots.find_keyring(officer_id) else None

    slots = key_slots.change(profile, key, disable)
    forget_entry(slots.desk_id, officer_id)
    return KeyringDisabled(officer_id)


def unlock_with_keyring(
    profile: Profile, officer_id: UUID, now: datetime, *, allowed: bool
) -> Unlocked | KeyringRefused | LockedOut:
    """Open the desk with the OS keyring; a lock-out for wrong passwords holds here too.

    Raises ``OfficerUnknown``, ``KeySlotsTampered`` and what ``key_slots.load`` raises.
    """
    loaded = key_slots.load(profile)
    slots = loaded.slots
    officer = slots.get_officer(officer_id)
    slot = slots.find_keyring(officer_id)
    if slot is None:
        return KeyringRefused(KeyringFault.NOT_ENABLED)
    refused = find_keyring_fault(allowed=allowed)
    if refused:
        return refused
    locked = tries.find_lock(profile, officer_id, slots.officer_ids, now)
    if locked:
        return locked
    private_key = _find(_entry(slots.desk_id, officer_id))
    if private_key is None or public_key_of(private_key) != slot.public_key:
        return KeyringRefused(KeyringFault.ENTRY_LOST)
    key = loaded.open_slot(slot, private_key)
    return Unlocked(key, officer.holder, officer.must_change, slots.revision)
