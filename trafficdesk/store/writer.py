"""The writer's connection: opened when first needed, kept ready, one transaction at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine

from trafficdesk.store.readers import driver_of
from trafficdesk.store.rows import fetch_all


class Writer:
    """Lends the one connection that writes; whoever asks holds the store's write lock.

    As with the readers, SQLAlchemy is left to believe in one endless transaction: beginning and
    ending its own costs a tenth of a decision.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._connection: Connection | None = None

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Give the connection in a write transaction; commit when the block ends well."""
        connection = self._ready()
        driver = driver_of(connection)
        driver.execute("BEGIN IMMEDIATE")
        try:
            yield connection
            # Not there any more when the block rolled back itself.
            if driver.in_transaction:
                driver.execute("COMMIT")
        finally:
            if driver.in_transaction:
                driver.execute("ROLLBACK")

    def run(self, statement: str) -> list[tuple[Any, ...]]:
        """Run one statement outside any transaction; return its rows."""
        return fetch_all(self._ready(), statement)

    def _ready(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    def close(self) -> None:
        """Close the connection; a closed writer opens a new one when asked again."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.invalidate()
        self._engine.dispose()
