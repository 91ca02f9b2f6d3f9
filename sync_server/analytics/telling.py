"""From figures to what the API tells of them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID

from sync_server.analytics.asked import date_of
from sync_server.analytics.queries import Question, Rows
from sync_server.analytics.squares import SquaresToCome
from sync_server.analytics.told import (
    ToldAhead,
    ToldArea,
    ToldCell,
    ToldCompared,
    ToldForecast,
    ToldHeat,
    ToldKpi,
    ToldLocation,
    ToldLocations,
    ToldMonth,
    ToldOverview,
    ToldPeriod,
    ToldPlaceScore,
    ToldPlaceTest,
    ToldRow,
    ToldScore,
    ToldSlice,
    ToldSquare,
    ToldSquares,
    ToldTable,
    ToldTrends,
)
from trafficdesk.domain.analytics.backtest import Score
from trafficdesk.domain.analytics.forecasting import PLAIN
from trafficdesk.domain.analytics.hotspots import RADIUS_M, Disc
from trafficdesk.domain.analytics.metrics import CATALOGUE, Figure, figures_of
from trafficdesk.domain.analytics.outlook import Outlook
from trafficdesk.domain.analytics.periods import MONTHS_A_YEAR, Period
from trafficdesk.domain.analytics.place_backtest import PlaceBacktest, PlaceScore
from trafficdesk.domain.analytics.sums import Sums
from trafficdesk.domain.analytics.trends import HOURS, by_month, hour_by_weekday
from trafficdesk.domain.geometry import centre_of

METRES_A_DEGREE: Final = 111_320
_NOTHING: Final = Figure(None, 0)


def period_told(period: Period) -> ToldPeriod:
    """Return the first and the last day."""
    return ToldPeriod(first=date_of(period.first_day), last=date_of(period.past_day - 1))


def compared_told(question: Question, before: Period) -> ToldCompared:
    """Return what a period is compared with."""
    days, (_, until_ms) = period_told(before), before.span_ms(question.calendar)
    return ToldCompared(
        first=days.first, last=days.last, until_ms=until_ms if before.part_day else None
    )


def _month(month: int) -> str:
    year, number = divmod(month, MONTHS_A_YEAR)
    return f"{year:04}-{number + 1:02}"


def kpis(now: Sums, then: Sums | None = None, runs: Sequence[Sums] = ()) -> list[ToldKpi]:
    """Return the KPIs of what was counted, beside those of before and of the parts."""
    figures = figures_of(now)
    before = {} if then is None else figures_of(then)
    parts = [figures_of(each) for each in runs]
    found = list[ToldKpi]()
    for metric in CATALOGUE:
        if metric.id not in figures:
            continue
        spark = [part[metric.id].value for part in parts if metric.id in part]
        value, n = figures[metric.id]
        earlier = before.get(metric.id, _NOTHING)
        found.append(
            ToldKpi(
                id=metric.id,
                unit=metric.unit,
                direction=metric.direction,
                value=value,
                n=n,
                before=earlier.value,
                n_before=earlier.n,
                spark=spark if any(each is not None for each in spark) else [],
            )
        )
    return found


class Beside(NamedTuple):
    """What is asked for beside the period before."""

    question: Question
    periods: tuple[Period, Period]
    now_ms: int

    def of(self, now: Sums, then: Sums, runs: Sequence[Sums]) -> ToldOverview:
        """Return the overview of what was counted."""
        period, before = self.periods
        return ToldOverview(
            city_id=self.question.city_id,
            period=period_told(period),
            before=compared_told(self.question, before),
            kpis=kpis(now, then, runs),
            as_of_ms=self.now_ms,
        )


def table(
    city_id: UUID,
    period: Period,
    now_ms: int,
    counted: tuple[Sequence[tuple[dict[str, Any], Sums]], Sums],
) -> ToldTable:
    """Return stations, wards or officers side by side, beside the city."""
    parts, city = counted
    return ToldTable(
        city_id=city_id,
        period=period_told(period),
        rows=[ToldRow(id=row["id"], name=row["name"], kpis=kpis(sums)) for row, sums in parts],
        city=kpis(city),
        as_of_ms=now_ms,
    )


class Counted(NamedTuple):
    """Rows that trends are made of."""

    hours: Rows
    kinds: Rows
    answered: Rows


def trends(question: Question, now_ms: int, counted: Counted) -> ToldTrends:
    """Return how a scope's reports run."""
    period = question.scope.period
    days = defaultdict[int, list[int]](lambda: [0] * HOURS)
    for row in counted.hours:
        days[row["day"]][row["hour"]] += row["n"]
    by_day = {day: sum(hours) for day, hours in days.items()}
    months = by_month(period, by_day, question.calendar.day_of(now_ms))
    names = {str(row["ward_id"] or ""): row["ward"] or "" for row in counted.kinds}
    weather = Counter(row["weather"] for row in counted.answered)
    return ToldTrends(
        city_id=question.city_id,
        period=period_told(period),
        by_month=[ToldMonth(month=_month(m.month), n=m.n, is_whole=m.is_whole) for m in months],
        hour_by_weekday=[list(hours) for hours in hour_by_weekday(days.items())],
        by_type=_slices(counted.kinds, "violation", {}),
        by_severity=_slices(counted.kinds, "severity", {}),
        by_ward=_slices(counted.kinds, "ward_id", names),
        by_weather=[ToldSlice(key=key, n=n) for key, n in weather.most_common()],
        as_of_ms=now_ms,
    )


