"""A file put into a folder: it is there whole or not at all, and takes nobody's place."""

import itertools
import os
import secrets
from pathlib import Path

from trafficdesk.delivery.errors import DeliveryError

_BINARY = getattr(os, "O_BINARY", 0)  # of Windows alone


def put_file(folder: Path, name: str, content: bytes) -> Path:
    """Write a file and return where it is: beside one of that name with something else in it.

    One that holds the very same is left as it is: it was written before a kill. The folder must
    be there, for a share that is not mounted leaves an empty place where it belongs.

    Raises:
        DeliveryError: the folder is missing or takes no file.
    """
    try:
        return _put(folder, name, content)
    except OSError as error:
        code = "folder.missing" if isinstance(error, FileNotFoundError) else "folder.unwritable"
        raise DeliveryError(code, error.strerror or str(error)) from error


def _put(folder: Path, name: str, content: bytes) -> Path:
    # Not mkstemp, whose files are for their owner alone: a station's folder is for the station.
    coming = folder / f".report.{secrets.token_hex(8)}.part"
    descriptor = os.open(coming, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as target:
            target.write(content)
            target.flush()
            os.fsync(target.fileno())
        for count in itertools.count(1):
            path = folder / _numbered(name, count)
            if path.is_file():
                if _holds(path, content):
                    return path
                continue
            coming.replace(path)
            return path
        raise AssertionError("numbers do not end")
    finally:
        coming.unlink(missing_ok=True)


def _holds(path: Path, content: bytes) -> bool:
    return path.stat().st_size == len(content) and path.read_bytes() == content


def _numbered(name: str, count: int) -> str:
    if count == 1:
        return name
    path = Path(name)
    return f"{path.stem} ({count}){path.suffix}"
