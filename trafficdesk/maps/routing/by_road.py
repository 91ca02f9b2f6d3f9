"""Travel times by the roads of a base map, and estimates for whatever they cannot answer."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Final, TypeVar

from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import (
    Basis,
    Leg,
    Reach,
    Route,
    StraightLine,
    Times,
    TravelFault,
    TravelTimes,
)
from trafficdesk.maps.packs import Pack
from trafficdesk.maps.routing.messages import (
    Answer,
    OffMap,
    Question,
    ReachAsked,
    ReachFound,
    RouteAsked,
    RouteFound,
    TimesAsked,
    TimesFound,
)
from trafficdesk.maps.routing.process import (
    USUAL_LIMITS,
    EngineError,
    EngineProcess,
    Limits,
    engine_command,
    has_engine,
)
from trafficdesk.maps.routing.tiles import RoadsDamagedError, find_tiles

# What a quiet machine answers in half of the time that is waited for: 4 ms a place, 0.3 ms a way.
MOST_PLACES: Final = 300
MOST_WAYS: Final = 5_000

_Found = TypeVar("_Found", TimesFound, RouteFound, ReachFound)


def open_travel_times(pack: Pack | None, limits: Limits = USUAL_LIMITS) -> TravelTimes:
    """Return what knows the ways of a base map best. The engine starts with the first question."""
    if pack is None:
        return StraightLine(TravelFault.NO_TILES)
    try:
        if find_tiles(pack.folder) is None:
            return StraightLine(TravelFault.NO_TILES)
    except RoadsDamagedError:
        return StraightLine(TravelFault.DAMAGED)
    if not has_engine():
        return StraightLine(TravelFault.NOT_INSTALLED)
    return ByRoad(EngineProcess(engine_command(pack.folder), limits))


class ByRoad:
    """``TravelTimes`` that asks an engine, and estimates where that has no answer."""

    def __init__(self, engine: EngineProcess) -> None:
        self._engine = engine
        self._numbers = count(1)
        self._straight = StraightLine()

    @property
    def basis(self) -> Basis:
        """Say what the next answer is expected to rest on."""
        return Basis.BY_ROAD if self._engine.fault is None else Basis.STRAIGHT_LINE

    @property
    def speed_km_h(self) -> float:
        """The speed that straight-line answers assume."""
        return self._straight.speed_km_h

    def times(self, starts: Sequence[Place], ends: Sequence[Place]) -> Times:
        """Return times by road; estimates from and to places that lie off the map."""
        estimates = self._straight.times(starts, ends)
        if len(starts) + len(ends) > MOST_PLACES or len(starts) * len(ends) > MOST_WAYS:
            return replace(estimates, fault=TravelFault.TOO_MANY)
        found = self._ask(TimesAsked(next(self._numbers), starts, ends), TimesFound)
        if isinstance(found, TravelFault):
            return replace(estimates, fault=found)
        off_starts, off_ends = set(found.off_starts), set(found.off_ends)
        legs = tuple(
            tuple(
                estimate
                if row in off_starts or column in off_ends
                else Leg(found.seconds[row][column], Basis.BY_ROAD)
                for column, estimate in enumerate(of_start)
            )
            for row, of_start in enumerate(estimates.legs)
        )
        return Times(legs, TravelFault.OTHER_PLACE if off_starts or off_ends else None)

    def route(self, start: Place, end: Place) -> Route:
        """Return the way by road."""
        found = self._ask(RouteAsked(next(self._numbers), start, end), RouteFound)
        if isinstance(found, TravelFault):
            return replace(self._straight.route(start, end), fault=found)
        return Route(tuple(found.line), found.seconds, Basis.BY_ROAD)

    def reach(self, start: Place, minutes: float) -> Reach:
        """Return what can be reached by road."""
        found = self._ask(ReachAsked(next(self._numbers), start, minutes), ReachFound)
        if isinstance(found, TravelFault):
            return replace(self._straight.reach(start, minutes), fault=found)
        return Reach(found.geometry, Basis.BY_ROAD)

    def close(self) -> None:
        """End the engine."""
        self._engine.close()

    def _ask(self, question: Question, wanted: type[_Found]) -> _Found | TravelFault:
        try:
            answer: Answer = self._engine.ask(question)
        except EngineError as error:
            return error.fault
        if isinstance(answer, OffMap):
            return TravelFault.OTHER_PLACE
        return answer if isinstance(answer, wanted) else TravelFault.STOPPED