def _slices(rows: Rows, column: str, names: dict[str, str]) -> list[ToldSlice]:
    counts = Counter[str]()
    for row in rows:
        counts[str(row[column] or "")] += row["n"]
    in_order = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return [ToldSlice(key=key, n=n, name=names.get(key, "")) for key, n in in_order]


def heat(question: Question, now_ms: int, degrees: float, cells: Rows) -> ToldHeat:
    """Return the cells of a heat map."""
    return ToldHeat(
        city_id=question.city_id,
        period=period_told(question.scope.period),
        degrees=degrees,
        cells=[ToldCell(**cell) for cell in cells],
        as_of_ms=now_ms,
    )


def locations(
    question: Question, before: Period, now_ms: int, discs: Sequence[Disc]
) -> ToldLocations:
    """Return discs as the API tells of them."""
    return ToldLocations(
        city_id=question.city_id,
        period=period_told(question.scope.period),
        before=compared_told(question, before),
        radius_m=RADIUS_M,
        locations=[
            ToldLocation(
                rank=disc.rank,
                lon=disc.place.lon,
                lat=disc.place.lat,
                n=disc.n,
                weight=disc.weight,
                before=disc.before,
                p_value=None if disc.test is None else disc.test.p_value,
                is_significant=disc.is_significant,
            )
            for disc in discs
        ],
        as_of_ms=now_ms,
    )


def forecast(city_id: UUID, now_ms: int, outlook: Outlook) -> ToldForecast:
    """Return months so far and to come, and what both methods were worth."""
    worth = outlook.backtest
    counted = zip(outlook.months, outlook.counts, strict=True)
    return ToldForecast(
        city_id=city_id,
        months=[ToldMonth(month=_month(month), n=n) for month, n in counted],
        ahead=[
            ToldAhead(
                month=_month(each.month),
                expected=each.expected,
                plain=each.plain,
                low=each.low,
                high=each.high,
            )
            for each in outlook.ahead
        ],
        method=outlook.method,
        is_model=outlook.method not in PLAIN,
        model=None if worth is None else _score(worth.model),
        plain=None if worth is None else _score(worth.plain),
        as_of_ms=now_ms,
    )


def _score(score: Score) -> ToldScore:
    return ToldScore(method=score.method, wape=score.wape, cover=score.cover)


def squares(city_id: UUID, now_ms: int, ahead: SquaresToCome, at_most: int) -> ToldSquares:
    """Return the squares to come, and what naming them was worth."""
    found, worth = ahead.found, ahead.found.backtest
    told = list[ToldSquare]()
    for rank, each in enumerate(found.rows[:at_most], start=1):
        lon, lat = centre_of(ahead.grid.bounds_of(each.square))
        told.append(
            ToldSquare(
                rank=rank, lon=lon, lat=lat, expected=each.expected, low=each.low, high=each.high
            )
        )
    return ToldSquares(
        city_id=city_id,
        unit=ahead.unit,
        first=date_of(ahead.first_day),
        squares=told,
        method=found.method,
        is_model=found.is_model,
        backtest=None if worth is None else _place_test(worth),
        as_of_ms=now_ms,
    )


def _place_test(worth: PlaceBacktest) -> ToldPlaceTest:
    return ToldPlaceTest(
        folds=worth.folds,
        squares=worth.squares,
        is_better=worth.is_better,
        p_value=worth.p_value,
        model=_place_score(worth.model),
        plain=_place_score(worth.plain),
    )


def _place_score(score: PlaceScore) -> ToldPlaceScore:
    return ToldPlaceScore(
        method=score.method,
        areas=[
            ToldArea(share=each.share, hit_rate=each.hit_rate, pai=each.pai, pei_star=each.pei_star)
            for each in score.areas
        ],
        top_precision=score.top_precision,
        wape=score.wape,
        cover=score.cover,
    )
