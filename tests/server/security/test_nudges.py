"""The WebSocket that nudges opens for an enrolled desk with its officer, and for nobody else."""

from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from sync_server.db.engine import Crossing
from tests.server.live import Live
from tests.server.world import API, Client, Desk, World

NUDGE = f"{API}/sync/nudge"


def desk_in(client: Client) -> Desk:
    assert client.desk is not None
    return client.desk


def opens(client: Client, signed_for: str = NUDGE) -> int:
    """Return the status of the handshake: 101 where it opens."""
    headers = {"Authorization": f"Bearer {client.token}"}
    if client.desk is not None:
        headers |= client.desk.signed("GET", signed_for, b"")
    try:
        with connect(client.url.replace("http", "ws", 1) + NUDGE, additional_headers=headers) as it:
            return it.response.status_code if it.response else 0
    except InvalidStatus as refused:
        return refused.response.status_code


def lose_the_token(client: Client, _world: World) -> None:
    client.token = ""


def take_another_agencys_token(client: Client, world: World) -> None:
    client.token = World(world.live).desk_of().token


def take_another_desks_token(client: Client, world: World) -> None:
    client.token = world.desk_of().token


def take_a_token_of_no_desk(client: Client, world: World) -> None:
    client.token, client.desk = world.sign_in(world.person()).token, None


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
        (take_a_token_of_no_desk, 401),
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


def test_a_signature_for_another_address_does_not_open_it(live: Live) -> None:
    assert opens(World(live).desk_of(), signed_for=f"{API}/sync/changes") == 401
