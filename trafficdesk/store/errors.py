"""Why a store cannot be opened or written: a stable code, and the data a sentence needs."""

from pathlib import Path


class StoreError(Exception):
    """Base of the store's errors. ``code`` is stable; screens make the sentence from it."""

    code = "store"

    def __init__(self, path: Path, detail: str = "") -> None:
        super().__init__(f"{self.code}: {path}" + (f" ({detail})" if detail else ""))
        self.path = path
        self.detail = detail


class StoreMissingError(StoreError):
    """There is no database at the path."""

    code = "store.missing"


class StoreClosedError(StoreError):
    """The desk was locked: the key is gone."""

    code = "store.closed"


class StoreNotEncryptedError(StoreError):
    """The file is a plain SQLite database, or the library would write one."""

    code = "store.not_encrypted"


class StoreUnreadableError(StoreError):
    """Wrong key, or the first page is damaged: SQLCipher cannot tell one from the other."""

    code = "store.unreadable"


class StoreDamagedError(StoreError):
    """The key is right, but pages of the database fail their check or are missing."""

    code = "store.damaged"


class StoreTooNewError(StoreError):
    """A newer TrafficDesk has migrated this store."""

    code = "store.too_new"


class StoreNotWritableError(StoreError):
    """The folder or file may not be written."""

    code = "store.not_writable"


class StoreFullError(StoreError):
    """The disk is full; the transaction was rolled back whole."""

    code = "store.full"


class SpatialiteMissingError(StoreError):
    """The extension mod_spatialite is not installed."""

    code = "store.spatialite_missing"
