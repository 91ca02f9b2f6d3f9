"""Templates about people's work: an officer's performance, and how good reviews are."""

from typing import Final

from trafficdesk.domain.analytics.agreement import VERDICTS, agreement_of
from trafficdesk.domain.analytics.metrics import METRICS, MetricId, Unit
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.reporting.answers import Figures
from trafficdesk.domain.reporting.document import Column, Kind, Note, Section, Table, Value
from trafficdesk.domain.reporting.sections import (
    NOTHING,
    Gathering,
    figures_of,
    hours_of,
    months_of,
    parts_of,
    types_of,
)
from trafficdesk.domain.reporting.words import sentence

_M = MetricId
_OF_WORK: Final = (
    *(_M.HANDLED, _M.PER_OFFICER_DAY, _M.APPROVED_SHARE, _M.REJECTED_SHARE, _M.DUPLICATE_SHARE),
    *(_M.DECISION_TIME, _M.DECISION_TIME_P90, _M.WITHIN_A_DAY, _M.LET_GO_SHARE),
    *(_M.REOPENED_SHARE, _M.SECOND_LOOKS, _M.AGREEMENT, _M.CITATIONS),
)
_OF_REVIEW: Final = (
    *(_M.HANDLED, _M.SECOND_LOOKS, _M.AGREEMENT, _M.KAPPA, _M.REOPENED_SHARE),
    *(_M.LET_GO_SHARE, _M.EVIDENCE_SCORE),
)
_BY_OFFICER: Final = (_M.HANDLED, _M.SECOND_LOOKS, _M.AGREEMENT, _M.REOPENED_SHARE, _M.LET_GO_SHARE)
_VERDICT_WORDS: Final = (sentence("Approved"), sentence("Rejected"), sentence("Duplicate"))
_VERDICTS: Final = dict(zip(VERDICTS, _VERDICT_WORDS, strict=True))


def fill_officer(doing: Gathering) -> tuple[Section, ...]:
    """Return an officer's work beside that of the whole city."""
    say, kinds = doing.say, doing.answers.kinds(doing.scope)
    return (
        figures_of(doing, say("Work"), _OF_WORK),
        _beside_city(doing),
        types_of(doing, kinds),
        hours_of(doing, kinds),
        months_of(doing, doing.answers.kinds(doing.scope.over(doing.year))),
        Note(
            say("How to read this"),
            (
                say(
                    "Figures of a person depend on which reports they were given. Talk before "
                    "you judge; few decisions say little."
                ),
            ),
        ),
    )


def _beside_city(doing: Gathering) -> Table:
    say, words = doing.say, doing.show.words
    own = doing.answers.figures(doing.scope)
    city = doing.answers.parts(doing.scope.period, Part.OFFICER).city
    rows = tuple(
        (
            words.metric(each),
            doing.show.value(own.get(each, NOTHING).value, Kind(METRICS[each].unit)),
            doing.show.value(city.get(each, NOTHING).value, Kind(METRICS[each].unit)),
        )
        for each in _OF_WORK
        if each in city and METRICS[each].unit is not Unit.COUNT and _is_known(own, city, each)
    )
    columns = (
        Column(say("Figure"), is_wide=True),
        Column(say("This officer"), is_right=True),
        Column(say("Whole city"), is_right=True),
    )
    return Table(say("Beside the city"), columns, rows, doing.nothing)


def _is_known(own: Figures, city: Figures, metric_id: MetricId) -> bool:
    return any(each.get(metric_id, NOTHING).value is not None for each in (own, city))


def fill_review(doing: Gathering) -> tuple[Section, ...]:
    """Return how far second looks agree, on what they differ, and whose decisions they were."""
    say = doing.say
    return (
        figures_of(doing, say("Quality of reviews"), _OF_REVIEW),
        _opinions(doing),
        parts_of(
            doing,
            (say("By officer"), say("Officer")),
            doing.answers.parts(doing.scope.period, Part.OFFICER),
            _BY_OFFICER,
        ),
    )


def _opinions(doing: Gathering) -> Table:
    say, opinions = doing.say, doing.answers.opinions(doing.scope)
    found = agreement_of(opinions)
    rows: tuple[tuple[Value, ...], ...] = tuple(
        (say(_VERDICTS[first]), *(opinions.get((first, second), 0) for second in VERDICTS))
        for first in VERDICTS
    )
    columns = (
        Column(say("First decision"), is_wide=True),
        *(
            Column(say("Second: {verdict}").format(verdict=say(word).lower()), Kind.COUNT)
            for word in _VERDICTS.values()
        ),
    )
    about = say("{agreed} of {n} second looks came to the same.")
    empty = say("No decision of the period was looked at twice.")
    return Table(
        say("First and second decision"),
        columns,
        rows if found.n else (),
        empty,
        about.format(agreed=found.agreed, n=found.n) if found.n else "",
    )
