"""Wrong tries lock the desk, whatever is done to the program, the clock or the file."""

import subprocess
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from trafficdesk.profile import Profile
from trafficdesk.security.enrolment import SetUp
from trafficdesk.security.key_slots import Holder
from trafficdesk.security.recovery import Recovered, recover
from trafficdesk.security.tries import LockedOut, TryCounted, count_try, lock_minutes
from trafficdesk.security.unlock import Unlocked, WrongPassword, find_lock, unlock

OFFICER = UUID(int=3)


def _fail(profile: Profile, times: int, now: datetime) -> list[object]:
    return [unlock(profile, OFFICER, "wrong-pass", now) for _ in range(times)]


@pytest.mark.usefixtures("staffed")
def test_five_wrong_tries_lock_for_ten_minutes(profile: Profile, now: datetime) -> None:
    until = now + timedelta(minutes=10)
    assert _fail(profile, 6, now) == [*map(WrongPassword, (4, 3, 2, 1)), *[LockedOut(until)] * 2]
    assert unlock(profile, OFFICER, "police-pass-1", now) == LockedOut(until)
    just_before = until - timedelta(milliseconds=1)
    assert unlock(profile, OFFICER, "police-pass-1", just_before) == LockedOut(until)
    assert isinstance(unlock(profile, OFFICER, "police-pass-1", until), Unlocked)


@pytest.mark.usefixtures("staffed")
def test_each_further_wrong_try_locks_twice_as_long_up_to_a_day(
    profile: Profile, now: datetime
) -> None:
    _fail(profile, 4, now)
    minutes = []
    for _ in range(10):
        locked = unlock(profile, OFFICER, "wrong-pass", now)
        assert isinstance(locked, LockedOut)
        minutes.append((locked.until - now) // timedelta(minutes=1))
        now = locked.until
    assert minutes == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]
    assert lock_minutes(10_000) == 1440


@pytest.mark.usefixtures("staffed")
def test_the_right_password_gives_all_tries_back(profile: Profile, now: datetime) -> None:
    _fail(profile, 4, now)
    assert isinstance(unlock(profile, OFFICER, "police-pass-1", now), Unlocked)
    assert _fail(profile, 1, now) == [WrongPassword(4)]


@pytest.mark.usefixtures("staffed")
def test_one_officers_tries_lock_no_other(
    profile: Profile, supervisor: Holder, now: datetime
) -> None:
    _fail(profile, 5, now)
    assert isinstance(unlock(profile, supervisor.officer_id, "super-pass-1", now), Unlocked)
    assert isinstance(find_lock(profile, OFFICER, now), LockedOut)


@pytest.mark.usefixtures("staffed")
def test_a_clock_set_back_and_right_again_does_not_shorten_a_lock(
    profile: Profile, now: datetime
) -> None:
    _fail(profile, 5, now)
    later = now + timedelta(minutes=4)
    assert find_lock(profile, OFFICER, later) == LockedOut(now + timedelta(minutes=10))
    back = now - timedelta(days=30)
    assert find_lock(profile, OFFICER, back) == LockedOut(back + timedelta(minutes=6))
    assert unlock(profile, OFFICER, "police-pass-1", back) == LockedOut(back + timedelta(minutes=6))
    right_again = later + timedelta(minutes=1)
    assert find_lock(profile, OFFICER, right_again) == LockedOut(now + timedelta(minutes=10))


@pytest.mark.usefixtures("staffed")
def test_a_clock_that_was_years_ahead_locks_nobody_out_for_years(
    profile: Profile, now: datetime
) -> None:
    _fail(profile, 5, now + timedelta(days=3650))
    assert isinstance(find_lock(profile, OFFICER, now), LockedOut)
    opened = unlock(profile, OFFICER, "police-pass-1", now + timedelta(minutes=10))
    assert isinstance(opened, Unlocked)


@pytest.mark.usefixtures("staffed")
@pytest.mark.parametrize("damage", ["removed", "empty", "cut", "other"])
def test_a_damaged_or_removed_counter_means_locked(
    profile: Profile, now: datetime, damage: str
) -> None:
    _fail(profile, 3, now)
    content = profile.tries.read_bytes()
    if damage == "removed":
        profile.tries.unlink()
    else:
        changed = {"empty": b"", "cut": content[:-9], "other": b'{"format":9,"officers":{}}'}
        profile.tries.write_bytes(changed[damage])
    until = now + timedelta(minutes=10)
    assert unlock(profile, OFFICER, "police-pass-1", now) == LockedOut(until)
    wrong = unlock(profile, OFFICER, "wrong-pass", until)
    assert wrong == LockedOut(until + timedelta(minutes=20))


def test_the_recovery_code_helps_at_once_when_the_counter_is_damaged(
    desk: SetUp, profile: Profile, admin: Holder, now: datetime
) -> None:
    profile.tries.write_bytes(b"{")
    assert desk.recovery_code
    done = recover(profile, desk.recovery_code, admin.officer_id, "tempo-pass-1", now)
    assert isinstance(done, Recovered)
    assert isinstance(unlock(profile, admin.officer_id, "tempo-pass-1", now), Unlocked)


KILLED_IN_THE_MIDDLE = """
import os, signal, sys
from datetime import datetime
from pathlib import Path
from uuid import UUID
from trafficdesk.profile import Profile
from trafficdesk.security import unlock

def killed(slot, password):
    os.kill(os.getpid(), signal.SIGKILL)

unlock.find_private_key = killed
now = datetime.fromisoformat("2026-11-22T06:30:00+00:00")
unlock.unlock(Profile(Path(sys.argv[1])), UUID(int=3), "wrong-pass", now)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a signal of Unix")
@pytest.mark.usefixtures("staffed")
def test_killing_the_program_before_the_answer_gives_no_try_back(
    profile: Profile, now: datetime
) -> None:
    root = Path(__file__).parents[2]
    for _ in range(5):
        run = subprocess.run(
            [sys.executable, "-c", KILLED_IN_THE_MIDDLE, str(profile.folder)],
            check=False,
            cwd=root,
            timeout=60,
        )
        assert run.returncode == -9
    assert unlock(profile, OFFICER, "police-pass-1", now) == LockedOut(now + timedelta(minutes=10))


TRIES_AT_ONCE = """
import sys, time
from datetime import datetime
from pathlib import Path
from uuid import UUID
from trafficdesk.profile import Profile
from trafficdesk.security.tries import count_try

folder, first = Path(sys.argv[1]), int(sys.argv[2])
now = datetime.fromisoformat("2026-11-22T06:30:00+00:00")
(folder / f"ready-{first}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
for number in range(first, first + 40):
    count_try(Profile(folder), UUID(int=number), (), now)
"""


@pytest.mark.usefixtures("staffed")
def test_programs_guessing_side_by_side_lose_no_try(profile: Profile, now: datetime) -> None:
    root = Path(__file__).parents[2]
    firsts = (100, 200, 300)
    guessing = [
        subprocess.Popen(
            [sys.executable, "-c", TRIES_AT_ONCE, str(profile.folder), str(first)], cwd=root
        )
        for first in firsts
    ]
    deadline_s = time.monotonic() + 60
    while len(list(profile.folder.glob("ready-*"))) < len(firsts):
        assert time.monotonic() < deadline_s
        time.sleep(0.01)
    (profile.folder / "go").touch()
    assert [each.wait(timeout=60) for each in guessing] == [0, 0, 0]
    for first in firsts:
        for number in range(first, first + 40):
            assert count_try(profile, UUID(int=number), (), now) == TryCounted(3, None)
