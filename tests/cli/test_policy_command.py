"""IT tries a policy before it is rolled out; a desk says why it does not open on a wrong one."""

import json
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox

from tests.cli.conftest import Run
from trafficdesk.cli.opening import open_desk
from trafficdesk.policy import errors, machine
from trafficdesk.policy.errors import PolicyError
from trafficdesk.profile import Profile
from trafficdesk.qt.shell.refusal import policy_sentence


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "policies.json"
    file.write_text('{"lock": {"idle_minutes": 5, "keyring": false}}')
    file.chmod(0o644)
    return file


def test_a_policy_that_would_be_followed_is_shown_rule_by_rule(run: Run, file: Path) -> None:
    ran = run("policy", "check", file)
    assert ran.code == 0
    assert "lock.idle_minutes: 5\nlock.keyring: no" in ran.out
    told = run("policy", "check", file, "--json").told
    assert told["policy"]["lock"] == {"idle_minutes": 5, "keyring": False}


def test_a_wrong_one_is_refused_with_what_is_wrong(run: Run, file: Path) -> None:
    file.write_text('{"lock": {"idle_minutes": 500}}')
    ran = run("policy", "check", file)
    assert ran.code == 1
    assert str(file) in ran.err
    assert "lock" in ran.err
    assert "idle_minutes" in ran.err
    assert run("policy", "check", file.with_name("none.json")).code == 1


def test_what_would_be_passed_over_is_told(run: Run, file: Path) -> None:
    file.write_text('{"drones": {}, "position": {"keep_days": 1000}}')
    ran = run("policy", "check", file)
    assert ran.code == 5
    assert "Passed over: drones" in ran.out
    assert "Passed over: position" in ran.out


def test_a_source_of_positions_that_no_desk_knows_is_told(run: Run, file: Path) -> None:
    file.write_text('{"position": {"source": "sextant"}, "exports": {"formats": ["pdf", "csv"]}}')
    ran = run("policy", "check", file)
    assert ran.code == 5
    assert "Passed over: position (there is no source of positions sextant)." in ran.out
    assert "position.source" not in ran.out
    assert "exports.formats: pdf, csv" in ran.out
    file.write_text('{"position": {"source": "serial:/dev/ttyUSB0@4800"}}')
    assert run("policy", "check", file).code == 0


def test_the_machines_own_is_found(run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "LINUX_FILE", file)
    told = run("policy", "show", "--json").told
    assert told["place"] == str(file)
    assert Profile.from_environment().policy.lock.idle_minutes == 5


def test_no_command_and_no_window_opens_a_desk_on_a_wrong_one(
    run: Run, file: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    assert qapp
    monkeypatch.setattr(machine, "LINUX_FILE", file)
    file.write_text(json.dumps({"passwords": {"min_characters": "many"}}))
    ran = run("store", "stats", "--json")
    assert (ran.code, ran.told["code"]) == (1, errors.WRONG)
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text()))
    assert open_desk() == 1
    (sentence,) = shown
    assert str(file) in sentence
    assert "passwords" in sentence


@pytest.mark.parametrize(
    "code", [errors.UNREADABLE, errors.OPEN_TO_ALL, errors.TOO_BIG, errors.GARBLED, errors.WRONG]
)
def test_every_reason_has_its_sentence(code: str) -> None:
    error = PolicyError(code, path="the file", section="lock", detail="a reason")
    assert "the file" in policy_sentence(error)
