"""A PostgreSQL of our own in a folder: for a server on this machine alone, and for tests."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import psycopg
from psycopg import sql

from sync_server.programs import run, start

PROGRAMS_ROOT: Final = Path("/usr/lib/postgresql")  # where Debian puts every version
_START_S: Final = 60.0
_STOP_S: Final = 30.0
_ADMIN: Final = "trafficdesk"
_SYSTEM_USER: Final = "postgres"
DEBIAN_PACKAGES: Final = "postgresql-postgis"
# For tests: what a power cut would destroy is thrown away anyway.
_UNSAFE: Final = (
    "-cfsync=off",
    "-csynchronous_commit=off",
    "-cfull_page_writes=off",
    "-cautovacuum=off",
)


class ClusterError(Exception):
    """The private cluster cannot run; the message says why and what to do."""


def find_programs() -> Path:
    """Return the folder of the newest PostgreSQL here that has PostGIS. Raises ClusterError."""
    candidates = sorted(PROGRAMS_ROOT.glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    if found := shutil.which("postgres"):
        candidates.append(Path(found).resolve().parent)
    for folder in candidates:
        if (folder / "initdb").exists() and _has_postgis(folder):
            return folder
    raise ClusterError(
        "PostgreSQL with PostGIS was not found. On Debian and Ubuntu: "
        f"sudo apt-get install -y --no-install-recommends {DEBIAN_PACKAGES}"
    )


def _has_postgis(folder: Path) -> bool:
    told = run(str(folder / "pg_config"), "--sharedir")
    return (Path(told.out.strip()) / "extension" / "postgis.control").exists()


class PrivateCluster:
    """Runs while it is entered, and ends with this process however that ends.

    It listens on a Unix socket in a folder that only its own user may enter, so that nobody else
    on the machine can reach it and no password is needed. ``durable=False`` is for tests.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder, self._durable = folder, durable
        self._programs = find_programs()
        self._process: subprocess.Popen[bytes] | None = None
        self._sockets = Path()

    def __enter__(self) -> Self:
        """Start it; make it first if the folder is empty."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop it."""
        self.stop()

    def url(self, database: str = "postgres") -> str:
        """Return the address of one of its databases, as the owner of all of them."""
        return f"postgresql://{_ADMIN}@/{database}?host={self._sockets}"

    def start(self) -> None:
        """Start it and wait until it answers. Raises ClusterError with its log's last lines."""
        # Socket paths are at most 107 bytes long, and the folder's own may be longer.
        self._sockets = Path(tempfile.mkdtemp(prefix="trafficdesk-db-"))
        _give_to_server_user(self._sockets)
        if not (self.folder / "data" / "PG_VERSION").exists():
            self._make()
        with (self.folder / "server.log").open("ab") as log:
            self._process = start(
                [*_as_server_user(), *self._server_command()],
                streams=(subprocess.DEVNULL, log, log),
                is_apart=True,
            )
        self._wait_until_ready(self._process)

    def stop(self) -> None:
        """Stop it in order: open transactions roll back, all committed ones are kept."""
        process, self._process = self._process, None
        if process is not None and process.poll() is None:
            process.send_signal(signal.SIGINT if self._durable else signal.SIGQUIT)
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self._sockets, ignore_errors=True)

    def make_database(self, name: str, template: str = "template0") -> str:
        """Make a database, as a copy of a template that nobody is connected to; return its URL."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(
                    sql.Identifier(name), sql.Identifier(template)
                )
            )
        return self.url(name)

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )

    def _make(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        _give_to_server_user(self.folder)
        self._refuse_closed_road()
        making = self.folder / "data.making"
        shutil.rmtree(making, ignore_errors=True)
        done = run(
            *_as_server_user(),
            str(self._programs / "initdb"),
            f"--pgdata={making}",
            f"--username={_ADMIN}",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            *([] if self._durable else ["--no-sync"]),
        )
        if done.code != 0:
            raise ClusterError(f"The database could not be made: {done.err.strip()}")
        making.rename(self.folder / "data")

    def _refuse_closed_road(self) -> None:
        """Root may enter every folder, the user that PostgreSQL runs as may not."""
        if run(*_as_server_user(), "test", "-w", str(self.folder)).code != 0:
            raise ClusterError(
                f"The user {_SYSTEM_USER}, as which PostgreSQL runs, may not enter {self.folder}: "
                "choose a folder below one that everybody may pass."
            )

    def _server_command(self) -> list[str]:
        return [
            str(self._programs / "postgres"),
            f"-D{self.folder / 'data'}",
            f"-k{self._sockets}",
            "-clisten_addresses=",
            "-cmax_connections=200",
            "-ctimezone=UTC",
            *([] if self._durable else _UNSAFE),
        ]

    def _wait_until_ready(self, process: subprocess.Popen[bytes]) -> None:
        deadline_s = time.monotonic() + _START_S
        while True:
            try:
                psycopg.connect(self.url(), connect_timeout=2).close()
            except psycopg.OperationalError as error:
                if process.poll() is not None or time.monotonic() > deadline_s:
                    self.stop()
                    raise ClusterError(f"The database does not start: {self._log_end()}") from error
                time.sleep(0.02)
            else:
                return

    def _log_end(self) -> str:
        lines = (self.folder / "server.log").read_text(encoding="utf-8", errors="replace")
        return " ".join(lines.splitlines()[-3:])


def _as_server_user() -> list[str]:
    """Return what runs a command as a user PostgreSQL accepts, for it refuses root.

    The command gets a signal when the thread that started it ends, killed or not.
    """
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        return []
    user = [f"--reuid={_SYSTEM_USER}", f"--regid={_SYSTEM_USER}", "--init-groups"]
    return [setpriv, *(user if os.geteuid() == 0 else []), "--pdeathsig=INT"]


def _give_to_server_user(folder: Path) -> None:
    folder.chmod(0o700)
    if os.geteuid() == 0:
        try:
            user = pwd.getpwnam(_SYSTEM_USER)
        except KeyError:
            raise ClusterError(
                f"PostgreSQL refuses root, and this machine has no user {_SYSTEM_USER}."
            ) from None
        os.chown(folder, user.pw_uid, user.pw_gid)
