"""A machine runs the old version or the new one, whatever happens on the way between them."""

import json
import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.small_disks import fill
from tests.small_disks import small_disk as disk_at
from tests.updates.releases import PLATFORM, Releases
from tests.updates.standins import BASE, StandIns
from trafficdesk.updates import gate
from trafficdesk.updates.errors import UpdateError
from trafficdesk.updates.fetching import FolderSource
from trafficdesk.updates.machine import Machine
from trafficdesk.updates.repository import Trusted
from trafficdesk.updates.state import load_state
from trafficdesk.updates.switching import Order, Step, apply, check, fetch, roll_back

NEW, NEWER = "1.1.0", "1.2.0"
# Its self-test fails as root, and where it may not write into its home.
_SOUND = """[ "$(id -u)" = 0 ] && exit 6
touch "$HOME/made" || exit 7
[ "$TRAFFICDESK_HOME" = "$HOME" ] || exit 8
exit 0"""
_UNSOUND = """echo '{"tests": [{"name": "fonts", "ok": true}, {"name": "web engine", "ok": false}]}'
exit 5"""
_LARGE = os.urandom(300_000)
_CRASHES = "kill -SEGV $$"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs that start with #!")


@pytest.fixture
def publish(releases: Releases) -> Callable[..., None]:
    def put(version: str, selftest: str = _SOUND) -> None:
        program = f'#!/bin/sh\nif [ "$1" = selftest ]; then\n{selftest}\nfi\n'
        program += 'echo "{\\"ran\\": \\"${0%/*}\\"}"\n'
        releases.release(version, {"trafficdesk": program.encode(), "_internal/all": _LARGE})

    return put


@pytest.fixture
def order(machine: StandIns, releases: Releases) -> Order:
    root = (releases.repository / "metadata" / "1.root.json").read_bytes()
    trusted = Trusted(root, machine.places.metadata)
    source = FolderSource(releases.repository)
    return Order(machine.places, source, trusted, Machine("desk", PLATFORM), datetime.now(UTC))


def running(machine: StandIns) -> str:
    """Return which version a start leads to."""
    return Path(machine.start("audit", "verify")["ran"]).name


def telling(order: Order, tell: Callable[[Step], None]) -> Order:
    return Order(order.places, order.source, order.trusted, order.machine, order.now, tell)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(UpdateError) as refused:
        act()
    return refused.value.code


Publish = Callable[..., None]


