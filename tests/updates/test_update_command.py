"""``trafficdesk update``: what it says, with what it leaves, and who may."""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from tests.updates.releases import PLATFORM, Releases
from tests.updates.standins import BASE, StandIns
from trafficdesk.cli.commands import app
from trafficdesk.cli.exits import Exit
from trafficdesk.cli.sentences import SENTENCES
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.policy import machine as policy_machine
from trafficdesk.updates import errors, ordering, places
from trafficdesk.updates.state import State, load_state, save_state
from trafficdesk.updates.switching import changing

NEW = "1.1.0"

pytestmark = pytest.mark.skipif(os.name != "posix", reason="programs that start with #!")


@pytest.fixture
def installed(
    machine: StandIns, releases: Releases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> StandIns:
    """The program is one that a package brought, with the root of this repository in it."""
    root = tmp_path / "resources" / "updates" / "root.json"
    root.parent.mkdir(parents=True)
    root.write_bytes((releases.repository / "metadata" / "1.root.json").read_bytes())
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    monkeypatch.setattr(places, "find_places", lambda: machine.places)
    monkeypatch.setattr(ordering, "this_platform", lambda: PLATFORM)
    monkeypatch.setattr(policy_machine, "LINUX_FILE", tmp_path / "policies.json")
    return machine


def run(*words: object) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["update", *map(str, words)], catch_exceptions=False)
    return done.exit_code, done.stdout, done.stderr


def _release(releases: Releases, version: str, code: int = 0) -> None:
    releases.release(version, {"trafficdesk": f"#!/bin/sh\nexit {code}\n".encode()})


def test_a_folder_is_checked_fetched_and_applied_and_taken_back(
    installed: StandIns, releases: Releases
) -> None:
    _release(releases, NEW)
    stick = releases.copy("stick")
    code, out, _ = run("check", "--from", stick)
    assert (code, NEW in out) == (Exit.DONE, True)
    assert not installed.places.tree(NEW).exists()
    assert run("fetch", "--from", stick)[0] == Exit.DONE
    assert installed.places.tree(NEW).is_dir()
    code, out, _ = run("apply", "--from", stick, "--json")
    assert (code, json.loads(out)["runs"]) == (Exit.DONE, NEW)
    told = json.loads(run("status", "--json")[1])
    assert (told["runs"], told["package"], told["newest"]) == (NEW, BASE, NEW)
    assert told["heard_at"] < told["expires_at"]
    code, out, _ = run("apply", "--from", stick)
    assert (code, "newest" in out) == (Exit.DONE, True)
    code, out, _ = run("rollback")
    assert (code, BASE in out) == (Exit.DONE, True)
    code, out, _ = run("apply", "--from", stick)
    assert code == Exit.DONE, "a timer that finds nothing to do has not failed"
    assert "--again" in out
    assert load_state(installed.places).current == ""
    assert "none before it" in run("rollback")[1]


@pytest.mark.usefixtures("installed")
def test_a_version_that_fails_its_selftest_is_told_with_what_was_wrong(releases: Releases) -> None:
    _release(releases, NEW, code=7)
    code, _, err = run("apply", "--from", releases.repository)
    assert code == Exit.REFUSED
    assert f"{NEW} failed its self-test" in err
    assert "it ended with 7" in err
    assert "not taken" in run("status")[1]


def test_two_at_once_are_told_apart(installed: StandIns, releases: Releases) -> None:
    with changing(installed.places):
        code, _, err = run("apply", "--from", releases.repository)
    assert code == Exit.IN_USE
    assert "at work" in err


def test_without_a_word_of_the_policy_nothing_is_asked(installed: StandIns) -> None:
    code, _, err = run("apply")
    assert code == Exit.DONE, "a timer that has nothing to do has not failed"
    assert "Updates are off" in err
    assert not installed.places.state.exists()


@pytest.mark.usefixtures("installed")
def test_the_policy_names_a_folder(releases: Releases, tmp_path: Path) -> None:
    _release(releases, NEW)
    policy = tmp_path / "policies.json"
    policy.write_text(json.dumps({"updates": {"source": str(releases.repository)}}))
    policy.chmod(0o644)
    assert NEW in run("check")[1]


def test_a_machine_keeps_its_place_in_a_rollout(installed: StandIns, releases: Releases) -> None:
    run("check", "--from", releases.repository)
    first = (installed.places.folder / "machine-id").read_text()
    run("check", "--from", releases.repository)
    assert (installed.places.folder / "machine-id").read_text() == first
    assert len(first) == 32


def test_a_repository_that_runs_out_is_told_a_month_before(installed: StandIns) -> None:
    for days, is_told in ((31, False), (29, True), (-1, True)):
        expires = to_ms(utc_now() + timedelta(days=days))
        save_state(installed.places, State(newest=NEW, checked_ms=1, expires_ms=expires))
        assert ("has to be renewed" in run("status")[1]) is is_told


@pytest.mark.usefixtures("installed")
def test_a_build_without_a_root_of_trust_takes_no_updates(
    releases: Releases, tmp_path: Path
) -> None:
    (tmp_path / "resources" / "updates" / "root.json").unlink()
    code, _, err = run("apply", "--from", releases.repository)
    assert code == Exit.REFUSED
    assert "without a root of trust" in err


def test_a_checkout_is_not_updated_this_way() -> None:
    for words in (("status",), ("rollback",)):
        code, _, err = run(*words)
        assert code == Exit.REFUSED
        assert "runs from a checkout" in err


def test_every_fault_has_its_sentence() -> None:
    codes = [value for value in vars(errors).values() if str(value).startswith("update.")]
    assert len(codes) > 10
    assert [code for code in codes if code not in SENTENCES] == []
