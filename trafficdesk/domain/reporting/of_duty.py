"""Templates about duty and care: a shift, dispatch, the audit chain, what the data rests on."""

from typing import Final

from trafficdesk.domain.analytics.metrics import MetricId
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.reporting.answers import DeedsCounted, IncidentLeft, ShiftFound
from trafficdesk.domain.reporting.document import Bars, Column, Kind, Note, Section, Table
from trafficdesk.domain.reporting.sections import Gathering, figures_of, parts_of
from trafficdesk.domain.reporting.words import sentence

_M = MetricId
_OF_RESPONSE: Final = (
    *(_M.INCIDENTS, _M.INJURY_CRASHES, _M.TO_DISPATCH, _M.TO_ARRIVAL, _M.TO_CLEAR),
)
_OF_CARE: Final = (_M.REOPENED_SHARE, _M.LET_GO_SHARE, _M.SECOND_LOOKS, _M.AGREEMENT)
_MOST_BARS: Final = 24
_STEPS: Final = {
    "to_dispatch": sentence("Until a unit was sent"),
    "to_arrival": sentence("Until one was on scene"),
    "to_clear": sentence("Until all was cleared"),
}
_HELD: Final = {
    "reports_here": sentence("Reports"),
    "incidents_here": sentence("Incidents"),
    "waiting_to_be_sent": sentence("Changes waiting to be sent"),
    "sent_and_not_answered": sentence("Changes sent and not answered"),
    "not_taken_by_the_server": sentence("Changes the server did not take"),
    "in_conflict": sentence("Conflicts that wait for a person"),
}
_WARNINGS: Final = {
    "alone": sentence("This desk works without a server: it knows only what was done here."),
    "unsent": sentence("Some changes have not reached the server: others do not count them yet."),
    "conflicts": sentence("Some records stand in conflict: their figures may change."),
    "not_taken": sentence(
        "The server refused some changes: they are counted here and nowhere else."
    ),
    "silent": sentence("Some desks have not been heard of for a week: what they did is missing."),
}
_STATES: Final = {
    "alone": sentence("works alone"),
    "joined": sentence("joined to a server"),
    "active": sentence("active"),
    "revoked": sentence("revoked"),
}


def fill_shift(doing: Gathering) -> tuple[Section, ...]:
    """Return what dispatch did in a shift, how fast, and what it left."""
    say, found = doing.say, doing.answers.shift(doing.shift or 0)
    span = doing.show.moment(found.begin_ms), doing.show.moment(found.end_ms)
    told = say("From {begin} to {end}.").format(begin=span[0], end=span[1])
    counted = Bars(
        say("What happened"),
        (say("What"), say("How many")),
        (
            (say("Incidents filed"), found.filed),
            (say("Cleared"), found.cleared),
            (say("Merged into others"), found.merged),
            (say("Handed over open"), len(found.left)),
            (say("Calls for help"), found.calls),
        ),
        doing.nothing,
        told,
    )
    return (
        counted,
        _took(doing, found),
        _left(doing, found),
        _units(doing, found),
        _did(doing, found),
    )


def _took(doing: Gathering, found: ShiftFound) -> Table:
    say = doing.say
    columns = (
        Column(say("Step"), is_wide=True),
        Column(say("Median"), Kind.MS),
        Column(say("Longest"), Kind.MS),
        Column(say("Incidents"), Kind.COUNT),
    )
    rows = tuple((say(_STEPS[name]), middle, worst, n) for name, middle, worst, n in found.took)
    return Table(say("Response times"), columns, rows, doing.nothing)


def _left(doing: Gathering, found: ShiftFound) -> Table:
    say, words = doing.say, doing.show.words

    def row(left: IncidentLeft) -> tuple[str | int, ...]:
        sent = ", ".join(f"{sign} {words.code(step).lower()}" for sign, step in left.sent)
        missing = ", ".join(f"{words.code(what).lower()} {n}" for what, n in left.missing)
        what = f"{words.code(left.kind)} · {left.where}" if left.where else words.code(left.kind)
        needs = missing or say("nothing more")
        return (
            left.score,
            left.reference,
            what,
            left.since_ms,
            sent or say("no unit"),
            needs,
        )

    columns = (
        Column(say("Score"), Kind.COUNT),
        Column(say("Incident")),
        Column(say("What and where"), is_wide=True),
        Column(say("Since"), Kind.MOMENT),
        Column(say("Units out"), is_wide=True),
        Column(say("Still needed"), is_wide=True),
    )
    title = say("Handed over open, the worst first")
    return Table(title, columns, tuple(map(row, found.left)), say("Nothing is open."))


