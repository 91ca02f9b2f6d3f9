"""A new database: it is there whole, or not at all."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection

from trafficdesk.store.copying import drop, sync
from trafficdesk.store.engine import Store
from trafficdesk.store.errors import StoreNotWritableError

COMING_SUFFIX = ".new"


@contextmanager
def founding(database: Path, key_hex: str) -> Iterator[Connection]:
    """Give the first transaction of a new store, which takes its place when the block ends well.

    A kill leaves at most a file beside it, which the next founding removes.

    Raises:
        StoreError: a store exists, the folder cannot be written, the disk is full, or SpatiaLite
            is missing.
    """
    if database.exists():
        raise StoreNotWritableError(database, "a store exists already")
    coming = database.with_name(database.name + COMING_SUFFIX)
    drop(coming)
    try:
        store = Store.create(coming, key_hex)
        try:
            with store.writing() as connection:
                yield connection
            store.checkpoint()
        finally:
            store.close()
        coming.replace(database)
        sync(database)
    except BaseException:
        drop(coming)
        raise
