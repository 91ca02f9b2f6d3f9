"""The field's closed lists as people read them, translated."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.vocabulary import (
    RejectionReason,
    ReportStatus,
    Role,
    Severity,
    Source,
    SyncState,
    VehicleType,
    Violation,
)

_SEVERITY: Final[dict[Severity, object]] = {
    Severity.MINOR: QT_TRANSLATE_NOOP("Words", "Minor"),
    Severity.MODERATE: QT_TRANSLATE_NOOP("Words", "Moderate"),
    Severity.SEVERE: QT_TRANSLATE_NOOP("Words", "Severe"),
    Severity.CRITICAL: QT_TRANSLATE_NOOP("Words", "Critical"),
}
_SYNC: Final[dict[SyncState, object]] = {
    SyncState.CONFIRMED: QT_TRANSLATE_NOOP("Words", "Confirmed"),
    SyncState.NOT_SENT: QT_TRANSLATE_NOOP("Words", "Not sent"),
    SyncState.SENT: QT_TRANSLATE_NOOP("Words", "Sent"),
    SyncState.CONFLICT: QT_TRANSLATE_NOOP("Words", "Conflict"),
    SyncState.NOT_TAKEN: QT_TRANSLATE_NOOP("Words", "Not taken"),
}
_STATUS: Final[dict[ReportStatus, object]] = {
    ReportStatus.PENDING: QT_TRANSLATE_NOOP("Words", "Pending"),
    ReportStatus.UNDER_REVIEW: QT_TRANSLATE_NOOP("Words", "Under review"),
    ReportStatus.NEEDS_INFO: QT_TRANSLATE_NOOP("Words", "Needs info"),
    ReportStatus.APPROVED: QT_TRANSLATE_NOOP("Words", "Approved"),
    ReportStatus.REJECTED: QT_TRANSLATE_NOOP("Words", "Rejected"),
    ReportStatus.DUPLICATE: QT_TRANSLATE_NOOP("Words", "Duplicate"),
    ReportStatus.CITED: QT_TRANSLATE_NOOP("Words", "Cited"),
    ReportStatus.CLOSED: QT_TRANSLATE_NOOP("Words", "Closed"),
}
_VIOLATION: Final[dict[str, object]] = {
    Violation.SPEED: QT_TRANSLATE_NOOP("Words", "Speeding"),
    Violation.SIGNAL_JUMP: QT_TRANSLATE_NOOP("Words", "Red-light jump"),
    Violation.WRONG_SIDE: QT_TRANSLATE_NOOP("Words", "Wrong-side driving"),
    Violation.NO_HELMET: QT_TRANSLATE_NOOP("Words", "No helmet"),
    Violation.NO_SEAT_BELT: QT_TRANSLATE_NOOP("Words", "No seat belt"),
    Violation.TRIPLE_RIDING: QT_TRANSLATE_NOOP("Words", "Triple riding"),
    Violation.MOBILE_USE: QT_TRANSLATE_NOOP("Words", "Phone while driving"),
    Violation.DRUNK_DRIVING: QT_TRANSLATE_NOOP("Words", "Drunken driving"),
    Violation.ILLEGAL_PARKING: QT_TRANSLATE_NOOP("Words", "Illegal parking"),
    Violation.NO_ENTRY: QT_TRANSLATE_NOOP("Words", "No entry"),
    Violation.OVERLOADING: QT_TRANSLATE_NOOP("Words", "Overloading"),
    Violation.RASH_DRIVING: QT_TRANSLATE_NOOP("Words", "Rash driving"),
    Violation.DEFECTIVE_PLATE: QT_TRANSLATE_NOOP("Words", "Defective number plate"),
    Violation.FOOTPATH_RIDING: QT_TRANSLATE_NOOP("Words", "Footpath riding"),
    Violation.OTHER: QT_TRANSLATE_NOOP("Words", "Other violation"),
}
_VEHICLE: Final[dict[VehicleType, object]] = {
    VehicleType.TWO_WHEELER: QT_TRANSLATE_NOOP("Words", "Two-wheeler"),
    VehicleType.THREE_WHEELER: QT_TRANSLATE_NOOP("Words", "Three-wheeler"),
    VehicleType.CAR: QT_TRANSLATE_NOOP("Words", "Car"),
    VehicleType.BUS: QT_TRANSLATE_NOOP("Words", "Bus"),
    VehicleType.TRUCK: QT_TRANSLATE_NOOP("Words", "Truck"),
    VehicleType.OTHER: QT_TRANSLATE_NOOP("Words", "Other vehicle"),
    VehicleType.UNKNOWN: QT_TRANSLATE_NOOP("Words", "Vehicle not known"),
}
_SOURCE: Final[dict[Source, object]] = {
    Source.APP: QT_TRANSLATE_NOOP("Words", "citizen app"),
    Source.WEB: QT_TRANSLATE_NOOP("Words", "web page"),
    Source.API: QT_TRANSLATE_NOOP("Words", "other system"),
    Source.OFFICER: QT_TRANSLATE_NOOP("Words", "filed by an officer"),
    Source.DEVICE: QT_TRANSLATE_NOOP("Words", "camera or sensor"),
    Source.IMPORT: QT_TRANSLATE_NOOP("Words", "imported"),
}
_ROLE: Final[dict[Role, object]] = {
    Role.CITIZEN: QT_TRANSLATE_NOOP("Words", "Citizen"),
    Role.OFFICER: QT_TRANSLATE_NOOP("Words", "Officer"),
    Role.SUPERVISOR: QT_TRANSLATE_NOOP("Words", "Supervisor"),
    Role.DISPATCHER: QT_TRANSLATE_NOOP("Words", "Dispatcher"),
    Role.ADMIN: QT_TRANSLATE_NOOP("Words", "Administrator"),
    Role.SERVICE: QT_TRANSLATE_NOOP("Words", "Service"),
}
_REASON: Final[dict[RejectionReason, object]] = {
    RejectionReason.NO_OFFENCE: QT_TRANSLATE_NOOP("Words", "No offence visible"),
    RejectionReason.PLATE_UNREADABLE: QT_TRANSLATE_NOOP("Words", "Plate not readable"),
    RejectionReason.NOT_AS_REPORTED: QT_TRANSLATE_NOOP("Words", "Not as reported"),
    RejectionReason.OFFICER_DIRECTING: QT_TRANSLATE_NOOP("Words", "Officer directing traffic"),
    RejectionReason.PLACE_OR_TIME_DOUBTFUL: QT_TRANSLATE_NOOP("Words", "Place or time doubtful"),
    RejectionReason.PHOTO_REUSED: QT_TRANSLATE_NOOP("Words", "Photo edited or reused"),
    RejectionReason.EMERGENCY_VEHICLE: QT_TRANSLATE_NOOP("Words", "Emergency vehicle"),
    RejectionReason.OTHER: QT_TRANSLATE_NOOP("Words", "Other, say why"),
}


def _say(source: object) -> str:
    # QT_TRANSLATE_NOOP gives its text back, typed as an object.
    return QCoreApplication.translate("Words", str(source))


def severity_word(severity: Severity) -> str:
    """Return a severity's word."""
    return _say(_SEVERITY[severity])


def sync_word(state: SyncState) -> str:
    """Return how far a change has travelled, in words."""
    return _say(_SYNC[state])


def status_word(status: ReportStatus) -> str:
    """Return a report status's word."""
    return _say(_STATUS[status])


def violation_word(code: str) -> str:
    """Return a violation's words; a code that an admin added is its own word."""
    return _say(_VIOLATION[code]) if code in _VIOLATION else code.replace("_", " ")


def vehicle_word(kind: VehicleType) -> str:
    """Return a vehicle type's words."""
    return _say(_VEHICLE[kind])


def source_word(source: Source) -> str:
    """Return where a report came from."""
    return _say(_SOURCE[source])


def role_word(role: Role) -> str:
    """Return a role's word."""
    return _say(_ROLE[role])


def reason_word(reason: RejectionReason) -> str:
    """Return why a report is rejected."""
    return _say(_REASON[reason])
