"""Templates about a city, a station or a ward: the month, the week, safety, the backlog."""

from typing import Final

from trafficdesk.domain.analytics.metrics import CATALOGUE, MetricId
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.reporting.document import Section
from trafficdesk.domain.reporting.sections import (
    Gathering,
    figures_of,
    hours_of,
    parts_of,
    severities_of,
    types_of,
    wards_of,
)

_SIDE_BY_SIDE: Final = (
    MetricId.RECEIVED,
    MetricId.HANDLED,
    MetricId.APPROVED_SHARE,
    MetricId.DECISION_TIME,
    MetricId.WITHIN_A_DAY,
    MetricId.BACKLOG,
)


def fill_month(doing: Gathering) -> tuple[Section, ...]:
    """Return the sections of the monthly report of a station, or of the city."""
    kinds = doing.answers.kinds(doing.scope)
    stations = doing.answers.parts(doing.scope.period, Part.STATION)
    return (
        figures_of(doing, doing.say("Figures"), (metric.id for metric in CATALOGUE)),
        types_of(doing, kinds),
        severities_of(doing, kinds),
        hours_of(doing, kinds),
        wards_of(doing, kinds),
        parts_of(
            doing,
            (doing.say("Stations side by side"), doing.say("Station")),
            stations,
            _SIDE_BY_SIDE,
        ),
    )
