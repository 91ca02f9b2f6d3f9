"""An agency for every test of units."""

import pytest

from tests.server.dispatching import Desk, desk_in
from tests.server.live import Live
from tests.server.world import World


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone."""
    return World(live)


@pytest.fixture
def desk(world: World) -> Desk:
    """A dispatcher's desk."""
    return desk_in(world)
