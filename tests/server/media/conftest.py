"""An agency with a desk on it, on the shared server."""

import pytest

from tests.server.live import Live
from tests.server.world import Client, World


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone."""
    return World(live)


@pytest.fixture
def desk(world: World) -> Client:
    """An officer at a desk of the agency."""
    return world.desk_of()