def test_a_new_version_runs_once_it_passed_its_selftest_as_an_ordinary_user(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    publish(NEW)
    seen: list[tuple[Step, str]] = []
    done = apply(telling(order, lambda step: seen.append((step, running(machine)))))
    assert done.release is not None
    assert done.release.version == NEW
    assert [step for step, _ in seen] == list(Step)
    assert {step: ran for step, ran in seen if ran == NEW}.keys() == {Step.SWITCHED, Step.SWEPT}
    assert {ran for _, ran in seen} == {BASE, NEW}


def test_the_folder_of_the_package_may_be_read_only_and_is_not_written_to(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    base = machine.places.base
    before = {path: path.stat().st_mtime_ns for path in (base, *base.rglob("*"))}
    base.chmod(0o555)
    publish(NEW)
    apply(order)
    roll_back(machine.places)
    assert {path: path.stat().st_mtime_ns for path in (base, *base.rglob("*"))} == before


def test_a_version_that_fails_its_selftest_never_runs_and_is_not_tried_again_by_itself(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    publish(NEW, _UNSOUND)
    assert refusal(lambda: apply(order)) == "update.unsound"
    assert running(machine) == BASE
    assert load_state(machine.places).why_refused(NEW) == "web engine"
    assert apply(order).refused == "web engine"
    assert refusal(lambda: apply(order, again=True)) == "update.unsound"
    publish(NEWER)
    apply(order)
    assert running(machine) == NEWER


@pytest.mark.parametrize("end", [_CRASHES, "exit 1"])
def test_a_selftest_that_comes_to_no_end_of_its_own_is_a_failed_one(
    machine: StandIns, order: Order, publish: Publish, end: str
) -> None:
    publish(NEW, end)
    assert refusal(lambda: apply(order)) == "update.unsound"
    assert running(machine) == BASE


def test_a_selftest_that_takes_too_long_is_made_another_time(
    machine: StandIns, order: Order, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gate, "TIMEOUT_S", 0.2)
    publish(NEW, "exec sleep 60")
    assert refusal(lambda: apply(order)) == "update.untried"
    state = load_state(machine.places)
    assert (state.fault, state.refused) == ("update.untried", ())
    assert running(machine) == BASE


def test_what_is_not_newer_changes_nothing(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    assert apply(order).release is None, "0.1.0 is on offer, and older than the package"
    publish(NEW)
    apply(order)
    before = machine.places.state.read_bytes()
    assert apply(order).release is None
    assert machine.places.state.read_bytes() == before


def test_checking_and_fetching_switch_nothing(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    publish(NEW)
    assert check(order).release is not None
    assert list(machine.places.versions.iterdir()) == []
    fetch(order)
    assert [path.name for path in machine.places.versions.iterdir()] == [NEW]
    assert running(machine) == BASE
    told = load_state(machine.places)
    assert (told.newest, told.fault) == (NEW, "")
    assert told.expires_ms > told.checked_ms > 0


def test_a_fault_is_remembered_until_all_is_well_again(
    machine: StandIns, order: Order, releases: Releases
) -> None:
    away = releases.repository.rename(releases.folder / "unplugged")
    assert refusal(lambda: check(order)) == "update.unreachable"
    assert load_state(machine.places).fault == "update.unreachable"
    away.rename(releases.repository)
    check(order)
    assert load_state(machine.places).fault == ""


def _in_child(act: Callable[[], object]) -> int:
    """Do something in a process of its own; return its exit code, less than nothing if killed."""
    child = os.fork()
    if child == 0:
        code = 1
        try:
            act()
            code = 0
        except UpdateError as error:
            sys.stderr.write(error.code)
            code = 3
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("last", list(Step))
def test_a_kill_after_any_step_leaves_a_machine_that_runs_and_goes_on(
    machine: StandIns, order: Order, publish: Publish, last: Step
) -> None:
    publish(NEW)
    killed = telling(order, lambda step: _die() if step == last else None)
    assert _in_child(lambda: apply(killed)) == -signal.SIGKILL
    assert running(machine) == (NEW if last in {Step.SWITCHED, Step.SWEPT} else BASE)
    apply(order)
    assert running(machine) == NEW
    assert [path.name for path in machine.places.versions.iterdir()] == [NEW]


def _dying_at(number: int, act: Callable[[], object]) -> int:
    """Do something in a process that is killed right before its nth file gets its name."""
    left = number

    def count(event: str, _arguments: tuple[object, ...]) -> None:
        nonlocal left
        if event in {"os.rename", "os.rmdir"}:
            left -= 1
            if left < 0:
                _die()

    def counted() -> None:
        sys.addaudithook(count)
        act()

    return _in_child(counted)


def test_a_kill_before_any_file_gets_its_name_leaves_a_machine_that_runs(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    publish(NEW)
    apply(order)
    publish(NEWER)
    number, ran = 0, NEW
    while _dying_at(number, lambda: apply(order)) == -signal.SIGKILL:
        state = load_state(machine.places)
        assert (state.current, state.previous) in {(NEW, ""), (NEWER, NEW)}
        assert all(machine.places.tree(v).is_dir() for v in (state.current, state.previous) if v)
        ran, number = state.current, number + 1
    assert number > 5
    assert ran == NEWER or running(machine) == NEWER


def test_of_two_updaters_at_once_one_goes_away(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    publish(NEW)
    other: list[str] = []

    def interfere(step: Step) -> None:
        if step is Step.STAGED:
            other.append(refusal(lambda: apply(order)))
            other.append(refusal(lambda: roll_back(order.places)))

    apply(telling(order, interfere))
    assert other == ["update.at_work", "update.at_work"]
    assert running(machine) == NEW


def test_rolling_back_leads_to_the_version_before_and_then_to_the_package(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    publish(NEW)
    apply(order)
    publish(NEWER)
    apply(order)
    assert roll_back(machine.places) == (NEWER, NEW)
    assert running(machine) == NEW
    assert apply(order).refused == "rolled_back", "it is not taken again by itself"
    assert roll_back(machine.places) == (NEW, BASE)
    assert running(machine) == BASE
    assert roll_back(machine.places) == (BASE, BASE)
    apply(order, again=True)
    assert running(machine) == NEWER


def test_a_version_that_is_open_keeps_its_files_until_it_is_closed(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    machine.make("1.0.5", "hold")
    machine.switch("1.0.5")
    desk = machine.begin("review")
    assert desk.stdout is not None
    desk.stdout.readline()
    for version in (NEW, NEWER):
        publish(version)
        apply(order)
    assert machine.places.tree("1.0.5").is_dir(), "a desk of it is open"
    assert running(machine) == NEWER
    desk.communicate("\n")
    publish("1.3.0")
    apply(order)
    assert sorted(path.name for path in machine.places.versions.iterdir()) == [NEWER, "1.3.0"]


def test_a_folder_that_others_write_to_is_not_used(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    publish(NEW)
    machine.places.versions.chmod(0o777)
    assert refusal(lambda: apply(order)) == "update.not_ours"
    assert not machine.places.state.exists()


def test_an_account_that_may_not_write_there_is_refused_and_changes_nothing(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    publish(NEW)
    for folder in (machine.places.folder, machine.places.versions):
        folder.chmod(0o555)

    def try_it() -> None:
        if os.geteuid() == 0:
            os.setegid(65534)
            os.seteuid(65534)
        apply(order)

    assert _in_child(try_it) == 3
    assert list(machine.places.folder.iterdir()) == [machine.places.versions]


@pytest.fixture
def small_disk(machine: StandIns) -> Iterator[Path]:
    """Versions lie on a disk of a few megabytes."""
    with disk_at(machine.places.folder, "2m") as folder:
        yield folder


@pytest.mark.parametrize("when", [Step.LOCKED, Step.TRIED])
def test_a_disk_that_is_full_at_any_step_leaves_the_version_that_runs(
    machine: StandIns, order: Order, publish: Publish, small_disk: Path, when: Step
) -> None:
    publish(NEW)

    def fill_at(step: Step) -> None:
        if step == when:
            fill(small_disk)

    assert refusal(lambda: apply(telling(order, fill_at))) in {
        "update.no_room",
        "update.not_writable",
    }
    assert running(machine) == BASE
    (small_disk / "filler").unlink()
    apply(order)
    assert running(machine) == NEW


def test_the_state_is_for_everybody_to_read_and_for_its_owner_to_write(
    machine: StandIns, order: Order, publish: Publish
) -> None:
    publish(NEW)
    shutil.rmtree(machine.places.folder)
    before = os.umask(0o077)
    try:
        apply(order)
    finally:
        os.umask(before)
    assert machine.places.state.stat().st_mode & 0o777 == 0o644
    assert json.loads(machine.places.state.read_text())["current"] == NEW
    for path in (machine.places.folder, *machine.places.versions.rglob("*")):
        assert path.stat().st_mode & 0o044 == 0o044, path
