"""A patrol plan in words: shifts, areas, what to expect, and how sure that is."""

from datetime import tzinfo

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.patrol_plan import HISTORY_WEEKS, Demand
from trafficdesk.domain.shifts import Span
from trafficdesk.domain.times import from_ms
from trafficdesk.qt.ages import clock, locale, moment, number
from trafficdesk.services.patrol_plan import Counts


def say(source: str) -> str:
    """Return a sentence of the patrol plan in the officer's language."""
    return QCoreApplication.translate("PatrolPlan", source)


def hours_words(span: Span, zone: tzinfo) -> str:
    """Return the hours of a shift, ``06:00-14:00``."""
    begin, end = clock(from_ms(span.begin_ms), zone), clock(from_ms(span.end_ms), zone)
    return f"\u2066{begin}\N{EN DASH}{end}\u2069"


def day_words(span: Span, zone: tzinfo) -> str:
    """Return the day a shift begins on, ``Mon 23 Nov 2026``."""
    return moment(from_ms(span.begin_ms), zone).rsplit("  ", 1)[0]


def amount(value: float) -> str:
    """Return an expected count, with one digit after its point."""
    return locale().toString(value, "f", 1)


def range_words(demand: Demand) -> str:
    """Return between which counts most weeks lie."""
    if demand.low == demand.high:
        return number(demand.low)
    return f"{number(demand.low)}\N{EN DASH}{number(demand.high)}"


def basis_words(counts: Counts, zone: tzinfo) -> str:
    """Return on what counts and weeks a plan stands."""
    if not counts.weeks:
        return say("No whole week of reports is on this desk yet: units are shared out evenly.")
    begin, end = (from_ms(each) for each in counts.span)
    told = QCoreApplication.translate(
        "PatrolPlan",
        "Counted: {reports} reports of %n whole weeks, {begin} to {end}; {counted} in these areas.",
        "",
        counts.weeks,
    )
    return told.format(
        reports=number(counts.total),
        begin=moment(begin, zone),
        end=moment(end, zone),
        counted=number(counts.counted),
    )


def areas_words(counts: Counts) -> str:
    """Return which areas those are."""
    if not counts.areas:
        return say("There is no patrol area, and no ward: draw patrol areas on the map first.")
    if counts.is_by_ward:
        return say("Nobody has drawn a patrol area: wards stand in.")
    return say("A report that lies in two areas counts in both.")


def sure_words(counts: Counts) -> str:
    """Return how sure the numbers are."""
    told = say(
        "A baseline, no forecast: the mean of the same shift in those weeks. It knows of no "
        "holidays, weather or trend. About 8 of 10 weeks lie in the range, fewer where trouble "
        "comes in clusters."
    )
    if counts.weeks < HISTORY_WEEKS:
        few = say("These are fewer weeks than the {weeks} it is made for: ranges are wider.")
        return f"{told} {few.format(weeks=HISTORY_WEEKS)}"
    return told


def held_words() -> str:
    """Return which reports those are."""
    return say(
        "Reports that this desk holds and nobody rejected or marked as a duplicate; reports of "
        "stations that it does not see are missing."
    )
