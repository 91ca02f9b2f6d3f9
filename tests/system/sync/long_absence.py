"""Two weeks without a line: thousands of operations on one desk, some of them bad, and the return.

``python -m tests.system.long_offline`` prints what became of them.
"""

import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from tests.server.sync.town import report_changes
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk, join
from tests.system.sync.laws import check_laws
from tests.system.sync.told import exchange
from tests.system.sync.working import Shift, quiesce
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.services import parked
from trafficdesk.store import history

DAYS = 14
_SHARED = 40  # reports that both desks know when the one leaves
_MEANWHILE = 10  # of so many operations of the desk that is away, another does one
_OUTLINE = {"type": "Polygon", "coordinates": "76.9 11.0 " * 1_000_000}
Changes = dict[str, tuple[object, object]]


@dataclass(frozen=True)
class Bad:
    """An operation that no desk should write, and for what the server sets it aside."""

    reason: str
    action: str
    changes: Changes
    frame: dict[str, Any] = field(default_factory=dict)


def _elsewhere() -> Changes:
    return report_changes(uuid4(), uuid4())


# Each as a defect of a desk, or a hand in its store, might leave it.
BAD: dict[str, Callable[[], Bad]] = {
    "no record": lambda: Bad("unknown_record", "escalate", _FLAG, {"entity_id": uuid4()}),
    "not permitted": lambda: Bad("not_permitted", "escalate", {"plate": ("TN37BZ4412", "X")}),
    "the server's": lambda: Bad("not_permitted", "correct", {"updated_ms": (1, 2)}),
    "no severity": lambda: Bad("bad_value", "correct", {"severity": (2, 9)}),
    "no place": lambda: Bad("bad_value", "correct", {"lon": (76.9, 400), "lat": (11, 11)}),
    "a long text": lambda: Bad("bad_value", "correct", {"address": ("", "x" * 20_001)}),
    "a long note": lambda: Bad("bad_value", "escalate", _FLAG, {"note": "x" * 281}),
    "no move": lambda: Bad("illegal_move", "approve", {"status": ("pending", "closed")}),
    "a stranger": lambda: Bad("unknown_actor", "escalate", _FLAG, {"actor_id": uuid4()}),
    "no field": lambda: Bad("unknown_field", "correct", {"colour": (None, "red")}),
    "no action": lambda: Bad("unknown_field", "polish", _FLAG),
    "elsewhere": lambda: Bad("out_of_scope", "file", _elsewhere(), {"entity_id": uuid4()}),
}
# No server takes it, nor does any push have room for it.
OVERSIZE = Bad(
    "bad_value",
    "draw",
    {"name": (None, "Market"), "kind": (None, "geofence"), "geometry": (None, _OUTLINE)},
    {"entity": Entity.GEOFENCE, "entity_id": uuid4()},
)
_FLAG: Changes = {"escalated": (False, True)}


@dataclass
class Absence:
    """What an absence came to. ``planted`` are the bad operations, each with its reason."""

    seed: int
    operations: int = 0
    queued: int = 0
    planted: dict[UUID, str] = field(default_factory=dict)
    results: Counter[str] = field(default_factory=Counter)
    parked: Counter[str] = field(default_factory=Counter)
    conflicts: int = 0
    offline_s: float = 0.0
    drained_s: float = 0.0


def be_away(world: World, folder: Path, seed: int, operations: int, bad: float) -> Absence:
    """Work for two weeks without a line, come back, send everything, and check every law.

    ``bad`` is the share of operations that are bad, in percent.
    """
    draw = random.Random(seed)  # noqa: S311 - the same seed does the same
    run = Absence(seed)
    desks = [
        join(world, world.person(Role.SUPERVISOR, name), folder / name)
        for name in ("Velu R", "Meena K")
    ]
    try:
        away, other = desks
        _meet(away, other)
        started_s = time.perf_counter()
        _work_alone(away, other, draw, run, operations, bad)
        run.offline_s = time.perf_counter() - started_s
        run.queued = sum(away.counts())
        started_s = time.perf_counter()
        while exchange(world, away) or away.counts().queued or away.counts().sent:
            pass
        run.drained_s = time.perf_counter() - started_s
        _count(away, run)
        _check_set_aside(away, run)
        quiesce(desks)
        check_laws(world, desks)
    finally:
        for desk in desks:
            desk.close()
    return run


def _meet(away: SyncedDesk, other: SyncedDesk) -> None:
    for _ in range(_SHARED):
        away.file()
    for desk in (away, other, away):
        desk.sync()


def _work_alone(
    away: SyncedDesk,
    other: SyncedDesk,
    draw: random.Random,
    run: Absence,
    operations: int,
    bad: float,
) -> None:
    """Let the clock of the desk that is away go through two weeks, up to now."""
    shift, elsewhere = Shift(away.session, draw), Shift(other.session, draw)
    count = max(1, round(operations * bad / 100)) if bad else 0
    kinds = [list(BAD.values())[n % len(BAD)]() for n in range(count)]
    if count > len(BAD):
        kinds[-1] = OVERSIZE
    at = sorted(draw.sample(range(operations), count))
    while run.operations < operations:
        passed = run.operations / operations
        away.set_clock(timedelta(days=DAYS) * (passed - 1))
        if at and run.operations >= at[0]:
            at.pop(0)
            planted = kinds.pop()
            run.planted[plant(away, planted)] = planted.reason
            run.operations += 1
        elif shift.act() is not None:
            run.operations += 1
        if draw.randrange(_MEANWHILE) == 0:
            elsewhere.act()
    other.sync()
    away.set_clock(timedelta(0))


def plant(desk: SyncedDesk, bad: Bad) -> UUID:
    """Write an operation past all that keeps a desk from it, on a report of its own."""
    session = desk.session
    frame = dict(bad.frame)
    if "entity_id" not in frame:
        frame["entity_id"] = desk.file().id
    at_ms, action_id = to_ms(session.clock()), new_id()
    operation = history.Operation(
        op_id=new_id(),
        action_id=action_id,
        entity=Entity.REPORT,
        entity_id=action_id,
        action=bad.action,
        base_version=0,
        revision=2,
        changes=tuple(FieldChange(name, old, new) for name, (old, new) in bad.changes.items()),
        note="",
        actor_id=session.officer.id,
        device_id=session.device_id,
        at_ms=at_ms,
    )._replace(**frame)
    with session.store.writing() as connection:
        begun = history.ActionInsert(action_id, session.officer.id, bad.action, at_ms)
        history.begin_action(connection, begun)
        history.append(connection, operation)
    return operation.op_id


def _count(desk: SyncedDesk, run: Absence) -> None:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT trim(b.result || ' ' || b.reason), count(*) FROM outbox b "
            "JOIN events e ON e.seq = b.seq WHERE b.result <> '' GROUP BY 1"
        ).all()
    run.results.update({str(row[0]): int(row[1]) for row in rows})
    run.parked.update(each.reason for each in parked.find_parked(desk.session))
    run.conflicts = desk.counts().conflict


def _check_set_aside(desk: SyncedDesk, run: Absence) -> None:
    """Fail unless each bad operation waits for a person with its reason, and nothing else does."""
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT e.id, b.reason FROM outbox b JOIN events e ON e.seq = b.seq "
            "WHERE b.state = 'parked'"
        ).all()
    found = {UUID(bytes=row[0]): str(row[1]) for row in rows}
    assert found == run.planted, f"seed {run.seed}: set aside: {Counter(found.values())}"
