"""Points, incidents, units and stations as the card beside the map tells them."""

import json
from datetime import datetime
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.ranking import STALE_AFTER
from trafficdesk.domain.records import Geofence, Incident, Station
from trafficdesk.domain.vocabulary import (
    GeofenceKind,
    IncidentStatus,
    IncidentType,
    LanesBlocked,
    UnitKind,
    UnitStatus,
)
from trafficdesk.maps.surroundings import PlaceFacts
from trafficdesk.qt.ages import ago, coordinates, distance
from trafficdesk.qt.incident_words import unless_removed
from trafficdesk.qt.map.thing_card import Offer, Thing
from trafficdesk.qt.widgets.buttons import Kind
from trafficdesk.qt.words import severity_word
from trafficdesk.services.session import Session
from trafficdesk.store.conflicts import ConflictSpot
from trafficdesk.store.units import UnitNow

Told = tuple[str, Thing]

_INCIDENT: Final[dict[IncidentType, object]] = {
    IncidentType.CAR_CRASH: QT_TRANSLATE_NOOP("MapThings", "Car crash"),
    IncidentType.MOTORCYCLE: QT_TRANSLATE_NOOP("MapThings", "Motorcycle accident"),
    IncidentType.TRUCK: QT_TRANSLATE_NOOP("MapThings", "Truck accident"),
    IncidentType.PEDESTRIAN: QT_TRANSLATE_NOOP("MapThings", "Pedestrian hit"),
    IncidentType.HAZARD: QT_TRANSLATE_NOOP("MapThings", "Hazard"),
    IncidentType.OTHER: QT_TRANSLATE_NOOP("MapThings", "Other incident"),
}
_INCIDENT_STATUS: Final[dict[IncidentStatus, object]] = {
    IncidentStatus.ACTIVE: QT_TRANSLATE_NOOP("MapThings", "Active"),
    IncidentStatus.DISPATCHED: QT_TRANSLATE_NOOP("MapThings", "Dispatched"),
    IncidentStatus.ON_SCENE: QT_TRANSLATE_NOOP("MapThings", "On scene"),
    IncidentStatus.CLEARED: QT_TRANSLATE_NOOP("MapThings", "Cleared"),
}
_LANES: Final[dict[LanesBlocked, object]] = {
    LanesBlocked.NONE: QT_TRANSLATE_NOOP("MapThings", "None blocked"),
    LanesBlocked.PARTIAL: QT_TRANSLATE_NOOP("MapThings", "Some blocked"),
    LanesBlocked.ALL: QT_TRANSLATE_NOOP("MapThings", "All blocked"),
}
_UNIT: Final[dict[UnitKind, object]] = {
    UnitKind.OFFICER: QT_TRANSLATE_NOOP("MapThings", "Officer"),
    UnitKind.PATROL_CAR: QT_TRANSLATE_NOOP("MapThings", "Patrol car"),
    UnitKind.AMBULANCE: QT_TRANSLATE_NOOP("MapThings", "Ambulance"),
    UnitKind.FIRE: QT_TRANSLATE_NOOP("MapThings", "Fire engine"),
    UnitKind.TOW: QT_TRANSLATE_NOOP("MapThings", "Tow truck"),
}
_UNIT_STATUS: Final[dict[UnitStatus, object]] = {
    UnitStatus.AVAILABLE: QT_TRANSLATE_NOOP("MapThings", "Available"),
    UnitStatus.EN_ROUTE: QT_TRANSLATE_NOOP("MapThings", "En route"),
    UnitStatus.ON_SCENE: QT_TRANSLATE_NOOP("MapThings", "On scene"),
    UnitStatus.BUSY: QT_TRANSLATE_NOOP("MapThings", "Busy"),
    UnitStatus.OFF_DUTY: QT_TRANSLATE_NOOP("MapThings", "Off duty"),
}
FILE_HERE, MEASURE_HERE, COMPARE, RENAME, RESHAPE, REMOVE, REMOVE_NOW, KEEP = (
    "file",
    "measure",
    "compare",
    "rename",
    "reshape",
    "remove",
    "remove_now",
    "keep",
)


def _say(source: object) -> str:
    return QCoreApplication.translate("MapThings", str(source))


