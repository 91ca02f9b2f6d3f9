"""What the server told is taken in whole or not at all: what cannot be kept is not believed."""

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final

import msgspec
from sqlalchemy import Connection

from trafficdesk.store.driver import dbapi2
from trafficdesk.store.engine import Store
from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.wire.exchange import Record
from trafficdesk.wire.rows import check_row

# What the store says of values that it cannot keep.
_UNKEPT: Final = (OverflowError, ValueError, dbapi2.IntegrityError, dbapi2.InterfaceError)


def check_records(records: Iterable[Record]) -> None:
    """Believe records that can be ones. Raises ``LineError``."""
    for record in records:
        try:
            check_row(record.entity, record.row)
        except msgspec.ValidationError as error:
            raise LineError(Fault.GARBLED, f"{record.entity}: {error}") from error


@contextmanager
def uncollected() -> Iterator[None]:
    """Look for no garbage meanwhile: a page is thousands of rows, which are all still needed."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def taking_in(store: Store) -> Iterator[Connection]:
    """Give the transaction in which an answer is taken in.

    Raises:
        LineError: it cannot be kept; nothing of it was.
    """
    try:
        with store.writing() as connection, uncollected():
            yield connection
    except _UNKEPT as error:
        raise LineError(Fault.GARBLED, type(error).__name__) from error
