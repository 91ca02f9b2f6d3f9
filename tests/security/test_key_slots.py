"""The slot file: damage is told from a wrong password, changes on purpose are noticed."""

import base64
import hashlib
import json
import stat
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trafficdesk.domain.vocabulary import Role
from trafficdesk.profile import Profile
from trafficdesk.security import enrolment
from trafficdesk.security.enrolment import SetUp, add_officer
from trafficdesk.security.errors import (
    FileError,
    KeySlotsDamaged,
    KeySlotsMissing,
    KeySlotsTampered,
    KeySlotsTooNew,
)
from trafficdesk.security.key_slots import Holder, holders, load
from trafficdesk.security.password_kdf import KdfParameters
from trafficdesk.security.shredding import shred
from trafficdesk.security.unlock import Unlocked, WrongPassword, unlock

# One desk is damaged again and again; each example writes the whole file anew.
SAME_DESK = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def _forge(profile: Profile, change: Callable[[dict[str, Any]], None]) -> None:
    """Change the body as somebody would who knows the format but no key."""
    file = json.loads(profile.key_slots.read_bytes())
    change(file["body"])
    body = json.dumps(file["body"]).encode()
    file["sha256"] = hashlib.sha256(body).hexdigest()
    head = {name: file[name] for name in ("format", "sha256", "mac")}
    text = json.dumps(head).encode()[:-1] + b', "body":' + body + b"}"
    profile.key_slots.write_bytes(text)


def test_a_desk_never_set_up_says_so(profile: Profile) -> None:
    with pytest.raises(KeySlotsMissing) as caught:
        holders(profile)
    assert caught.value.code == "key_slots_missing"
    assert caught.value.data["path"] == profile.key_slots


@pytest.mark.usefixtures("staffed")
def test_a_slot_file_cut_off_anywhere_is_damaged(profile: Profile) -> None:
    content = profile.key_slots.read_bytes()
    for length in [*range(0, len(content), 17), len(content) - 1]:
        profile.key_slots.write_bytes(content[:length])
        with pytest.raises(KeySlotsDamaged) as caught:
            holders(profile)
        assert caught.value.data["remedy"] == "restore_backup"


@pytest.mark.usefixtures("desk")
@SAME_DESK
@given(place=st.integers(min_value=0), flip=st.integers(1, 255))
def test_one_changed_byte_is_damage_and_never_a_wrong_password(
    profile: Profile, admin: Holder, now: datetime, place: int, flip: int
) -> None:
    content = bytearray(profile.key_slots.read_bytes())
    tries = profile.tries.read_bytes()
    good = bytes(content)
    content[place % len(content)] ^= flip
    profile.key_slots.write_bytes(bytes(content))
    try:
        with pytest.raises(FileError) as caught:
            unlock(profile, admin.officer_id, "admin-pass-1", now)
        assert isinstance(caught.value, KeySlotsDamaged | KeySlotsTampered | KeySlotsTooNew)
    finally:
        profile.key_slots.write_bytes(good)
        profile.tries.write_bytes(tries)


@pytest.mark.usefixtures("desk")
def test_a_file_of_a_newer_program_asks_for_the_newer_program(profile: Profile) -> None:
    profile.key_slots.write_text('{"format": 2, "anything": []}')
    with pytest.raises(KeySlotsTooNew) as caught:
        holders(profile)
    assert (caught.value.data["found"], caught.value.data["supported"]) == (2, 1)


def _promote_self(body: dict[str, Any]) -> None:
    body["officers"][2]["holder"]["role"] = "admin"


def _rename_other(body: dict[str, Any]) -> None:
    body["officers"][0]["holder"]["name"] = "Somebody Else"


def _drop_supervisor(body: dict[str, Any]) -> None:
    del body["officers"][1]


def _lower_revision(body: dict[str, Any]) -> None:
    body["revision"] = 1


def _own_recovery_key(body: dict[str, Any]) -> None:
    body["recovery"]["public_key"] = base64.b64encode(bytes(range(32))).decode()


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize(
    "change",
    [_promote_self, _rename_other, _drop_supervisor, _lower_revision, _own_recovery_key],
)
def test_a_forged_slot_file_is_noticed_at_unlock(
    profile: Profile, officer: Holder, now: datetime, change: Callable[[dict[str, Any]], None]
) -> None:
    _forge(profile, change)
    with pytest.raises(KeySlotsTampered):
        unlock(profile, officer.officer_id, "police-pass-1", now)


