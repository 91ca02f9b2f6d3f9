"""One encrypted connection, made in the only order that is safe."""

import ctypes.util
import os
import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from trafficdesk.shipped import shipped
from trafficdesk.store.driver import dbapi2
from trafficdesk.store.errors import (
    SpatialiteMissingError,
    StoreDamagedError,
    StoreFullError,
    StoreNotEncryptedError,
    StoreNotWritableError,
    StoreUnreadableError,
)

PLAIN_HEADER = b"SQLite format 3\x00"
PAGE_CACHE_KIB = 65_536
BUSY_TIMEOUT_MS = 10_000
_NO_ROOM_BYTES = 1 << 20
# Primary result codes of SQLite (https://sqlite.org/rescode.html).
_READONLY, _CORRUPT, _FULL, _CANTOPEN, _NOTADB, _IOERR = 8, 11, 13, 14, 26, 10


def spatialite_library() -> str:
    """Return what to load: our own copy when frozen (never the system's), else the system's."""
    if getattr(sys, "frozen", False):
        return str(shipped("..", "mod_spatialite"))
    return os.environ.get("TRAFFICDESK_SPATIALITE") or _installed_spatialite()


@cache
def _installed_spatialite() -> str:
    # Kept: on Linux each search runs the compiler and the linker.
    return ctypes.util.find_library("mod_spatialite") or "mod_spatialite"


class _Extensible(Protocol):
    """What of the driver's connection loads an extension."""

    def enable_load_extension(self, enabled: int, /) -> None: ...
    def load_extension(self, path: str, /) -> None: ...


def load_spatialite(connection: _Extensible, database: Path) -> None:
    """Give a connection the functions of SpatiaLite. Raises ``SpatialiteMissingError``."""
    connection.enable_load_extension(1)
    try:
        connection.load_extension(spatialite_library())
    except dbapi2.Error as error:
        raise SpatialiteMissingError(database, str(error)) from error
    finally:
        connection.enable_load_extension(0)


def looks_plain(database: Path) -> bool:
    """Tell whether a file starts as an unencrypted SQLite database."""
    try:
        with database.open("rb") as file:
            return file.read(len(PLAIN_HEADER)) == PLAIN_HEADER
    except FileNotFoundError:
        return False


def translate(error: Exception, database: Path) -> Exception:
    """Return the store's own error for one of SQLite's, or the same error when it is a bug."""
    code = int(getattr(error, "sqlite_errorcode", 0) or 0) & 0xFF
    text = str(error)
    if code == _NOTADB or "file is not a database" in text:
        return StoreUnreadableError(database, text)
    if code == _CORRUPT or "malformed" in text:
        return StoreDamagedError(database, text)
    if code == _FULL or "full" in text:
        return StoreFullError(database, text)
    if code in {_READONLY, _CANTOPEN} or "readonly" in text or "unable to open" in text:
        return StoreNotWritableError(database, text)
    if code == _IOERR or "disk I/O error" in text:
        # So it says, too, where there is no room for the files beside the database.
        kind = StoreFullError if _is_full(database.parent) else StoreDamagedError
        return kind(database, text)
    return error


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _NO_ROOM_BYTES
    except OSError:
        return False


def connect(database: Path, key_hex: str, *, read_only: bool = False) -> Any:  # noqa: ANN401 - the driver has no types
    """Open one keyed connection with SpatiaLite in it, in autocommit mode.

    Raises:
        StoreNotEncryptedError: the file is plain SQLite, or this library has no cipher.
        StoreUnreadableError: the key does not open the file.
        SpatialiteMissingError: the extension cannot be loaded.
    """
    if looks_plain(database):
        raise StoreNotEncryptedError(database)
    try:
        connection = dbapi2.connect(
            str(database), isolation_level=None, check_same_thread=False, cached_statements=256
        )
    except dbapi2.Error as error:
        raise translate(error, database) from error
    try:
        _configure(connection, database, key_hex, read_only=read_only)
    except dbapi2.Error as error:
        connection.close()
        raise translate(error, database) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _configure(connection: Any, database: Path, key_hex: str, *, read_only: bool) -> None:  # noqa: ANN401 - the driver has no types
    """Key first, then proof of the cipher, then everything else: any other order loses data."""
    execute = connection.execute
    # The library would print what its errors say anyway, to a stream nobody reads.
    execute("PRAGMA cipher_log_level = NONE")
    execute(f"PRAGMA key = \"x'{key_hex}'\"")
    version = execute("PRAGMA cipher_version").fetchone()
    if not version or not version[0]:
        raise StoreNotEncryptedError(database, "the SQLite library in use has no cipher")
    execute("SELECT count(*) FROM sqlite_master").fetchone()
    execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")
    execute("PRAGMA journal_mode = WAL")
    # FULL: a decision shown as saved survives a power cut, not only a crash of the program.
    execute("PRAGMA synchronous = FULL")
    execute(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")
    execute("PRAGMA temp_store = MEMORY")
    execute("PRAGMA foreign_keys = ON")
    load_spatialite(connection, database)
    if read_only:
        execute("PRAGMA query_only = ON")
