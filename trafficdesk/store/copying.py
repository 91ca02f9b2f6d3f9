"""Whole copies of the database: one for a backup, and one that takes its place under a new key."""

import os
import sys
from pathlib import Path

from trafficdesk.store.connection import connect, translate
from trafficdesk.store.driver import dbapi2
from trafficdesk.store.engine import Store
from trafficdesk.store.errors import (
    StoreDamagedError,
    StoreError,
    StoreNotWritableError,
    StoreUnreadableError,
)
from trafficdesk.store.migrations import SCHEMA_VERSION

COMING_SUFFIX = ".rekeyed"


def copy_to(store: Store, target: Path) -> None:
    """Write a compact copy of the store, encrypted with the same key, synced to disk.

    Raises:
        StoreError: the target exists, cannot be written, or the disk is full; nothing stays.
    """
    if target.exists():
        raise StoreNotWritableError(target, "there is a file of that name")
    quoted = str(target).replace("'", "''")
    try:
        with store.maintaining() as run:
            run(f"VACUUM INTO '{quoted}'")
        sync(target)
    except BaseException as error:
        target.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise StoreNotWritableError(target, str(error)) from error
        raise


def sync(path: Path) -> None:
    """Bring a file and its name to the disk. Raises ``OSError``."""
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    if sys.platform != "win32":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def prove(database: Path, key_hex: str) -> None:
    """Read every page of a closed database with its key and check its structure.

    Raises:
        StoreError: it is not encrypted with this key, damaged, or of another schema.
    """
    connection = connect(database, key_hex, read_only=True)
    try:
        faults = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        if not faults:
            found = connection.execute("PRAGMA integrity_check(1)").fetchall()
            faults = [row for row in found if row[0] != "ok"]
        version = connection.execute("PRAGMA user_version").fetchone()[0]
    except dbapi2.Error as error:
        raise translate(error, database) from error
    finally:
        connection.close()
    if faults:
        raise StoreDamagedError(database, str(faults[0][0]))
    if not 0 < version <= SCHEMA_VERSION:
        raise StoreDamagedError(database, f"schema {version}")


def settle_behind(database: Path, key_hex: str) -> bool:
    """Tell whether opening a closed database would bring it to another schema.

    If so everything is in its one file then, without a log.

    Raises:
        StoreError: it does not open, or the disk is full.
    """
    connection = connect(database, key_hex)
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        is_behind: bool = 0 < version < SCHEMA_VERSION
        if is_behind:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except dbapi2.Error as error:
        raise translate(error, database) from error
    finally:
        connection.close()
    return is_behind


def opens_with(database: Path, key_hex: str) -> bool:
    """Tell whether a key opens a database, without looking further; None opens a missing one."""
    if not database.exists():
        return False  # SQLite would make a new one, and any key opens that
    try:
        connect(database, key_hex, read_only=True).close()
    except StoreUnreadableError:
        return False
    return True


def find_audit_seq(database: Path, key_hex: str) -> int | None:
    """Return how far the audit chain of a closed database has come; None if it cannot be read."""
    try:
        connection = connect(database, key_hex, read_only=True)
    except StoreError:
        return None
    try:
        return int(connection.execute("SELECT coalesce(max(seq), 0) FROM audit").fetchone()[0])
    except dbapi2.Error:
        return None
    finally:
        connection.close()


def rekey(database: Path, key_hex: str, coming_hex: str) -> None:
    """Put a copy under a new key in the place of a closed database, in one step.

    A kill at any moment leaves the whole database under either key. Takes the disk space of the
    database once more.

    Raises:
        StoreError: the copy could not be made; the database is as it was.
    """
    coming = database.with_name(database.name + COMING_SUFFIX)
    drop(coming)
    store = Store.open(database, key_hex)
    try:
        store.checkpoint()
        copy_to(store, coming)
    finally:
        store.close()
    try:
        _change_key(coming, key_hex, coming_hex)
        prove(coming, coming_hex)
        # proving opened the copy in WAL mode; its log must not outlive it
        _drop_logs(coming)
        _drop_logs(database)
        coming.replace(database)
        sync(database)
    except BaseException:
        drop(coming)
        raise


def drop_half_made(database: Path) -> None:
    """Remove the copy that a killed rekey left beside a closed database. Raises ``OSError``."""
    drop(database.with_name(database.name + COMING_SUFFIX))


def _change_key(database: Path, key_hex: str, coming_hex: str) -> None:
    connection = connect(database, key_hex)
    try:
        connection.execute("PRAGMA journal_mode = DELETE")
        connection.execute(f"PRAGMA rekey = \"x'{coming_hex}'\"")
    except dbapi2.Error as error:
        raise translate(error, database) from error
    finally:
        connection.close()


def drop(database: Path) -> None:
    """Remove a database that nobody has open, with its logs; a missing one is fine."""
    database.unlink(missing_ok=True)
    _drop_logs(database)


def _drop_logs(database: Path) -> None:
    for suffix in ("-wal", "-shm", "-journal"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)
