"""``./run`` makes the demo once and whole, opens the desk on it, and tours where no display is."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
# Says how it was called; makes a profile as the demo does, and dies in it if told to.
DESK = """#!/bin/sh
echo "$TRAFFICDESK_HOME|$QT_QPA_PLATFORM|$*" >>"$(dirname "$0")/calls"
[ "$1" = demo ] || exit 0
mkdir -p "$TRAFFICDESK_HOME"
[ ! -e "$(dirname "$0")/dies" ] || exit 9
touch "$TRAFFICDESK_HOME/desk.db"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """Lay out the commands with a set-up that has nothing to do and a desk that only answers."""
    folder = tmp_path / "check out"
    (folder / "installers").mkdir(parents=True)
    (folder / ".venv" / "bin").mkdir(parents=True)
    shutil.copy(ROOT / "run", folder)
    setup = (ROOT / "installers" / "setup.sh").read_text(encoding="utf-8")
    (folder / "installers" / "setup.sh").write_text(f"{setup}\nset_up() {{ :; }}\n", "utf-8")
    desk = folder / ".venv" / "bin" / "trafficdesk"
    desk.write_text(DESK, encoding="utf-8")
    desk.chmod(0o755)
    return folder


def start(
    checkout: Path, *arguments: str, display: str = ""
) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run ``./run`` with a display or none; return what it did and how it called the desk."""
    calls = checkout / ".venv" / "bin" / "calls"
    calls.unlink(missing_ok=True)
    unset = {"WAYLAND_DISPLAY", "TRAFFICDESK_HOME", "XDG_DATA_HOME", "QT_QPA_PLATFORM"}
    done = subprocess.run(
        [checkout / "run", *arguments],
        env={name: value for name, value in os.environ.items() if name not in unset}
        | {"HOME": str(checkout / "home"), "DISPLAY": display},
        capture_output=True,
        text=True,
        check=False,
    )
    return done, calls.read_text(encoding="utf-8").splitlines() if calls.exists() else []


def profile_of(checkout: Path) -> Path:
    return checkout / "home" / ".local" / "share" / "TrafficDesk-demo"


def test_the_first_run_makes_the_demo_and_opens_the_desk_on_it(checkout: Path) -> None:
    done, calls = start(checkout, display=":7")
    profile = profile_of(checkout)
    assert done.returncode == 0
    assert calls == [f"{profile}.making||demo", f"{profile}||"]
    assert (profile / "desk.db").exists()


def test_the_second_run_opens_the_same_profile_and_makes_nothing(checkout: Path) -> None:
    start(checkout, display=":7")
    _, calls = start(checkout, display=":7")
    assert calls == [f"{profile_of(checkout)}||"]


def test_an_interrupted_demo_is_made_again_and_never_opened(checkout: Path) -> None:
    dies = checkout / ".venv" / "bin" / "dies"
    dies.touch()
    done, calls = start(checkout, display=":7")
    assert done.returncode != 0
    assert len(calls) == 1
    assert not profile_of(checkout).exists()
    dies.unlink()
    done, calls = start(checkout, display=":7")
    assert done.returncode == 0
    assert [call.split("|")[2] for call in calls] == ["demo", ""]


def test_a_folder_that_holds_something_is_left_as_it_is(checkout: Path) -> None:
    profile_of(checkout).mkdir(parents=True)
    (profile_of(checkout) / "letter.txt").write_text("mine", encoding="utf-8")
    _, calls = start(checkout, display=":7")
    assert [call.split("|")[2] for call in calls] == [""]
    assert [file.name for file in profile_of(checkout).iterdir()] == ["letter.txt"]


def test_without_a_display_the_desk_tours_and_says_where_its_pictures_are(checkout: Path) -> None:
    done, calls = start(checkout)
    assert calls[-1] == f"{profile_of(checkout)}|offscreen|tour {checkout}/build/tour"
    assert "no display" in done.stdout
    assert str(checkout / "build" / "tour") in done.stdout


def test_a_named_profile_and_further_arguments_reach_the_desk(checkout: Path) -> None:
    place = checkout / "my profile"
    _, calls = start(checkout, "--profile", str(place), "store", "check", "--json")
    assert calls == [f"{place}.making||demo", f"{place}||store check --json"]


def test_the_set_up_alone_starts_nothing(checkout: Path) -> None:
    done, calls = start(checkout, "--setup-only")
    assert done.returncode == 0
    assert not calls
    assert not profile_of(checkout).exists()
