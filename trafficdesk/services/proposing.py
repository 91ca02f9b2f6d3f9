"""What a plan for all open incidents is made of: whom it may send, and how long each would take."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from trafficdesk.domain.proposal import OpenIncident
from trafficdesk.domain.ranking import Sendable, Wanted, short_list
from trafficdesk.domain.travel import Leg, TravelFault, TravelTimes

_LEAST_LIST: Final = 12


@dataclass(frozen=True, slots=True)
class Waiting:
    """An incident that still needs units."""

    id: UUID
    reference: str
    severity_score: int
    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Ways:
    """What a plan is made of: the units worth a question, and incidents with their ways.

    ``fault`` says why times are estimates, if they are.
    """

    units: tuple[Sendable, ...]
    incidents: tuple[OpenIncident, ...]
    fault: TravelFault | None


def find_ways(units: Sequence[Sendable], incidents: Sequence[Waiting], travel: TravelTimes) -> Ways:
    """Return whom a plan may send and how long each would take, asked for in one question.

    Takes seconds and never belongs on the GUI's thread.
    """
    places = sum(sum(each.wanted.services.values()) for each in incidents)
    limit = max(_LEAST_LIST, places)  # so that a unit is left for each, were they all at one spot
    listed = {u.id: u for each in incidents for u in short_list(units, each.wanted, limit)}
    placed = [(unit.id, unit.place) for unit in listed.values() if unit.place is not None]
    ends = [each.wanted.place for each in incidents]
    found = travel.times([place for _, place in placed], ends)
    ways: list[dict[UUID, Leg]] = [{} for _ in incidents]
    for (unit_id, _), legs in zip(placed, found.legs, strict=True):
        for at, leg in enumerate(legs):
            ways[at][unit_id] = leg
    opened = [
        OpenIncident(each.id, each.reference, each.severity_score, each.wanted.services, ways[at])
        for at, each in enumerate(incidents)
    ]
    return Ways(tuple(listed.values()), tuple(opened), found.fault)
