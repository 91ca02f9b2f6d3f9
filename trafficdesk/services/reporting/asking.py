"""A desk answers what templates ask, from what its analytics found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.analytics.agreement import Opinions
from trafficdesk.domain.analytics.metrics import METRICS, OF_VEHICLES, figures_of
from trafficdesk.domain.analytics.outlook import Outlook
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_forecasting import PlaceMethod
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Sums
from trafficdesk.domain.geometry import centre_of
from trafficdesk.domain.plates import format_plate, masked_plate
from trafficdesk.domain.reporting.answers import (
    ChangeFound,
    DeedsCounted,
    Figures,
    Health,
    Kinds,
    Parts,
    PatternFound,
    PlaceFound,
    PlacesFound,
    RepeaterFound,
    ShiftFound,
    SquareFound,
    SquaresFound,
)
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.services.analytics import comparing, patterns, trends
from trafficdesk.services.analytics.forecasts import forecast_counts
from trafficdesk.services.analytics.hotspots import find_hotspots
from trafficdesk.services.analytics.place_forecasts import SquareAhead, forecast_places
from trafficdesk.services.analytics.place_names import name_of
from trafficdesk.services.reporting import desk_facts
from trafficdesk.services.session import Session
from trafficdesk.store import facts
from trafficdesk.store.analytics.counting import count_sums
from trafficdesk.store.analytics.recount import count_vehicles

_SQUARES: Final = 20
_PLACES: Final = 15
_REPEATERS: Final = 40
_PATTERNS: Final = 30
_WAYS: Final = {
    Part.STATION: comparing.compare_stations,
    Part.WARD: comparing.compare_wards,
    Part.OFFICER: comparing.compare_officers,
}


@dataclass(frozen=True, slots=True)
class DeskAnswers:
    """Answers of one session; plates are masked if ``is_masked``."""

    session: Session
    is_masked: bool

    def figures(self, scope: Scope) -> Figures:
        """See ``Answers.figures``."""
        with self.session.store.reading() as connection:
            calendar = facts.calendar(connection)
            today = calendar.day_of(to_ms(self.session.lease_clock()))
            found = figures_of(count_sums(connection, calendar, scope, today))
            if scope.part is not Part.OFFICER:
                vehicles = Sums(vehicles=count_vehicles(connection, calendar, scope))
                again = figures_of(vehicles)
                found |= {metric_id: again[metric_id] for metric_id in OF_VEHICLES}
        return {metric_id: found[metric_id] for metric_id in METRICS if metric_id in found}

    def parts(self, period: Period, part: Part) -> Parts:
        """See ``Answers.parts``."""
        found = _WAYS[part](self.session, period)
        return Parts(tuple((row.name, row.figures) for row in found.rows), found.city)

    def kinds(self, scope: Scope) -> Kinds:
        """See ``Answers.kinds``."""
        found = trends.find_trends(self.session, scope)
        return Kinds(
            found.by_month,
            found.hour_by_weekday,
            tuple((each.key, each.n) for each in found.by_type),
            tuple((Severity(int(each.key)), each.n) for each in found.by_severity),
            tuple((each.name, each.n) for each in found.by_ward),
            tuple((each.key, each.n) for each in found.by_weather),
        )

    def places(self, scope: Scope, *, by_weight: bool) -> PlacesFound:
        """See ``Answers.places``."""
        found = find_hotspots(self.session, scope, by_weight=by_weight, at_most=_PLACES)
        rows = [
            PlaceFound(
                each.name,
                each.disc.place.lon,
                each.disc.place.lat,
                each.disc.n,
                each.disc.before,
                each.disc.weight,
                None if each.disc.test is None else each.disc.test.p_value,
                each.disc.is_significant,
            )
            for each in found.discs
        ]
        return PlacesFound(tuple(rows), found.total, found.total_before)

    def outlook(self, scope: Scope) -> Outlook:
        """See ``Answers.outlook``."""
        found = forecast_counts(self.session, scope)
        return Outlook(found.months, found.counts, found.ahead, found.method, found.backtest)

    def squares(self, scope: Scope) -> SquaresFound:
        """See ``Answers.squares``."""
        found = forecast_places(self.session, scope, at_most=_SQUARES)
        rows = tuple(self._square(each) for each in found.squares)
        is_model = found.method is not PlaceMethod.LAST_YEAR
        return SquaresFound(found.first_day, rows, is_model, found.backtest)

    def _square(self, found: SquareAhead) -> SquareFound:
        with self.session.store.reading() as connection:
            name = name_of(connection, found.bounds)
        middle = centre_of(found.bounds)
        return SquareFound(name, *middle, found.expected, found.low, found.high)

    def repeaters(self, scope: Scope) -> tuple[RepeaterFound, ...]:
        """See ``Answers.repeaters``."""
        told = masked_plate if self.is_masked else format_plate
        return tuple(
            RepeaterFound(
                told(each.plate), each.n, each.worst, to_ms(each.first_at), to_ms(each.last_at)
            )
            for each in patterns.find_repeat_offenders(self.session, scope, at_most=_REPEATERS)
        )

    def patterns(self, scope: Scope) -> tuple[PatternFound, ...]:
        """See ``Answers.patterns``."""
        return tuple(
            PatternFound(
                each.name,
                each.pattern.kind.when.weekday,
                each.pattern.kind.when.hour,
                each.pattern.kind.violation,
                each.pattern.support,
                each.pattern.expected,
                each.pattern.p_value,
            )
            for each in patterns.find_recurring(self.session, scope)[:_PATTERNS]
        )

    def changes(self, scope: Scope) -> tuple[ChangeFound, ...]:
        """See ``Answers.changes``."""
        found = patterns.find_sudden_changes(self.session, scope)
        wards = [
            ChangeFound(
                "" if each.part is None else found.ward_names.get(each.part, ""),
                is_ward=True,
                recent=each.recent,
                usual=each.usual,
                chance=each.p_value,
            )
            for each in found.wards
        ]
        types = [
            ChangeFound(
                each.part, is_ward=False, recent=each.recent, usual=each.usual, chance=each.p_value
            )
            for each in found.types
        ]
        return (*wards, *types)

    def opinions(self, scope: Scope) -> Opinions:
        """See ``Answers.opinions``."""
        return self._sums(scope).reviewing.opinions

    def ages(self, scope: Scope) -> Mapping[int, int]:
        """See ``Answers.ages``."""
        waiting = self._sums(scope).waiting
        return {} if waiting is None else waiting.ages

    def _sums(self, scope: Scope) -> Sums:
        with self.session.store.reading() as connection:
            calendar = facts.calendar(connection)
            today = calendar.day_of(to_ms(self.session.lease_clock()))
            return count_sums(connection, calendar, scope, today)

    def deeds(self, period: Period) -> DeedsCounted:
        """See ``Answers.deeds``."""
        return desk_facts.count_deeds(self.session, period)

    def health(self) -> Health:
        """See ``Answers.health``."""
        return desk_facts.find_health(self.session)

    def shift(self, number: int) -> ShiftFound:
        """See ``Answers.shift``."""
        return desk_facts.read_shift(self.session, number)
