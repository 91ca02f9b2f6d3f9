"""An agency for every test of incidents, and somebody of any role to report them."""

from collections.abc import Callable

import pytest

from sync_server.db.engine import Crossing
from tests.server.dispatching import Desk, desk_in
from tests.server.live import Live
from tests.server.world import Client, World
from trafficdesk.domain.vocabulary import Role

SignedIn = Callable[[Role], Client]


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone."""
    return World(live)


@pytest.fixture
def desk(world: World) -> Desk:
    """A dispatcher's desk."""
    return desk_in(world)


@pytest.fixture
def signed_in(world: World) -> SignedIn:
    """Return a function that signs a new person of a role in, without a desk."""

    def sign_in(role: Role) -> Client:
        person = world.person()
        with world.live.server.database.crossing(Crossing.JOB) as connection:
            connection.execute("UPDATE users SET role = %s WHERE id = %s", [role, person.id])
        return world.sign_in(person)

    return sign_in
