"""Setting a desk up, and who may open it: officers added, renamed and removed."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID, uuid4

import msgspec

from trafficdesk.domain.permissions import Permission, may
from trafficdesk.profile import Profile
from trafficdesk.security import key_slots, tries
from trafficdesk.security.errors import AlreadySetUp, DatabaseOrphaned, OfficerPresent
from trafficdesk.security.folder_lock import holding
from trafficdesk.security.key_slots import Holder, KeySlots, RecoverySlot, seal_master
from trafficdesk.security.keys import SecretKey
from trafficdesk.security.officer_slots import make_slot, rename
from trafficdesk.security.password_kdf import KdfParameters, tune
from trafficdesk.security.passwords import PasswordRefused, find_fault
from trafficdesk.security.recovery_code import write_code
from trafficdesk.security.sealed_box import new_private_key, public_key_of

# A desk must always have somebody who may do these.
_NEEDED: Final = (Permission.OFFICER_UNLOCK, Permission.OFFICER_MANAGE)


@dataclass(frozen=True, slots=True)
class SetUp:
    """A desk was set up. ``recovery_code`` is shown once and kept nowhere; none if IT has a key."""

    key: SecretKey
    recovery_code: str | None


@dataclass(frozen=True, slots=True)
class OfficerAdded:
    """An officer can unlock this desk now."""

    holder: Holder


@dataclass(frozen=True, slots=True)
class OfficerRemoved:
    """An officer's slots are gone from this desk."""

    holder: Holder


@dataclass(frozen=True, slots=True)
class OfficerRenamed:
    """An officer has another name, rank or role on this desk."""

    holder: Holder


@dataclass(frozen=True, slots=True)
class LastOfficerWhoMay:
    """Refused: nobody else on this desk holds ``permission`` (``None``: nobody else is left)."""

    holder: Holder
    permission: Permission | None


def set_up(
    profile: Profile,
    holder: Holder,
    password: str,
    recovery_public_key: bytes | None = None,
    kdf: KdfParameters | None = None,
) -> SetUp | PasswordRefused:
    """Make the desk's master key and its first slots. The caller wipes the key.

    ``recovery_public_key``: station IT's X25519 key, 32 bytes. ``kdf``: measured here if not given.
    Raises ``AlreadySetUp``, ``DatabaseOrphaned``, ``ValueError`` (no public key) or ``OSError``.
    """
    fault = find_fault(password, holder.name, profile.policy.passwords)
    if fault:
        return fault
    cost = kdf or tune()
    private_key = None if recovery_public_key else new_private_key()
    public_key = recovery_public_key or public_key_of(private_key or b"")
    key = SecretKey.random()
    recovery = RecoverySlot(slot_id=uuid4(), public_key=public_key, sealed_master=b"")
    slots = KeySlots(
        desk_id=uuid4(),
        revision=1,
        kdf=cost,
        officers=(make_slot(holder, password, cost, key),),
        keyrings=(),
        recovery=msgspec.structs.replace(recovery, sealed_master=seal_master(recovery, key)),
    )
    _start(profile, slots, key)
    return SetUp(key, write_code(private_key) if private_key else None)


def _start(profile: Profile, slots: KeySlots, key: SecretKey) -> None:
    with holding(profile.folder):
        if profile.key_slots.exists():
            raise AlreadySetUp(profile.key_slots)
        if profile.database.exists():
            raise DatabaseOrphaned(profile.database)
        tries.start(profile)
        key_slots.save(profile, slots, key)


def add_officer(
    profile: Profile,
    key: SecretKey,
    holder: Holder,
    password: str,
    kdf: KdfParameters | None = None,
    *,
    must_change: bool = False,
) -> OfficerAdded | PasswordRefused:
    """Give an officer a slot. ``kdf``: the desk's own cost if not given.

    ``must_change``: the password is a temporary one, set by somebody else.

    Who may do so is the caller's to check. Raises ``OfficerPresent`` and what ``load`` raises.
    """
    fault = find_fault(password, holder.name, profile.policy.passwords)
    if fault:
        return fault
    cost = kdf or key_slots.load(profile).slots.kdf
    slot = make_slot(holder, password, cost, key, must_change=must_change)

    def add(slots: KeySlots) -> KeySlots:
        if any(other.holder.officer_id == holder.officer_id for other in slots.officers):
            raise OfficerPresent(officer_id=holder.officer_id)
        return msgspec.structs.replace(slots, officers=(*slots.officers, slot))

    key_slots.change(profile, key, add)
    return OfficerAdded(holder)


def _find_last(holder: Holder, left: tuple[Holder, ...]) -> LastOfficerWhoMay | None:
    """Return the refusal if ``holder`` cannot go (or change) with only ``left`` on the desk."""
    if not left:
        return LastOfficerWhoMay(holder, None)
    for permission in _NEEDED:
        if may(holder.role, permission) and not any(may(each.role, permission) for each in left):
            return LastOfficerWhoMay(holder, permission)
    return None


def find_last(profile: Profile, holder: Holder) -> LastOfficerWhoMay | None:
    """Return the refusal if an officer cannot be changed into ``holder``; none without a slot.

    Raises what ``key_slots.load`` raises.
    """
    known = key_slots.holders(profile)
    before = next((each for each in known if each.officer_id == holder.officer_id), None)
    if before is None:
        return None
    others = tuple(each for each in known if each is not before)
    return _find_last(before, (*others, holder))


def remove_officer(
    profile: Profile, key: SecretKey, officer_id: UUID
) -> OfficerRemoved | LastOfficerWhoMay:
    """Take an officer's slots away: their password and keyring no longer open this desk.

    An old copy of the slot file still would; rekeying the desk answers that. Raises
    ``OfficerUnknown`` and what ``load`` raises.
    """
    refusals: list[LastOfficerWhoMay] = []
    removed: list[Holder] = []

    def remove(slots: KeySlots) -> KeySlots | None:
        gone = slots.get_officer(officer_id)
        kept = tuple(slot for slot in slots.officers if slot is not gone)
        last = _find_last(gone.holder, tuple(slot.holder for slot in kept))
        if last:
            refusals.append(last)
            return None
        removed.append(gone.holder)
        return msgspec.structs.replace(slots.without_keyring(officer_id), officers=kept)

    key_slots.change(profile, key, remove)
    return refusals[0] if refusals else OfficerRemoved(removed[0])


def rename_officer(
    profile: Profile, key: SecretKey, holder: Holder
) -> OfficerRenamed | LastOfficerWhoMay:
    """Give an officer another name, initials, rank or role; the password stays.

    Raises ``OfficerUnknown`` and what ``load`` raises.
    """
    refusals: list[LastOfficerWhoMay] = []

    def change(slots: KeySlots) -> KeySlots | None:
        slot = slots.get_officer(holder.officer_id)
        changed = slots.with_officer(rename(slot, holder, key))
        last = _find_last(slot.holder, tuple(each.holder for each in changed.officers))
        if last:
            refusals.append(last)
            return None
        return changed

    key_slots.change(profile, key, change)
    return refusals[0] if refusals else OfficerRenamed(holder)
