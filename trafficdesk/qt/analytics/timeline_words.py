"""Months of a chart as sentences: for the tip, for the table, and for who listens."""

from PySide6.QtCore import QCoreApplication

from trafficdesk.qt.ages import number
from trafficdesk.qt.analytics.timeline import Moment, Timeline


def say(source: str) -> str:
    """Return a sentence of the chart, translated."""
    return QCoreApplication.translate("Timeline", source)


def moment_words(moment: Moment) -> str:
    """Return everything that is known of a month, a line each."""
    lines = [moment.name]
    if moment.count is not None:
        lines.append(say("Reports {count}").format(count=number(round(moment.count))))
    if moment.expected is not None:
        expected = moment.expected
        lines.append(say("Forecast {count}").format(count=number(round(expected.mean))))
        lines.append(
            say("8 of 10 times {low} to {high}").format(
                low=number(round(expected.low)), high=number(round(expected.high))
            )
        )
    if moment.plain is not None:
        lines.append(say("Plain count {count}").format(count=number(round(moment.plain))))
    return "\n".join(lines)


def summary(timeline: Timeline) -> str:
    """Return what a chart shows in two or three sentences."""
    moments, most, last = timeline.moments, timeline.most, timeline.past - 1
    if most < 0:
        return say("Nothing was counted.")
    told = [
        say("Most in {month}: {count}.").format(
            month=moments[most].name, count=number(round(moments[most].count or 0))
        ),
        say("Last, {month}: {count}.").format(
            month=moments[last].name, count=number(round(moments[last].count or 0))
        ),
    ]
    if moments[-1].expected is not None:
        told.append(
            say("Forecast for {month}: {count}.").format(
                month=moments[-1].name, count=number(round(moments[-1].expected.mean))
            )
        )
    return " ".join(told)
