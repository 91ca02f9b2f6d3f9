"""Whom to send: the units that can come, the best first, each with the reasons for its place."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final
from uuid import UUID

from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import Basis, Leg
from trafficdesk.domain.vocabulary import Service, UnitStatus

STALE_AFTER: Final = timedelta(minutes=10)
SHORT_LIST: Final = 40  # of a service; a road is never shorter than the straight line


@dataclass(frozen=True, slots=True)
class Sendable:
    """A unit as far as it matters to whom to send.

    ``place`` is its last known position and ``seen_at`` the time of it; ``sent_before`` counts its
    assignments since its shift began.
    """

    id: UUID
    call_sign: str
    service: Service
    status: UnitStatus
    place: Place | None
    seen_at: datetime | None
    sent_before: int = 0
    skills: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an incident still needs: how many units of each service, and skills of use there."""

    place: Place
    services: Mapping[Service, int]
    skills: frozenset[str] = frozenset()


class Standing(IntEnum):
    """How much is known of a unit's way, the most first."""

    TIMED = 0  # a fresh position, and a way from there
    STALE = 1  # a way from a position that is too old to count on
    NO_WAY = 2  # no road leads from its position
    NO_POSITION = 3  # it has told none; ask it


@dataclass(frozen=True, slots=True)
class Candidate:
    """A unit that can be sent; ``seconds`` is None where nothing can be said of its way.

    ``position_age`` says how old its position is (None: nobody knows; negative: its clock is fast).
    """

    unit: Sendable
    standing: Standing
    seconds: float | None
    basis: Basis | None
    position_age: timedelta | None
    skills_met: int

    @property
    def is_recommended(self) -> bool:
        """Tell whether its time can be counted on."""
        return self.standing is Standing.TIMED


def can_come(unit: Sendable, services: Collection[Service]) -> bool:
    """Tell whether a unit is free and offers one of the services."""
    return unit.status is UnitStatus.AVAILABLE and unit.service in services


def short_list(
    units: Iterable[Sendable], wanted: Wanted, limit: int = SHORT_LIST
) -> tuple[Sendable, ...]:
    """Return the units that can come and are worth a question for their way.

    The ``limit`` nearest of each service in a straight line, and all without a position. Finding
    ways for a whole city's thousand units takes seconds, and the farthest are never sent.
    """
    near: dict[Service, list[tuple[float, Sendable]]] = {}
    lost = []
    for unit in units:
        if not can_come(unit, wanted.services):
            continue
        if unit.place is None:
            lost.append(unit)
        else:
            far_m = distance_m(unit.place, wanted.place)
            near.setdefault(unit.service, []).append((far_m, unit))
    for of_service in near.values():
        of_service.sort(key=lambda each: (each[0], str(each[1].id)))
    return (*(unit for found in near.values() for _, unit in found[:limit]), *lost)


def standing_of(unit: Sendable, leg: Leg | None, now: datetime) -> Standing:
    """Return how much is known of a unit's way."""
    if unit.place is None:
        return Standing.NO_POSITION
    if leg is None or leg.seconds is None:
        return Standing.NO_WAY
    is_fresh = unit.seen_at is not None and abs(now - unit.seen_at) <= STALE_AFTER
    return Standing.TIMED if is_fresh else Standing.STALE


def rank(
    units: Iterable[Sendable], wanted: Wanted, legs: Mapping[UUID, Leg], now: datetime
) -> tuple[Candidate, ...]:
    """Return the available units that offer a needed service, the one to send first.

    By travel time, then the fewest assignments this shift, then the most skills of use. A unit
    whose position is stale comes after all whose time can be counted on; then those that no road
    leads from; last those without a position. ``legs`` holds the way of each unit on the short
    list; whoever has a position and is not on it is left out.
    """
    found = [
        _candidate(unit, wanted, legs.get(unit.id), now)
        for unit in units
        if can_come(unit, wanted.services) and (unit.place is None or unit.id in legs)
    ]
    return tuple(sorted(found, key=_order))


def _candidate(unit: Sendable, wanted: Wanted, leg: Leg | None, now: datetime) -> Candidate:
    known = leg if unit.place is not None else None
    return Candidate(
        unit,
        standing_of(unit, leg, now),
        known.seconds if known else None,
        known.basis if known else None,
        now - unit.seen_at if known and unit.seen_at else None,
        len(unit.skills & wanted.skills),
    )


def _order(candidate: Candidate) -> tuple[int, int, int, int, str, str]:
    # Whole seconds: nobody chooses between two crews by a fraction of one.
    seconds = 0 if candidate.seconds is None else round(candidate.seconds)
    unit = candidate.unit
    return (
        candidate.standing,
        seconds,
        unit.sent_before,
        -candidate.skills_met,
        unit.call_sign,
        str(unit.id),
    )
