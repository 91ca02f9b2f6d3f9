"""A new master key reaches every slot without a password, also after a kill half way."""

from datetime import datetime

import pytest

from trafficdesk.profile import Profile
from trafficdesk.security.audit import AuditHead
from trafficdesk.security.audit_anchor import load_anchor, save_anchor
from trafficdesk.security.device import create_device, load_device
from trafficdesk.security.enrolment import SetUp, remove_officer
from trafficdesk.security.errors import KeySlotsTampered
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.recovery import Recovered, recover
from trafficdesk.security.rekeying import begin_rekey, find_next_key, finish_rekey
from trafficdesk.security.unlock import Unlocked, unlock


def test_all_passwords_and_the_code_open_the_new_key(
    staffed: SetUp, profile: Profile, admin: Holder, officer: Holder, now: datetime
) -> None:
    device = create_device(profile, staffed.key)
    save_anchor(profile, staffed.key, AuditHead(4, bytes(32)))
    coming = begin_rekey(profile, staffed.key)
    assert coming != staffed.key
    finish_rekey(profile, staffed.key, coming)
    for who, password in ((admin, "admin-pass-1"), (officer, "police-pass-1")):
        opened = unlock(profile, who.officer_id, password, now)
        assert isinstance(opened, Unlocked)
        assert opened.key == coming
    assert load_device(profile, coming).device_id == device.device_id
    assert load_anchor(profile, coming) == AuditHead(4, bytes(32))
    assert find_next_key(profile, coming) is None
    with pytest.raises(KeySlotsTampered):
        remove_officer(profile, staffed.key, officer.officer_id)
    assert staffed.recovery_code
    done = recover(profile, staffed.recovery_code, officer.officer_id, "tempo-pass-1", now)
    assert isinstance(done, Recovered)
    assert done.key == coming


def test_a_rekey_killed_half_way_goes_on_with_the_same_key(
    staffed: SetUp, profile: Profile, officer: Holder, now: datetime
) -> None:
    assert find_next_key(profile, staffed.key) is None
    create_device(profile, staffed.key)
    coming = begin_rekey(profile, staffed.key)
    # The program was killed here; the officer unlocks again.
    opened = unlock(profile, officer.officer_id, "police-pass-1", now)
    assert isinstance(opened, Unlocked)
    assert opened.key == staffed.key
    assert find_next_key(profile, opened.key) == coming
    assert begin_rekey(profile, opened.key) == coming
    finish_rekey(profile, opened.key, coming)
    again = unlock(profile, officer.officer_id, "police-pass-1", now)
    assert isinstance(again, Unlocked)
    assert again.key == coming
