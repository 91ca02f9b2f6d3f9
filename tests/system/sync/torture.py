"""Long runs: ``python -m tests.system.torture --seeds N`` (see there for what it prints)."""

import random
from dataclasses import dataclass
from pathlib import Path

from tests.server.world import World
from tests.system.sync.fleet import Fleet
from tests.system.sync.laws import check_laws, count_results

# A clock far behind would put a report out of the desks' window, which is another matter.
DAYS_OFF = (0, -40, 10_000, 3, 700)


@dataclass(frozen=True)
class Run:
    """What one seed came to."""

    seed: int
    operations: int
    faults: int
    kills: int
    results: dict[str, int]


def torture(world: World, folder: Path, seed: int, *, desks: int = 3, steps: int = 60) -> Run:
    """Let desks work under faults, then check every law. Raises ``AssertionError``."""
    draw = random.Random(seed)  # noqa: S311 - the same seed must fail the same way
    fleet = Fleet(world, folder, draw)
    try:
        for days in DAYS_OFF[:desks]:
            fleet.add_desk(days)
        for _ in range(steps):
            fleet.faults.rate = draw.choice((0.0, 0.1, 0.4))
            chance = draw.random()
            if chance < 0.7:
                fleet.act()
            elif chance < 0.97:
                fleet.exchange(draw.choice(fleet.desks))
            else:
                fleet.kill(draw.randrange(len(fleet.desks)))
        fleet.quiesce()
        check_laws(world, fleet.desks)
        results = count_results(world)
    finally:
        fleet.close()
    faults = sum(fleet.faults.struck.values())
    return Run(seed, fleet.operations, faults, fleet.kills, results)
