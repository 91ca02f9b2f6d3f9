"""Incidents, their services and the steps of their units in words."""

from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.records import Incident
from trafficdesk.domain.vocabulary import (
    Duty,
    IncidentStatus,
    IncidentType,
    LanesBlocked,
    Service,
    Step,
    UnitStatus,
)

_TYPE: Final[dict[IncidentType, object]] = {
    IncidentType.CAR_CRASH: QT_TRANSLATE_NOOP("Incidents", "Car crash"),
    IncidentType.MOTORCYCLE: QT_TRANSLATE_NOOP("Incidents", "Motorcycle crash"),
    IncidentType.TRUCK: QT_TRANSLATE_NOOP("Incidents", "Truck crash"),
    IncidentType.PEDESTRIAN: QT_TRANSLATE_NOOP("Incidents", "Pedestrian hit"),
    IncidentType.HAZARD: QT_TRANSLATE_NOOP("Incidents", "Hazard on the road"),
    IncidentType.OTHER: QT_TRANSLATE_NOOP("Incidents", "Other incident"),
}
_STATUS: Final[dict[IncidentStatus, object]] = {
    IncidentStatus.ACTIVE: QT_TRANSLATE_NOOP("Incidents", "Active"),
    IncidentStatus.DISPATCHED: QT_TRANSLATE_NOOP("Incidents", "Dispatched"),
    IncidentStatus.ON_SCENE: QT_TRANSLATE_NOOP("Incidents", "On scene"),
    IncidentStatus.CLEARED: QT_TRANSLATE_NOOP("Incidents", "Cleared"),
}
_LANES: Final[dict[LanesBlocked, object]] = {
    LanesBlocked.NONE: QT_TRANSLATE_NOOP("Incidents", "Road open"),
    LanesBlocked.PARTIAL: QT_TRANSLATE_NOOP("Incidents", "Lane blocked"),
    LanesBlocked.ALL: QT_TRANSLATE_NOOP("Incidents", "Road blocked"),
}
_SERVICE: Final[dict[Service, object]] = {
    Service.POLICE: QT_TRANSLATE_NOOP("Incidents", "police"),
    Service.AMBULANCE: QT_TRANSLATE_NOOP("Incidents", "ambulance"),
    Service.FIRE: QT_TRANSLATE_NOOP("Incidents", "fire"),
    Service.TOW: QT_TRANSLATE_NOOP("Incidents", "tow"),
}
_STEP: Final[dict[Step, object]] = {
    Step.ASSIGNED: QT_TRANSLATE_NOOP("Incidents", "Assigned"),
    Step.ACKNOWLEDGED: QT_TRANSLATE_NOOP("Incidents", "Acknowledged"),
    Step.EN_ROUTE: QT_TRANSLATE_NOOP("Incidents", "En route"),
    Step.ARRIVED: QT_TRANSLATE_NOOP("Incidents", "On scene"),
    Step.CLEARED: QT_TRANSLATE_NOOP("Incidents", "Cleared"),
    Step.WITHDRAWN: QT_TRANSLATE_NOOP("Incidents", "Withdrawn"),
}
_UNIT: Final[dict[UnitStatus, object]] = {
    UnitStatus.AVAILABLE: QT_TRANSLATE_NOOP("Incidents", "Available"),
    UnitStatus.EN_ROUTE: QT_TRANSLATE_NOOP("Incidents", "En route"),
    UnitStatus.ON_SCENE: QT_TRANSLATE_NOOP("Incidents", "On scene"),
    UnitStatus.BUSY: QT_TRANSLATE_NOOP("Incidents", "Busy"),
    UnitStatus.OFF_DUTY: QT_TRANSLATE_NOOP("Incidents", "Off duty"),
}
_DUTY: Final[dict[Duty, object]] = {
    Duty.ON: QT_TRANSLATE_NOOP("Incidents", "on duty"),
    Duty.BUSY: QT_TRANSLATE_NOOP("Incidents", "busy"),
    Duty.OFF: QT_TRANSLATE_NOOP("Incidents", "off duty"),
}
SERVICE_ICONS: Final[dict[Service, str]] = {
    Service.POLICE: "shield",
    Service.AMBULANCE: "ambulance",
    Service.FIRE: "flame",
    Service.TOW: "truck",
}


def _say(source: object) -> str:
    # QT_TRANSLATE_NOOP gives its text back, typed as an object.
    return QCoreApplication.translate("Incidents", str(source))


def incident_type_word(kind: IncidentType) -> str:
    """Return what happened."""
    return _say(_TYPE[kind])


def unless_removed(incident: Incident, told: str) -> str:
    """Return what is told of an incident; of one that was removed, that it was."""
    is_removed = incident.deleted_at is not None
    return _say("Removed: {what}").format(what=told) if is_removed else told


def incident_status_word(status: IncidentStatus) -> str:
    """Return where an incident stands."""
    return _say(_STATUS[status])


def lanes_word(lanes: LanesBlocked) -> str:
    """Return how much of the road is closed."""
    return _say(_LANES[lanes])


def service_word(service: Service) -> str:
    """Return a service's word, as within a sentence."""
    return _say(_SERVICE[service])


def step_word(step: Step) -> str:
    """Return how far an assignment has come."""
    return _say(_STEP[step])


def standing_word(status: UnitStatus) -> str:
    """Return what a unit is doing, as its row says it."""
    return _say(_UNIT[status])


def duty_word(duty: Duty) -> str:
    """Return whether a unit can be sent."""
    return _say(_DUTY[duty])
