"""Templates about what happens in a city: the month of a station, the week, a ward, the backlog."""

from itertools import pairwise
from typing import Final

from trafficdesk.domain.analytics.metrics import CATALOGUE, MetricId
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.reporting.ahead import (
    months_ahead,
    squares_ahead,
    worth_of,
    worth_of_squares,
)
from trafficdesk.domain.reporting.document import Bars, Column, Kind, Note, Section, Table
from trafficdesk.domain.reporting.sections import (
    Gathering,
    figures_of,
    hours_of,
    months_of,
    parts_of,
    places_of,
    severities_of,
    types_of,
    wards_of,
)

_M = MetricId
_BESIDE: Final = (
    *(_M.RECEIVED, _M.HANDLED, _M.APPROVED_SHARE),
    *(_M.DECISION_TIME, _M.WITHIN_A_DAY, _M.BACKLOG),
)
_OF_THE_WEEK: Final = (
    *(_M.RECEIVED, _M.HANDLED, _M.BACKLOG, _M.WITHIN_A_DAY, _M.SEVERE_SHARE),
    *(_M.CITATIONS, _M.INCIDENTS, _M.INJURY_CRASHES, _M.TO_ARRIVAL),
)
_OF_SAFETY: Final = (
    *(_M.RECEIVED, _M.SEVERE_SHARE, _M.INCIDENTS, _M.INJURY_CRASHES),
    *(_M.TO_ARRIVAL, _M.REPEAT_VEHICLES, _M.CITATIONS),
)
_OF_WAITING: Final = (
    *(_M.BACKLOG, _M.BACKLOG_AGE, _M.BACKLOG_OLDEST, _M.RECEIVED, _M.HANDLED),
    *(_M.DECISION_TIME, _M.DECISION_TIME_P90, _M.LET_GO_SHARE),
)
_WAITS_BESIDE: Final = (_M.BACKLOG, _M.RECEIVED, _M.HANDLED, _M.DECISION_TIME_P90)
_AGES: Final = (0, 1, 2, 4, 8, 15, 31, 91)  # the youngest of each band, in days


def fill_month(doing: Gathering) -> tuple[Section, ...]:
    """Return the monthly report of a station, or of the city."""
    kinds = doing.answers.kinds(doing.scope)
    stations = doing.answers.parts(doing.scope.period, Part.STATION)
    return (
        figures_of(doing, doing.say("Figures"), (metric.id for metric in CATALOGUE)),
        types_of(doing, kinds),
        severities_of(doing, kinds),
        hours_of(doing, kinds),
        wards_of(doing, kinds),
        parts_of(
            doing, (doing.say("Stations side by side"), doing.say("Station")), stations, _BESIDE
        ),
    )


def fill_week(doing: Gathering) -> tuple[Section, ...]:
    """Return the week of the city: what moved, where, and what changed of a sudden."""
    period, say = doing.scope.period, doing.say
    stations = doing.answers.parts(period, Part.STATION)
    now = doing.answers.kinds(doing.scope)
    then = doing.answers.kinds(doing.scope.over(doing.before))
    before, words = dict(then.types), doing.show.words
    moved = Table(
        say("Violations beside the period before"),
        (
            Column(say("Violation"), is_wide=True),
            Column(say("Reports"), Kind.COUNT),
            Column(say("Before"), Kind.COUNT),
        ),
        tuple((words.violation(code), n, before.get(code, 0)) for code, n in now.types),
        doing.nothing,
    )
    return (
        figures_of(doing, say("Headlines"), _OF_THE_WEEK),
        moved,
        changes_of(doing),
        parts_of(doing, (say("Stations side by side"), say("Station")), stations, _BESIDE),
    )


