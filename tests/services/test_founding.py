"""Setting a desk up may be killed at any step and is done again; a real desk is never replaced."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.services.founding_child import LIGHT, WANTED
from trafficdesk.domain.times import utc_now
from trafficdesk.profile import Profile
from trafficdesk.qt.unlock.state import load_state
from trafficdesk.security.errors import AlreadySetUp, DatabaseOrphaned, KeySlotsMissing
from trafficdesk.security.unlock import Unlocked, unlock
from trafficdesk.services import desk, founding
from trafficdesk.store.errors import StoreMissingError

ROOT = Path(__file__).parent.parent.parent
OF_A_DESK = {"desk.db", "device.json", "keyslots.json", "tries.json", "audit.anchor", "keys.lock"}


def _found(profile: Profile) -> None:
    made = founding.prepare(profile, WANTED, LIGHT)
    assert isinstance(made, founding.Prepared)
    founding.publish(profile)
    made.unlocked.key.wipe()


def _assert_opens(profile: Profile) -> None:
    (holder,) = load_state(profile).holders
    opened = unlock(profile, holder.officer_id, WANTED.password, utc_now())
    assert isinstance(opened, Unlocked)
    session = desk.open_session(profile, opened.key, opened.holder)
    assert session.officer.name == WANTED.officer
    desk.close_session(session, "lock")
    assert {path.name for path in profile.folder.iterdir()} == OF_A_DESK


class _Child:
    """The program that sets desks up and is killed, as its parent sees it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.services.founding_child"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def found(self, folder: Path, at: int) -> list[int]:
        """Return the exit code (-9: killed), after the number of steps if it came to the end."""
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        stdin.write(f"{folder}\t{at}\n")
        stdin.flush()
        said = [int(stdout.readline())]
        return said if said[0] < 0 else [*said, int(stdout.readline())]

    def end(self) -> None:
        self._process.communicate(timeout=20)


@pytest.fixture
def child() -> Iterator[_Child]:
    running = _Child()
    yield running
    running.end()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and SIGKILL")
def test_a_set_up_killed_at_any_step_is_done_again_or_was_done(
    child: _Child, profile: Profile
) -> None:
    steps, ended_well = child.found(profile.folder, 0)
    assert ended_well == 0
    assert steps > 20
    resumed = 0
    for at in range(1, steps + 1):
        assert child.found(profile.folder, at) == [-9], f"step {at}"
        if load_state(profile).is_new:
            _found(profile)
        else:
            resumed += 1
        _assert_opens(profile)
    assert 0 < resumed < steps, "some were killed after the desk existed, most before"


def test_a_real_desk_is_never_founded_again(profile: Profile) -> None:
    _found(profile)
    with pytest.raises(AlreadySetUp):
        founding.prepare(profile, WANTED, LIGHT)
    state = load_state(profile)
    opened = unlock(profile, state.holders[0].officer_id, WANTED.password, utc_now())
    assert isinstance(opened, Unlocked)
    profile.database.unlink()
    assert not load_state(profile).is_new, "the unlock screen stays and says what is missing"
    with pytest.raises(AlreadySetUp):
        founding.prepare(profile, WANTED, LIGHT)
    with pytest.raises(StoreMissingError):
        desk.open_session(profile, opened.key, opened.holder)
    assert not profile.database.exists()


def test_a_database_or_photos_without_keys_are_never_founded_over(profile: Profile) -> None:
    _found(profile)
    profile.key_slots.unlink()
    with pytest.raises(DatabaseOrphaned):
        founding.prepare(profile, WANTED, LIGHT)
    profile.database.unlink()
    with pytest.raises(KeySlotsMissing):
        founding.prepare(profile, WANTED, LIGHT)
    with pytest.raises(KeySlotsMissing):
        load_state(profile)


def test_what_came_into_the_profile_meanwhile_is_not_replaced(profile: Profile) -> None:
    made = founding.prepare(profile, WANTED, LIGHT)
    assert isinstance(made, founding.Prepared)
    profile.database.write_bytes(b"somebody's data")
    with pytest.raises(DatabaseOrphaned):
        founding.publish(profile)
    assert profile.database.read_bytes() == b"somebody's data"
    made.unlocked.key.wipe()
