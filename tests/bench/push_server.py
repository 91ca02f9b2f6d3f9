"""Pushes of 200 operations: the server's service and HTTP against the same statements bare.

The statements are noted once, on a copy of the database, while the service answers the batches;
the bare sides, psycopg and pgbench, run them again on copies of their own.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from tests.bench.measuring import Result, percentile, timed_ms
from tests.bench.pgbench import Statement, time_transactions
from tests.server.live import running, settings_for
from tests.server.sync.town import report_changes
from tests.server.world import Client, World
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.exchange import PushAnswer, PushRequest
from trafficdesk.wire.operations import Operation

BATCH = 200
_NEW_SHARE = 5  # one operation in five files a report
_ROUND, _WARM = 12, 2  # batches that a side pushes one after the other; the first are not counted
Say = Callable[[str], None]
Side = Callable[
    [Sequence[int]], list[float]
]  # milliseconds of each of the batches of these numbers


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
    """Measure ``repeats`` batches on each side, or a few more: in rounds of ``_ROUND``."""
    set_up_logs("error", sys.stderr)
    rounds = -(-repeats // (_ROUND - _WARM))
    count = rounds * _ROUND
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
        spare_what_lasts()  # as the server does once it listens
        sides: dict[str, Side] = {
            "service": _each(lambda n: _push(database, ground.device, batches[n])),
            "psycopg": lambda numbers: [bare(noted[number]) for number in numbers],
            "http": _each(lambda n: _post(ground.client, batches[n])),
            "pgbench": lambda numbers: time_transactions(
                urls[4], [noted[number] for number in numbers], ground.folder
            ),
        }
        found = _in_rounds(sides, rounds)
    for name, times in found.items():
        say(f"{name}: {median(times):.1f} ms, p95 {percentile(times, 0.95):.1f} ms a push")
    figures = {"statements_a_push": len(noted[-1]), "operations_a_push": BATCH, **_figures(found)}
    return Result(median(found["pgbench"]) / median(found["service"]), figures)


def _each(push: Callable[[int], None]) -> Side:
    return lambda numbers: [timed_ms(partial(push, number)) for number in numbers]


def _in_rounds(sides: Mapping[str, Side], rounds: int) -> dict[str, list[float]]:
    """Let each side push a round of batches, another side first each time; return their times.

    A server pushes one batch after the other, as pgbench does. If the sides took turns at every
    batch, each would find the caches full of what the others had done.
    """
    found: dict[str, list[float]] = {name: [] for name in sides}
    names = list(sides)
    for number in range(rounds):
        batches = range(number * _ROUND, (number + 1) * _ROUND)
        first = number % len(names)
        for name in names[first:] + names[:first]:
            found[name] += sides[name](batches)[_WARM:]
    return found


def _figures(found: Mapping[str, list[float]]) -> dict[str, object]:
    each_ms = {name: median(times) for name, times in found.items()}
    served_ms = each_ms["service"]
    return {
        **{f"{name}_operations_per_s": round(BATCH * 1000 / ms) for name, ms in each_ms.items()},
        "http_ratio": round(each_ms["pgbench"] / each_ms["http"], 3),
        "ratio_to_psycopg": round(each_ms["psycopg"] / served_ms, 3),
    }
