"""The live WebSocket opens for whoever is signed in, where they are, and for nobody else."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.world import Client, Desk, World
from trafficdesk.wire.live import LIVE

CHANGES = "/api/v1/sync/changes"


def desk_in(client: Client) -> Desk:
    assert client.desk is not None
    return client.desk


def opens(client: Client, signed_for: str = LIVE) -> int:
    """Return the status of the handshake: 101 where it opens."""
    headers = {"Authorization": f"Bearer {client.token}"}
    if client.desk is not None:
        headers |= client.desk.signed("GET", signed_for, b"")
    try:
        with connect(client.url.replace("http", "ws", 1) + LIVE, additional_headers=headers) as it:
            return it.response.status_code if it.response else 0
    except InvalidStatus as refused:
        return refused.response.status_code


def lose_the_token(client: Client, _world: World) -> None:
    client.token = ""


def take_another_agencys_token(client: Client, world: World) -> None:
    client.token = World(world.live).desk_of().token


def take_another_desks_token(client: Client, world: World) -> None:
    client.token = world.desk_of().token


def take_a_desks_token_and_be_none(client: Client, _world: World) -> None:
    client.desk = None


def sign_with_another_key(client: Client, _world: World) -> None:
    desk_in(client).key = Ed25519PrivateKey.generate()


def show_a_turn_of_long_ago(client: Client, _world: World) -> None:
    desk_in(client).turn = "long-ago"


def be_revoked(client: Client, world: World) -> None:
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        query = "UPDATE devices SET revoked_at = now() WHERE id = %s"
        connection.execute(query, [desk_in(client).id])


@pytest.mark.parametrize(
    ("spoil", "status"),
    [
        (lose_the_token, 401),
        (take_another_agencys_token, 401),
        (take_another_desks_token, 401),
        (take_a_desks_token_and_be_none, 401),
        (sign_with_another_key, 401),
        (show_a_turn_of_long_ago, 409),
        (be_revoked, 403),
    ],
)
def test_it_stays_closed(live: Live, spoil: Callable[[Client, World], None], status: int) -> None:
    world = World(live)
    client = world.desk_of()
    assert opens(client) == 101
    spoil(client, world)
    assert opens(client) == status


def test_it_opens_for_somebody_who_signed_in_on_no_desk(live: Live) -> None:
    world = World(live)
    assert opens(world.sign_in(world.person())) == 101


def test_a_signature_for_another_address_does_not_open_it(live: Live) -> None:
    assert opens(World(live).desk_of(), signed_for=CHANGES) == 401
