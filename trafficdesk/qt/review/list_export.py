"""Taking the list that is shown out as a file, with its progress below the list."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from trafficdesk.exports.table import ExportCancelledError
from trafficdesk.exports.writing import LISTS, Format, format_of
from trafficdesk.qt.ages import number
from trafficdesk.qt.exporting.export_words import (
    done_words,
    failure_words,
    kind_filter,
    refusal_words,
)
from trafficdesk.qt.exporting.list_pdf import write_pdf
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.widgets.asking_path import FilePicker, SystemFilePicker
from trafficdesk.qt.widgets.messages import boxed
from trafficdesk.qt.widgets.panels import ProgressRow
from trafficdesk.services.exporting import (
    COLUMNS,
    Exported,
    ExportFault,
    Wanted,
    export_reports,
    find_fault,
)
from trafficdesk.services.listing import Listing
from trafficdesk.services.session import Session

_COLUMNS: Final = {
    "reference": QT_TRANSLATE_NOOP("ListExport", "Reference"),
    "status": QT_TRANSLATE_NOOP("ListExport", "Status"),
    "severity": QT_TRANSLATE_NOOP("ListExport", "Severity, 1 to 4"),
    "violations": QT_TRANSLATE_NOOP("ListExport", "Violations"),
    "occurred_at": QT_TRANSLATE_NOOP("ListExport", "Seen at"),
    "reported_at": QT_TRANSLATE_NOOP("ListExport", "Reported at"),
    "decided_at": QT_TRANSLATE_NOOP("ListExport", "Decided at"),
    "longitude": QT_TRANSLATE_NOOP("ListExport", "Longitude"),
    "latitude": QT_TRANSLATE_NOOP("ListExport", "Latitude"),
    "accuracy_m": QT_TRANSLATE_NOOP("ListExport", "Accuracy, m"),
    "address": QT_TRANSLATE_NOOP("ListExport", "Address"),
    "area": QT_TRANSLATE_NOOP("ListExport", "Area"),
    "ward": QT_TRANSLATE_NOOP("ListExport", "Ward"),
    "station": QT_TRANSLATE_NOOP("ListExport", "Station"),
    "plate": QT_TRANSLATE_NOOP("ListExport", "Plate"),
    "vehicle_type": QT_TRANSLATE_NOOP("ListExport", "Vehicle type"),
    "vehicle": QT_TRANSLATE_NOOP("ListExport", "Vehicle"),
    "description": QT_TRANSLATE_NOOP("ListExport", "Citizen wrote"),
    "source": QT_TRANSLATE_NOOP("ListExport", "Came by"),
    "evidence_score": QT_TRANSLATE_NOOP("ListExport", "Evidence"),
    "escalated": QT_TRANSLATE_NOOP("ListExport", "Escalated"),
    "reviewer": QT_TRANSLATE_NOOP("ListExport", "Reviewer"),
    "decision_note": QT_TRANSLATE_NOOP("ListExport", "Note of the decision"),
    "rejection_reason": QT_TRANSLATE_NOOP("ListExport", "Reason of rejection"),
}


def _say(source: object) -> str:
    return QCoreApplication.translate("ListExport", str(source))


class ListExport(QObject):
    """Writes a list where the officer says; ``told`` carries what came of it, in words.

    ``row`` shows how far it is and stops it. One list is written at a time.
    """

    told = Signal(str)

    def __init__(self, session: Session, lanes: Lanes, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._lanes = lanes.owned_by(self)
        self._parent = parent
        self.files: FilePicker = SystemFilePicker()
        self._stop = Event()
        self._is_busy = False
        self.row = ProgressRow()
        self.row.cancelled.connect(self._stop.set)
        self.strip = boxed(self.row)
        self.strip.hide()

    def refusal(self) -> str:
        """Return why no list can be taken out, "" if one can."""
        if self._is_busy:
            return self.tr("A list is being written")
        faults = [find_fault(self._session, form) for form in LISTS]
        return "" if None in faults else refusal_words(faults[0] or ExportFault.NOT_PERMITTED)

    def start(self, listing: Listing, total: int, notes: tuple[str, ...]) -> None:
        """Ask for a file and write the list into it; ``notes`` say of the file what it holds."""
        if refusal := self.refusal():
            self.told.emit(refusal)
            return
        path, form = self._ask_for_file()
        if path is None or form is None:
            return
        title = self.tr("Reports")
        wanted = Wanted(
            listing.filter,
            listing.sort,
            path,
            form,
            title,
            notes,
            column_words(),
            listing.is_void,
            write_pdf if form is Format.PDF else None,
        )
        self._is_busy = True
        self._stop.clear()
        self._tell(0, total)
        self.strip.show()
        tick = self._ticking(total)
        work = partial(export_reports, self._session, wanted, tick)
        self._lanes.run(Lane.IO, work, partial(self._done, path), self._failed)

    def _ask_for_file(self) -> tuple[Path | None, Format | None]:
        offered = {f: kind_filter(f) for f in LISTS if find_fault(self._session, f) is None}
        day = self._session.clock().date().isoformat()
        first = next(iter(offered))
        kinds = ";;".join(offered.values())
        title, name = self.tr("Export the list"), f"reports-{day}.{first}"
        path = self.files.to_save(self._parent, title, name, kinds)
        if path is None:
            return None, None
        path = path if path.suffix else path.with_suffix(f".{first}")
        form = format_of(path)
        if form not in offered:
            endings = ", ".join(f".{each}" for each in offered)
            self.told.emit(self.tr("Choose one of these endings: {list}").format(list=endings))
            return None, None
        return path, form

    def _ticking(self, total: int) -> Callable[[int], None]:
        def tick(done: int) -> None:
            if self._stop.is_set():
                raise ExportCancelledError
            self._lanes.call_home(partial(self._tell, done, total))

        return tick

    def _tell(self, done: int, total: int) -> None:
        words = self.tr("Writing {done} of {total}").format(
            done=number(min(done, total)), total=number(total)
        )
        self.row.tell(words, min(1.0, done / total) if total else None)

    def _done(self, path: Path, done: Exported | ExportFault) -> None:
        self._end()
        self.told.emit(done_words(path, done))

    def _failed(self, error: Exception) -> None:
        self._end()
        self.told.emit(failure_words(error))

    def _end(self) -> None:
        self._is_busy = False
        self.strip.hide()


def column_words() -> dict[str, str]:
    """Return the words of an export's columns."""
    return {name: _say(_COLUMNS[name]) for name, _ in COLUMNS}
