"""What crews should be able to do at an incident."""

import pytest

from trafficdesk.domain.skills import Skill, skills_of_use
from trafficdesk.domain.vocabulary import IncidentType


@pytest.mark.parametrize(
    ("kind", "injuries", "wanted"),
    [
        (IncidentType.CAR_CRASH, False, set()),
        (IncidentType.CAR_CRASH, True, {Skill.FIRST_AID, Skill.RESCUE}),
        (IncidentType.PEDESTRIAN, False, {Skill.FIRST_AID}),
        (IncidentType.MOTORCYCLE, True, {Skill.FIRST_AID}),
        (IncidentType.TRUCK, False, {Skill.HEAVY_VEHICLES, Skill.HAZARDOUS_GOODS}),
        (IncidentType.HAZARD, False, {Skill.HAZARDOUS_GOODS}),
        (IncidentType.OTHER, True, {Skill.FIRST_AID}),
    ],
)
def test_what_is_of_use_follows_from_what_happened(
    kind: IncidentType, wanted: set[Skill], *, injuries: bool
) -> None:
    assert skills_of_use(kind, injuries=injuries) == wanted