def test_an_open_desk_adds_nobody_to_a_forged_slot_file(staffed: SetUp, profile: Profile) -> None:
    _forge(profile, _promote_self)
    forged = profile.key_slots.read_bytes()
    late = Holder(UUID(int=9), "Late Comer", "LC", "Constable", Role.OFFICER)
    with pytest.raises(KeySlotsTampered):
        add_officer(profile, staffed.key, late, "police-pass-9")
    assert profile.key_slots.read_bytes() == forged


@pytest.mark.usefixtures("staffed")
def test_a_slot_with_an_officers_cost_made_cheap_opens_nothing(
    profile: Profile, officer: Holder, now: datetime
) -> None:
    def cheapen(body: dict[str, Any]) -> None:
        body["officers"][2]["kdf"]["memory_kib"] = 8

    _forge(profile, cheapen)
    assert unlock(profile, officer.officer_id, "police-pass-1", now) == WrongPassword(4)


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize(("field", "value"), [("memory_kib", 1 << 30), ("passes", 1000)])
def test_a_forged_cost_does_not_exhaust_the_machine(
    profile: Profile, field: str, value: int
) -> None:
    def inflate(body: dict[str, Any]) -> None:
        body["officers"][0]["kdf"][field] = value

    _forge(profile, inflate)
    with pytest.raises(KeySlotsDamaged):
        holders(profile)


@pytest.mark.usefixtures("desk")
@pytest.mark.skipif(sys.platform == "win32", reason="modes are of Unix")
def test_key_files_are_readable_by_their_owner_alone(profile: Profile) -> None:
    for path in (profile.key_slots, profile.tries):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_full_disk_leaves_the_old_slots(
    desk: SetUp, profile: Profile, officer: Holder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = profile.key_slots.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        add_officer(profile, desk.key, officer, "police-pass-1")
    assert profile.key_slots.read_bytes() == before
    left = {path.name for path in profile.folder.iterdir()}
    assert left == {"keyslots.json", "tries.json", "keys.lock"}


def test_no_try_is_made_when_it_cannot_be_counted(
    desk: SetUp, profile: Profile, admin: Holder, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.recovery_code

    def read_only(_descriptor: int) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("os.fsync", read_only)
    with pytest.raises(OSError, match="Read-only"):
        unlock(profile, admin.officer_id, "admin-pass-1", now)


def test_every_change_counts_one_revision_on(
    desk: SetUp, profile: Profile, officer: Holder, now: datetime
) -> None:
    add_officer(profile, desk.key, officer, "police-pass-1")
    opened = unlock(profile, officer.officer_id, "police-pass-1", now)
    assert isinstance(opened, Unlocked)
    assert opened.revision == 2


def test_after_shredding_nothing_opens_the_desk(
    staffed: SetUp, profile: Profile, officer: Holder, now: datetime
) -> None:
    with profile.key_slots.open("rb") as still_open:
        shred(profile, staffed.key)
        assert b"officers" not in still_open.read()
    assert staffed.key.is_wiped
    assert not profile.key_slots.exists()
    assert not profile.tries.exists()
    with pytest.raises(KeySlotsMissing):
        unlock(profile, officer.officer_id, "police-pass-1", now)
    shred(profile)


def test_a_damaged_slot_file_is_shredded_too(desk: SetUp, profile: Profile) -> None:
    profile.key_slots.write_bytes(b"{")
    shred(profile, desk.key)
    assert not profile.key_slots.exists()


def test_set_up_measures_the_cost_when_none_is_given(
    profile: Profile, admin: Holder, light: KdfParameters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(enrolment, "tune", lambda: light)
    made = enrolment.set_up(profile, admin, "admin-pass-1")
    assert isinstance(made, SetUp)
    assert load(profile).slots.kdf == light


def test_nothing_of_the_machine_is_in_the_slot_file(
    staffed: SetUp, profile: Profile, tmp_path: Path
) -> None:
    text = profile.key_slots.read_text()
    assert str(tmp_path) not in text
    for secret in ("admin-pass-1", "super-pass-1", "police-pass-1", staffed.recovery_code or "-"):
        assert secret not in text
