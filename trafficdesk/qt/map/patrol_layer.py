"""The patrol plan of the shift that goes on, as a layer: areas shaded by what is expected there."""

from itertools import pairwise
from typing import Final

from trafficdesk.domain.shifts import SHIFTS_A_DAY, shift_of
from trafficdesk.domain.times import to_ms
from trafficdesk.maps.layers import NO_PATROLS, PatrolArea, PatrolView
from trafficdesk.qt.dispatch_papers.patrol_shades import STEPS, Shade, shades_of
from trafficdesk.qt.dispatch_papers.patrol_words import amount, hours_words, say
from trafficdesk.qt.map.histogram import zone_of
from trafficdesk.services.patrol_plan import Counting, find_crews, plan_day
from trafficdesk.services.session import Session
from trafficdesk.store import facts

_LEAST: Final = 0.05  # less is shown as nothing


class PatrolLayer:
    """Counts once and keeps it; asked on reader threads. Units go where the plan sends them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._counting = Counting()

    def read(self) -> PatrolView:
        """Return the areas of the shift that goes on."""
        counts, crews = self._counting.read(self._session), find_crews(self._session)
        if not counts.areas:
            return NO_PATROLS
        with self._session.store.reading() as connection:
            calendar = facts.calendar(connection)
        shift = shift_of(calendar, to_ms(self._session.lease_clock()))
        day, number = divmod(shift, SHIFTS_A_DAY)
        on_duty = crews.call_signs[: crews.on_duty]
        plan = plan_day(calendar, counts, day, {number: on_duty})[number]
        shades = shades_of(counts, plan)
        areas = tuple(
            PatrolArea(area.id, _words(shade), area.geometry, shade.step)
            for area, shade in zip(counts.areas, shades, strict=True)
        )
        title = say("Patrol plan {hours}: reports expected")
        hours = hours_words(plan.span, zone_of(calendar.offset_ms))
        most = max(shade.expected for shade in shades)
        return PatrolView(areas, title.format(hours=hours), _ranges(most))


def _words(shade: Shade) -> str:
    return " · ".join(shade.label)


def _ranges(most: float) -> tuple[str, ...]:
    """Return what each of the steps stands for."""
    if most < _LEAST:
        return (amount(0.0),)
    edges = [amount(most * step / STEPS) for step in range(STEPS + 1)]
    return tuple(f"\u2066{low}\N{EN DASH}{high}\u2069" for low, high in pairwise(edges))
