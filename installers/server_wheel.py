"""Makes the server's wheel: ``python -m installers.server_wheel``; ``--prove`` tries it, too.

The wheel holds desk and server, for they share the domain and the wire; a server installs it with
``requirements-server.txt`` alone, without Qt. The proof does so in a bare environment, migrates a
PostgreSQL of its own and asks the server how it is.
"""

import argparse
import contextlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import requests
from requests.exceptions import RequestException

from installers.bundle import BUILD, DIST, BundleError
from installers.page_assets import ROOT, VENDOR
from installers.report_words import FOLDER as TRANSLATIONS
from installers.source import source_date
from sync_server.private_cluster import PrivateCluster
from sync_server.programs import run, start
from sync_server.settings import PREFIX

_HOST = "127.0.0.1"
_WAIT_S = 30.0
_STEP_S = 0.1
_SOURCES = ("trafficdesk", "sync_server")


def make_wheel(to: Path) -> Path:
    """Write the wheel into a folder and return its place; the same source gives the same bytes.

    Raises:
        BundleError: setuptools refuse; it says what.
    """
    tree = BUILD / "wheel"
    shutil.rmtree(tree, ignore_errors=True)
    tree.mkdir(parents=True)
    shutil.copy(ROOT / "pyproject.toml", tree)
    for name in _SOURCES:
        shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
    # Its reports are set in the desk's fonts and say the desk's words.
    shutil.copytree(VENDOR / "fonts", tree / "trafficdesk" / "exports" / "documents" / "fonts")
    spoken = tree / "trafficdesk" / "translations"
    shutil.copytree(TRANSLATIONS, spoken, ignore=shutil.ignore_patterns("*.ts", "*.qm"))
    to.mkdir(parents=True, exist_ok=True)
    made = tree / "made"
    words = ("-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--quiet")
    _must(
        (sys.executable, *words, "--wheel-dir", str(made), str(tree)),
        os.environ | {"SOURCE_DATE_EPOCH": str(source_date())},
    )
    (wheel,) = made.glob("*.whl")
    return Path(shutil.copy(wheel, to))


def install(wheel: Path, folder: Path) -> Path:
    """Make a bare environment with the server in it, and return its ``sync-server``.

    Raises:
        BundleError: a package cannot be had.
    """
    _must((sys.executable, "-m", "venv", str(folder)))
    pip = (str(folder / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check")
    _must((*pip, "--require-hashes", "-r", str(ROOT / "requirements-server.txt")))
    _must((*pip, "--no-deps", str(wheel)))
    return folder / "bin" / "sync-server"


def _must(command: tuple[str, ...], environment: Mapping[str, str] | None = None) -> str:
    ended = run(*command, environment=environment)
    if ended.code:
        raise BundleError(f"{' '.join(command)}:\n{ended.out}{ended.err}")
    return ended.out


def prove(wheel: Path) -> None:
    """Install the wheel as a server would and have it migrate, check and serve.

    Raises:
        BundleError: a step fails; it says which.
    """
    # PostgreSQL runs as another user than root, who may not enter every temporary folder.
    with tempfile.TemporaryDirectory(prefix="trafficdesk-server-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        program = str(install(wheel, folder / "venv"))
        _must((program, "--help"))
        sys.stdout.write("It installs without Qt and says its help.\n")
        with PrivateCluster(folder / "database", durable=False) as cluster:
            environment = _settings(cluster.make_database("proof"), folder)
            _must((program, "migrate"), environment)
            _must((program, "check"), environment)
            sys.stdout.write("It migrates a database and finds it sound.\n")
            process = start((program, "serve"), environment=environment)
            try:
                _wait_for_health(environment)
            finally:
                process.send_signal(signal.SIGTERM)
            if process.wait():
                raise BundleError(f"The server ended with {process.returncode}.")
            sys.stdout.write("It serves, answers how it is, and ends in order.\n")


def _settings(database: str, folder: Path) -> dict[str, str]:
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port = probe.getsockname()[1]
    told = {
        "DATABASE_URL": database,
        "KEYS_DIR": folder / "keys",
        "MEDIA_DIR": folder / "media",
        "PORT": port,
        "BEHIND_TLS_PROXY": "true",
        "TRUSTED_PROXIES": _HOST,
    }
    return os.environ | {f"{PREFIX}{name}": str(value) for name, value in told.items()}


def _wait_for_health(environment: Mapping[str, str]) -> None:
    url = f"http://{_HOST}:{environment[f'{PREFIX}PORT']}/health"
    ends_at = time.monotonic() + _WAIT_S
    while time.monotonic() < ends_at:
        with contextlib.suppress(RequestException):
            if requests.get(url, timeout=_WAIT_S).ok:
                return
        time.sleep(_STEP_S)
    raise BundleError(f"The server does not answer at {url}.")


def main() -> int:
    """Make the wheel, and return the exit code."""
    parser = argparse.ArgumentParser(description="Make the server's wheel.")
    parser.add_argument("--to", type=Path, default=DIST)
    parser.add_argument("--prove", action="store_true", help="install it and have it serve")
    given = parser.parse_args()
    try:
        wheel = make_wheel(given.to.resolve())
        sys.stdout.write(f"The wheel is {wheel}\n")
        if given.prove:
            prove(wheel)
    except BundleError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
