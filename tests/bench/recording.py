"""Noting what a desk runs on its store, so that the bare engine can be given the same."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, ClassVar, Self
from unittest.mock import patch

from tests.bench.bare import Statement
from trafficdesk.store.driver import dbapi2

_BOUNDARIES = ("BEGIN", "COMMIT", "ROLLBACK")


class _Cursor(dbapi2.Cursor):  # type: ignore[misc]  # the driver has no types
    ran: ClassVar[list[Statement]] = []

    def execute(self, sql: str, values: Sequence[object] = ()) -> Self:
        if not sql.startswith(_BOUNDARIES):
            self.ran.append((sql, tuple(values)))
        super().execute(sql, values)
        return self

    def executemany(self, sql: str, values: Sequence[Sequence[object]]) -> Self:
        self.ran.extend((sql, tuple(each)) for each in values)
        super().executemany(sql, values)
        return self


class _Connection(dbapi2.Connection):  # type: ignore[misc]  # the driver has no types
    def cursor(self, factory: type[Any] = _Cursor) -> Any:  # noqa: ANN401 - the driver has no types
        return super().cursor(factory)


@contextmanager
def recorded() -> Iterator[list[Statement]]:
    """Give the growing list of what connections run that are opened within the block."""
    _Cursor.ran.clear()
    with patch.object(dbapi2, "connect", partial(dbapi2.connect, factory=_Connection)):
        yield _Cursor.ran
