"""Showing how far the chosen unit comes in five, ten and fifteen minutes."""

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, cast

from PySide6.QtCore import QObject

from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import Basis, TravelTimes
from trafficdesk.qt.dispatch.chosen import sign_of
from trafficdesk.qt.dispatch.reach_layer import ReachBand
from trafficdesk.qt.dispatch.words import basis_words, say
from trafficdesk.qt.tasks import Lane

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace

MINUTES: Final = (15, 10, 5)
_Rings = list[list[list[float]]]


class Found(NamedTuple):
    """The bands, the widest first, and what they rest on."""

    bands: tuple[ReachBand, ...]
    basis: Basis
    speed_km_h: float


class Reaching(QObject):
    """The reach on one map; it stays where it was asked for until it is taken away."""

    def __init__(self, desk: "DispatchWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        self._lanes = desk.gear.lanes.owned_by(self)
        self._wanted: Place | None = None

    def refusal(self) -> str:
        """Return why no reach can be shown."""
        unit = self._desk.unit
        if unit is None:
            return say("Choose a unit first")
        if unit.place is None:
            return say("{unit} has told no position yet").format(unit=sign_of(unit))
        return ""

    def show(self) -> None:
        """Ask for the chosen unit's reach and show it when it is known."""
        unit = self._desk.unit
        if unit is None or unit.place is None:
            return
        place, travel = unit.place, self._desk.gear.travel
        self._wanted = place
        self._lanes.run(
            Lane.READER,
            lambda: find_reach(travel, place),
            partial(self._take, place, sign_of(unit)),
            key="reach",
        )

    def _take(self, place: Place, sign: str, found: Found) -> None:
        if self._wanted != place:  # taken away meanwhile
            return
        rests_on = basis_words(found.basis, found.speed_km_h)
        told = say("Reach of {unit}: {basis}").format(unit=sign, basis=rests_on)
        map_ = self._desk.map
        map_.reach.tell(found.bands, told)
        bounds = map_.reach.bounds()
        if bounds is not None:
            map_.show_bounds(bounds)
        map_.update()

    def leave(self) -> bool:
        """Take the reach away; False when none was shown."""
        was_shown = self._wanted is not None
        self._wanted = None
        if was_shown:
            self._desk.map.reach.tell((), "")
            self._desk.map.update()
        return was_shown


def find_reach(travel: TravelTimes, place: Place) -> Found:
    """Return the reach of a place; not for the GUI's thread. One estimate makes all of it one."""
    found = [(minutes, travel.reach(place, minutes)) for minutes in MINUTES]
    bands = tuple(ReachBand(minutes, rings_of(reach.geometry)) for minutes, reach in found)
    is_estimate = any(reach.basis is Basis.STRAIGHT_LINE for _, reach in found)
    basis = Basis.STRAIGHT_LINE if is_estimate else Basis.BY_ROAD
    return Found(bands, basis, travel.speed_km_h)


def rings_of(geometry: dict[str, object]) -> tuple[tuple[Place, ...], ...]:
    """Return the rings of a Polygon or MultiPolygon in GeoJSON."""
    found = geometry.get("coordinates", [])
    polygons = cast("list[_Rings]", found if geometry.get("type") == "MultiPolygon" else [found])
    return tuple(
        tuple(Place(each[0], each[1]) for each in ring) for rings in polygons for ring in rings
    )
