"""Sections that several templates are put together from; each is made in one place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from trafficdesk.domain.analytics.compared import period_before
from trafficdesk.domain.analytics.metrics import METRICS, Figure, MetricId
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.analytics.trends import HOURS, busiest, change_of
from trafficdesk.domain.calendar import DayTime
from trafficdesk.domain.reporting.answers import Answers, Kinds, Parts, PlacesFound
from trafficdesk.domain.reporting.answers import Figures as Counted
from trafficdesk.domain.reporting.document import (
    Bars,
    Column,
    FigureLine,
    Figures,
    Heat,
    Kind,
    Point,
    Run,
    Table,
)
from trafficdesk.domain.reporting.figures import UNKNOWN, Show

NOTHING: Final = Figure(None, 0)
MOST_ROWS: Final = 60
MOST_BARS: Final = 24
YEAR: Final = 364  # whole weeks, so that two years have the same weekdays


@dataclass(frozen=True, slots=True)
class Gathering:
    """A template at work: what was asked, whom to ask, and how to say it."""

    scope: Scope
    shift: int | None
    now: DayTime
    answers: Answers
    show: Show

    @property
    def today(self) -> int:
        """Return the day the report is made on."""
        return self.now.day

    @property
    def before(self) -> Period:
        """Return what the period is compared with."""
        return period_before(self.scope.period, self.now)

    def say(self, source: str) -> str:
        """Return a sentence of the reports."""
        return self.show.words.say(source)

    @property
    def year(self) -> Period:
        """Return the 52 weeks up to the period's end, or to today."""
        past = min(self.scope.period.past_day, self.today + 1)
        return Period(past - YEAR, past)

    @property
    def nothing(self) -> str:
        """Return what is said of an empty section."""
        return self.say("Nothing of this kind is known for the period.")


def period_words(show: Show, period: Period) -> str:
    """Return a period's name: its months if they are whole, else its first and last day.

    Of a last day that is there in part it says until when.
    """
    if period.is_whole_months:
        names = show.month(period.months[0]), show.month(period.months[-1])
    else:
        names = show.day(period.first_day), show.day(period.past_day - 1)
    told = names[0] if names[0] == names[1] else f" {UNKNOWN} ".join(names)
    if period.part_day is None:
        return told
    time = show.time_of_day(period.last_ms - 1)
    return show.words.say("{period}, until {time}").format(period=told, time=time)


def figures_of(doing: Gathering, title: str, wanted: Iterable[MetricId]) -> Figures:
    """Return KPIs of the scope beside the period before."""
    before = doing.before
    now = doing.answers.figures(doing.scope)
    then = doing.answers.figures(doing.scope.over(before))
    lines = []
    for metric_id in wanted:
        if metric_id not in now:
            continue
        metric, (value, n) = METRICS[metric_id], now[metric_id]
        earlier = then.get(metric_id, NOTHING).value
        if value is None and earlier is None:
            continue
        change = change_of(earlier, value, metric.direction)
        words = doing.show.words
        lines.append(
            FigureLine(
                words.metric(metric_id),
                words.definition(metric_id),
                Kind(metric.unit),
                value,
                earlier,
                n,
                None if change is None else change.verdict,
            )
        )
    return Figures(
        title,
        tuple(lines),
        *_heads(doing, before),
    )


def _heads(doing: Gathering, before: Period) -> tuple[str, str]:
    """Return what stands above the figures: two months by name, else what they are."""
    period = doing.scope.period
    if period.is_whole_months and before.is_whole_months and len(period.months) == 1:
        return period_words(doing.show, period), period_words(doing.show, before)
    return doing.say("This period"), doing.say("Before")


def types_of(doing: Gathering, kinds: Kinds) -> Bars:
    """Return reports by violation."""
    words = doing.show.words
    return Bars(
        doing.say("By violation"),
        (doing.say("Violation"), doing.say("Reports")),
        tuple((words.violation(code), n) for code, n in kinds.types if n),
        doing.nothing,
    )


def severities_of(doing: Gathering, kinds: Kinds) -> Bars:
    """Return reports by severity."""
    words = doing.show.words
    return Bars(
        doing.say("By severity"),
        (doing.say("Severity"), doing.say("Reports")),
        tuple((words.severity(each), n) for each, n in kinds.severities),
        doing.nothing,
    )


