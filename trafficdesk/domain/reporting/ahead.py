"""Sections about what may come: months, squares, and what the way of telling was worth so far."""

from trafficdesk.domain.analytics.backtest import Score
from trafficdesk.domain.analytics.forecasting import PLAIN, Method
from trafficdesk.domain.analytics.outlook import Outlook
from trafficdesk.domain.analytics.place_backtest import PlaceScore
from trafficdesk.domain.reporting.answers import SquaresFound
from trafficdesk.domain.reporting.document import Column, Kind, Point, Run, Table
from trafficdesk.domain.reporting.sections import Gathering
from trafficdesk.domain.reporting.words import sentence

_MONTHS_SHOWN = 24
_METHODS = {
    Method.LAST_YEAR: sentence("same month a year before"),
    Method.LAST_MONTHS: sentence("mean of the last twelve months"),
    Method.SEASONAL_MEAN: sentence("mean of the same month of three years"),
    Method.HOLT_WINTERS: sentence("Holt-Winters"),
    Method.THETA: sentence("Theta"),
    Method.MEAN_OF_THREE: sentence("mean of seasonal mean, Holt-Winters and Theta"),
}


def months_ahead(doing: Gathering, found: Outlook) -> Run:
    """Return the months so far and those to come with their range."""
    say, show = doing.say, doing.show
    known = list(zip(found.months, found.counts, strict=True))[-_MONTHS_SHOWN:]
    points = [Point(show.month(month), float(n)) for month, n in known]
    points += [
        Point(show.month(each.month), each.expected, is_expected=True, low=each.low, high=each.high)
        for each in found.ahead
    ]
    is_plain = found.method in PLAIN
    kind = say("This is a plain count") if is_plain else say("This is a model's forecast")
    about = say("{kind}: {method}. Pale columns are expected.")
    if any(each.high is not None for each in found.ahead):
        about += " " + say("In four of five months the count lies inside the range.")
    told = about.format(kind=kind, method=say(_METHODS[found.method])) if found.ahead else ""
    return Run(
        say("Reports by month, and the months to come"),
        (say("Month"), say("Reports")),
        tuple(points),
        say("There is no whole month to tell anything from."),
        told,
    )


def worth_of(doing: Gathering, found: Outlook) -> Table:
    """Return what model and plain count were worth on months they had not seen."""
    say, worth = doing.say, found.backtest
    columns = (
        Column(say("Way"), is_wide=True),
        Column(say("Error, share of all reports"), Kind.SHARE),
        Column(say("Months inside the range"), Kind.SHARE),
    )
    if worth is None:
        empty = say("A year and a month are needed before a forecast can be tried on the past.")
        return Table(say("What that was worth so far"), columns, (), empty)

    def row(score: Score) -> tuple[str, float | None, float | None]:
        return say(_METHODS[score.method]), score.wape, score.cover

    told = say("over {folds} months. {verdict}").format(
        folds=worth.folds,
        verdict=_verdict(doing, is_better=worth.is_better),
    )
    return Table(
        say("What that was worth so far"),
        columns,
        (row(worth.model), row(worth.plain)),
        doing.nothing,
        say("Each month forecast from those before it, {told}").format(told=told),
    )


def squares_ahead(doing: Gathering, found: SquaresFound) -> Table:
    """Return where most is expected next week, and whether a model or a count says so."""
    say = doing.say
    rows = tuple(
        (
            str(rank),
            each.name or say("no name known"),
            each.expected,
            each.low,
            each.high,
            f"{each.lat:.4f}, {each.lon:.4f}",
        )
        for rank, each in enumerate(found.rows, start=1)
    )
    columns = (
        Column(say("Rank")),
        Column(say("Square of 500 m"), is_wide=True),
        Column(say("Expected"), Kind.NUMBER),
        Column(say("At least"), Kind.COUNT),
        Column(say("At most"), Kind.COUNT),
        Column(say("Latitude, longitude")),
    )
    kind = say("This is a model's forecast") if found.is_model else say("This is a plain count")
    about = say("The week from {day} on. {kind}.").format(
        day=doing.show.day(found.first_day), kind=kind
    )
    title = say("Where patrols may be needed next week")
    return Table(title, columns, rows, doing.nothing, about)


def worth_of_squares(doing: Gathering, found: SquaresFound) -> Table:
    """Return what naming squares was worth on weeks not seen, by the model and by counting."""
    say, worth = doing.say, found.backtest
    title = say("What naming squares was worth so far")
    columns = (
        Column(say("Figure"), is_wide=True),
        Column(say("Model"), is_right=True),
        Column(say("Last year's count"), is_right=True),
    )
    if worth is None:
        empty = say("Too little is known to try it on the past: it is last year's count.")
        return Table(title, columns, (), empty)
    both = zip(_measures(doing, worth.model), _measures(doing, worth.plain), strict=True)
    rows = tuple((name, model, plain) for (name, model), (_, plain) in both)
    tried = say("Each week forecast from those before it, over {weeks} weeks. {verdict}").format(
        weeks=worth.folds, verdict=_verdict(doing, is_better=worth.is_better)
    )
    meant = say(
        "Of the squares that had reports before. PAI: the share of reports over the share of "
        "squares; 1 is chance. PEI*: the reports over the most there could have been."
    )
    return Table(title, columns, rows, doing.nothing, f"{tried} {meant}")


def _measures(doing: Gathering, score: PlaceScore) -> list[tuple[str, str]]:
    """Return the measures of one way by name, as they are shown."""
    say, told = doing.say, doing.show.value
    names = (
        (say("Reports in {percent} % of the squares"), Kind.SHARE),
        (say("PAI, {percent} % of the squares"), Kind.KAPPA),
        (say("PEI*, {percent} % of the squares"), Kind.KAPPA),
    )
    values = zip(*((each.hit_rate, each.pai, each.pei_star) for each in score.areas), strict=True)
    at_areas = [
        (name.format(percent=round(area.share * 100)), told(value, kind))
        for (name, kind), measured in zip(names, values, strict=True)
        for area, value in zip(score.areas, measured, strict=True)
    ]
    return [
        *at_areas,
        (say("Right in the top tenth"), told(score.top_precision, Kind.SHARE)),
        (say("Error, share of all reports"), told(score.wape, Kind.SHARE)),
        (say("Squares inside the range"), told(score.cover, Kind.SHARE)),
    ]


def _verdict(doing: Gathering, *, is_better: bool) -> str:
    """Return plainly whether a model beat counting."""
    say = doing.say
    if is_better:
        return say("The model is better by more than luck.")
    return say("The model is no better than counting, so the count is shown.")
