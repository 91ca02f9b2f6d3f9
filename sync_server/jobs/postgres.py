"""PostgreSQL's own programs for backups, started so that no password is seen by others."""

import os
import re
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psycopg import pq

from sync_server.private_cluster import PROGRAMS_ROOT
from sync_server.problems import RefusedError
from sync_server.programs import run
from trafficdesk.wire.codes import Code

_NEEDED: Final = ("pg_dump", "pg_restore", "psql")


@dataclass(frozen=True, slots=True)
class Programs:
    """The folder with the programs, and the environment that leads them to the database."""

    folder: Path
    environment: dict[str, str]

    def command(self, name: str, *words: str) -> list[str]:
        """Return the command line of one of them."""
        return [str(self.folder / name), *words]


def find_programs(url: str, server_version: int) -> Programs:
    """Return programs that are not older than the database (``150004`` is 15.4).

    Raises ``RefusedError`` if there are none.
    """
    major = server_version // 10_000
    for folder in _folders():
        if all((folder / name).exists() for name in _NEEDED) and _major_of(folder) >= major:
            return Programs(folder, _environment(url))
    raise RefusedError(
        Code.NOT_FOUND,
        f"pg_dump, pg_restore and psql of PostgreSQL {major} or newer were not found. "
        f"On Debian and Ubuntu: sudo apt-get install -y postgresql-client-{major}",
    )


def _folders() -> list[Path]:
    found = sorted(PROGRAMS_ROOT.glob("*/bin"), key=lambda p: int(p.parent.name), reverse=True)
    if on_path := shutil.which("pg_dump"):
        found.append(Path(on_path).parent)
    return found


def _major_of(folder: Path) -> int:
    """Return 15 of ``pg_dump (PostgreSQL) 15.4 (Debian …)``, 0 if it tells nothing."""
    told = re.search(r"\) (\d+)", run(str(folder / "pg_dump"), "--version").out)
    return int(told[1]) if told else 0


def _environment(url: str) -> dict[str, str]:
    """Return the environment with the database's address in it: a command line is for all to see.

    What the address does not say stays as the environment says it.
    """
    given = {
        option.envvar.decode(): option.val.decode()
        for option in pq.Conninfo.parse(url.encode())
        if option.envvar and option.val
    }
    return {**os.environ, **given, "PGAPPNAME": "sync-server", "LC_ALL": "C.UTF-8"}
