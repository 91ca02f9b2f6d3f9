"""A short torture: a few seeds of random work under faults; every law holds at the end."""

from pathlib import Path

import pytest

from tests.server.world import World
from tests.system.sync.torture import torture


@pytest.mark.parametrize("seed", range(4))
def test_the_laws_hold_after_random_work_under_faults(
    world: World, tmp_path: Path, seed: int
) -> None:
    run = torture(world, tmp_path, seed)
    assert run.operations > 20