def changes_of(doing: Gathering) -> Table:
    """Return what changed suddenly, with the chance that nothing did."""
    say, words = doing.say, doing.show.words
    rows = tuple(
        (
            say("Ward") if each.is_ward else say("Violation"),
            (each.name or say("outside all wards")) if each.is_ward else words.violation(each.name),
            each.recent,
            each.usual,
            each.chance,
        )
        for each in doing.answers.changes(doing.scope)
    )
    columns = (
        Column(say("Kind")),
        Column(say("What"), is_wide=True),
        Column(say("Last four weeks"), Kind.COUNT),
        Column(say("Usual"), Kind.NUMBER),
        Column(say("Chance"), Kind.CHANCE),
    )
    about = say(
        "The last four weeks beside the year before. Of a hundred looks at which nothing had "
        "changed, five at most would show a change."
    )
    return Table(say("Sudden changes"), columns, rows, say("Nothing changed suddenly."), about)


def fill_ward(doing: Gathering) -> tuple[Section, ...]:
    """Return how safe a ward is: severity, the gravest places of its year, hours, violations."""
    say, answers = doing.say, doing.answers
    kinds = answers.kinds(doing.scope)
    year = doing.scope.over(doing.year)
    wards = answers.parts(doing.scope.period, Part.WARD)
    return (
        figures_of(doing, say("Safety"), _OF_SAFETY),
        places_of(
            doing,
            say("Gravest places of the year"),
            answers.places(year, by_weight=True),
            say("Circles of 500 m by severity added up over 52 weeks, beside the year before."),
        ),
        severities_of(doing, kinds),
        types_of(doing, kinds),
        hours_of(doing, kinds),
        parts_of(
            doing,
            (say("Beside the other wards"), say("Ward")),
            wards,
            (_M.RECEIVED, _M.SEVERE_SHARE, _M.INCIDENTS, _M.INJURY_CRASHES, _M.CITATIONS),
        ),
    )


def fill_backlog(doing: Gathering) -> tuple[Section, ...]:
    """Return what waits, how old it is, and where it waits."""
    say, answers, period = doing.say, doing.answers, doing.scope.period
    ages = answers.ages(doing.scope)
    bands = tuple(
        (_band(doing, low, past), sum(n for age, n in ages.items() if low <= age < past))
        for low, past in pairwise((*_AGES, 10**6))
    )
    empty = say("How old what waits is can be told for a period that reaches to today alone.")
    return (
        figures_of(doing, say("What waits"), _OF_WAITING),
        Bars(
            say("By age"),
            (say("Age"), say("Reports that wait")),
            bands if any(n for _, n in bands) else (),
            doing.say("Nothing waits.") if period.past_day > doing.today else empty,
        ),
        months_of(doing, answers.kinds(doing.scope.over(doing.year))),
        parts_of(
            doing,
            (say("Where it waits, by station"), say("Station")),
            answers.parts(period, Part.STATION),
            _WAITS_BESIDE,
        ),
        parts_of(
            doing,
            (say("Where it waits, by ward"), say("Ward")),
            answers.parts(period, Part.WARD),
            _WAITS_BESIDE,
        ),
    )


def _band(doing: Gathering, low: int, past: int) -> str:
    if past > _AGES[-1]:
        return doing.say("{days} days and more").format(days=low)
    if past == low + 1:
        return doing.say("today") if not low else doing.say("{days} d").format(days=low)
    return doing.say("{low} to {high} d").format(low=low, high=past - 1)


def fill_outlook(doing: Gathering) -> tuple[Section, ...]:
    """Return the months and squares ahead, with what such a forecast was worth so far."""
    found = doing.answers.outlook(doing.scope)
    squares = doing.answers.squares(doing.scope)
    return (
        months_ahead(doing, found),
        worth_of(doing, found),
        squares_ahead(doing, squares),
        worth_of_squares(doing, squares),
        Note(
            doing.say("How to read this"),
            (
                doing.say(
                    "A forecast of reports is a forecast of what people report, not of what "
                    "happens. Send patrols where both the forecast and the officers on the "
                    "ground say so."
                ),
            ),
        ),
    )
