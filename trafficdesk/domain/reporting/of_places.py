"""Templates about where things happen, and what comes back."""

from trafficdesk.domain.analytics.patterns import HOURS
from trafficdesk.domain.reporting.document import Column, Kind, Section, Table
from trafficdesk.domain.reporting.figures import UNKNOWN
from trafficdesk.domain.reporting.of_city import changes_of
from trafficdesk.domain.reporting.sections import Gathering, places_of


def fill_places(doing: Gathering) -> tuple[Section, ...]:
    """Return the hotspots of the period and the most dangerous places of the year."""
    say, show = doing.say, doing.show
    now = doing.answers.places(doing.scope, by_weight=False)
    year = doing.answers.places(doing.scope.over(doing.year), by_weight=True)
    told = say(
        "Circles of 500 m that do not overlap, out of {total} reports ({before} in the period "
        "before). Surprising: so many are hardly chance, judged beside every place of the city."
    )
    return (
        places_of(
            doing,
            say("Hotspots of the period"),
            now,
            told.format(total=show.count(now.total), before=show.count(now.before)),
        ),
        places_of(
            doing,
            say("Most dangerous places of the year"),
            year,
            say("By severity added up over 52 weeks, beside the 52 weeks before."),
        ),
    )


def fill_repeats(doing: Gathering) -> tuple[Section, ...]:
    """Return vehicles that come back, and what comes back at one place and time."""
    return (_repeaters(doing), _patterns(doing), changes_of(doing))


def _repeaters(doing: Gathering) -> Table:
    say, words = doing.say, doing.show.words
    rows = tuple(
        (each.plate, each.n, words.severity(each.worst), each.first_ms, each.last_ms)
        for each in doing.answers.repeaters(doing.scope)
    )
    columns = (
        Column(say("Plate"), is_wide=True),
        Column(say("Reports"), Kind.COUNT),
        Column(say("Gravest")),
        Column(say("First"), Kind.MOMENT),
        Column(say("Last"), Kind.MOMENT),
    )
    about = say(
        "Vehicles with three reports or more that were neither rejected nor duplicates. A report "
        "is no proof of an offence."
    )
    empty = say("No vehicle was reported three times or more.")
    return Table(say("Vehicles reported again and again"), columns, rows, empty, about)


def _patterns(doing: Gathering) -> Table:
    say, words = doing.say, doing.show.words
    rows = tuple(
        (
            words.violation(each.violation),
            each.name or say("no name known"),
            f"{words.weekday(each.weekday)} {each.hour:02d}{UNKNOWN}{each.hour + HOURS:02d}",
            each.support,
            each.expected,
            each.support / each.expected if each.expected else None,
            each.chance,
        )
        for each in doing.answers.patterns(doing.scope)
    )
    columns = (
        Column(say("Violation")),
        Column(say("Place"), is_wide=True),
        Column(say("When")),
        Column(say("Reports"), Kind.COUNT),
        Column(say("Expected"), Kind.NUMBER),
        Column(say("Lift"), Kind.TIMES),
        Column(say("Chance"), Kind.CHANCE),
    )
    about = say(
        "A violation that comes back at one place and time of the week, more often than the place, "
        "the time and the violation explain by themselves."
    )
    empty = say("Nothing comes back more often than by chance.")
    return Table(say("What comes back"), columns, rows, empty, about)
