"""Pushes of 200 operations: the server's service and HTTP against the same statements bare.

The statements are noted once, on a copy of the database, while the service answers the batches;
the bare sides run them again on other copies: psycopg in turn with the server, pgbench after it.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch
from uuid import UUID

import msgspec
import psycopg
from psycopg.abc import Params
from psycopg.rows import tuple_row

from sync_server.db.engine import APP_ROLE, Database
from sync_server.db.migrate import migrate
from sync_server.logs import set_up_logs
from sync_server.private_cluster import PrivateCluster
from sync_server.serving import spare_what_lasts
from sync_server.sync import service
from sync_server.sync.scope import Device
from tests.bench.measuring import Pair, Result, timed_ms
from tests.bench.pgbench import Statement, time_transactions
from tests.server.live import running, settings_for
from tests.server.sync.town import report_changes
from tests.server.world import Client, World
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.exchange import PushAnswer, PushRequest
from trafficdesk.wire.operations import Operation

BATCH = 200
_NEW_SHARE = 5  # one operation in five files a report
Say = Callable[[str], None]


@contextmanager
def _noting() -> Iterator[list[Statement]]:
    """Give the growing list of what runs in the block, on whatever connection."""
    ran, execute = list[Statement](), psycopg.Cursor.execute

    def note(
        cursor: psycopg.Cursor[object],
        query: bytes,
        params: Params | None = None,
        *,
        prepare: bool | None = None,
    ) -> psycopg.Cursor[object]:
        ran.append((query, params))
        return execute(cursor, query, params, prepare=prepare)

    with patch.object(psycopg.Cursor, "execute", note):
        yield ran


@dataclass
class Ground:
    """An agency with reports in a template database, and the desk that pushes to its copies."""

    cluster: PrivateCluster
    folder: Path
    device: Device
    client: Client
    actor_id: UUID
    city_id: UUID
    station_id: UUID
    filed: list[UUID] = field(default_factory=list)

    def operation(self, record_id: UUID, action: str, changes: dict[str, Any]) -> Operation:
        """Return an operation of the desk on a report."""
        is_new = action == "file"
        return Operation(
            op_id=new_id(),
            action_id=new_id(),
            entity="report",
            entity_id=record_id,
            action=action,
            base_version=0 if is_new else 1,
            revision=1 if is_new else 2,
            changes=changes,
            note="",
            actor_id=self.actor_id,
            device_id=self.device.id,
            at_ms=1_795_000_000_000,
        )

    def creation(self) -> Operation:
        """Return a new report."""
        return self.operation(new_id(), "file", report_changes(self.city_id, self.station_id))

    def batch(self, number: int) -> list[Operation]:
        """Return a batch of approvals and new reports, each batch on reports of its own."""
        size = BATCH - BATCH // _NEW_SHARE
        decided = self.filed[number * size : (number + 1) * size]
        approval = {
            "status": ("pending", "approved"),
            "reviewer_id": (None, str(self.actor_id)),
            "decision_note": ("", "clear"),
        }
        approvals = [self.operation(each, "approve", approval) for each in decided]
        return approvals + [self.creation() for _ in range(BATCH // _NEW_SHARE)]


def _post(client: Client, operations: Sequence[Operation]) -> None:
    """Push over HTTP and take the next turn."""
    asked = PushRequest(protocol=1, operations=list(operations))
    answer = client.post("/sync/push", asked)
    found = msgspec.json.decode(answer.content, type=PushAnswer)
    if client.desk is None or any(each.result != "applied" for each in found.outcomes):
        raise AssertionError(f"not applied: {answer.text[:500]}")
    client.desk.turn = found.turn


@contextmanager
def _ground(rows: int) -> Iterator[Ground]:
    """Make a durable cluster with a template database that holds ``rows`` reports."""
    # PostgreSQL's own user may not enter the folder with the server's keys.
    folder, place = (Path(tempfile.mkdtemp(prefix="trafficdesk-bench-")) for _ in "ab")
    try:
        with PrivateCluster(place) as cluster:
            url = cluster.make_database("template_desk")
            migrate(url)
            with running(settings_for(url, folder)) as live:
                world = World(live)
                person, desk = world.person(), world.enrol()
                client = world.sign_in(person, desk)
                device = _device(world, desk.id)
                ground = Ground(
                    cluster, folder, device, client, person.id, world.city_id, world.station_id
                )
                while len(ground.filed) < rows:
                    part = [ground.creation() for _ in range(min(500, rows - len(ground.filed)))]
                    _post(client, part)
                    ground.filed += [each.entity_id for each in part]
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("ANALYZE")  # as PostgreSQL does by itself within a minute
            yield ground
    finally:
        for each in (folder, place):
            shutil.rmtree(each, ignore_errors=True)


def _device(world: World, device_id: UUID) -> Device:
    return Device(
        id=device_id,
        tenant_id=world.tenant_id,
        scope_id=device_id,
        home_city_id=world.city_id,
        city_ids=frozenset({str(world.city_id)}),
        station_ids=frozenset(),
        window_days=90,
    )


def _push(database: Database, device: Device, batch: list[Operation]) -> None:
    service.push(database, device, batch, lambda _connection: "")


def _note(url: str, ground: Ground, batches: list[list[Operation]]) -> list[list[Statement]]:
    """Run batches through the service; return the statements of each."""
    noted = []
    database = _opened(url)
    with _noting() as ran:
        for batch in batches:
            ran.clear()
            _push(database, ground.device, batch)
            noted.append(list(ran))
    database.close()
    return noted


def _opened(url: str) -> Database:
    database = Database(url, pool_size=2, statement_timeout_s=30)
    database.open()
    database.pool.wait()
    return database


@contextmanager
def _bare(url: str) -> Iterator[Callable[[list[Statement]], float]]:
    """Give what runs noted statements in one transaction and returns its milliseconds."""
    with psycopg.connect(url, autocommit=True, row_factory=tuple_row) as connection:
        connection.execute(f"SET ROLE {APP_ROLE}")
        connection.execute("SET timezone = 'UTC'")

        def run(statements: list[Statement]) -> float:
            def all_of_them() -> None:
                with connection.transaction():
                    for query, values in statements:
                        done = connection.execute(query, values)
                        if done.description:
                            done.fetchall()

            return timed_ms(all_of_them)

        yield run


def run(rows: int, repeats: int, say: Say) -> Result:
    """Measure ``repeats`` batches on each side, in turn, after two that warm."""
    set_up_logs("error", sys.stderr)
    count = repeats + 2
    with ExitStack() as stack:
        ground = stack.enter_context(_ground(max(rows, count * BATCH)))
        copies = ["noted", "served", "bare", "posted", "pgbench"]
        urls = [ground.cluster.make_database(name, "template_desk") for name in copies]
        batches = [ground.batch(number) for number in range(count)]
        noted = _note(urls[0], ground, batches)
        database = _opened(urls[1])
        stack.callback(database.close)
        bare = stack.enter_context(_bare(urls[2]))
        live = stack.enter_context(running(settings_for(urls[3], ground.folder)))
        ground.client.url = live.url
        served, posted = Pair("service"), Pair("http")
        spare_what_lasts()  # as the server does once it listens
        for number, batch in enumerate(batches):
            serve = partial(_push, database, ground.device, batch)
            post = partial(_post, ground.client, batch)
            sides = partial(timed_ms, serve), partial(bare, noted[number]), partial(timed_ms, post)
            times = _in_turn(number, *sides)
            if number > 1:
                served.desk_ms.append(times[0])
                served.bare_ms.append(times[1])
                posted.desk_ms.append(times[2])
                posted.bare_ms.append(times[1])
        plain_ms = time_transactions(urls[4], noted, ground.folder)[2:]
    say(f"{served.summary()}\n{posted.summary()}")
    figures = {"statements_a_push": len(noted[-1]), **_figures(served, posted, plain_ms)}
    return Result(median(plain_ms) / median(served.desk_ms), figures)


def _in_turn(number: int, *sides: Callable[[], float]) -> list[float]:
    """Run each side once, another one first each time; return their times in the given order."""
    order = [(number + place) % len(sides) for place in range(len(sides))]
    times = {place: sides[place]() for place in order}
    return [times[place] for place in range(len(sides))]


def _figures(served: Pair, posted: Pair, plain_ms: list[float]) -> dict[str, object]:
    def per_s(times: list[float]) -> float:
        return round(BATCH * 1000 / median(times))

    return {
        "operations_a_push": BATCH,
        "service_operations_per_s": per_s(served.desk_ms),
        "pgbench_operations_per_s": per_s(plain_ms),
        "psycopg_operations_per_s": per_s(served.bare_ms),
        "http_operations_per_s": per_s(posted.desk_ms),
        "http_ratio": round(median(plain_ms) / median(posted.desk_ms), 3),
        "ratio_to_psycopg": round(1 / served.ratio, 3),
        "cases": [served.summary(), posted.summary()],
    }
