"""One program at a time for a profile: a desk, or a command that writes; a kill lets go."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

_AT = 1_000  # what is locked lies behind what is written, so that others may read the number

if sys.platform == "win32":
    import msvcrt

    def _lock(file: BinaryIO) -> None:
        file.seek(_AT)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(file: BinaryIO) -> None:
        fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)


@dataclass(frozen=True, slots=True)
class HeldByOther:
    """Another program has the profile open; ``process_id`` is 0 when it did not say."""

    path: Path
    process_id: int


class InstanceLock:
    """The profile is ours until ``release`` or the end of the process."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def release(self) -> None:
        """Let another program have the profile; doing it twice is fine."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.release()


def hold_profile(path: Path) -> InstanceLock | HeldByOther:
    """Take the lock file of a profile (``Profile.instance_lock``) without waiting.

    Raises ``OSError`` when the folder cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # Opened for appending: nobody else's number is cut off before the lock is ours.
    file = path.open("a+b")
    try:
        _lock(file)
    except OSError:
        file.close()
        return HeldByOther(path, _holder(path))
    file.truncate(0)
    file.write(str(os.getpid()).encode())
    file.flush()
    return InstanceLock(file)


def _holder(path: Path) -> int:
    try:
        told = path.read_bytes()[:20]
    except OSError:
        return 0
    return int(told) if told.isdigit() else 0
