"""The one place where bugs arrive: work goes on, and a report without personal data is written."""

import platform
import re
import sys
import threading
import traceback
from pathlib import Path
from types import TracebackType
from typing import Any, Final

from PySide6.QtCore import QObject, Signal, Slot, qVersion

from trafficdesk import __version__
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import utc_now
from trafficdesk.security.durable_file import write_durably

MOST_REPORTS: Final = 20
_HIDDEN: Final = (
    # What a message may quote: texts, plates, numbers of phones, mail, coordinates, home folders.
    (re.compile(r"'[^']*'|\"[^\"]*\""), "'…'"),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), "<mail>"),
    (re.compile(r"\b[A-Z]{2}[ -]?\d{1,2}[ -]?[A-Z]{0,3}[ -]?\d{3,4}\b"), "<plate>"),
    (re.compile(r"\b[0-9a-fA-F]{32,}\b"), "<hex>"),
    (re.compile(r"\+?\d[\d ().-]{5,}\d"), "<number>"),
    (re.compile(r"-?\d+\.\d{3,}"), "<number>"),
)


def redacted(text: str) -> str:
    """Return a message without what could say something about a person or a place."""
    text = text.replace(str(Path.home()), "~")
    for pattern, instead in _HIDDEN:
        text = pattern.sub(instead, text)
    return text


def crash_report(error: BaseException) -> str:
    """Return what happened: versions, kinds of error with redacted messages, and code places.

    No local variables and no source lines: they could hold what somebody typed.
    """
    lines = [
        f"TrafficDesk {__version__}, Python {platform.python_version()}, Qt {qVersion()}",
        f"{platform.system()} {platform.release()} {platform.machine()}",
        utc_now().isoformat(timespec="seconds"),
    ]
    chain: BaseException | None = error
    while chain is not None:
        lines.append(
            f"\n{type(chain).__module__}.{type(chain).__qualname__}: {redacted(str(chain))}"
        )
        lines += [
            f"  {_short(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(chain.__traceback__)
        ]
        chain = chain.__cause__ or chain.__context__
    return "\n".join(lines) + "\n"


def _short(filename: str) -> str:
    parts = Path(filename).parts
    for anchor in ("trafficdesk", "site-packages"):
        if anchor in parts:
            return "/".join(parts[parts.index(anchor) :])
    return parts[-1] if parts else filename


class ExceptHook(QObject):
    """Catches what nothing else did, in any thread.

    ``caught`` carries the path of the written report, or None if it could not be written.
    """

    caught = Signal(object)
    _came = Signal(object)

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folder = folder
        self._before: tuple[Any, Any] | None = None
        self._is_busy = False
        self._came.connect(self.take)

    def install(self) -> None:
        """Become the hook of the program and its threads."""
        self._before = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._hook
        threading.excepthook = lambda args: self._came.emit(args.exc_value)

    def remove(self) -> None:
        """Give the hooks back."""
        if self._before is not None:
            sys.excepthook, threading.excepthook = self._before
            self._before = None

    def _hook(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        self._came.emit(error.with_traceback(trace))

    @Slot(object)
    def take(self, error: BaseException) -> None:
        """Write a report of an error and tell; an error on the way there only reaches stderr."""
        if self._is_busy:
            sys.__excepthook__(type(error), error, error.__traceback__)
            return
        self._is_busy = True
        try:
            report = crash_report(error)
            sys.stderr.write(report)
            self.caught.emit(self._write(report))
        finally:
            self._is_busy = False

    def _write(self, report: str) -> Path | None:
        # The id keeps faults of one instant apart, and in their order.
        name = f"{utc_now():%Y%m%dT%H%M%S}-{new_id().hex}.txt"
        path = self._folder / name
        try:
            write_durably(path, report.encode())
            for old in sorted(self._folder.glob("*.txt"))[:-MOST_REPORTS]:
                old.unlink(missing_ok=True)
        except OSError:
            return None
        return path
