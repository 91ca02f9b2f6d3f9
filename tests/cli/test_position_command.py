"""``trafficdesk position`` shows what the source says, and writes nothing of it anywhere."""

import json
import logging
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Run
from tests.position.drives import START, gga, no_fix, rmc
from tests.position.gpsd_server import GpsdServer
from trafficdesk.cli.exits import Exit

Policy = Callable[[str], None]


@pytest.fixture
def policy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """Write a policy into a profile that holds nothing else."""
    folder = tmp_path / "laptop"
    folder.mkdir()
    monkeypatch.setenv("TRAFFICDESK_HOME", str(folder))

    def write(source: str) -> None:
        settings = {"theme": "dark", "position": {"source": source, "keep_days": 7}}
        (folder / "settings.json").write_text(json.dumps(settings), encoding="utf-8")

    return write


@pytest.fixture
def drive(tmp_path: Path) -> Path:
    path = tmp_path / "drive.nmea"
    moments = [START + timedelta(seconds=n) for n in range(5)]
    path.write_bytes(no_fix() + b"".join(gga(at) + rmc(at) for at in moments))
    return path


def listen(run: Run, *words: object) -> Ran:
    return run("position", "--seconds", 60, *words)


def test_without_a_policy_nothing_is_listened_to(run: Run, policy: Policy) -> None:
    assert "No source of positions is chosen" in listen(run).out
    policy("off")
    done = listen(run, "--json")
    assert (done.code, done.told["state"]) == (Exit.DONE, "off")


def test_each_status_and_fix_is_shown_as_it_comes(run: Run, policy: Policy, drive: Path) -> None:
    policy(f"replay:100x:{drive}")
    done = listen(run)
    assert done.code == Exit.DONE
    lines = done.out.splitlines()
    assert lines[0] == f"source: replay:100x:{drive}"
    assert lines[1].endswith("searching")
    assert lines[2].endswith("fixed")
    assert [
        line for line in lines if "11.018000, 76.966000  within 4 m  23 km/h  course 84" in line
    ]
    assert "The recording was played to its end." in done.out
    assert lines[-1] == "fixes: 5 taken"


def test_a_program_gets_one_object(run: Run, policy: Policy, drive: Path) -> None:
    policy(f"replay:100x:{drive}")
    told = listen(run, "--json").told
    assert (told["ok"], told["code"]) == (True, "position.replay_over")
    assert told["fixes"] == {"taken": 5}
    assert told["last"]["lat"] == pytest.approx(11.018)
    assert told["last"]["accuracy_m"] == pytest.approx(4.5)


def test_a_fault_is_told_with_what_to_do(run: Run, policy: Policy, tmp_path: Path) -> None:
    policy(f"serial:{tmp_path / 'ttyUSB0'}")
    done = run("position", "--seconds", 2)
    assert done.code == Exit.UNSOUND
    assert f"There is no serial port {tmp_path / 'ttyUSB0'}. Plug the receiver in" in done.out


def test_no_position_yet_is_not_called_one(run: Run, policy: Policy) -> None:
    server = GpsdServer()
    try:
        policy(f"gpsd:127.0.0.1:{server.port}")
        done = run("position", "--seconds", 1, "--json")
    finally:
        server.close()
    assert done.code == Exit.UNSOUND
    assert (done.told["ok"], done.told["state"], done.told["last"]) == (False, "searching", None)
    assert "There is no position yet" in done.told["message"]


def test_a_policy_that_nobody_understands_is_refused(run: Run, policy: Policy) -> None:
    policy("gsp")
    done = listen(run)
    assert done.code == Exit.REFUSED
    assert "gsp" in done.err


def test_no_position_is_logged_or_written(
    run: Run, policy: Policy, drive: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    policy(f"replay:100x:{drive}")
    with caplog.at_level(logging.DEBUG):
        done = listen(run)
    assert "11.018" in done.out
    assert done.err == ""
    assert caplog.records == []
    assert [path.name for path in (tmp_path / "laptop").iterdir()] == ["settings.json"]
