"""The set-up finds a Python that really runs, knows what is missing, and repairs itself."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SETUP = ROOT / "installers" / "setup.sh"
SCRIPTS = ("run", "test", ".ci/run")


def shell(script: str, path: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run a bash script after sourcing the set-up."""
    return subprocess.run(
        ["/bin/bash", "-c", f"set -euo pipefail; source {shlex.quote(str(SETUP))}; {script}"],
        env={**os.environ, "PATH": path or os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=False,
    )


def put(folder: Path, name: str, body: str) -> None:
    """Lay a program into a folder."""
    program = folder / name
    program.write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
    program.chmod(0o755)


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_command_may_be_run_and_is_good_bash(name: str) -> None:
    assert os.access(ROOT / name, os.X_OK)
    subprocess.run(["bash", "-n", ROOT / name], check=True)


def test_a_shim_without_its_python_is_passed_over(tmp_path: Path) -> None:
    put(tmp_path, "python3.13", "echo 'python3.13: command not found' >&2; exit 127")
    put(tmp_path, "python3.12", "exit 0")
    put(tmp_path, "python3", f'exec "{sys.executable}" "$@"')
    found = shell("system_folders=; find_python", str(tmp_path))
    assert found.stdout.strip() == str(tmp_path / "python3")


def test_the_newest_python_that_runs_is_taken(tmp_path: Path) -> None:
    put(tmp_path, "python3.13", "exit 127")
    put(tmp_path, "python3.12", "echo 3.12")
    put(tmp_path, "python3.11", "echo 3.11")
    put(tmp_path, "python3", "echo 3.14")
    found = shell("system_folders=; find_python", str(tmp_path))
    assert found.stdout.strip() == str(tmp_path / "python3.12")


def test_a_python_outside_the_path_is_found_in_the_systems_folders(tmp_path: Path) -> None:
    system, path = tmp_path / "system", tmp_path / "path"
    system.mkdir()
    path.mkdir()
    put(system, "python3.13", "echo 3.13")
    put(path, "python3", "echo 3.11")
    found = shell(f"system_folders={shlex.quote(str(system))}; find_python", str(path))
    assert found.stdout.strip() == str(system / "python3.13")


def test_a_python_too_old_or_too_new_is_none(tmp_path: Path) -> None:
    put(tmp_path, "python3", "echo 3.10")
    put(tmp_path, "python", "echo 3.14")
    found = shell("system_folders=; find_python", str(tmp_path))
    assert found.returncode != 0
    assert not found.stdout


def test_a_python_without_the_parts_a_venv_needs_is_none(tmp_path: Path) -> None:
    # The blocked import stands for a Debian python3 without python3-venv.
    blocked = 'import sys; sys.modules["ensurepip"] = None; exec(sys.argv[1])'
    put(tmp_path, "python3", f"exec '{sys.executable}' -c '{blocked}' \"$2\"")
    found = shell("system_folders=; find_python", str(tmp_path))
    assert found.returncode != 0


def test_without_any_python_the_set_up_says_what_to_install(tmp_path: Path) -> None:
    done = shell(f"system_folders=; venv={tmp_path}/none; PATH={tmp_path}; make_venv ''")
    assert done.returncode == 1
    assert "Python 3.11, 3.12 or 3.13" in done.stderr
    assert "apt-get install" in done.stderr


def test_a_package_is_missing_only_if_none_of_its_names_is_installed(tmp_path: Path) -> None:
    installed = "installed libasound2t64 deinstalled libnss3 installed libgbm1 "
    put(tmp_path, "dpkg-query", f"printf '%s' '{installed}'")
    done = shell("missing_packages", f"{tmp_path}:{os.environ['PATH']}")
    missing = done.stdout.splitlines()
    assert "libnss3" in missing
    assert "libglib2.0-0t64|libglib2.0-0" in missing
    assert "libgbm1" not in missing
    assert not [line for line in missing if "libasound2" in line]


def test_a_user_who_cannot_become_root_gets_the_line_to_run(tmp_path: Path) -> None:
    put(tmp_path, "dpkg-query", "printf 'installed libgbm1 '")
    put(tmp_path, "apt-cache", 'case "$2" in *t64) exit 0;; *) echo "Candidate: 1.0";; esac')
    put(tmp_path, "id", "echo 1000")
    put(tmp_path, "sudo", "exit 1")
    done = shell("install_debian_packages python3", f"{tmp_path}:{os.environ['PATH']}")
    assert done.returncode == 1
    line = next(line for line in done.stderr.splitlines() if "apt-get install" in line)
    assert line.strip().startswith("sudo apt-get install -y")
    assert {"libnss3", "libasound2", "libsqlite3-mod-spatialite"} <= set(line.split())
    assert "libgbm1" not in line.split()


def test_what_a_server_needs_is_asked_for_only_where_one_is_wanted(tmp_path: Path) -> None:
    put(tmp_path, "dpkg-query", "printf 'installed libgbm1 '")
    path = f"{tmp_path}:{os.environ['PATH']}"
    assert "postgis" not in shell("missing_packages", path).stdout
    assert "postgresql-postgis|" in shell("add_server_packages; missing_packages", path).stdout
    put(tmp_path, "dpkg-query", "printf 'installed postgresql-16-postgis-3 '")
    assert "postgis" not in shell("add_server_packages; missing_packages", path).stdout


@pytest.mark.parametrize("damage", ["interrupted", "moved", "another Python", "gone"])
def test_an_environment_that_is_not_whole_is_made_again(tmp_path: Path, damage: str) -> None:
    venv = tmp_path / ".venv"
    (venv / "bin").mkdir(parents=True)
    place = tmp_path / "elsewhere" if damage == "moved" else venv
    (venv / "pyvenv.cfg").write_text(f"command = python -m venv {place}\n", encoding="utf-8")
    if damage != "gone":
        put(venv / "bin", "python", "echo 3.11" if damage == "another Python" else "echo 3.12")
    if damage == "interrupted":
        (venv / ".installing").touch()
    usable = f"venv={shlex.quote(str(venv))}; venv_is_usable 3.12"
    assert shell(usable).returncode != 0


def test_an_environment_that_is_whole_is_kept(tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()
    put(tmp_path / "bin", "python", "echo 3.12")
    (tmp_path / "pyvenv.cfg").write_text(f"command = python -m venv {tmp_path}\n", "utf-8")
    assert shell(f"venv={shlex.quote(str(tmp_path))}; venv_is_usable 3.12").returncode == 0
