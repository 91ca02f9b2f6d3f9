"""A plan for many open incidents at once: which unit to send where, and what stays unserved.

The plan is the one of least cost, and its cost is stated: for each place to be filled the seconds
until its unit is there, or those of leaving it unfilled, times the incident's severity score. So
a graver incident gets the nearer unit, and no free unit stays idle that could fill a place.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from trafficdesk.domain.dispatch import is_open, still_needed
from trafficdesk.domain.matching import least_cost
from trafficdesk.domain.ranking import Sendable, Standing, standing_of
from trafficdesk.domain.records import Assignment
from trafficdesk.domain.travel import Basis, Leg
from trafficdesk.domain.vocabulary import Service, UnitStatus

# Each of these is dearer than the one before, so that it is chosen only for want of it.
WORST_WAY_S: Final = 4 * 3600  # ways longer than that count the same
NO_POSITION_S: Final = 5 * 3600  # a unit that must be asked where it is
UNFILLED_S: Final = 6 * 3600  # nobody comes
# Costs are whole seconds times a score up to 100. In the last six digits lies what decides between
# plans of one cost: how often their units were sent before. Sums stay exact as floats (below 2**53)
# up to 4,000 places.
_WORST_SCORE: Final = 100
_TIE: Final = 1_000_000
_MOST_LOAD: Final = 200


@dataclass(frozen=True, slots=True)
class OpenIncident:
    """An incident as far as it matters to a plan: what it still needs, and how bad it is (0-100).

    ``legs`` holds the way of each unit that might be sent and has a position.
    """

    id: UUID
    reference: str
    severity_score: int
    needs: Mapping[Service, int]
    legs: Mapping[UUID, Leg]


class Why(StrEnum):
    """Why a plan sends this unit."""

    NEAREST = "nearest"  # of the units that could be sent, the one that is there first
    ONLY = "only"  # no other could be sent
    NEARER_ONES_SENT = "nearer_ones_sent"  # those that are nearer go where they do more good


class WhyNot(StrEnum):
    """Why a place stays unfilled."""

    NONE_AVAILABLE = "none_available"  # no unit of that service is free
    NO_WAY = "no_way"  # no road leads there from those that are free
    ALL_SENT = "all_sent"  # those that are free are sent elsewhere by this plan


@dataclass(frozen=True, slots=True)
class Proposal:
    """One unit to be sent. ``nearer`` are the units that are nearer and go elsewhere.

    ``seconds`` is None for a unit without a position; ``position_age`` is told if it is stale.
    """

    incident_id: UUID
    unit_id: UUID
    service: Service
    seconds: float | None
    basis: Basis | None
    position_age: timedelta | None
    why: Why
    nearer: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Unfilled:
    """A place that the plan fills with nobody."""

    incident_id: UUID
    service: Service
    why: WhyNot


@dataclass(frozen=True, slots=True)
class Plan:
    """Whom to send where; ``cost`` is what the plan costs in all, in weighted seconds."""

    proposals: tuple[Proposal, ...]
    unfilled: tuple[Unfilled, ...]
    cost: int


@dataclass(frozen=True, slots=True)
class _Place:
    """One unit of one service that an incident needs."""

    incident: OpenIncident
    service: Service


def propose(units: Iterable[Sendable], incidents: Iterable[OpenIncident], now: datetime) -> Plan:
    """Return the plan of least cost; the same for the same input, in whatever order it comes.

    Each incident holds the ways of ``units`` to it. Nothing is written before somebody accepts it.
    """
    free = sorted(
        (unit for unit in units if unit.status is UnitStatus.AVAILABLE),
        key=lambda unit: (unit.call_sign, str(unit.id)),
    )
    places = list(_places(incidents))
    if not places:
        return Plan((), (), 0)
    costs = [_row(place, number, len(places), free, now) for number, place in enumerate(places)]
    taken = {row: column for row, column in least_cost(costs) if column < len(free)}
    sent = {free[column].id: places[row].incident.id for row, column in taken.items()}
    return Plan(
        tuple(_proposal(places[row], free[taken[row]], free, sent, now) for row in sorted(taken)),
        tuple(_unfilled(place, free) for row, place in enumerate(places) if row not in taken),
        sum(
            cost_of(place.incident, free[taken[row]] if row in taken else None, now)
            for row, place in enumerate(places)
        ),
    )


def places_to_fill(
    needs: Mapping[Service, int], assignments: Collection[Assignment]
) -> Mapping[Service, int]:
    """Return whom a plan sends: what is still missing.

    Where nothing was asked for and nobody is out, one police unit looks what it is.
    """
    if needs or any(is_open(each) for each in assignments):
        return still_needed(needs, assignments)
    return {Service.POLICE: 1}


def cost_of(incident: OpenIncident, unit: Sendable | None, now: datetime) -> int:
    """Return what sending a unit costs, or leaving its place unfilled: seconds times the score.

    A stale position costs its age beside its way: the crew may have driven off for as long.
    """
    return _seconds(incident, unit, now) * min(max(1, incident.severity_score), _WORST_SCORE)


def _seconds(incident: OpenIncident, unit: Sendable | None, now: datetime) -> int:
    if unit is None:
        return UNFILLED_S
    leg = incident.legs.get(unit.id)
    standing = standing_of(unit, leg, now)
    if standing is Standing.NO_POSITION:
        return NO_POSITION_S
    if leg is None or leg.seconds is None:
        return UNFILLED_S
    seconds = leg.seconds
    if standing is Standing.STALE:
        seconds += abs(now - unit.seen_at).total_seconds() if unit.seen_at else WORST_WAY_S
    return min(round(seconds), WORST_WAY_S)


def _places(incidents: Iterable[OpenIncident]) -> Iterable[_Place]:
    """Yield the places to be filled, those of the gravest incident first."""
    ordered = sorted(incidents, key=lambda i: (-i.severity_score, i.reference, str(i.id)))
    for incident in ordered:
        for service in Service:
            for _ in range(incident.needs.get(service, 0)):
                yield _Place(incident, service)


def _can_fill(place: _Place, unit: Sendable) -> bool:
    if unit.service is not place.service:
        return False
    leg = place.incident.legs.get(unit.id)
    return unit.place is None or (leg is not None and leg.seconds is not None)


def _row(
    place: _Place, number: int, places: int, free: Sequence[Sendable], now: datetime
) -> list[float]:
    """Return the cost of each unit in a place, then of leaving it unfilled: a column for each."""
    row = [
        float(cost_of(place.incident, unit, now) * _TIE + min(unit.sent_before, _MOST_LOAD))
        if _can_fill(place, unit)
        else math.inf
        for unit in free
    ]
    unfilled = [math.inf] * places
    unfilled[number] = float(cost_of(place.incident, None, now) * _TIE)
    return row + unfilled


def _proposal(
    place: _Place,
    unit: Sendable,
    free: Sequence[Sendable],
    sent: Mapping[UUID, UUID],
    now: datetime,
) -> Proposal:
    incident = place.incident
    others = [each for each in free if each is not unit and _can_fill(place, each)]
    mine = _seconds(incident, unit, now)
    nearer = tuple(
        each.id
        for each in others
        if sent.get(each.id, incident.id) != incident.id and _seconds(incident, each, now) < mine
    )
    leg = incident.legs.get(unit.id) if unit.place is not None else None
    is_stale = standing_of(unit, leg, now) is Standing.STALE
    return Proposal(
        incident.id,
        unit.id,
        place.service,
        leg.seconds if leg else None,
        leg.basis if leg else None,
        now - unit.seen_at if is_stale and unit.seen_at else None,
        Why.NEARER_ONES_SENT if nearer else Why.NEAREST if others else Why.ONLY,
        nearer,
    )


def _unfilled(place: _Place, free: Sequence[Sendable]) -> Unfilled:
    of_service = [unit for unit in free if unit.service is place.service]
    if not of_service:
        why = WhyNot.NONE_AVAILABLE
    elif any(_can_fill(place, unit) for unit in of_service):
        why = WhyNot.ALL_SENT
    else:
        why = WhyNot.NO_WAY
    return Unfilled(place.incident.id, place.service, why)
