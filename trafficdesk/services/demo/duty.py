"""The demo's incidents and units: what is going on right now, and who can be sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from trafficdesk.domain.demo.chance import dice, happens
from trafficdesk.domain.demo.town import CITY_CODE
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Incident, Place, Unit
from trafficdesk.domain.severity import incident_severity_score
from trafficdesk.domain.vocabulary import (
    IncidentStatus,
    IncidentType,
    LanesBlocked,
    Severity,
    UnitKind,
    UnitStatus,
)
from trafficdesk.services.demo.city import DemoCity, moved
from trafficdesk.services.demo.sightings import Cast

_ACTIVE, _DISPATCHED = IncidentStatus.ACTIVE, IncidentStatus.DISPATCHED
_ON_SCENE, _CLEARED = IncidentStatus.ON_SCENE, IncidentStatus.CLEARED
_NONE, _PARTIAL, _ALL = LanesBlocked.NONE, LanesBlocked.PARTIAL, LanesBlocked.ALL


@dataclass(frozen=True, slots=True)
class _Plan:
    """An incident before it has a place: how long ago, what, how far, how bad."""

    minutes_ago: int
    type: IncidentType
    status: IncidentStatus
    vehicles: int
    injured: int
    lanes: LanesBlocked
    reports: int


_INCIDENTS = (
    _Plan(6, IncidentType.MOTORCYCLE, _ACTIVE, 2, 1, _PARTIAL, 3),
    _Plan(11, IncidentType.CAR_CRASH, _ACTIVE, 3, 0, _ALL, 5),
    _Plan(18, IncidentType.HAZARD, _ACTIVE, 1, 0, _PARTIAL, 2),
    _Plan(24, IncidentType.PEDESTRIAN, _DISPATCHED, 1, 1, _PARTIAL, 4),
    _Plan(31, IncidentType.TRUCK, _DISPATCHED, 1, 0, _ALL, 2),
    _Plan(38, IncidentType.CAR_CRASH, _ON_SCENE, 2, 2, _PARTIAL, 3),
    _Plan(52, IncidentType.OTHER, _ON_SCENE, 1, 0, _NONE, 1),
    _Plan(95, IncidentType.MOTORCYCLE, _CLEARED, 2, 1, _PARTIAL, 2),
    _Plan(140, IncidentType.HAZARD, _CLEARED, 1, 0, _PARTIAL, 1),
    _Plan(230, IncidentType.CAR_CRASH, _CLEARED, 2, 0, _PARTIAL, 2),
    _Plan(410, IncidentType.TRUCK, _CLEARED, 1, 0, _ALL, 6),
    _Plan(655, IncidentType.PEDESTRIAN, _CLEARED, 1, 1, _NONE, 1),
)
_UNITS: tuple[tuple[str, UnitKind, str, UnitStatus], ...] = (
    ("PCR-09", UnitKind.PATROL_CAR, "HC Balan, PC Irfan", UnitStatus.ON_SCENE),
    ("PCR-11", UnitKind.PATROL_CAR, "HC Chitra, PC Deva", UnitStatus.EN_ROUTE),
    ("PCR-14", UnitKind.PATROL_CAR, "SI Ravi, PC Selvi", UnitStatus.AVAILABLE),
    ("PCR-17", UnitKind.PATROL_CAR, "HC Gopal, PC Uma", UnitStatus.AVAILABLE),
    ("PCR-22", UnitKind.PATROL_CAR, "HC Murali, PC Asha", UnitStatus.BUSY),
    ("Bike 03", UnitKind.OFFICER, "PC Thangam", UnitStatus.AVAILABLE),
    ("Bike 07", UnitKind.OFFICER, "PC Joseph", UnitStatus.AVAILABLE),
    ("Bike 12", UnitKind.OFFICER, "PC Malar", UnitStatus.EN_ROUTE),
    ("Bike 15", UnitKind.OFFICER, "PC Kumaran", UnitStatus.OFF_DUTY),
    ("Amb 108-2", UnitKind.AMBULANCE, "two paramedics", UnitStatus.EN_ROUTE),
    ("Amb 108-5", UnitKind.AMBULANCE, "two paramedics", UnitStatus.AVAILABLE),
    ("Fire 01", UnitKind.FIRE, "crew of six", UnitStatus.AVAILABLE),
    ("Tow 04", UnitKind.TOW, "driver", UnitStatus.BUSY),
    ("Tow 06", UnitKind.TOW, "driver", UnitStatus.AVAILABLE),
)
_WORDS_OF_SCORE = ((75, Severity.CRITICAL), (45, Severity.SEVERE), (25, Severity.MODERATE))


@dataclass(frozen=True, slots=True)
class PlacedIncident:
    """An incident and the station (index) it belongs to."""

    incident: Incident
    station: int


def incidents(city: DemoCity, now: datetime) -> list[PlacedIncident]:
    """Return the incidents of the last hours, the latest first."""
    rng = dice("incidents")
    made = []
    for number, plan in enumerate(_INCIDENTS, 1):
        spot = city.pick(rng)
        occurred_at = now - timedelta(minutes=plan.minutes_ago, seconds=rng.randrange(60))
        score = incident_severity_score(
            vehicles=plan.vehicles,
            injuries=plan.injured > 0,
            lanes=plan.lanes,
            merged_reports=plan.reports - 1,
        )
        cleared_at = occurred_at + timedelta(minutes=rng.randint(22, 80))
        incident = Incident(
            pk=0,
            id=new_id(),
            version=1,
            revision=1,
            reference=f"{CITY_CODE}-I-{now.year}-{400 + len(_INCIDENTS) - number:05d}",
            type=plan.type,
            severity=next(
                (word for least, word in _WORDS_OF_SCORE if score >= least), Severity.MINOR
            ),
            severity_score=score,
            status=plan.status,
            place=moved(spot.place, rng, 10.0),
            address=f"{spot.road}, {spot.area}",
            vehicle_count=plan.vehicles,
            injury_count=plan.injured,
            lanes_blocked=plan.lanes,
            report_count=plan.reports,
            occurred_at=occurred_at,
            cleared_at=cleared_at if plan.status is _CLEARED else None,
        )
        made.append(PlacedIncident(incident, spot.station))
    return made


def units(city: DemoCity, cast: Cast, now: datetime) -> list[Unit]:
    """Return the units with their last known positions, minutes to some hours old."""
    rng = dice("units")
    made = []
    for call_sign, kind, crew, status in _UNITS:
        spot = city.pick(rng)
        place: Place | None = moved(spot.place, rng, 25.0)
        seen_at: datetime | None = now - timedelta(minutes=rng.randint(2, 190))
        if status is UnitStatus.OFF_DUTY or happens(rng, 0.04):
            place = seen_at = None
        station_id = cast.station_ids[spot.station]
        made.append(Unit(new_id(), call_sign, kind, status, station_id, crew, place, seen_at))
    return made
