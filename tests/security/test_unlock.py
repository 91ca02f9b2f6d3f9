"""Who opens the desk, who does not, and what the slots keep."""

from datetime import datetime
from uuid import UUID

import pytest

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import (
    LastOfficerWhoMay,
    OfficerAdded,
    OfficerRemoved,
    OfficerRenamed,
    SetUp,
    add_officer,
    remove_officer,
    rename_officer,
    set_up,
)
from trafficdesk.security.errors import (
    AlreadySetUp,
    DatabaseOrphaned,
    OfficerPresent,
    OfficerUnknown,
)
from trafficdesk.security.key_slots import Holder, holders
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.security.passwords import PasswordFault, PasswordRefused
from trafficdesk.security.recovery import Recovered, recover
from trafficdesk.security.tries import LockedOut
from trafficdesk.security.unlock import (
    NotAllowed,
    OfficerUnlocked,
    PasswordChanged,
    Unlocked,
    WrongPassword,
    change_password,
    find_lock,
    supervisor_unlock,
    unlock,
)


def test_every_officers_password_opens_the_same_key(
    staffed: SetUp, profile: Profile, now: datetime
) -> None:
    for number, password in ((1, "admin-pass-1"), (2, "super-pass-1"), (3, "police-pass-1")):
        opened = unlock(profile, UUID(int=number), password, now)
        assert isinstance(opened, Unlocked)
        assert opened.key == staffed.key
        assert opened.holder.officer_id == UUID(int=number)
        assert not opened.must_change_password


def test_the_unlock_screen_lists_holders_without_any_password(
    staffed: SetUp, profile: Profile, admin: Holder, supervisor: Holder, officer: Holder
) -> None:
    assert holders(profile) == (admin, supervisor, officer)
    assert staffed.key.hex() not in profile.key_slots.read_text()


@pytest.mark.usefixtures("staffed")
def test_one_officers_password_does_not_open_for_another(
    profile: Profile, officer: Holder, now: datetime
) -> None:
    assert unlock(profile, officer.officer_id, "super-pass-1", now) == WrongPassword(4)


def test_a_password_typed_in_parts_or_as_one_letter_is_the_same(
    desk: SetUp, profile: Profile, officer: Holder, now: datetime
) -> None:
    add_officer(profile, desk.key, officer, "caf\u00e9-k\u0bca-pass")
    typed_in_parts = "cafe\u0301-k\u0bc6\u0bbe-pass"
    assert isinstance(unlock(profile, officer.officer_id, typed_in_parts, now), Unlocked)


def test_a_removed_officers_password_no_longer_opens(
    staffed: SetUp, profile: Profile, officer: Holder, now: datetime
) -> None:
    assert remove_officer(profile, staffed.key, officer.officer_id) == OfficerRemoved(officer)
    assert officer not in holders(profile)
    with pytest.raises(OfficerUnknown):
        unlock(profile, officer.officer_id, "police-pass-1", now)


def test_the_last_admin_stays_and_so_does_the_last_supervisor(
    staffed: SetUp, profile: Profile, admin: Holder, supervisor: Holder
) -> None:
    key = staffed.key
    refused = LastOfficerWhoMay(admin, Permission.OFFICER_MANAGE)
    assert remove_officer(profile, key, admin.officer_id) == refused
    demoted = Holder(admin.officer_id, admin.name, admin.initials, admin.rank, Role.OFFICER)
    assert rename_officer(profile, key, demoted) == refused
    # With the admin there the supervisor is not the last who may unlock others.
    assert remove_officer(profile, key, supervisor.officer_id) == OfficerRemoved(supervisor)
    assert remove_officer(profile, key, admin.officer_id) == LastOfficerWhoMay(
        admin, Permission.OFFICER_UNLOCK
    )
    assert admin in holders(profile)


def test_the_only_officer_of_a_desk_stays(
    profile: Profile, officer: Holder, light: KdfParameters
) -> None:
    made = set_up(profile, officer, "police-pass-1", kdf=light)
    assert isinstance(made, SetUp)
    assert remove_officer(profile, made.key, officer.officer_id) == LastOfficerWhoMay(officer, None)


def test_a_promoted_officer_keeps_the_password(
    staffed: SetUp, profile: Profile, officer: Holder, now: datetime
) -> None:
    promoted = Holder(officer.officer_id, "Anbu Selvi K", "AK", "Inspector", Role.SUPERVISOR)
    assert rename_officer(profile, staffed.key, promoted) == OfficerRenamed(promoted)
    opened = unlock(profile, officer.officer_id, "police-pass-1", now)
    assert isinstance(opened, Unlocked)
    assert opened.holder == promoted


def test_an_officer_is_added_once(staffed: SetUp, profile: Profile, officer: Holder) -> None:
    with pytest.raises(OfficerPresent):
        add_officer(profile, staffed.key, officer, "another-pass-1")


