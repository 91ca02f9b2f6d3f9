"""The named permissions as people read them."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.permissions import Permission

_WORDS: Final[dict[Permission, object]] = {
    Permission.REPORT_READ: QT_TRANSLATE_NOOP("Permissions", "Read reports"),
    Permission.REPORT_FILE: QT_TRANSLATE_NOOP("Permissions", "File reports"),
    Permission.REPORT_REVIEW: QT_TRANSLATE_NOOP("Permissions", "Decide on reports"),
    Permission.REPORT_ASSIGN: QT_TRANSLATE_NOOP("Permissions", "Assign reports"),
    Permission.REPORT_ESCALATE: QT_TRANSLATE_NOOP("Permissions", "Escalate reports"),
    Permission.REPORT_REOPEN: QT_TRANSLATE_NOOP("Permissions", "Reopen decided reports"),
    Permission.REPORT_TAKE_OVER: QT_TRANSLATE_NOOP(
        "Permissions", "Take over reports that somebody holds"
    ),
    Permission.REPORT_CITE: QT_TRANSLATE_NOOP("Permissions", "Issue citations"),
    Permission.REPORT_IMPORT: QT_TRANSLATE_NOOP("Permissions", "Import reports from files"),
    Permission.CITIZEN_READ_PII: QT_TRANSLATE_NOOP(
        "Permissions", "Read who a citizen is (each reading is in the audit)"
    ),
    Permission.GEOFENCE_EDIT: QT_TRANSLATE_NOOP("Permissions", "Draw areas on the map"),
    Permission.MAP_EXPORT: QT_TRANSLATE_NOOP("Permissions", "Export the map"),
    Permission.REPORT_EXPORT: QT_TRANSLATE_NOOP("Permissions", "Export lists of reports"),
    Permission.ANALYTICS_VIEW: QT_TRANSLATE_NOOP("Permissions", "See figures and forecasts"),
    Permission.ANALYTICS_OFFICERS: QT_TRANSLATE_NOOP(
        "Permissions", "See the figures of other officers"
    ),
    Permission.INCIDENT_FILE: QT_TRANSLATE_NOOP("Permissions", "File incidents"),
    Permission.INCIDENT_RESPOND: QT_TRANSLATE_NOOP(
        "Permissions", "Take steps of units, note check-ins, acknowledge alerts, call for help"
    ),
    Permission.INCIDENT_DISPATCH: QT_TRANSLATE_NOOP("Permissions", "Send units to incidents"),
    Permission.UNIT_MANAGE: QT_TRANSLATE_NOOP("Permissions", "Add, change and retire units"),
    Permission.OFFICER_MANAGE: QT_TRANSLATE_NOOP("Permissions", "Add, change and remove officers"),
    Permission.OFFICER_UNLOCK: QT_TRANSLATE_NOOP("Permissions", "Help a locked-out officer"),
    Permission.AUDIT_READ: QT_TRANSLATE_NOOP("Permissions", "Read and check the audit"),
    Permission.VIOLATION_EDIT: QT_TRANSLATE_NOOP("Permissions", "Add violation types"),
    Permission.BASEMAP_MANAGE: QT_TRANSLATE_NOOP("Permissions", "Import and remove base maps"),
    Permission.DESK_SHRED: QT_TRANSLATE_NOOP("Permissions", "Destroy the keys of this desk"),
}


def permission_word(permission: Permission) -> str:
    """Return what a permission allows."""
    # QT_TRANSLATE_NOOP gives its text back, typed as an object.
    return QCoreApplication.translate("Permissions", str(_WORDS[permission]))
