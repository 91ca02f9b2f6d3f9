"""Whom the strip offers for an incident: ranked off the GUI thread, with the basis of the times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from trafficdesk.domain.dispatch import SERVICE_OF
from trafficdesk.domain.ranking import Candidate, Sendable, Wanted, rank, short_list
from trafficdesk.domain.records import Place
from trafficdesk.domain.skills import skills_of_use
from trafficdesk.domain.travel import Basis, Leg, TravelTimes
from trafficdesk.domain.vocabulary import Service
from trafficdesk.qt.dispatch.lines import IncidentLine, Lines, UnitLine

OFFERED: Final = 3


@dataclass(frozen=True, slots=True)
class Suggested:
    """A unit to send: its call sign, what it is, how long its way takes and what that rests on."""

    unit_id: UUID
    call_sign: str
    service: Service
    seconds: float | None
    line: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A unit that might be nearer, but whose position is too old to say so."""

    call_sign: str
    seconds: float
    position_age: timedelta


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the strip offers for one incident; ``by_unit`` are seconds for the unit board."""

    incident_id: UUID
    options: tuple[Suggested, ...] = ()
    doubtful: Doubtful | None = None
    basis: Basis = Basis.STRAIGHT_LINE
    speed_km_h: float = 0.0
    by_unit: Mapping[UUID, float] = field(default_factory=dict)


def suggest(line: IncidentLine, lines: Lines, travel: TravelTimes, now: datetime) -> Suggestion:
    """Return whom to send; asks for ways, so never on the GUI thread."""
    incident = line.incident
    wanted = wanted_at(line, line.missing or _otherwise(line))
    units = short_list([sendable(each) for each in lines.units], wanted)
    known = [each for each in units if each.place is not None]
    found = travel.times([each.place for each in known if each.place], [incident.place])
    legs: dict[UUID, Leg] = {each.id: row[0] for each, row in zip(known, found.legs, strict=True)}
    ranked = rank(units, wanted, legs, now)
    options = tuple(_suggested(each, incident.place, travel) for each in _fair(ranked)[:OFFERED])
    basis = next((each.basis for each in ranked if each.basis is not None), travel.basis)
    return Suggestion(
        incident.id,
        options,
        _doubtful(ranked),
        basis,
        travel.speed_km_h,
        {each.unit.id: each.seconds for each in ranked if each.seconds is not None},
    )


def wanted_at(line: IncidentLine, services: Mapping[Service, int]) -> Wanted:
    """Return what is asked for at an incident: units of services, and what is of use there."""
    incident = line.incident
    skills = skills_of_use(incident.type, injuries=incident.injuries)
    return Wanted(incident.place, services, skills)


def _otherwise(line: IncidentLine) -> Mapping[Service, int]:
    """Return what is looked for where nothing is missing: more of the same, else police."""
    return line.needs or {Service.POLICE: 1}


def sendable(line: UnitLine) -> Sendable:
    """Return a unit as far as it matters to whom to send."""
    unit = line.unit
    return Sendable(
        unit.id,
        unit.call_sign,
        SERVICE_OF[unit.kind],
        line.status,
        line.place,
        line.seen_at,
        line.row.sent_before,
        skills=frozenset(unit.skills),
    )


def _fair(ranked: tuple[Candidate, ...]) -> list[Candidate]:
    """Return those to count on, the best of every service before anybody's second best."""
    seen: dict[Service, int] = {}
    keyed = []
    for place, each in enumerate(ranked):
        if each.is_recommended:
            before = seen.get(each.unit.service, 0)
            seen[each.unit.service] = before + 1
            keyed.append((before, place, each))
    return [each for _, _, each in sorted(keyed, key=lambda one: one[:2])]


def _suggested(candidate: Candidate, end: Place, travel: TravelTimes) -> Suggested:
    unit = candidate.unit
    line = () if unit.place is None else travel.route(unit.place, end).line
    return Suggested(unit.id, unit.call_sign, unit.service, candidate.seconds, line)


def _doubtful(ranked: tuple[Candidate, ...]) -> Doubtful | None:
    """Return a unit with an old position that would be nearer than the best, named with its age."""
    best = next((each.seconds for each in ranked if each.is_recommended), None)
    for each in ranked:
        if each.is_recommended or each.seconds is None or each.position_age is None:
            continue
        if best is None or each.seconds < best:
            return Doubtful(each.unit.call_sign, each.seconds, each.position_age)
    return None