@pytest.mark.usefixtures("desk")
def test_a_desk_is_set_up_once_and_never_over_a_database_without_keys(
    profile: Profile, admin: Holder, light: KdfParameters
) -> None:
    with pytest.raises(AlreadySetUp):
        set_up(profile, admin, "admin-pass-2", kdf=light)
    profile.key_slots.unlink()
    profile.database.write_bytes(b"somebody's work")
    with pytest.raises(DatabaseOrphaned):
        set_up(profile, admin, "admin-pass-2", kdf=light)


def test_an_officer_changes_the_password_with_the_old_one(
    staffed: SetUp, profile: Profile, officer: Holder, now: datetime
) -> None:
    who = officer.officer_id
    assert change_password(profile, who, "not-the-one", "fresh-pass-2", now) == WrongPassword(4)
    changed = change_password(profile, who, "police-pass-1", "fresh-pass-2", now)
    assert changed == PasswordChanged(officer)
    assert isinstance(unlock(profile, who, "police-pass-1", now), WrongPassword)
    opened = unlock(profile, who, "fresh-pass-2", now)
    assert isinstance(opened, Unlocked)
    assert opened.key == staffed.key


@pytest.mark.usefixtures("staffed")
def test_a_changed_password_is_another_one_and_fits_the_policy(
    profile: Profile, officer: Holder, now: datetime
) -> None:
    who = officer.officer_id
    same = change_password(profile, who, "police-pass-1", "police-pass-1", now)
    assert same == PasswordRefused(PasswordFault.SAME_AS_BEFORE)
    short = change_password(profile, who, "police-pass-1", "short", now)
    assert short == PasswordRefused(PasswordFault.TOO_SHORT)


def _lock_out(profile: Profile, officer_id: UUID, now: datetime) -> None:
    for _ in range(5):
        unlock(profile, officer_id, "wrong-pass", now)
    assert isinstance(find_lock(profile, officer_id, now), LockedOut)


def test_a_supervisor_lets_a_locked_out_officer_in_without_a_network(
    staffed: SetUp, profile: Profile, officer: Holder, supervisor: Holder, now: datetime
) -> None:
    _lock_out(profile, officer.officer_id, now)
    done = supervisor_unlock(
        profile, supervisor.officer_id, "super-pass-1", officer.officer_id, "tempo-pass-1", now
    )
    assert isinstance(done, OfficerUnlocked)
    assert done.key == staffed.key
    assert (done.supervisor, done.officer) == (supervisor, officer)
    assert find_lock(profile, officer.officer_id, now) is None
    opened = unlock(profile, officer.officer_id, "tempo-pass-1", now)
    assert isinstance(opened, Unlocked)
    assert opened.must_change_password
    change_password(profile, officer.officer_id, "tempo-pass-1", "police-pass-2", now)
    again = unlock(profile, officer.officer_id, "police-pass-2", now)
    assert isinstance(again, Unlocked)
    assert not again.must_change_password


@pytest.mark.usefixtures("staffed")
def test_a_supervisors_wrong_tries_count_for_the_supervisor(
    profile: Profile, officer: Holder, supervisor: Holder, now: datetime
) -> None:
    who = supervisor.officer_id
    for left in (4, 3, 2, 1):
        tried = supervisor_unlock(profile, who, "guess", officer.officer_id, "tempo-pass-1", now)
        assert tried == WrongPassword(left)
    fifth = supervisor_unlock(profile, who, "guess", officer.officer_id, "tempo-pass-1", now)
    assert isinstance(fifth, LockedOut)
    assert isinstance(unlock(profile, officer.officer_id, "police-pass-1", now), Unlocked)


@pytest.mark.usefixtures("staffed")
def test_an_officer_lets_nobody_in_and_a_supervisor_no_admin(
    profile: Profile, admin: Holder, supervisor: Holder, officer: Holder
) -> None:
    now = datetime.fromisoformat("2026-11-22T06:30:00+00:00")
    by_officer = supervisor_unlock(
        profile, officer.officer_id, "police-pass-1", supervisor.officer_id, "tempo-pass-1", now
    )
    assert by_officer == NotAllowed(officer, Permission.OFFICER_UNLOCK)
    by_supervisor = supervisor_unlock(
        profile, supervisor.officer_id, "super-pass-1", admin.officer_id, "tempo-pass-1", now
    )
    assert by_supervisor == NotAllowed(supervisor, Permission.OFFICER_MANAGE)
    assert isinstance(unlock(profile, admin.officer_id, "admin-pass-1", now), Unlocked)


def test_the_recovery_code_gives_a_locked_out_admin_a_new_password(
    desk: SetUp, profile: Profile, admin: Holder, now: datetime
) -> None:
    _lock_out(profile, admin.officer_id, now)
    assert desk.recovery_code is not None
    done = recover(profile, desk.recovery_code, admin.officer_id, "tempo-pass-1", now)
    assert isinstance(done, Recovered)
    assert done.key == desk.key
    opened = unlock(profile, admin.officer_id, "tempo-pass-1", now)
    assert isinstance(opened, Unlocked)
    assert opened.must_change_password


def test_adding_an_officer_reports_the_holder(
    desk: SetUp, profile: Profile, officer: Holder
) -> None:
    assert add_officer(profile, desk.key, officer, "police-pass-1") == OfficerAdded(officer)