def wards_of(doing: Gathering, kinds: Kinds) -> Bars:
    """Return reports by ward; of very many those that have most, and what the others have."""
    named = [(name or doing.say("outside all wards"), n) for name, n in kinds.wards if n]
    left, count, about = named[MOST_BARS:], doing.show.count, ""
    if left:
        told = doing.say("{wards} other wards have {reports} reports together.")
        about = told.format(wards=count(len(left)), reports=count(sum(n for _, n in left)))
    return Bars(
        doing.say("By ward"),
        (doing.say("Ward"), doing.say("Reports")),
        tuple(named[:MOST_BARS]),
        doing.nothing,
        about,
    )


def months_of(doing: Gathering, kinds: Kinds) -> Run:
    """Return how many came each month; of an officer, how many they decided."""
    is_own = doing.scope.officer_id is not None
    points = tuple(
        Point(doing.show.month(each.month) + ("" if each.is_whole else "*"), float(each.n))
        for each in kinds.months
    )
    return Run(
        doing.say("Decisions by month") if is_own else doing.say("Reports received by month"),
        (doing.say("Month"), doing.say("Decisions") if is_own else doing.say("Reports")),
        points if any(each.n for each in kinds.months) else (),
        doing.nothing,
        doing.say("The 52 weeks up to the period's end; * marks months that are there in part."),
    )


def hours_of(doing: Gathering, kinds: Kinds) -> Heat:
    """Return reports by hour of the week, and which hour has most."""
    words, found = doing.show.words, busiest(kinds.hours)
    about = ""
    if found is not None:
        weekday, hour, n = found
        told = doing.say("Most of all on {weekday} from {hour}:00 on: {n}.")
        about = told.format(weekday=words.weekday(weekday), hour=hour, n=doing.show.count(n))
    return Heat(
        doing.say("By hour of the week"),
        tuple(words.weekday(day) for day in range(len(kinds.hours))),
        tuple(f"{hour:02d}" for hour in range(HOURS)),
        kinds.hours if found is not None else (),
        doing.nothing,
        about,
    )


def parts_of(
    doing: Gathering, heads: tuple[str, str], parts: Parts, wanted: Sequence[MetricId]
) -> Table:
    """Return stations, wards or officers side by side; ``heads``: the title, and what they are."""
    title, what = heads
    words = doing.show.words
    columns = (
        Column(what, is_wide=True),
        *(Column(words.metric(each), Kind(METRICS[each].unit)) for each in wanted),
    )

    def row(name: str, found: Counted) -> tuple[str | float | None, ...]:
        return (name, *(found.get(each, NOTHING).value for each in wanted))

    every = (row(name or doing.say("not known"), each) for name, each in parts.rows)
    rows = [each for each in every if any(each[1:])]  # of the others nothing is known
    city = [row(doing.say("Whole city"), parts.city)] if rows else []
    left = len(rows) - MOST_ROWS
    more = doing.say("{count} more are left out.").format(count=left) if left > 0 else ""
    shown = (*rows[:MOST_ROWS], *city)
    return Table(title, columns, shown, doing.nothing, more, has_total=bool(rows))


def places_of(doing: Gathering, title: str, found: PlacesFound, about: str) -> Table:
    """Return discs with their counts and, where that is known, whether so many may be chance."""
    say = doing.say
    is_judged = any(each.chance is not None for each in found.rows)
    rows = tuple(
        (
            str(rank),
            each.name or say("no name known"),
            *(each.n, each.before, each.weight),
            *((each.chance, say("yes") if each.is_significant else say("no")) * is_judged),
            f"{each.lat:.4f}, {each.lon:.4f}",
        )
        for rank, each in enumerate(found.rows, start=1)
    )
    columns = (
        Column(say("Rank")),
        Column(say("Place"), is_wide=True),
        Column(say("Reports"), Kind.COUNT),
        Column(say("Before"), Kind.COUNT),
        Column(say("Severity weight"), Kind.COUNT),
        *((Column(say("Chance"), Kind.CHANCE), Column(say("Surprising"))) * is_judged),
        Column(say("Latitude, longitude")),
    )
    return Table(title, columns, rows, doing.nothing, about)
