"""Real desks against a real server over real HTTP."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.server.conftest import _template, clone_database, cluster, database_url, live, own_live
from tests.server.live import Live
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk, join
from trafficdesk.domain.vocabulary import Role

__all__ = ["_template", "clone_database", "cluster", "database_url", "live", "own_live"]

AddDesk = Callable[..., SyncedDesk]


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone on the shared server."""
    return World(live)


@pytest.fixture
def add_desk(world: World, tmp_path: Path) -> Iterator[AddDesk]:
    """Return a function that enrols another desk, with an officer of its own."""
    desks = list[SyncedDesk]()

    def add(role: Role = Role.OFFICER, name: str = "Meena K") -> SyncedDesk:
        person = world.person(role, name)
        desk = join(world, person, tmp_path / f"desk{len(desks)}")
        desks.append(desk)
        return desk

    yield add
    for desk in desks:
        desk.close()
