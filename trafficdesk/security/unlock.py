"""Opening the desk with a password, changing it, and a supervisor's help without a network."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from trafficdesk.domain.permissions import Permission, may
from trafficdesk.profile import Profile
from trafficdesk.security import key_slots, tries
from trafficdesk.security.key_slots import Holder, KeySlots, Loaded, OfficerSlot
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.officer_slots import find_private_key, make_slot
from trafficdesk.security.passwords import (
    PasswordFault,
    PasswordRefused,
    find_fault,
    normalise,
)
from trafficdesk.security.tries import DeedKind, Doing, LockedOut


@dataclass(frozen=True, slots=True)
class Unlocked:
    """The desk is open for ``holder``; the caller wipes the key when it locks.

    ``must_change_password``: it was set by somebody else. ``revision`` of the slot file: lower
    than one seen before means that an old copy was put back.
    """

    key: SecretKey
    holder: Holder
    must_change_password: bool
    revision: int


@dataclass(frozen=True, slots=True)
class WrongPassword:
    """This is not the password; so many tries are left before the desk locks (at least one)."""

    tries_left: int


@dataclass(frozen=True, slots=True)
class PasswordChanged:
    """The officer has another password."""

    holder: Holder


@dataclass(frozen=True, slots=True)
class NotAllowed:
    """The role of ``holder`` does not allow this."""

    holder: Holder
    permission: Permission


@dataclass(frozen=True, slots=True)
class OfficerUnlocked:
    """A supervisor gave an officer a temporary password; the caller wipes the key."""

    key: SecretKey
    supervisor: Holder
    officer: Holder


def find_lock(profile: Profile, officer_id: UUID, now: datetime) -> LockedOut | None:
    """Return the lock-out that runs for an officer, for the unlock screen.

    Raises what ``key_slots.load`` raises.
    """
    loaded = key_slots.load(profile)
    return tries.find_lock(profile, officer_id, loaded.slots.officer_ids, now)


def unlock(
    profile: Profile, officer_id: UUID, password: str, now: datetime
) -> Unlocked | WrongPassword | LockedOut:
    """Open the desk with an officer's password; takes about half a second.

    The try is counted on disk before the password is looked at. Raises ``OfficerUnknown``,
    ``KeySlotsMissing``, ``KeySlotsDamaged``, ``KeySlotsTooNew``, ``KeySlotsTampered``, ``OSError``.
    """
    loaded = key_slots.load(profile)
    slot = loaded.slots.get_officer(officer_id)
    ids = loaded.slots.officer_ids
    counted = tries.count_try(profile, officer_id, ids, now)
    if isinstance(counted, LockedOut):
        return counted
    private_key = find_private_key(slot, password)
    if private_key is None:
        return counted.lock or WrongPassword(counted.tries_left)
    tries.take_back(profile, officer_id, ids, now)
    return _opened(loaded, slot, private_key)


def _opened(loaded: Loaded, slot: OfficerSlot, private_key: bytes) -> Unlocked:
    key = loaded.open_slot(slot, private_key)
    return Unlocked(key, slot.holder, slot.must_change, loaded.slots.revision)


def set_password(
    profile: Profile, key: SecretKey, officer_id: UUID, password: str, *, must_change: bool
) -> Holder:
    """Replace an officer's slot by one for another password, under the desk's own cost.

    A password set by somebody else (``must_change``) switches the officer's keyring slot off.
    Raises ``OfficerUnknown`` and what ``key_slots.load`` raises.
    """
    slots = key_slots.load(profile).slots
    holder = slots.get_officer(officer_id).holder
    fresh = make_slot(holder, password, slots.kdf, key, must_change=must_change)

    def replace(slots: KeySlots) -> KeySlots:
        slots.get_officer(officer_id)
        kept = slots.without_keyring(officer_id) if must_change else slots
        return kept.with_officer(fresh)

    key_slots.change(profile, key, replace)
    return holder


def note_deed(profile: Profile, doing: Doing, now: datetime) -> None:
    """Keep beside the slots, before it is done, what the audit chain is to hear at the next unlock.

    Raises what ``key_slots.load`` raises.
    """
    tries.note_deed(profile, doing, key_slots.load(profile).slots.officer_ids, now)


def change_password(
    profile: Profile, officer_id: UUID, password: str, new_password: str, now: datetime
) -> PasswordChanged | PasswordRefused | WrongPassword | LockedOut:
    """Replace an officer's own password; the old one counts as a try. Raises as ``unlock``."""
    name = key_slots.load(profile).slots.get_officer(officer_id).holder.name
    fault = find_fault(new_password, name, profile.policy.passwords)
    if fault:
        return fault
    opened = unlock(profile, officer_id, password, now)
    if not isinstance(opened, Unlocked):
        return opened
    with opened.key:
        if normalise(password) == normalise(new_password):
            return PasswordRefused(PasswordFault.SAME_AS_BEFORE)
        note_deed(profile, Doing(DeedKind.OWN_CHANGE, officer_id, officer_id), now)
        return PasswordChanged(
            set_password(profile, opened.key, officer_id, new_password, must_change=False)
        )


def supervisor_unlock(
    profile: Profile,
    supervisor_id: UUID,
    password: str,
    officer_id: UUID,
    new_password: str,
    now: datetime,
) -> OfficerUnlocked | NotAllowed | PasswordRefused | WrongPassword | LockedOut:
    """Let a supervisor's password give a locked-out officer a temporary one, without a network.

    The supervisor's tries count as theirs. Only somebody who manages officers may do this for
    another who does. Raises as ``unlock``.
    """
    officer = key_slots.load(profile).slots.get_officer(officer_id).holder
    fault = find_fault(new_password, officer.name, profile.policy.passwords)
    if fault:
        return fault
    opened = unlock(profile, supervisor_id, password, now)
    if not isinstance(opened, Unlocked):
        return opened
    refused = find_refusal(opened.holder, officer)
    if refused:
        opened.key.wipe()
        return refused
    note_deed(profile, Doing(DeedKind.HELP, supervisor_id, officer_id), now)
    officer = set_password(profile, opened.key, officer_id, new_password, must_change=True)
    tries.end_lock(profile, officer_id, key_slots.load(profile).slots.officer_ids, now)
    return OfficerUnlocked(opened.key, opened.holder, officer)


def find_refusal(supervisor: Holder, officer: Holder) -> NotAllowed | None:
    """Return why one officer may not give another a new password, if they may not."""
    needed = [Permission.OFFICER_UNLOCK]
    if may(officer.role, Permission.OFFICER_MANAGE):
        needed.append(Permission.OFFICER_MANAGE)
    for permission in needed:
        if not may(supervisor.role, permission):
            return NotAllowed(supervisor, permission)
    return None
