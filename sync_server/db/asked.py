"""What PostgreSQL was asked and told to do, and answers when it is looked at.

In a pipeline more is asked, and other work done, while it finds the answer.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

import psycopg
from psycopg.rows import DictRow, tuple_row

from sync_server.db.engine import Connection

_Made = TypeVar("_Made")


class StaleError(Exception):
    """A row was not at the version it was read at: what was weighed by it is weighed again."""


@dataclass(slots=True)
class Pipeline:
    """What is executed on ``connection`` is sent, and nobody waits for what comes of it.

    A statement that fails is raised by a later one, where rows are taken, or at the end.
    """

    connection: Connection
    _changing: list[tuple[psycopg.Cursor[DictRow], int]] = field(default_factory=list)

    def change(self, query: bytes, values: Sequence[object], rows: int) -> None:
        """Send a statement that must change so many rows; the end of the pipeline looks at it."""
        self._changing.append((self.connection.execute(query, values), rows))

    def check(self) -> None:
        """Look whether all rows were changed; how many were is known when all came back.

        Raises:
            StaleError: some were not.
        """
        if any(cursor.rowcount != rows for cursor, rows in self._changing):
            raise StaleError


@contextmanager
def pipelined(connection: Connection) -> Iterator[Pipeline]:
    """Send what is executed in the block one behind the other.

    Raises:
        StaleError: a statement did not change the rows that it must.
    """
    with connection.pipeline() as sending:
        pipeline = Pipeline(connection)
        try:
            yield pipeline
        except Exception:
            # Else psycopg would warn that the statements behind one that failed were not run.
            with suppress(psycopg.Error):
                sending.sync()
            raise
    pipeline.check()


class Asked(Generic[_Made]):
    """Rows on their way, each made into what it stands for. They are taken once.

    Outside a pipeline they are there at once.
    """

    __slots__ = ("_cursor", "_make")

    def __init__(
        self,
        connection: Connection,
        query: bytes,
        values: Sequence[object],
        make: Callable[..., _Made],
    ) -> None:
        """Ask. ``make`` takes a row's columns as they come."""
        self._make: Final = make
        self._cursor: Final = connection.cursor(row_factory=tuple_row).execute(query, values)

    def __iter__(self) -> Iterator[_Made]:
        """Wait for the rows and give them."""
        rows: list[tuple[Any, ...]] = self._cursor.fetchall()
        make = self._make
        return iter([make(*row) for row in rows])