def _units(doing: Gathering, found: ShiftFound) -> Table:
    say, words = doing.say, doing.show.words
    columns = (Column(say("Unit")), Column(say("State")), Column(say("Incident"), is_wide=True))
    rows = tuple((sign, words.code(state), held) for sign, state, held in found.units)
    return Table(say("Units now"), columns, rows, say("No units are known."))


def _did(doing: Gathering, found: ShiftFound) -> Table:
    say = doing.say
    columns = (Column(say("Who"), is_wide=True), Column(say("Things done"), Kind.COUNT))
    rows = tuple((name or say("somebody at another desk"), n) for name, n in found.people)
    return Table(
        say("Who did how much at dispatch"), columns, rows, say("Nothing was done at dispatch.")
    )


def fill_response(doing: Gathering) -> tuple[Section, ...]:
    """Return how fast dispatch answered, where, and in what weather."""
    say, answers, period = doing.say, doing.answers, doing.scope.period
    weathers = answers.kinds(doing.scope).weathers
    return (
        figures_of(doing, say("Response"), _OF_RESPONSE),
        parts_of(
            doing,
            (say("By station"), say("Station")),
            answers.parts(period, Part.STATION),
            _OF_RESPONSE,
        ),
        parts_of(
            doing, (say("By ward"), say("Ward")), answers.parts(period, Part.WARD), _OF_RESPONSE
        ),
        Bars(
            say("Incidents by weather"),
            (say("Weather"), say("Incidents")),
            tuple(
                (doing.show.words.code(code) if code else say("not known"), n)
                for code, n in weathers
            ),
            say("No incident of the period is known."),
        ),
    )


def fill_audit(doing: Gathering) -> tuple[Section, ...]:
    """Return what people did by the audit chain, whether it is whole, and what was taken back."""
    say, found = doing.say, doing.answers.deeds(doing.scope.period)
    return (
        _chain(doing, found),
        _deeds(doing, found),
        Bars(
            say("By person"),
            (say("Person"), say("Entries")),
            tuple((name or say("not known"), n) for name, n in found.by_person)[:_MOST_BARS],
            doing.nothing,
        ),
        figures_of(doing, say("What was taken back or looked at twice"), _OF_CARE),
    )


def _chain(doing: Gathering, found: DeedsCounted) -> Note:
    say, n = doing.say, doing.show.count(found.length)
    if found.is_whole is None:
        told = say("The chain was not proved for this report; it has {n} entries.")
    elif found.is_whole:
        told = say("The chain of all {n} entries is unbroken and its signatures hold.")
    else:
        told = say("The chain is broken after {n} sound entries: tell station IT at once.")
    return Note(say("Audit chain"), (told.format(n=n),), is_grave=found.is_whole is False)


def _deeds(doing: Gathering, found: DeedsCounted) -> Table:
    say, words = doing.say, doing.show.words
    columns = (
        Column(say("What was done"), is_wide=True),
        Column(say("Code")),
        Column(say("Entries"), Kind.COUNT),
    )
    rows = tuple((words.code(code), code, n) for code, n in found.by_action)
    return Table(say("What was done"), columns, rows, doing.nothing)


def fill_health(doing: Gathering) -> tuple[Section, ...]:
    """Return what the data rests on: what is held, what waits, who has been heard of."""
    say, found = doing.say, doing.answers.health()
    warnings = tuple(say(_WARNINGS[each]) for each in found.warnings)
    told = warnings or (say("Everything is where it should be."),)
    held = tuple((say(_HELD[code]), n) for code, n in found.counts)
    machines = tuple((name, say(_STATES[state]), heard) for name, heard, state in found.machines)
    return (
        Note(say("In short"), told, is_grave=bool(warnings)),
        Table(
            say("Records and changes"),
            (Column(say("What"), is_wide=True), Column(say("How many"), Kind.COUNT)),
            held,
            doing.nothing,
        ),
        Table(
            say("Desks"),
            (
                Column(say("Desk"), is_wide=True),
                Column(say("State")),
                Column(say("Last heard of"), Kind.MOMENT),
            ),
            machines,
            say("No desk is known."),
        ),
    )
