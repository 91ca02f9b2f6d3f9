"""Small files that are either the old or the new one, also after a kill or a power cut."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

_OWNERS_ALONE: Final = 0o600


def sync_folder(folder: Path) -> None:
    """Make renames and removals in a folder durable (Windows does so by itself)."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def replacing(path: Path, mode: int = _OWNERS_ALONE) -> Iterator[BinaryIO]:
    """Give a file to write, readable by its owner alone; it takes ``path``'s place at the end.

    ``mode``: another one than that, where more people may read it.

    On an error ``path`` keeps what it held. Raises ``OSError`` (full disk, read-only folder).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # mkstemp makes the file with mode 0600.
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as target:
            yield target
            target.flush()
            os.fsync(target.fileno())
        if mode != _OWNERS_ALONE:
            Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_durably(path: Path, content: bytes, mode: int = _OWNERS_ALONE) -> None:
    """Put ``content`` in the place of ``path``, synced to disk. Raises ``OSError``."""
    with replacing(path, mode) as target:
        target.write(content)


def overwrite_and_remove(path: Path) -> None:
    """Overwrite a file in place with random bytes, sync, and remove it; a missing one is fine."""
    try:
        with path.open("r+b") as target:
            target.write(os.urandom(path.stat().st_size))
            target.flush()
            os.fsync(target.fileno())
    except FileNotFoundError:
        return
    path.unlink()
    sync_folder(path.parent)
