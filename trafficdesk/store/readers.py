"""The readers' connections: opened when first needed, kept ready, the last used one first."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine


class Readers:
    """Lends connections, each inside a read transaction of its own.

    SQLAlchemy is left to believe in one endless transaction per connection, so that lending costs
    microseconds: the real ones are begun and ended on the driver.
    """

    def __init__(self, engine: Engine, size: int) -> None:
        self._engine = engine
        self._idle: list[Connection] = []
        self._places = threading.Semaphore(size)
        self._lock = threading.Lock()
        self._is_closed = False

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """Give a connection that sees one snapshot until the block ends; wait if all are lent."""
        with self._places:
            connection = self._take()
            driver = driver_of(connection)
            try:
                driver.execute("BEGIN")
                yield connection
            finally:
                self._give_back(connection, driver)

    def _take(self) -> Connection:
        with self._lock:
            # The last one used has the most of its pages in memory.
            if self._idle:
                return self._idle.pop()
        connection = self._engine.connect()
        connection.begin()
        return connection

    def _give_back(self, connection: Connection, driver: Any) -> None:  # noqa: ANN401 - the driver has no types
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        with self._lock:
            if not self._is_closed:
                self._idle.append(connection)
                return
        connection.invalidate()

    def close(self) -> None:
        """Close what is idle now and what is lent when it comes back."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.invalidate()
        self._engine.dispose()


def driver_of(connection: Connection) -> Any:  # noqa: ANN401 - the driver has no types
    """Return the driver's own connection."""
    return connection.connection.driver_connection
