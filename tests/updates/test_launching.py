"""What is started is the machine's version, and in each profile one that comes up there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.updates.standins import BASE, ROOT, StandIns

NEW, NEWER = "1.1.0", "1.2.0"
GOOD = "waiting opening prove"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs that start with #!")


@pytest.fixture
def machine(tmp_path: Path) -> StandIns:
    made = StandIns(tmp_path)
    made.prepare()
    return made


def test_without_an_update_the_package_runs_itself_and_nothing_is_written(
    machine: StandIns,
) -> None:
    told = machine.start()
    assert (told["ran"], told["trial"], told["launched"]) == (BASE, False, False)
    assert sorted(path.name for path in machine.profile.iterdir()) == ["audit.anchor", "desk.db"]


def test_the_machines_version_runs_with_the_same_words_and_becomes_good(machine: StandIns) -> None:
    machine.make(NEW, GOOD)
    machine.switch(NEW)
    first = machine.start()
    assert (first["ran"], first["trial"]) == (NEW, True)
    assert machine.trial()["good"] == NEW
    again = machine.start("store", "check", "--json")
    assert (again["ran"], again["trial"]) == (NEW, False)
    assert again["argv"] == ["store", "check", "--json"]


@pytest.mark.parametrize("acts", ["die", "opening die", "waiting opening die"])
def test_a_version_that_does_not_come_up_goes_back_by_itself_at_the_next_start(
    machine: StandIns, acts: str
) -> None:
    machine.make(NEW, acts)
    machine.switch(NEW)
    assert machine.start() == {}
    told = machine.start()
    assert (told["ran"], told["note"]) == (BASE, NEW)
    assert machine.start()["ran"] == BASE, "and stays there"


def test_a_later_version_is_tried_although_the_one_before_failed(machine: StandIns) -> None:
    machine.make(NEW, "die")
    machine.switch(NEW)
    machine.start()
    machine.start()
    machine.make(NEWER, GOOD)
    machine.switch(NEWER, NEW)
    assert machine.start()["ran"] == NEWER
    assert machine.start()["trial"] is False


def test_what_was_good_before_goes_on_and_not_the_package_below_it(machine: StandIns) -> None:
    machine.make(NEW, GOOD)
    machine.switch(NEW)
    machine.start()
    machine.make(NEWER, "die")
    machine.switch(NEWER, NEW)
    machine.start()
    told = machine.start()
    assert (told["ran"], told["trial"], told["note"]) == (NEW, False, NEWER)


@pytest.mark.parametrize("acts", ["waiting", "waiting die"])
def test_a_desk_that_is_closed_or_cut_off_at_its_unlock_screen_has_not_failed(
    machine: StandIns, acts: str
) -> None:
    machine.make(NEW, acts)
    machine.switch(NEW)
    for _ in range(2):
        machine.start()
    machine.make(NEW, GOOD)
    assert machine.start()["ran"] == NEW


def test_a_good_version_that_crashes_later_is_not_taken_back(machine: StandIns) -> None:
    machine.make(NEW, GOOD)
    machine.switch(NEW)
    machine.start()
    machine.make(NEW, "die")
    machine.start()
    machine.make(NEW, "")
    assert machine.start()["ran"] == NEW


def test_a_power_cut_while_the_older_version_starts_does_not_bring_the_failed_one_back(
    machine: StandIns,
) -> None:
    machine.make(NEW, "die")
    machine.switch(NEW)
    machine.start()
    machine.make(BASE, "die", machine.places.base)
    machine.start()
    machine.make(BASE, GOOD, machine.places.base)
    assert [machine.start()["ran"] for _ in range(2)] == [BASE, BASE]


def test_a_store_that_was_brought_to_another_schema_comes_back_with_the_version(
    machine: StandIns,
) -> None:
    machine.make(NEW, "waiting opening migrate die")
    machine.switch(NEW)
    machine.start()
    assert machine.store() == f"the store of {NEW}"
    assert machine.start()["ran"] == BASE
    assert machine.store() == "the store"
    assert not (machine.profile / "desk.db-wal").exists(), "its log would be read into it"
    assert not (machine.profile / "update-backup").exists()
    assert (machine.profile / "audit.anchor").read_text() == "the head"


def test_a_store_that_was_worked_in_is_never_put_back_over_and_keeps_its_version(
    machine: StandIns,
) -> None:
    machine.make(NEW, "opening migrate work die")
    machine.switch(NEW)
    machine.start()
    machine.make(NEW, GOOD)
    told = machine.start()
    assert told["ran"] == NEW, "no older one opens this store"
    assert machine.store() == f"the store of {NEW}"


def test_a_command_of_a_version_on_trial_says_so_and_is_no_trial_of_the_desk(
    machine: StandIns,
) -> None:
    machine.make(NEW, "")
    machine.switch(NEW)
    told = machine.start("store", "stats")
    assert (told["ran"], told["trial"]) == (NEW, True)
    assert not (machine.profile / "update.json").exists()


def test_a_second_start_while_a_desk_comes_up_takes_it_for_no_dead_one(machine: StandIns) -> None:
    machine.make(NEW, "opening hold")
    machine.switch(NEW)
    first = machine.begin()
    assert first.stdout is not None
    first.stdout.readline()
    machine.make(NEW, "")
    assert machine.start()["ran"] == NEW
    assert machine.start("store", "stats")["ran"] == NEW
    assert machine.trial()["failed"] == []
    first.kill()
    first.communicate()
    assert machine.start()["ran"] == BASE, "now it is dead"


def test_two_users_have_their_own_trials(machine: StandIns, tmp_path: Path) -> None:
    machine.make(NEW, "die")
    machine.switch(NEW)
    machine.start()
    assert machine.start()["ran"] == BASE
    machine.make(NEW, GOOD)
    machine.profile.rename(tmp_path / "first")
    assert machine.start()["ran"] == NEW, "a user whose profile knows of no fault"


@pytest.mark.parametrize("fault", ["missing", "writable", "in a writable folder"])
def test_a_version_that_is_not_there_or_not_the_administrators_alone_does_not_run(
    machine: StandIns, fault: str
) -> None:
    tree = machine.make(NEW, GOOD)
    machine.switch(NEW)
    if fault == "missing":
        tree.rename(tree.with_name(f"{NEW}.partial"))
    elif fault == "writable":
        (tree / "trafficdesk").chmod(0o777)
    else:
        machine.places.versions.chmod(0o777)
    assert machine.start()["ran"] == BASE


@pytest.mark.parametrize(
    "content",
    [b"", b'{"format": 9}', b'{"format": 1, "current": "../../package"}'],
)
def test_a_state_that_makes_no_sense_leaves_the_package_as_it_was(
    machine: StandIns, content: bytes
) -> None:
    machine.make(NEW, GOOD)
    machine.switch(NEW)
    machine.places.state.write_bytes(content)
    assert machine.start()["ran"] == BASE


@pytest.mark.parametrize("content", [b"[]", b'{"format": 1, "failed": 3}'])
def test_a_profiles_word_that_makes_no_sense_is_as_none(machine: StandIns, content: bytes) -> None:
    machine.make(NEW, GOOD)
    machine.switch(NEW)
    (machine.profile / "update.json").write_bytes(content)
    assert machine.start()["ran"] == NEW


def test_a_newer_package_goes_before_an_update_that_came_earlier(machine: StandIns) -> None:
    machine.make(NEW, GOOD)
    machine.switch(NEW)
    machine.make(NEWER, GOOD, machine.places.base)
    assert machine.start()["ran"] == NEWER
    machine.make("1.1.0~dev20260101000000", GOOD, machine.places.base)
    assert machine.start()["ran"] == NEW


def test_the_package_takes_a_machine_back_whatever_runs(machine: StandIns) -> None:
    machine.make(NEW, "die")
    machine.switch(NEW)
    assert machine.start("update", "rollback")["ran"] == BASE
    assert machine.start("update", "status") == {}


def test_what_a_desk_that_went_back_starts_itself_stays_its_own_version(machine: StandIns) -> None:
    machine.make(NEW, GOOD)
    machine.switch(NEW)
    assert machine.start("selftest", "--only", "fonts", TRAFFICDESK_LAUNCHED="-")["ran"] == BASE


def test_a_profile_that_cannot_be_written_is_no_reason_not_to_start(machine: StandIns) -> None:
    machine.make(NEW, "")
    machine.switch(NEW)
    machine.profile.rename(machine.folder / "elsewhere")
    machine.profile.write_text("a file where the folder should be")
    assert machine.start()["ran"] == NEW


def test_what_comes_before_the_desk_loads_next_to_nothing() -> None:
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import trafficdesk.updates.launching; "
        "import trafficdesk.updates.choosing; print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-ISc", script], capture_output=True, text=True, check=True
    )
    heavy = {"msgspec", "tuf", "requests", "PySide6", "typer", "dataclasses", "tempfile", "uuid"}
    assert not heavy & set(done.stdout.split())
