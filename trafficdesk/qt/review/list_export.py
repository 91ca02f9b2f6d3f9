"""Taking the list that is shown out as a file, with its progress below the list."""

from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from trafficdesk.exports.writing import LISTS, Format, format_of
from trafficdesk.qt.exporting.export_words import kind_filter, refusal_words
from trafficdesk.qt.exporting.file_writing import FileWriting
from trafficdesk.qt.exporting.list_pdf import write_pdf
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.widgets.asking_path import FilePicker, SystemFilePicker
from trafficdesk.services.exporting import (
    COLUMNS,
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

    ``writing`` shows how far it is and stops it. One list is written at a time.
    """

    told = Signal(str)

    def __init__(self, session: Session, lanes: Lanes, parent: QWidget) -> None:
        super().__init__(parent)
        self._session = session
        self._parent = parent
        self.files: FilePicker = SystemFilePicker()
        self.writing = FileWriting(lanes, self)
        self.writing.told.connect(self.told)

    def refusal(self) -> str:
        """Return why no list can be taken out, "" if one can."""
        if refusal := self.writing.refusal():
            return refusal
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
        self.writing.start(path, partial(export_reports, self._session, wanted), total)

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


def column_words() -> dict[str, str]:
    """Return the words of an export's columns."""
    return {name: _say(_COLUMNS[name]) for name, _ in COLUMNS}
