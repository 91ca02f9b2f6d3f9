"""Long runs: ``python -m tests.system.torture --seeds N`` (see there for what it prints)."""

import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.server.world import World
from tests.system.sync.fleet import DAYS_OFF, Act, Fleet
from tests.system.sync.laws import count_results
from tests.system.sync.servers import Fallible

_MOST_LUCK = 2**32
_OFTEN = {Act.WORK: 66, Act.EXCHANGE: 22, Act.CARRY: 6, Act.KILL: 2, Act.MOVE_DESK: 4}


@dataclass(frozen=True)
class Run:
    """What one seed came to."""

    seed: int
    counts: Counter[str]
    faults: Counter[str]
    results: dict[str, int]


def torture(server: Fallible, folder: Path, seed: int, *, desks: int = 3, steps: int = 60) -> Run:
    """Let desks work under faults, then check every law. Raises ``AssertionError``.

    Every second seed has a desk without a line, and the server goes back to a backup once.
    """
    draw = random.Random(seed)  # noqa: S311 - the same seed must fail the same way
    world = World(server.live)
    fleet = Fleet(world, folder, server)
    try:
        for number, days in enumerate(DAYS_OFF[:desks]):
            fleet.add_desk(days, afield=number == 0 and seed % 2 == 1)
        backed_up_at, restored_at = sorted(draw.sample(range(steps), 2))
        for step in range(steps):
            (act,) = draw.choices(list(_OFTEN), list(_OFTEN.values()))
            if step == backed_up_at:
                act = Act.BACK_UP
            if step == restored_at:
                act = Act.RESTORE
            fleet.take(act, draw.randrange(_MOST_LUCK))
        fleet.quiesce()
        fleet.check()
        return Run(seed, fleet.counts, Counter(fleet.faults.struck), count_results(world))
    finally:
        fleet.close()
