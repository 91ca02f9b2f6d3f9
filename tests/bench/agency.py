"""An agency on a durable PostgreSQL of its own, filled with the demo's reports, and its server.

The server runs in a process of its own, so that desk and server do not share a Python.
"""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast
from uuid import UUID

from sync_server.db.engine import Crossing
from sync_server.db.migrate import migrate
from sync_server.private_cluster import PrivateCluster
from sync_server.server import Server
from tests.bench.profiles import find_profile, signed_in
from tests.server.live import Live, settings_for
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk, join
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.services.session import Session
from trafficdesk.store.rows import fetch_all
from trafficdesk.wire.fields import FIELDS, Kind

_ROOT = Path(__file__).parent.parent.parent
_FIELDS = FIELDS[Entity.REPORT]
_READ = [name for name in _FIELDS if name not in {"violations", "media"}]
_ALL_DAYS = 36_500
Say = Callable[[str], None]


@dataclass
class Agency:
    """A filled agency; ``server_pid`` is its server's process."""

    world: World
    folder: Path
    server_pid: int
    desks: int = 0

    def join(self) -> SyncedDesk:
        """Enrol a new, empty desk that may see everything, whenever it happened."""
        self.desks += 1
        person = self.world.person(Role.SUPERVISOR, f"Officer {self.desks}")
        desk = join(self.world, person, self.folder / f"desk{self.desks}")
        with self.world.live.server.database.crossing(Crossing.OPERATOR) as connection:
            connection.execute("UPDATE devices SET window_days = %s", [_ALL_DAYS])
        return desk


@contextmanager
def filled_agency(rows: int, say: Say) -> Iterator[Agency]:
    """Make an agency with as many reports of the demo; all is thrown away with the block."""
    with ExitStack() as stack:
        # PostgreSQL's own user may not enter the folder with the server's keys.
        folder, place = (Path(tempfile.mkdtemp(prefix="trafficdesk-bench-")) for _ in "ab")
        for each in (folder, place):
            stack.callback(shutil.rmtree, each, ignore_errors=True)
        cluster = stack.enter_context(PrivateCluster(place))
        url = cluster.make_database("agency")
        migrate(url)
        server = Server.of(settings_for(url, folder))
        server.database.open()
        stack.callback(server.database.close)
        address, pid = stack.enter_context(_serving(url, folder))
        world = World(Live(address, server))
        if rows:
            with signed_in(find_profile(rows, say)) as session:
                _fill(world, session)
        yield Agency(world, folder, pid)


@contextmanager
def _serving(database_url: str, folder: Path) -> Iterator[tuple[str, int]]:
    with subprocess.Popen(
        [sys.executable, "-m", "tests.bench.server_child"],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the server has no pipes")
        try:
            asked = {"database_url": database_url, "folder": str(folder)}
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            yield process.stdout.readline().strip(), process.pid
        finally:
            process.stdin.close()


def _fill(world: World, session: Session) -> None:
    """Copy a desk's reports into the agency's city and station."""
    columns = ["tenant_id", "id", "version", "violations", *_READ]
    home = {"city_id": world.city_id, "station_id": world.station_id}
    names = ", ".join(columns)
    with (
        world.live.server.database.crossing(Crossing.OPERATOR) as database,
        session.store.reading() as connection,
    ):
        database.execute("SET LOCAL statement_timeout = 0")
        found = fetch_all(
            connection, f"SELECT id, violation, {', '.join(_READ)} FROM reports ORDER BY id"
        )
        with database.cursor().copy(f"COPY reports ({names}) FROM STDIN".encode()) as copy:
            for row in found:
                values = {n: _value(n, v) for n, v in zip(_READ, row[2:], strict=True)} | home
                record_id, violations = UUID(bytes=row[0]), f'["{row[1]}"]'
                copy.write_row([world.tenant_id, record_id, 1, violations, *values.values()])
    with world.live.server.database.crossing(Crossing.OPERATOR) as database:
        database.execute("ANALYZE reports")


def _value(name: str, value: object) -> object:
    if value is None or _FIELDS[name] is not Kind.ID:
        return bool(value) if _FIELDS[name] is Kind.BOOL else value
    return UUID(bytes=cast("bytes", value))
