"""Some hours at dispatch, with the line lost for a while: ``dispatch_day`` lives whole days."""

from pathlib import Path

from tests.server.world import World
from tests.system.sync.dispatch_laws import count_dispatched
from tests.system.sync.dispatching_day import Day, Plan


def test_boards_agree_after_some_hours_at_dispatch(world: World, tmp_path: Path) -> None:
    plan = Plan(30, 10, hours=3, cuts=1, cut_minutes=(90, 90), exchange_minutes=30)
    day = Day(world, tmp_path, seed=1, plan=plan)
    try:
        day.run()
        day.check()
    finally:
        day.close()
    assert day.counts["incidents"] == 30
    assert day.counts["cuts"] == 1
    assert day.counts["conflicts"] > 0
    assert day.counts["settled"] >= day.counts["conflicts"]  # both may have settled one
    assert count_dispatched(world)["assignments"] > 20
