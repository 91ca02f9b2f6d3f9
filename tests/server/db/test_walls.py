"""Row-level security stands behind the program: a query that forgets its city sees nothing."""

from typing import TYPE_CHECKING

import psycopg
import pytest

from sync_server.db.engine import Connection, Crossing, Database
from tests.server.live import Live
from tests.server.world import World
from trafficdesk.domain.identity import new_id

if TYPE_CHECKING:
    from uuid import UUID


@pytest.fixture
def worlds(live: Live) -> list[World]:
    made = [World(live), World(live)]
    for world in made:
        world.person()
        world.enrol()
    return made


def tables(connection: Connection) -> list[str]:
    """Return the tables whose rows belong to somebody."""
    query = (
        "SELECT DISTINCT table_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND column_name IN ('tenant_id', 'city_id', 'chain') ORDER BY 1"
    )
    return [row["table_name"] for row in connection.execute(query)]


def seen(connection: Connection, query: str) -> int:
    found = connection.execute(f"SELECT count(*) AS n FROM {query}".encode()).fetchone()
    assert found is not None
    return int(found["n"])


def test_a_transaction_sees_its_tenant_and_cities_alone(worlds: list[World], live: Live) -> None:
    mine, theirs = worlds
    with live.server.database.transaction(mine.tenant_id, [mine.city_id]) as connection:
        for table in ("stations", "users", "devices", "cities", "tenants", "feed_counters"):
            assert seen(connection, table) == 1, table
    cases: list[tuple[UUID, list[UUID]]] = [
        (mine.tenant_id, [theirs.city_id]),
        (theirs.tenant_id, [mine.city_id]),
        (mine.tenant_id, []),
        (new_id(), [mine.city_id, theirs.city_id]),
    ]
    for tenant_id, city_ids in cases:
        with live.server.database.transaction(tenant_id, city_ids) as connection:
            for table in ("stations", "users", "cities"):
                assert seen(connection, table) == 0, table


def test_a_connection_without_walls_set_sees_no_row_of_anybody(
    worlds: list[World], live: Live
) -> None:
    assert worlds
    with live.server.database.crossing(Crossing.JOB) as connection:
        names = tables(connection)
    with live.server.database.pool.connection() as connection:
        for table in set(names) - {"enrol_tokens", "users"}:
            assert seen(connection, table) == 0, table
        assert seen(connection, "(SELECT id FROM users) u") == 0


def test_nothing_is_written_through_a_wall(worlds: list[World], live: Live) -> None:
    mine, theirs = worlds
    insert = "INSERT INTO citizens (tenant_id, city_id, id, pseudonym) VALUES (%s, %s, %s, 'C-1')"
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        live.server.database.transaction(mine.tenant_id, [mine.city_id]) as connection,
    ):
        connection.execute(insert, [theirs.tenant_id, theirs.city_id, new_id()])
    with live.server.database.transaction(mine.tenant_id, [mine.city_id]) as connection:
        done = connection.execute(
            "UPDATE users SET name = 'X' WHERE city_id = %s", [theirs.city_id]
        )
        assert done.rowcount == 0


@pytest.mark.parametrize(
    "query",
    [
        "SELECT password_hash FROM users",
        "SELECT * FROM enrol_tokens",
        "UPDATE devices SET public_key = ''",
        "UPDATE devices SET home_city_id = gen_random_uuid()",
        "UPDATE sessions SET expires_at = now()",
        "DELETE FROM operations",
        "UPDATE events SET note = ''",
        "DELETE FROM audit",
        "INSERT INTO tenants VALUES (gen_random_uuid(), 'mine')",
        "ALTER TABLE reports DISABLE ROW LEVEL SECURITY",
    ],
)
def test_behind_the_walls_some_things_are_for_nobody(
    worlds: list[World], live: Live, query: str
) -> None:
    mine = worlds[0]
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        live.server.database.transaction(mine.tenant_id, [mine.city_id]) as connection,
    ):
        connection.execute(query.encode())


@pytest.mark.parametrize("table", ["events", "operations", "audit"])
def test_even_the_owner_rewrites_no_history_by_accident(database: Database, table: str) -> None:
    for query in (f"DELETE FROM {table}", f"UPDATE {table} SET device_id = NULL"):
        with (
            pytest.raises(psycopg.errors.RaiseException, match="append-only"),
            database.crossing(Crossing.JOB) as connection,
        ):
            connection.execute(query.encode())


def test_a_reading_is_one_instant_and_writes_nothing(worlds: list[World], live: Live) -> None:
    world, database = worlds[0], live.server.database
    with database.reading(world.tenant_id, [world.city_id]) as connection:
        before = seen(connection, "(SELECT id FROM users) u")
        world.person()
        assert seen(connection, "(SELECT id FROM users) u") == before
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("DELETE FROM citizens")


def test_walls_end_with_their_transaction(worlds: list[World], live: Live) -> None:
    world, database = worlds[0], live.server.database
    for _ in range(database.pool.max_size + 1):
        with database.transaction(world.tenant_id, [world.city_id]):
            pass
        with database.pool.connection() as connection:
            query = "SELECT current_user AS who, current_setting('app.tenant', true) AS tenant"
            found = connection.execute(query).fetchone()
            assert found is not None
            assert (found["who"], found["tenant"] or "") == ("trafficdesk_app", "")