def incident_thing(found: object, now: datetime) -> Told | None:
    """Return an incident's heading and card; None if it is none."""
    if not isinstance(found, Incident):
        return None
    severity = _say("{word}, score {score}").format(
        word=severity_word(found.severity), score=found.severity_score
    )
    facts = (
        (_say("Severity"), severity),
        (_say("Status"), _say(_INCIDENT_STATUS[found.status])),
        (_say("Began"), ago(found.occurred_at, now)),
        (_say("Vehicles"), str(found.vehicle_count)),
        (_say("Injured"), str(found.injury_count)),
        (_say("Lanes"), _say(_LANES[found.lanes_blocked])),
        (_say("Reports"), str(found.report_count)),
    )
    title = unless_removed(found, _say(_INCIDENT[found.type]))
    return found.reference, Thing(title, found.address, facts)


def unit_thing(found: object, now: datetime) -> Told | None:
    """Return a unit's heading and card; None if it is none."""
    if not isinstance(found, UnitNow):
        return None
    unit, position = found.unit, found.position
    is_stale = position is None or now - position.at > STALE_AFTER
    facts = (
        (_say("Status"), _say(_UNIT_STATUS[found.status])),
        (_say("Crew"), unit.crew or _say("Not told")),
        (_say("Position"), _say("Never") if position is None else ago(position.at, now)),
    )
    note = _say("The position is old. The unit may be elsewhere by now.") if is_stale else ""
    return unit.call_sign, Thing(_say(_UNIT[unit.kind]), "", facts, note)


def conflict_thing(found: object, now: datetime) -> Told | None:
    """Return a conflict's heading and card; None if it is none."""
    if not isinstance(found, ConflictSpot):
        return None
    facts = (
        (_say("Fields"), _say("{n} in question").format(n=found.fields)),
        (_say("Opened"), ago(found.opened_at, now)),
    )
    offers = (Offer(COMPARE, _say("Compare both sides"), Kind.PRIMARY),)
    return _say("Conflict"), Thing(found.reference, "", facts, "", offers)


def station_thing(found: object) -> Told | None:
    """Return a station's heading and card; None if it is none."""
    if not isinstance(found, Station):
        return None
    return _say("Police station"), Thing(found.name, coordinates(found.place))


def place_thing(told: PlaceFacts, session: Session) -> Told:
    """Return a point's heading and card."""
    street = told.street
    title = street.name if street is not None else told.area or coordinates(told.place)
    facts = [
        (_say("Street"), _say("None near by") if street is None else street.name),
        *([] if street is None else [(_say("Away"), distance(street.distance_m))]),
        (_say("Area"), told.area or _say("Not known")),
        (_say("Ward"), told.ward or (_say("Outside") if told.is_outside else _say("Not known"))),
        (_say("Position"), coordinates(told.place)),
    ]
    may_file = session.may(Permission.REPORT_FILE)
    offers = (
        Offer(
            FILE_HERE,
            _say("File a report here"),
            Kind.PRIMARY,
            "" if may_file else _say("Your role may not file reports"),
        ),
        Offer(MEASURE_HERE, _say("Measure a distance")),
    )
    note = _say("This point lies outside the limits of the city.") if told.is_outside else ""
    return _say("This place"), Thing(title, told.area if street else "", tuple(facts), note, offers)


def area_thing(area: Geofence, refusal: str, *, asks: bool = False) -> Told:
    """Return a drawn area's heading and card; ``asks`` whether it is really to go."""
    is_patrol = area.kind is GeofenceKind.PATROL_AREA
    kind = _say("Patrol area") if is_patrol else _say("Geofence")
    outer, *holes = json.loads(area.geometry)["coordinates"]
    facts = ((_say("Corners"), str(len(outer) - 1)),)
    blunt = _say("It has holes, which only another program can change") if holes else ""
    offers: tuple[Offer, ...]
    if asks:
        offers = (
            Offer(REMOVE_NOW, _say("Remove it"), Kind.DANGER, refusal),
            Offer(KEEP, _say("Keep it")),
        )
        note = _say("It leaves the map on every desk. Its history stays.")
        return kind, Thing(area.name, "", facts, note, offers)
    offers = (
        Offer(RENAME, _say("Rename"), refusal=refusal),
        Offer(RESHAPE, _say("Change its shape"), refusal=refusal or blunt),
        Offer(REMOVE, _say("Remove"), refusal=refusal),
    )
    return kind, Thing(area.name, "", facts, "", offers)
