"""The OS keyring opens the desk where policy and the account's keyring allow it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

import keyring
import pytest
from keyring.core import load_keyring

from tests.security.memory_keyring import MemoryKeyring
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp, remove_officer
from trafficdesk.security.errors import OfficerUnknown
from trafficdesk.security.key_slots import load
from trafficdesk.security.keyring_slot import (
    KeyringDisabled,
    KeyringEnabled,
    KeyringFault,
    KeyringRefused,
    disable_keyring,
    enable_keyring,
    unlock_with_keyring,
)
from trafficdesk.security.shredding import shred
from trafficdesk.security.tries import LockedOut
from trafficdesk.security.unlock import Unlocked, supervisor_unlock, unlock

OFFICER, SUPERVISOR = UUID(int=3), UUID(int=2)


@pytest.fixture(autouse=True)
def os_keyring() -> Iterator[MemoryKeyring]:
    before = keyring.get_keyring()
    backend = MemoryKeyring()
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


def test_the_keyring_opens_the_desk_for_the_officer_who_switched_it_on(
    staffed: SetUp, profile: Profile, os_keyring: MemoryKeyring, now: datetime
) -> None:
    before = unlock_with_keyring(profile, OFFICER, now, allowed=True)
    assert before == KeyringRefused(KeyringFault.NOT_ENABLED)
    enabled = enable_keyring(profile, staffed.key, OFFICER, now, allowed=True)
    assert enabled == KeyringEnabled(OFFICER)
    opened = unlock_with_keyring(profile, OFFICER, now, allowed=True)
    assert isinstance(opened, Unlocked)
    assert opened.key == staffed.key
    assert opened.holder.officer_id == OFFICER
    other = unlock_with_keyring(profile, SUPERVISOR, now, allowed=True)
    assert other == KeyringRefused(KeyringFault.NOT_ENABLED)
    assert staffed.key.hex() not in os_keyring.entries.values()


def test_switched_off_neither_slot_nor_entry_is_left(
    staffed: SetUp, profile: Profile, os_keyring: MemoryKeyring, now: datetime
) -> None:
    enable_keyring(profile, staffed.key, OFFICER, now, allowed=True)
    assert disable_keyring(profile, staffed.key, OFFICER) == KeyringDisabled(OFFICER)
    assert os_keyring.entries == {}
    assert load(profile).slots.keyrings == ()
    after = unlock_with_keyring(profile, OFFICER, now, allowed=True)
    assert after == KeyringRefused(KeyringFault.NOT_ENABLED)
    assert disable_keyring(profile, staffed.key, OFFICER) == KeyringDisabled(OFFICER)


def test_a_policy_against_it_holds_for_slots_that_exist(
    staffed: SetUp, profile: Profile, now: datetime
) -> None:
    forbidden = enable_keyring(profile, staffed.key, OFFICER, now, allowed=False)
    assert forbidden == KeyringRefused(KeyringFault.POLICY)
    enable_keyring(profile, staffed.key, OFFICER, now, allowed=True)
    later = unlock_with_keyring(profile, OFFICER, now, allowed=False)
    assert later == KeyringRefused(KeyringFault.POLICY)


def test_a_machine_without_a_keyring_says_so(
    staffed: SetUp, profile: Profile, now: datetime
) -> None:
    keyring.set_keyring(load_keyring("keyring.backends.fail.Keyring"))
    refused = enable_keyring(profile, staffed.key, OFFICER, now, allowed=True)
    assert refused == KeyringRefused(KeyringFault.NO_KEYRING)
    assert load(profile).slots.keyrings == ()


def test_a_keyring_that_refuses_or_lost_its_entry_leaves_the_password(
    staffed: SetUp, profile: Profile, os_keyring: MemoryKeyring, now: datetime
) -> None:
    os_keyring.refuses = True
    refused = enable_keyring(profile, staffed.key, OFFICER, now, allowed=True)
    assert refused == KeyringRefused(KeyringFault.REFUSED)
    os_keyring.refuses = False
    enable_keyring(profile, staffed.key, OFFICER, now, allowed=True)
    for entry in ("", "no hex", "00" * 32):
        os_keyring.entries = dict.fromkeys(os_keyring.entries, entry)
        lost = unlock_with_keyring(profile, OFFICER, now, allowed=True)
        assert lost == KeyringRefused(KeyringFault.ENTRY_LOST)
    assert isinstance(unlock(profile, OFFICER, "police-pass-1", now), Unlocked)


def test_a_lock_out_holds_for_the_keyring_too(
    staffed: SetUp, profile: Profile, now: datetime
) -> None:
    enable_keyring(profile, staffed.key, OFFICER, now, allowed=True)
    for _ in range(5):
        unlock(profile, OFFICER, "wrong-pass", now)
    locked = unlock_with_keyring(profile, OFFICER, now, allowed=True)
    assert locked == LockedOut(now + timedelta(minutes=10))


def test_an_officer_removed_or_given_a_new_password_loses_the_keyring(
    staffed: SetUp, profile: Profile, now: datetime
) -> None:
    enable_keyring(profile, staffed.key, OFFICER, now, allowed=True)
    supervisor_unlock(profile, SUPERVISOR, "super-pass-1", OFFICER, "tempo-pass-1", now)
    reset = unlock_with_keyring(profile, OFFICER, now, allowed=True)
    assert reset == KeyringRefused(KeyringFault.NOT_ENABLED)
    enable_keyring(profile, staffed.key, OFFICER, now, allowed=True)
    remove_officer(profile, staffed.key, OFFICER)
    with pytest.raises(OfficerUnknown):
        unlock_with_keyring(profile, OFFICER, now, allowed=True)


def test_shredding_empties_the_keyring_too(
    staffed: SetUp, profile: Profile, os_keyring: MemoryKeyring, now: datetime
) -> None:
    enable_keyring(profile, staffed.key, OFFICER, now, allowed=True)
    assert len(os_keyring.entries) == 1
    shred(profile, staffed.key)
    assert os_keyring.entries == {}
