"""The list of reports that is shown, as it is taken out: its columns' words, and who writes it."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.exports.table import Tick
from trafficdesk.qt.exporting.list_export import Taken
from trafficdesk.services.exporting import (
    COLUMNS,
    Exported,
    ExportFault,
    ListFile,
    Wanted,
    export_reports,
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


def reports_taken(session: Session, listing: Listing, total: int, notes: tuple[str, ...]) -> Taken:
    """Return a list of reports as it is taken out; ``notes`` say of the file what it holds."""

    def export(file: ListFile, tick: Tick) -> Exported | ExportFault:
        wanted = Wanted(listing.filter, listing.sort, file, is_void=listing.is_void)
        return export_reports(session, wanted, tick)

    titles = {name: _say(_COLUMNS[name]) for name, _ in COLUMNS}
    return Taken("reports", _say("Reports"), total, export, notes, titles)
