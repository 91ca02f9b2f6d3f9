"""What crews can do beside their service, and where it is of use."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from trafficdesk.domain.vocabulary import IncidentType


class Skill(StrEnum):
    """What a crew can do; units may have others, which no incident asks for."""

    FIRST_AID = "first aid"
    RESCUE = "rescue"
    HEAVY_VEHICLES = "heavy vehicles"
    HAZARDOUS_GOODS = "hazardous goods"


_AT: Final[Mapping[IncidentType, frozenset[Skill]]] = {
    IncidentType.TRUCK: frozenset({Skill.HEAVY_VEHICLES, Skill.HAZARDOUS_GOODS}),
    IncidentType.PEDESTRIAN: frozenset({Skill.FIRST_AID}),
    IncidentType.MOTORCYCLE: frozenset({Skill.FIRST_AID}),
    IncidentType.HAZARD: frozenset({Skill.HAZARDOUS_GOODS}),
}
_CUT_OUT: Final = frozenset({IncidentType.CAR_CRASH, IncidentType.TRUCK})


def skills_of_use(kind: IncidentType, *, injuries: bool) -> frozenset[str]:
    """Return what crews should be able to do at such an incident, were all else the same."""
    wanted = set(_AT.get(kind, ()))
    if injuries:
        wanted |= {Skill.FIRST_AID} | ({Skill.RESCUE} if kind in _CUT_OUT else set())
    return frozenset(map(str, wanted))
