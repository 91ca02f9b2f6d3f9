"""What a plan for all open incidents looks like to whom it is proposed: its lines and choices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from trafficdesk.domain.proposal import OpenIncident, Plan, Why, WhyNot, places_to_fill, propose
from trafficdesk.domain.ranking import Candidate, Sendable, rank
from trafficdesk.domain.travel import Basis, TravelTimes
from trafficdesk.domain.vocabulary import Service, UnitStatus
from trafficdesk.qt.dispatch.lines import IncidentLine, Lines
from trafficdesk.qt.dispatch.suggestions import sendable, wanted_at
from trafficdesk.services.dispatch_board import Group
from trafficdesk.services.proposing import Waiting, find_ways

_OFFERED: Final = 12


@dataclass(frozen=True, slots=True)
class PlanOption:
    """A unit that can fill a place; ``seconds`` and ``basis`` are None where it told no position.

    ``position_age`` is told if its position is too old to count on.
    """

    unit_id: UUID
    call_sign: str
    seconds: float | None
    basis: Basis | None
    position_age: timedelta | None = None


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A place to be filled: for what, by whom (None: by nobody), why, and who else could.

    ``nearer`` are the call signs of those that are nearer and go elsewhere.
    """

    incident: IncidentLine
    service: Service
    proposed: UUID | None
    why: Why | WhyNot
    options: tuple[PlanOption, ...] = ()
    nearer: tuple[str, ...] = ()

    def option(self, unit_id: UUID | None) -> PlanOption | None:
        """Return what is known of a unit that could fill it."""
        return next((each for each in self.options if each.unit_id == unit_id), None)


@dataclass(frozen=True, slots=True)
class PlanDraft:
    """A plan as it is proposed, those lines first that somebody is sent for."""

    lines: tuple[PlanLine, ...]
    basis: Basis
    speed_km_h: float


def make_plan(lines: Lines, travel: TravelTimes, now: datetime) -> PlanDraft:
    """Return the plan of least cost for what the boards show; never on the GUI's thread."""
    waiting = [
        Waiting(
            line.id,
            line.incident.reference,
            line.incident.severity_score,
            wanted_at(line, wanted),
        )
        for line, wanted in _open(lines)
    ]
    ways = find_ways([sendable(each) for each in lines.units], waiting, travel)
    plan = propose(ways.units, ways.incidents, now)
    made = _Making(lines, ways.units, {each.id: each for each in ways.incidents}, now)
    rows = made.lines(plan)
    bases = [each.basis for each in plan.proposals if each.basis is not None]
    return PlanDraft(rows, bases[0] if bases else travel.basis, travel.speed_km_h)


def is_anything_open(lines: Lines) -> bool:
    """Tell whether an incident still needs somebody."""
    return any(True for _ in _open(lines))


def _open(lines: Lines) -> Iterable[tuple[IncidentLine, Mapping[Service, int]]]:
    for line in lines.incidents:
        wanted = wanted_by(line)
        if wanted:
            yield line, wanted


def wanted_by(line: IncidentLine) -> Mapping[Service, int]:
    """Return whom a plan sends to an incident."""
    if line.group is Group.CLEARED:
        return {}
    return places_to_fill(line.needs, [each.assignment for each in line.row.assignments])


@dataclass(frozen=True, slots=True)
class _Making:
    boards: Lines
    units: Sequence[Sendable]
    opened: Mapping[UUID, OpenIncident]
    now: datetime

    def lines(self, plan: Plan) -> tuple[PlanLine, ...]:
        filled = [
            PlanLine(
                self.boards.by_incident[each.incident_id],
                each.service,
                each.unit_id,
                each.why,
                self._options(each.incident_id, each.service, each.unit_id),
                tuple(self.boards.by_unit[unit].unit.call_sign for unit in each.nearer),
            )
            for each in plan.proposals
        ]
        empty = [
            PlanLine(
                self.boards.by_incident[each.incident_id],
                each.service,
                None,
                each.why,
                self._options(each.incident_id, each.service, None),
            )
            for each in plan.unfilled
        ]
        return (*filled, *empty)

    def _options(
        self, incident_id: UUID, service: Service, proposed: UUID | None
    ) -> tuple[PlanOption, ...]:
        """Return who could fill a place, the best first; the proposed one is always among them."""
        opened = self.opened[incident_id]
        wanted = wanted_at(self.boards.by_incident[incident_id], {service: 1})
        ranked = rank(self.units, wanted, opened.legs, self.now)
        able = [each for each in ranked if each.seconds is not None or each.unit.place is None]
        kept = [each for n, each in enumerate(able) if n < _OFFERED or each.unit.id == proposed]
        return tuple(_option(each) for each in kept)


def _option(candidate: Candidate) -> PlanOption:
    is_old = not candidate.is_recommended
    return PlanOption(
        candidate.unit.id,
        candidate.unit.call_sign,
        candidate.seconds,
        candidate.basis,
        candidate.position_age if is_old else None,
    )


@dataclass(frozen=True, slots=True)
class MovedOn:
    """Why a line of a plan no longer holds: its unit is not free, or its place is filled."""

    incident_reference: str
    call_sign: str
    is_unit: bool


def find_moved(
    chosen: Sequence[tuple[PlanLine, UUID]], before: Lines, now: Lines
) -> tuple[MovedOn, ...]:
    """Return what of a plan no longer holds on the boards as they are now."""
    left = dict[tuple[UUID, Service], int]()
    moved = []
    for line, unit_id in chosen:
        unit, incident = now.by_unit.get(unit_id), now.by_incident.get(line.incident.id)
        place = (line.incident.id, line.service)
        wanted = {} if incident is None else wanted_by(incident)
        left[place] = left.get(place, wanted.get(line.service, 0)) - 1
        is_free = unit is not None and unit.status is UnitStatus.AVAILABLE
        if not is_free or left[place] < 0:
            known = unit or before.by_unit.get(unit_id)
            sign = "" if known is None else known.unit.call_sign
            moved.append(MovedOn(line.incident.incident.reference, sign, not is_free))
    return tuple(moved)
