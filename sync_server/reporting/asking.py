"""The server answers what templates ask, behind the walls of one city."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sync_server.analytics import counting
from sync_server.analytics import queries as figures
from sync_server.analytics.queries import Question
from sync_server.analytics.squares import forecast_squares
from sync_server.audit import service as audit
from sync_server.db.engine import Connection
from sync_server.reporting import queries
from sync_server.reporting.shifts import read_shift
from trafficdesk.domain.analytics.agreement import Opinions
from trafficdesk.domain.analytics.changes import Change, find_changes, looked_at, weekly
from trafficdesk.domain.analytics.compared import period_before
from trafficdesk.domain.analytics.hotspots import RADIUS_M, Disc, find_discs
from trafficdesk.domain.analytics.metrics import figures_of
from trafficdesk.domain.analytics.micro_cells import Micro
from trafficdesk.domain.analytics.outlook import EVER, Outlook, outlook_of
from trafficdesk.domain.analytics.patterns import Kind, Pattern, find_patterns, when_of
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.place_forecasting import Squares, Unit
from trafficdesk.domain.analytics.places_ahead import SquareExpected
from trafficdesk.domain.analytics.scope import Part, Scope
from trafficdesk.domain.analytics.sums import Sums, with_ages
from trafficdesk.domain.analytics.trends import HOURS, by_month, hour_by_weekday
from trafficdesk.domain.calendar import DayTime
from trafficdesk.domain.geometry import bounds_around, centre_of
from trafficdesk.domain.plates import format_plate, masked_plate
from trafficdesk.domain.records import Place
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
from trafficdesk.domain.shifts import span_of
from trafficdesk.domain.vocabulary import Severity

MONTHS_AHEAD: Final = 3
_PLACES: Final = 15
_REPEATED: Final = (3, 40)  # at least so many reports, at most so many vehicles
_PATTERNS: Final = 30
_SQUARES: Final = 20


@dataclass(frozen=True, slots=True)
class ServerAnswers:
    """Answers about one city in one snapshot; plates are masked if ``is_masked``.

    ``only``: the officer who sees no others' figures, None for whoever may.
    """

    connection: Connection
    question: Question
    tenant_id: UUID
    now: DayTime
    is_masked: bool
    only: UUID | None

    @property
    def today(self) -> int:
        """The day it is in the city."""
        return self.now.day

    def _of(self, scope: Scope) -> Question:
        return self.question._replace(scope=scope)

    def _sums(self, scope: Scope) -> Sums:
        asked = self._of(scope)
        found = counting.count_stretches(self.connection, asked, asked.edges())[0]
        if found.waiting is None:
            return found
        reaches_today = scope.period.past_day > self.today
        of = self.connection, asked
        ages = counting.ages_of_waiting(*of, self.today) if reaches_today else {}
        return with_ages(found, ages, counting.count_vehicles(*of))

    def figures(self, scope: Scope) -> Figures:
        """See ``Answers.figures``."""
        return figures_of(self._sums(scope))

    def parts(self, period: Period, part: Part) -> Parts:
        """See ``Answers.parts``."""
        city = self._of(Scope(period))
        edges = city.edges()
        each = counting.count_parts(self.connection, city._replace(by=part), edges)
        only = self.only if part is Part.OFFICER else None
        rows = tuple(
            (row["name"], figures_of(each[row["id"]]))
            for row in figures.find_parts(self.connection, self.question.city_id, part)
            if row["id"] in each and only in {None, row["id"]}
        )
        whole = counting.count_stretches(self.connection, city, edges)[0]
        return Parts(rows, figures_of(whole))

    def kinds(self, scope: Scope) -> Kinds:
        """See ``Answers.kinds``."""
        asked = self._of(scope)
        of = self.connection, asked, asked.edges()
        days: dict[int, list[int]] = {}
        for row in figures.count_hours(*of):
            days.setdefault(row["day"], [0] * HOURS)[row["hour"]] += row["n"]
        types, wards, severities = Counter[str](), Counter[str](), Counter[Severity]()
        for row in figures.count_kinds(*of):
            types[row["violation"] or ""] += row["n"]
            wards[row["ward"] or ""] += row["n"]
            severities[Severity(row["severity"])] += row["n"]
        weathers = Counter(row["weather"] or "" for row in figures.find_answered(*of))
        return Kinds(
            by_month(scope.period, {day: sum(hours) for day, hours in days.items()}, self.today),
            hour_by_weekday(days.items()),
            _ordered(types),
            tuple((each, severities[each]) for each in reversed(Severity)),
            _ordered(wards),
            _ordered(weathers),
        )

    def places(self, scope: Scope, *, by_weight: bool) -> PlacesFound:
        """See ``Answers.places``."""
        asked, period = self._of(scope), scope.period
        both = period, period_before(period, self.now)
        spans = [each.span_ms(asked.calendar) for each in both]
        now, then = (
            {
                (row["x"], row["y"]): (row["n"], int(row["weight"]))
                for row in figures.count_micro(self.connection, asked, span)
            }
            for span in spans
        )
        nothing = 0, 0
        cells = [
            Micro(*place, *now.get(place, nothing), then.get(place, nothing)[0])
            for place in sorted(now.keys() | then.keys())
        ]
        # Of a part it is not known which squares are its own.
        is_city = scope.part is Part.CITY
        known = figures.find_known_squares(self.connection, asked) if is_city else []
        discs = find_discs(cells, by_weight=by_weight, at_most=_PLACES, known=known)
        counts = (sum(n for n, _ in each.values()) for each in (now, then))
        return PlacesFound(tuple(map(self._place, discs)), *counts)

    def _place(self, disc: Disc) -> PlaceFound:
        box = bounds_around(disc.place, RADIUS_M)
        return PlaceFound(
            queries.find_name(self.connection, self.question.city_id, box, disc.place),
            *(disc.place.lon, disc.place.lat, disc.n, disc.before, disc.weight),
            None if disc.test is None else disc.test.p_value,
            disc.is_significant,
        )

    def outlook(self, scope: Scope) -> Outlook:
        """See ``Answers.outlook``."""
        days = figures.count_days(self.connection, self._of(scope))
        by_day = {row["day"]: row["n"] for row in days}
        past_day = min(scope.period.past_day, self.today)
        return outlook_of(by_day, EVER, past_day, MONTHS_AHEAD)

    def squares(self, scope: Scope) -> SquaresFound:
        """See ``Answers.squares``."""
        ahead = forecast_squares(self.connection, self._of(scope), self.today, Unit.WEEK)
        found = ahead.found
        rows = tuple(self._square(ahead.grid, each) for each in found.rows[:_SQUARES])
        return SquaresFound(ahead.first_day, rows, found.is_model, found.backtest)

    def _square(self, squares: Squares, found: SquareExpected) -> SquareFound:
        box = squares.bounds_of(found.square)
        middle = centre_of(box)
        name = queries.find_name(self.connection, self.question.city_id, box, middle)
        return SquareFound(name, *middle, found.expected, found.low, found.high)

    def repeaters(self, scope: Scope) -> tuple[RepeaterFound, ...]:
        """See ``Answers.repeaters``."""
        told = masked_plate if self.is_masked else format_plate
        return tuple(
            RepeaterFound(
                told(row["plate"]),
                row["n"],
                Severity(row["worst"]),
                row["first_ms"],
                row["last_ms"],
            )
            for row in queries.find_repeated(self.connection, self._of(scope), *_REPEATED)
        )

    def patterns(self, scope: Scope) -> tuple[PatternFound, ...]:
        """See ``Answers.patterns``."""
        city = queries.find_city(self.connection, self.question.city_id)
        squares, calendar = Squares(Place(city["lon"], city["lat"])), self.question.calendar
        counts = Counter(
            Kind(
                squares.square_of(Place(row["lon"], row["lat"])),
                when_of(calendar, row["occurred_ms"]),
                row["violation"],
            )
            for row in queries.find_happenings(self.connection, self._of(scope))
        )
        return tuple(self._pattern(each, squares) for each in find_patterns(counts)[:_PATTERNS])

    def _pattern(self, found: Pattern, squares: Squares) -> PatternFound:
        kind, box = found.kind, squares.bounds_of(found.kind.square)
        return PatternFound(
            queries.find_name(self.connection, self.question.city_id, box, centre_of(box)),
            *(kind.when.weekday, kind.when.hour, kind.violation),
            *(found.support, found.expected, found.p_value),
        )

    def changes(self, scope: Scope) -> tuple[ChangeFound, ...]:
        """See ``Answers.changes``."""
        period = looked_at(min(scope.period.past_day, self.today))
        of = self.connection, self._of(scope.over(period))
        wards, types = (
            find_changes(weekly(((r["part"], r["day"], r["n"]) for r in rows), period))
            for rows in (queries.count_wards_by_day(*of), queries.count_types_by_day(*of))
        )
        named = figures.find_parts(self.connection, self.question.city_id, Part.WARD)
        names: dict[UUID | None, str] = {row["id"]: row["name"] for row in named}
        return (
            *(_change(each, names.get(each.part, ""), is_ward=True) for each in wards),
            *(_change(each, each.part, is_ward=False) for each in types),
        )

    def opinions(self, scope: Scope) -> Opinions:
        """See ``Answers.opinions``."""
        return self._sums(scope).reviewing.opinions

    def ages(self, scope: Scope) -> Mapping[int, int]:
        """See ``Answers.ages``."""
        waiting = self._sums(scope).waiting
        return {} if waiting is None else waiting.ages

    def deeds(self, period: Period) -> DeedsCounted:
        """See ``Answers.deeds``."""
        span = period.span_ms(self.question.calendar)
        actions, people = Counter[str](), Counter[str]()
        for row in queries.count_deeds(self.connection, self.tenant_id, span):
            actions[row["action"]] += row["n"]
            people[row["name"]] += row["n"]
        faults = audit.verify(self.connection)
        newest = audit.newest(self.connection, self.tenant_id, 2**62, 1)
        length = faults[0].seq - 1 if faults else sum(each["seq"] for each in newest)
        return DeedsCounted(_ordered(actions), _ordered(people), not faults, length)

    def health(self) -> Health:
        """See ``Answers.health``."""
        city_id = self.question.city_id
        held = queries.count_held(self.connection, city_id)
        desks = queries.find_desks(self.connection, city_id)
        warnings = {
            "silent": any(each["is_silent"] and not each["is_revoked"] for each in desks),
            "conflicts": held["conflicts"] > 0,
        }
        return Health(
            (
                ("reports_here", held["reports"]),
                ("incidents_here", held["incidents"]),
                ("in_conflict", held["conflicts"]),
            ),
            tuple(
                (each["code"], each["seen_ms"], "revoked" if each["is_revoked"] else "active")
                for each in desks
            ),
            tuple(name for name, is_so in warnings.items() if is_so),
        )

    def shift(self, number: int) -> ShiftFound:
        """See ``Answers.shift``."""
        span = span_of(self.question.calendar, number)
        return read_shift(self.connection, self.question.city_id, span)


def _ordered(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0])))


def _change(found: Change[UUID | None] | Change[str], name: str, *, is_ward: bool) -> ChangeFound:
    return ChangeFound(
        name, is_ward=is_ward, recent=found.recent, usual=found.usual, chance=found.p_value
    )
