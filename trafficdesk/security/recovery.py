"""Station IT's way in: the recovery key gives an officer a temporary password."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from trafficdesk.profile import Profile
from trafficdesk.security import key_slots, tries
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.keys import KEY_BYTES, SecretKey
from trafficdesk.security.passwords import PasswordRefused, find_fault
from trafficdesk.security.recovery_code import (
    RecoveryCodeWrong,
    RecoveryFault,
    read_code,
    write_code,
)
from trafficdesk.security.sealed_box import new_private_key, public_key_of
from trafficdesk.security.tries import DeedKind, Doing
from trafficdesk.security.unlock import note_deed, set_password


@dataclass(frozen=True, slots=True)
class RecoveryPair:
    """What station IT makes once: the public half goes to every desk, the code into a safe."""

    public_key: bytes
    code: str


@dataclass(frozen=True, slots=True)
class Recovered:
    """An officer has a temporary password; the caller wipes the key."""

    key: SecretKey
    holder: Holder


def new_recovery_pair() -> RecoveryPair:
    """Return a fresh pair for station IT."""
    private_key = new_private_key()
    return RecoveryPair(public_key_of(private_key), write_code(private_key))


def recover(
    profile: Profile,
    code_or_private_key: str | bytes,
    officer_id: UUID,
    new_password: str,
    now: datetime | None = None,
) -> Recovered | RecoveryCodeWrong | PasswordRefused:
    """Open the recovery slot and give an officer a temporary password; their lock-out ends.

    ``code_or_private_key``: the printed code, or the 32 bytes station IT keeps.
    Raises ``OfficerUnknown`` and what ``key_slots.load`` raises.
    """
    loaded = key_slots.load(profile)
    officer = loaded.slots.get_officer(officer_id).holder
    fault = find_fault(new_password, officer.name, profile.policy.passwords)
    if fault:
        return fault
    given = code_or_private_key
    private_key = read_code(given) if isinstance(given, str) else given
    if isinstance(private_key, RecoveryCodeWrong):
        return private_key
    if len(private_key) != KEY_BYTES:
        return RecoveryCodeWrong(RecoveryFault.LENGTH)
    if public_key_of(private_key) != loaded.slots.recovery.public_key:
        return RecoveryCodeWrong(RecoveryFault.OTHER_DESK)
    key = loaded.open_slot(loaded.slots.recovery, private_key)
    at = now or datetime.now(UTC)
    note_deed(profile, Doing(DeedKind.RECOVERY, officer_id, officer_id), at)
    holder = set_password(profile, key, officer_id, new_password, must_change=True)
    tries.end_lock(profile, officer_id, loaded.slots.officer_ids, at)
    return Recovered(key, holder)
