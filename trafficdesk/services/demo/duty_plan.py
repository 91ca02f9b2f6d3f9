"""What the demo has going on: incidents, who was sent and how far they came."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from trafficdesk.domain.vocabulary import IncidentType, LanesBlocked, Service, Step

_NONE, _PARTIAL, _ALL = LanesBlocked.NONE, LanesBlocked.PARTIAL, LanesBlocked.ALL
_POLICE, _AMBULANCE, _TOW = Service.POLICE, Service.AMBULANCE, Service.TOW
_CRASH, _BIKE, _TRUCK = IncidentType.CAR_CRASH, IncidentType.MOTORCYCLE, IncidentType.TRUCK
_WALKER, _HAZARD, _OTHER = IncidentType.PEDESTRIAN, IncidentType.HAZARD, IncidentType.OTHER
_TAKEN, _AWAY, _THERE, _DONE = Step.ACKNOWLEDGED, Step.EN_ROUTE, Step.ARRIVED, Step.CLEARED


@dataclass(frozen=True, slots=True)
class IncidentPlan:
    """An incident before it has a place: how long ago, what, how bad, and how many told of it.

    ``sent`` is the furthest step of each unit, by call sign.
    """

    minutes_ago: int
    type: IncidentType
    vehicles: int
    injured: int
    lanes: LanesBlocked
    reports: int
    needs: Mapping[Service, int]
    sent: Mapping[str, Step]
    is_cleared: bool = False


_BOTH: Final = {_POLICE: 1, _AMBULANCE: 1}
_ONE: Final = {_POLICE: 1}
_HEAVY: Final = {_POLICE: 2, _TOW: 1}
INCIDENTS: Final = (
    IncidentPlan(6, _BIKE, 2, 1, _PARTIAL, 3, _BOTH, {}),
    IncidentPlan(11, _CRASH, 3, 0, _ALL, 5, _HEAVY, {}),
    IncidentPlan(18, _HAZARD, 1, 0, _PARTIAL, 2, _ONE, {}),
    IncidentPlan(24, _WALKER, 1, 1, _PARTIAL, 4, _BOTH, {"Amb 108-2": _AWAY, "Bike 12": _TAKEN}),
    IncidentPlan(31, _TRUCK, 1, 0, _ALL, 2, _HEAVY, {"PCR-11": _AWAY}),
    IncidentPlan(38, _CRASH, 2, 2, _PARTIAL, 3, _BOTH, {"PCR-09": _THERE, "Amb 108-5": _DONE}),
    IncidentPlan(52, _OTHER, 1, 0, _NONE, 1, {_TOW: 1}, {"Tow 04": _THERE}),
    IncidentPlan(
        95, _BIKE, 2, 1, _PARTIAL, 2, _BOTH, {"PCR-14": _DONE, "Amb 108-5": _DONE}, is_cleared=True
    ),
    IncidentPlan(140, _HAZARD, 1, 0, _PARTIAL, 1, _ONE, {"Bike 03": _DONE}, is_cleared=True),
    IncidentPlan(230, _CRASH, 2, 0, _PARTIAL, 2, _ONE, {"PCR-17": _DONE}, is_cleared=True),
    IncidentPlan(
        410, _TRUCK, 1, 0, _ALL, 6, _HEAVY, {"PCR-14": _DONE, "Tow 06": _DONE}, is_cleared=True
    ),
    IncidentPlan(655, _WALKER, 1, 1, _NONE, 1, _BOTH, {"Amb 108-2": _DONE}, is_cleared=True),
)
# How long a step takes after the one before.
PACE: Final[Mapping[Step, timedelta]] = {
    Step.ASSIGNED: timedelta(minutes=1, seconds=40),
    Step.ACKNOWLEDGED: timedelta(seconds=25),
    Step.EN_ROUTE: timedelta(seconds=50),
    Step.ARRIVED: timedelta(minutes=6, seconds=10),
    Step.CLEARED: timedelta(minutes=14),
}
# How long ago crews said that they are well; one of those who are out is late with it.
CHECKED: Final[Mapping[str, timedelta]] = {
    "PCR-09": timedelta(minutes=9),
    "PCR-11": timedelta(minutes=17),
    "Tow 04": timedelta(minutes=32),
}
