"""Sections about what may come: months, squares, and what the way of telling was worth so far."""

from trafficdesk.domain.analytics.backtest import Score
from trafficdesk.domain.analytics.forecasting import PLAIN, Method
from trafficdesk.domain.analytics.outlook import Outlook
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
        verdict=say("The model is better by more than luck.")
        if worth.is_better
        else say("The model is no better than counting, so the count is shown."),
    )
    return Table(
        say("What that was worth so far"),
        columns,
        (row(worth.model), row(worth.plain)),
        doing.nothing,
        say("Each month forecast from those before it, {told}").format(told=told),
    )


def squares_ahead(doing: Gathering, found: SquaresFound) -> Table:
    """Return where most is expected next week, and how often such squares were right."""
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
    title = say("Where patrols may be needed next week")
    return Table(title, columns, rows, doing.nothing, _worth_of_squares(doing, found))


def _worth_of_squares(doing: Gathering, found: SquaresFound) -> str:
    """Return from when on it is told, and how often such squares were right."""
    say, show = doing.say, doing.show
    when = say("The week from {day} on.").format(day=show.day(found.first_day))
    if found.tested is None:
        less = say("Too little is known to try it on the past: it is last year's count.")
        return f"{when} {less}"
    weeks, model, plain = found.tested
    told = say(
        "Over {weeks} weeks the fullest 1 % of squares held {model} of all reports by the model "
        "and {plain} by last year's count; shown is {shown}."
    )
    shown = say("the model") if found.is_model else say("the count, for the model is no better")
    return " ".join(
        (
            when,
            told.format(
                weeks=weeks,
                model=show.value(model, Kind.SHARE),
                plain=show.value(plain, Kind.SHARE),
                shown=shown,
            ),
        )
    )
