"""The store and its two doors: many readers, one writer."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from trafficdesk.store import migrations
from trafficdesk.store.connection import connect, translate
from trafficdesk.store.driver import dbapi2
from trafficdesk.store.errors import (
    StoreClosedError,
    StoreDamagedError,
    StoreError,
    StoreFullError,
    StoreMissingError,
    StoreNotWritableError,
)
from trafficdesk.store.readers import Readers
from trafficdesk.store.write_lock import WriteLock
from trafficdesk.store.writer import Writer

READERS = 4


class Store:
    """An open, unlocked store.

    ``reading()`` gives a consistent snapshot, ``writing()`` the only write transaction there is;
    both commit or roll back whole. Threads may share a store.
    """

    def __init__(self, database: Path, key_hex: str) -> None:
        self.database = database
        self._key_hex: str | None = key_hex
        self._writer = Writer(_engine(self._connect, size=1))
        read = partial(self._connect, read_only=True)
        self._readers = Readers(_engine(read, size=READERS), READERS)
        self._write_lock = WriteLock()

    @classmethod
    def create(cls, database: Path, key_hex: str) -> "Store":
        """Make a new encrypted store with the present schema.

        Raises:
            StoreNotWritableError: the folder cannot be written, or the file exists already.
        """
        if database.exists():
            raise StoreNotWritableError(database, "a store exists already")
        if not database.parent.is_dir():
            raise StoreNotWritableError(database, "the folder does not exist")
        return cls._opened(database, key_hex)

    @classmethod
    def open(cls, database: Path, key_hex: str) -> "Store":
        """Open an existing store and bring it to the present schema.

        Raises:
            StoreError: one of its kinds, see ``trafficdesk.store.errors``.
        """
        if not database.exists():
            raise StoreMissingError(database)
        if database.stat().st_size == 0:
            # SQLite takes an empty file for a new database; here everything in it was lost.
            raise StoreDamagedError(database, "the file is empty")
        return cls._opened(database, key_hex)

    @classmethod
    def _opened(cls, database: Path, key_hex: str) -> "Store":
        store = cls(database, key_hex)
        try:
            with store.writing() as connection:
                migrations.upgrade(connection, database)
        except BaseException:
            store.close()
            raise
        return store

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a read-only snapshot that ends with the block."""
        with _translated(self.database), self._readers.lend() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give the write transaction; it commits when the block ends well, else rolls back."""
        try:
            with self._write_lock, _translated(self.database), self._writer.transaction() as held:
                yield held
        except StoreFullError:
            # The log keeps the room that the transaction took until it is cut.
            with suppress(StoreError):
                self.checkpoint()
            raise

    @property
    def is_awaited(self) -> bool:
        """Whether somebody waits to write: a long transaction does well to end soon."""
        return self._write_lock.is_awaited

    @contextmanager
    def maintaining(self) -> Iterator[Callable[[str], list[tuple[Any, ...]]]]:
        """Give what runs one statement outside any transaction: checks, VACUUM, checkpoints.

        Nobody else writes meanwhile.
        """
        with self._write_lock, _translated(self.database):
            yield self._writer.run

    def checkpoint(self) -> None:
        """Move the write-ahead log into the database file."""
        with self.maintaining() as run:
            run("PRAGMA wal_checkpoint(TRUNCATE)")

    def close(self) -> None:
        """Wait for the writer, close every connection and forget the key.

        Whoever asks afterwards gets ``StoreClosedError``.
        """
        with self._write_lock:
            self._key_hex = None
            self._readers.close()
            self._writer.close()

    def _connect(self, *, read_only: bool = False) -> Any:  # noqa: ANN401 - the driver has no types
        if self._key_hex is None:
            raise StoreClosedError(self.database)
        return connect(self.database, self._key_hex, read_only=read_only)


def _engine(creator: Callable[[], Any], *, size: int) -> Engine:
    return create_engine(
        "sqlite://",
        module=dbapi2,
        creator=creator,
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0,
        pool_timeout=60,
    )


@contextmanager
def _translated(database: Path) -> Iterator[None]:
    """Turn SQLite's errors of damage, space and rights into the store's; leave bugs alone."""
    try:
        yield
    except DBAPIError as error:
        cause = error.orig if isinstance(error.orig, Exception) else error
        translated = translate(cause, database)
        if translated is cause:
            raise
        raise translated from error
    except dbapi2.Error as error:
        translated = translate(error, database)
        if translated is error:
            raise
        raise translated from error
    except MemoryError as error:
        # What SQLCipher says of a connection that has met a page it could not decrypt.
        raise StoreDamagedError(database, "a page cannot be decrypted") from error
