"""What a desk did and met, one line each, for whoever mends it; nothing of people or cases.

A line is made of codes and numbers alone: what is neither is left out, so that no text that
somebody typed and no error that quotes one can get in.
"""

import logging
import re
from enum import StrEnum
from logging.handlers import QueueHandler, QueueListener, RotatingFileHandler
from pathlib import Path
from queue import SimpleQueue
from typing import Final

from trafficdesk.domain.times import utc_now

MOST_BYTES: Final = 256 * 1024
OLDER_FILES: Final = 2
_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,39}")
_TRACE: Final = re.compile(r"[0-9a-f]{32}")
_VERSION: Final = re.compile(r"[0-9][0-9.]{0,19}(~dev[0-9]{14})?")


class Event(StrEnum):
    """What is worth a line."""

    STARTED = "started"
    ENDED = "ended"
    UNLOCKED = "unlocked"
    LOCKED = "locked"
    CRASHED = "crashed"
    SYNC = "sync"
    WENT_BACK = "went_back"
    NOT_OPENED = "not_opened"  # a workspace, which could not be loaded or made


class Journal:
    """The journal of one profile; lines are written on a thread of its own, until ``close``."""

    def __init__(self, path: Path) -> None:
        self._lines: SimpleQueue[object] = SimpleQueue()
        self._handler = QueueHandler(self._lines)
        file = RotatingFileHandler(
            path, maxBytes=MOST_BYTES, backupCount=OLDER_FILES, encoding="ascii", delay=True
        )
        file.setFormatter(logging.Formatter("%(message)s"))
        self._listener = QueueListener(self._lines, file)
        self._file = file
        self._listener.start()

    def note(self, event: Event, **facts: str | int | None) -> None:
        """Write a line; facts that are no code, version, trace or number are left out."""
        told = (f"{name}={value}" for name, value in facts.items() if _may_stand(name, value))
        line = " ".join([utc_now().isoformat(timespec="milliseconds"), event, *told])
        self._handler.handle(logging.makeLogRecord({"msg": line, "levelno": logging.INFO}))

    def close(self) -> None:
        """Write what waits, and end."""
        self._listener.stop()
        self._file.close()


def _may_stand(name: str, value: str | int | None) -> bool:
    if isinstance(value, str):
        allowed = (_TRACE,) if name == "trace" else (_CODE, _VERSION)
        return any(each.fullmatch(value) for each in allowed)
    return value is not None


def files_of(path: Path) -> list[Path]:
    """Return the files of a journal that are there, the oldest first."""
    older = [path.with_name(f"{path.name}.{n}") for n in range(OLDER_FILES, 0, -1)]
    return [file for file in (*older, path) if file.is_file()]
