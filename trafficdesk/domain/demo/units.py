"""The invented city's units: call signs, kinds, crews, and what they can do."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.skills import Skill
from trafficdesk.domain.vocabulary import Duty, UnitKind


@dataclass(frozen=True, slots=True)
class UnitPlan:
    """A unit before it has an id and a place."""

    call_sign: str
    kind: UnitKind
    crew: str
    duty: Duty = Duty.ON


UNITS: Final = (
    UnitPlan("PCR-09", UnitKind.PATROL_CAR, "HC Balan, PC Irfan"),
    UnitPlan("PCR-11", UnitKind.PATROL_CAR, "HC Chitra, PC Deva"),
    UnitPlan("PCR-14", UnitKind.PATROL_CAR, "SI Ravi, PC Selvi"),
    UnitPlan("PCR-17", UnitKind.PATROL_CAR, "HC Gopal, PC Uma"),
    UnitPlan("PCR-22", UnitKind.PATROL_CAR, "HC Murali, PC Asha", Duty.BUSY),
    UnitPlan("Bike 03", UnitKind.OFFICER, "PC Thangam"),
    UnitPlan("Bike 07", UnitKind.OFFICER, "PC Joseph"),
    UnitPlan("Bike 12", UnitKind.OFFICER, "PC Malar"),
    UnitPlan("Bike 15", UnitKind.OFFICER, "PC Kumaran", Duty.OFF),
    UnitPlan("Amb 108-2", UnitKind.AMBULANCE, "two paramedics"),
    UnitPlan("Amb 108-5", UnitKind.AMBULANCE, "two paramedics"),
    UnitPlan("Fire 01", UnitKind.FIRE, "crew of six"),
    UnitPlan("Tow 04", UnitKind.TOW, "driver"),
    UnitPlan("Tow 06", UnitKind.TOW, "driver"),
)
SKILLS: Final[Mapping[UnitKind, tuple[str, ...]]] = {
    UnitKind.AMBULANCE: (str(Skill.FIRST_AID),),
    UnitKind.FIRE: (str(Skill.FIRST_AID), str(Skill.RESCUE)),
    UnitKind.TOW: (str(Skill.HEAVY_VEHICLES),),
}
