"""A server with a database of its own in one folder, for ./run: on this machine alone."""

import contextlib
import fcntl
import hashlib
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg
import requests
from requests.exceptions import RequestException

from sync_server.admin import operating
from sync_server.db.migrate import migrate
from sync_server.jobs.seeding import seed_demo
from sync_server.keys import make_keys
from sync_server.private_cluster import PrivateCluster
from sync_server.programs import Process, start
from sync_server.server import Server
from sync_server.settings import PREFIX, Settings
from trafficdesk.domain.demo import people, town

# PostgreSQL refuses root and runs as another user, who may not enter root's own folders.
ROOTS_CLUSTERS: Final = Path("/var/lib/trafficdesk-demo")
_DATABASE: Final = "trafficdesk"
_HOST: Final = "127.0.0.1"
_WAIT_S: Final = 30.0
_STEP_S: Final = 0.05


class PrivateServerError(Exception):
    """The server cannot run; the message says why."""


@dataclass(slots=True)
class Service:
    """The program that answers desks, which can be cut off and brought back."""

    url: str
    environment: dict[str, str]
    log: Path
    _process: Process | None = None

    @property
    def is_up(self) -> bool:
        """Tell whether it was brought up."""
        return self._process is not None

    def bring_up(self) -> None:
        """Start it and wait until it answers. Raises ``PrivateServerError``."""
        serve = [sys.executable, "-c", "from sync_server.cli import main; main()", "serve"]
        with self.log.open("ab") as log:
            self._process = start(
                bound_to_us(serve),
                streams=(None, log, log),
                environment=self.environment,
                is_apart=True,
            )
        self._wait_until_it_answers(self._process)

    def cut_off(self) -> None:
        """End it in order; no desk can reach it then."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            process.wait()

    def _wait_until_it_answers(self, process: Process) -> None:
        ends_at = time.monotonic() + _WAIT_S
        while True:
            with contextlib.suppress(RequestException):
                if requests.get(f"{self.url}/health", timeout=_WAIT_S).ok:
                    return
            if process.poll() is not None or time.monotonic() > ends_at:
                end = self.log.read_text("utf-8", "replace").splitlines()[-3:]
                raise PrivateServerError("The server does not start: " + " ".join(end))
            time.sleep(_STEP_S)


@dataclass(frozen=True, slots=True)
class Running:
    """A running server; ``make_token`` makes one-time tokens for new desks."""

    service: Service
    make_token: Callable[[], str]

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.service.url


@contextlib.contextmanager
def private_server(folder: Path) -> Iterator[Running]:
    """Run database and server while the block runs; both end with this process however it ends.

    The first time the database is made and gets the demo city. The address stays the same from
    run to run unless something else has taken the port meanwhile.

    Raises:
        PrivateServerError, ClusterError: it does not start.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _held(folder), PrivateCluster(_cluster_folder(folder)) as cluster:
        settings = _settings(cluster, folder)
        with _furnished(settings) as make_token, _serving(settings, folder) as service:
            yield Running(service, make_token)


@contextlib.contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Hold the folder; wait for a database that a killed run has left, which is about to end."""
    with (folder / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise PrivateServerError(f"A server runs from {folder} already.") from None
        ends_at = time.monotonic() + _WAIT_S
        while _is_alive(_cluster_folder(folder) / "data" / "postmaster.pid"):
            if time.monotonic() > ends_at:
                raise PrivateServerError(f"A database still runs in {folder}.")
            time.sleep(_STEP_S)
        yield


def _is_alive(pid_file: Path) -> bool:
    try:
        pid = int(pid_file.read_text("ascii").split()[0])
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except (OSError, ValueError, IndexError):
        return False


def _cluster_folder(folder: Path) -> Path:
    if os.geteuid() != 0:
        return folder / "database"
    name = hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]
    return ROOTS_CLUSTERS / name


def _settings(cluster: PrivateCluster, folder: Path) -> Settings:
    with psycopg.connect(cluster.url()) as connection:
        is_made = connection.execute(
            "SELECT FROM pg_database WHERE datname = %s", [_DATABASE]
        ).rowcount
    url = cluster.url(_DATABASE) if is_made else cluster.make_database(_DATABASE)
    migrate(url)
    keys = folder / "keys"
    make_keys(keys)
    return Settings.model_validate(
        {
            "database_url": url,
            "keys_dir": keys,
            "media_dir": folder / "media",
            "host": _HOST,
            "port": _free_port(folder / "port"),
            # Ten officers sign in on the first desk within seconds, with passwords all may know.
            "argon2_memory_mib": 19,
            "argon2_passes": 2,
            "development": True,
        }
    )


@contextlib.contextmanager
def _furnished(settings: Settings) -> Iterator[Callable[[], str]]:
    """Seed the database once; yield what makes tokens."""
    server = Server.of(settings)
    server.database.open()
    try:
        seed_demo(server)
        station = f"{town.CITY_CODE}/{people.STATIONS[0].name}"
        yield lambda: operating.enrol_token(server, station, hours=1)
    finally:
        server.database.close()


@contextlib.contextmanager
def _serving(settings: Settings, folder: Path) -> Iterator[Service]:
    log = folder / "server.log"
    log.unlink(missing_ok=True)
    service = Service(f"http://{_HOST}:{settings.port}", _environment(settings), log)
    try:
        service.bring_up()
        yield service
    finally:
        service.cut_off()


def bound_to_us(command: list[str]) -> list[str]:
    """Return what runs a command that is asked to end when this process ends, killed or not."""
    setpriv = shutil.which("setpriv")
    return command if setpriv is None else [setpriv, "--pdeathsig=TERM", *command]


def _environment(settings: Settings) -> dict[str, str]:
    given = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    told = settings.model_dump(include=settings.model_fields_set)
    return given | {f"{PREFIX}{name.upper()}": str(value) for name, value in told.items()}


def _free_port(file: Path) -> int:
    """Return the port of the last run if it is free, else any free one, and keep it."""
    with contextlib.suppress(OSError, ValueError):
        port = int(file.read_text("ascii"))
        if _bound_port(port):
            return port
    port = _bound_port(0)
    file.write_text(f"{port}\n", encoding="ascii")
    return port


def _bound_port(port: int) -> int:
    """Return the port that a listener gets who asks for one, 0 if it is taken."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])
