"""The doors to the database: walled transactions for everybody, and one that crosses the walls."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any, Final, LiteralString
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.rows import DictRow, dict_row
from psycopg_pool import ConnectionPool, PoolTimeout

from sync_server.problems import RefusedError
from trafficdesk.wire.codes import Code

# Owns nothing, so that row-level security holds for it. Migrations make it.
APP_ROLE: Final = "trafficdesk_app"
_WAIT_S: Final = 5.0
_WALLS: Final[LiteralString] = (
    "SELECT set_config('app.tenant', %s, true), set_config('app.cities', %s, true)"
)

Connection = psycopg.Connection[DictRow]


class Crossing(StrEnum):
    """Why a transaction must see more than one tenant or city; there is no other use."""

    SIGN_IN = "sign-in: nobody's tenant is known before their login is found"
    SESSION = "session: a token's tenant is known only once its session is read"
    ENROL = "enrolment: a one-time token names its tenant"
    OPERATOR = "operator: a command typed on the server's own machine"
    JOB = "job: the server's own upkeep"


class Database:
    """A pool of connections. Each wears ``APP_ROLE`` unless a transaction crosses the walls."""

    def __init__(self, url: str, *, pool_size: int, statement_timeout_s: int) -> None:
        self.url = url
        self._timeout_ms = statement_timeout_s * 1000
        self.pool = ConnectionPool[Connection](
            url,
            connection_class=psycopg.Connection[DictRow],
            kwargs={"row_factory": dict_row, "autocommit": True},
            min_size=min(2, pool_size),
            max_size=pool_size,
            timeout=_WAIT_S,
            configure=self._configure,
            open=False,
            name="sync-server",
        )

    def open(self) -> None:
        """Start connecting, without waiting: a server may come up before its database."""
        self.pool.open(wait=False)

    def close(self) -> None:
        """Give every connection back."""
        self.pool.close()

    def _configure(self, connection: Connection) -> None:
        role = sql.Identifier(APP_ROLE)
        connection.execute(sql.SQL("SET ROLE {}").format(role))
        connection.execute(
            "SELECT set_config('statement_timeout', %s, false)", [str(self._timeout_ms)]
        )
        connection.execute("SET timezone = 'UTC'")

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        try:
            with self.pool.connection() as connection:
                yield connection
        except PoolTimeout as error:
            raise RefusedError(Code.UNAVAILABLE, "The database cannot be reached.") from error

    @contextmanager
    def transaction(self, tenant_id: UUID, city_ids: Collection[UUID]) -> Iterator[Connection]:
        """Open a transaction that sees and changes one tenant's rows of these cities alone.

        It commits at the end of the block and rolls back if the block raises.
        """
        with self._connection() as connection, connection.transaction():
            _set_walls(connection, tenant_id, city_ids)
            yield connection

    @contextmanager
    def reading(self, tenant_id: UUID, city_ids: Collection[UUID]) -> Iterator[Connection]:
        """Open a read-only snapshot behind the same walls: all statements see one instant."""
        with self._connection() as connection, connection.transaction():
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            _set_walls(connection, tenant_id, city_ids)
            yield connection

    @contextmanager
    def crossing(self, why: Crossing) -> Iterator[Connection]:
        """Open a transaction that no wall holds; ``why`` is one of the few reasons there are."""
        with self._connection() as connection, connection.transaction():
            connection.execute("SET LOCAL ROLE NONE")
            # Seen in pg_stat_activity while it runs.
            connection.execute("SELECT set_config('application_name', %s, true)", [why.name])
            yield connection

    def stats(self) -> dict[str, int]:
        """Return the pool's own numbers."""
        return self.pool.get_stats()


def _set_walls(connection: Connection, tenant_id: UUID, city_ids: Collection[UUID]) -> None:
    cities = "{" + ",".join(str(city_id) for city_id in sorted(city_ids)) + "}"
    connection.execute(_WALLS, [str(tenant_id), cities])


def one(connection: Connection, query: LiteralString, *values: object) -> dict[str, Any] | None:
    """Return the only row of a query, or None."""
    return connection.execute(query, values).fetchone()


def rows(connection: Connection, query: LiteralString, *values: object) -> list[dict[str, Any]]:
    """Return all rows of a query."""
    return connection.execute(query, values).fetchall()
