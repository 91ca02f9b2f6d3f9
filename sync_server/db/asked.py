"""What PostgreSQL was asked, and answers when it is looked at.

In a pipeline more is asked, and other work done, while it finds the answer.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final, Generic, TypeVar

import psycopg
from psycopg.rows import tuple_row

from sync_server.db.engine import Connection

_Made = TypeVar("_Made")


@contextmanager
def pipelined(connection: Connection) -> Iterator[None]:
    """Send what is executed in the block without waiting for what came of it.

    What fails is raised where rows are taken, or at the end. How many rows a statement changed is
    known after the end.
    """
    with connection.pipeline() as pipeline:
        try:
            yield
        except psycopg.Error:
            # Else psycopg would warn that the statements behind the one that failed were not run.
            with suppress(psycopg.Error):
                pipeline.sync()
            raise


class Asked(Generic[_Made]):
    """Rows on their way, each made into what it stands for. They are taken once.

    Outside a pipeline they are there at once. In one, whatever made this or an earlier statement
    fail is raised where the rows are taken.
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
