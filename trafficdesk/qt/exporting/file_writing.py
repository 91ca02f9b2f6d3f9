"""Writing a file beside the GUI: how far it is, a way to stop it, and what came of it."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QVBoxLayout

from trafficdesk.exports.table import ExportCancelledError, Tick
from trafficdesk.exports.writing import refuse_kept
from trafficdesk.qt.exporting.export_words import busy_words, done_words, failure_words
from trafficdesk.qt.later import later
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.widgets.messages import boxed
from trafficdesk.qt.widgets.panels import Panel, ProgressRow
from trafficdesk.security.durable_file import replacing
from trafficdesk.services.exporting import Exported, ExportFault

_SHOWN_AFTER_MS: Final = 400  # most files are there before


class FileWriting(QObject):
    """Writes one file at a time; ``told`` carries what came of it, in words.

    ``strip`` shows how far it is once that takes a while, and stops it; it goes where the screen
    has room for a bar.
    """

    told = Signal(str)

    def __init__(self, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._lanes = lanes.owned_by(self)
        self._stop = Event()
        self._is_busy = False
        self.row = ProgressRow()
        self.row.cancelled.connect(self.stop)
        self.strip = Panel()
        column = QVBoxLayout(self.strip)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(boxed(self.row))
        self.strip.hide()
        self._soon = later(self, _SHOWN_AFTER_MS, self.strip.show)

    def refusal(self) -> str:
        """Return why no file can be written now, "" if one can."""
        return self.tr("A file is being written") if self._is_busy else ""

    def start(
        self, path: Path, work: Callable[[Tick], Exported | ExportFault], total: int = 0
    ) -> None:
        """Have a file written; ``total`` is how many rows it will have, 0 if it has none.

        ``work`` tells its tick how far it is, which stops it when that is wanted.
        """
        if refusal := self.refusal():
            self.told.emit(refusal)
            return
        self._is_busy = True
        self._stop.clear()
        tell = partial(self._tell, path, total)
        tell(0)
        self._soon.start()
        made = partial(work, partial(self._tick, tell))
        self._lanes.run(Lane.IO, made, partial(self._done, path), self._failed)

    def stop(self) -> bool:
        """Stop, and leave nothing of the file; False if none is shown to be written."""
        self._stop.set()
        return self.strip.isVisible()

    def _tick(self, tell: Callable[[int], None], done: int) -> None:
        if self._stop.is_set():
            raise ExportCancelledError
        self._lanes.call_home(partial(tell, done))

    def _tell(self, path: Path, total: int, done: int) -> None:
        self.row.tell(busy_words(path, done, total), min(1.0, done / total) if total else None)

    def _done(self, path: Path, done: Exported | ExportFault) -> None:
        self._end()
        self.told.emit(done_words(path, done))

    def _failed(self, error: Exception) -> None:
        self._end()
        self.told.emit(failure_words(error))

    def _end(self) -> None:
        self._is_busy = False
        self._soon.stop()
        self.strip.hide()


def put_made(make: Callable[[Tick], bytes], tick: Tick, path: Path) -> int:
    """Write what is made at once, whole or not at all, and of no rows.

    Raises:
        OSError: the folder takes no file, or the disk is full; what was there is still there.
        ExportCancelledError: from ``tick``; likewise.
    """
    refuse_kept(path)
    content = make(tick)
    tick(0)
    with replacing(path) as file:
        file.write(content)
        tick(0)
    return 0
