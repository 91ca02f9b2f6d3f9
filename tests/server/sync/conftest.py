"""Towns for every test of the sync: each its own tenant, which sees no other."""

from collections.abc import Callable, Iterator

import pytest

from sync_server.db.engine import Database
from sync_server.sync.scope import Device
from tests.server.live import Live
from tests.server.sync.crews import Crews
from tests.server.sync.town import Town
from tests.server.world import World


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone."""
    return World(live)


@pytest.fixture
def town(database: Database) -> Town:
    """A tenant with a city, stations, people, and no device yet, alone in its database."""
    return Town(database).build()


@pytest.fixture(scope="session")
def _shared_database(clone_database: Callable[[], str]) -> Iterator[Database]:
    made = Database(clone_database(), pool_size=4, statement_timeout_s=30)
    made.open()
    yield made
    made.close()


@pytest.fixture
def shared_town(_shared_database: Database) -> Town:
    """A tenant of this test among those of others."""
    return Town(_shared_database).build()


@pytest.fixture
def crews(shared_town: Town) -> Crews:
    """What is done with incidents and units in that town."""
    return Crews(shared_town)


@pytest.fixture
def one(shared_town: Town) -> Device:
    """A desk of that town."""
    return shared_town.add_device()


@pytest.fixture
def other(shared_town: Town) -> Device:
    """Another desk of that town."""
    return shared_town.add_device()
