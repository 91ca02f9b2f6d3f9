"""A short torture: a few seeds of random work under faults; every law holds at the end."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server.live import settings_for
from tests.system.sync.machine import run_machine
from tests.system.sync.servers import Fallible
from tests.system.sync.torture import torture


@pytest.fixture(scope="module")
def server(
    clone_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Fallible]:
    """A server of these tests alone, for it is put back to backups."""
    folder = tmp_path_factory.mktemp("torture")
    made = Fallible(settings_for(clone_database(), folder), folder)
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize("seed", range(2))
def test_the_laws_hold_after_random_work_under_faults(
    server: Fallible, tmp_path: Path, seed: int
) -> None:
    run = torture(server, tmp_path, seed)
    assert run.counts["operations"] > 20
    assert run.counts["restores"] == 1


def test_the_laws_hold_after_whatever_hypothesis_thinks_of(
    server: Fallible, tmp_path: Path
) -> None:
    run_machine(server, tmp_path, examples=2, steps=25, same=True)
