"""The hand-over sheet on paper: one page that says it all, then everything at length."""

from dataclasses import replace
from datetime import tzinfo
from typing import Final, NamedTuple

from trafficdesk.domain.vocabulary import SyncState, UnitStatus
from trafficdesk.qt.ages import clock, day, moment, number
from trafficdesk.qt.dispatch_papers.handover_words import (
    age_words,
    call_words,
    confirmed_words,
    deed_word,
    is_doubtful,
    made_words,
    missing_words,
    place_words,
    say,
    sent_words,
    span_words,
    time_words,
    took_rows,
    who_words,
)
from trafficdesk.qt.dispatch_papers.paper import Paper, fits_one_page, heading, row, table, text
from trafficdesk.qt.incident_words import incident_status_word, standing_word
from trafficdesk.qt.unit_words import unit_kind_word
from trafficdesk.qt.words import severity_word, sync_word
from trafficdesk.services.shift_log import HandedOver, ShiftLog, UnitStand

_CALLS_ON_FIRST_PAGE: Final = 4
_ON_SCREEN: Final = 40


class _Room(NamedTuple):
    """How much of what may be long the first page takes: incidents, and signs of the note."""

    incidents: int
    note: int


_ROOMS: Final = (_Room(10, 900), _Room(8, 600), _Room(6, 400), _Room(4, 250), _Room(2, 150))


def handover_body(log: ShiftLog, zone: tzinfo) -> str:
    """Return the sheet of a shift for a screen, without a note.

    Of long lists only a part is on screen, which sets no table of hundreds of rows at once.
    """
    shown = replace(log, handed_over=log.handed_over[:_ON_SCREEN], deeds=log.deeds[-_ON_SCREEN:])
    part = ""
    if max(len(log.handed_over), len(log.deeds)) > _ON_SCREEN:
        told = say("No more than {count} lines of a list are on screen; the file has all.")
        part = f"<p class='warn'>{text(told.format(count=_ON_SCREEN))}</p>"
    return _summary(log, zone, "", _ROOMS[0]) + part + _at_length(shown, zone, "", _ROOMS[0])


def handover_paper(log: ShiftLog, zone: tzinfo, note: str = "") -> Paper:
    """Return the sheet of a shift; ``note`` is what its officer types for the next one.

    As much stands in the summary as one page has room for.
    """
    title = say("Hand-over of a shift")
    foot = " · ".join(filter(None, (title, log.station, span_words(log, zone))))
    summary, room = "", _ROOMS[0]
    for room in _ROOMS:
        summary = _summary(log, zone, note.strip(), room)
        if fits_one_page(summary):
            break
    return Paper(title, foot, summary + _at_length(log, zone, note.strip(), room))


def _summary(log: ShiftLog, zone: tzinfo, note: str, room: _Room) -> str:
    doubt = " class='warn'" if is_doubtful(log) else ""
    head = (
        f"<h1>{text(say('Hand-over of a shift'))}</h1>"
        f"<p><b>{text(' · '.join(filter(None, (log.station, span_words(log, zone)))))}</b></p>"
        f"<p>{text(made_words(log, zone))}</p>"
        f"<p>{text(age_words(log, zone))}</p>"
        f"<p{doubt}>{text(confirmed_words(log))}</p>"
    )
    left = _open(log, zone, room.incidents)
    return head + _figures(log) + _calls(log, zone) + left + _units(log) + _note(note, room.note)


def _figures(log: ShiftLog) -> str:
    counted = (
        (log.filed, say("incidents filed")),
        (log.cleared, say("cleared")),
        (log.merged, say("reports merged")),
        (len(log.handed_over), say("handed over open")),
        (len(log.calls), say("calls for help")),
    )
    cells = "".join(
        f"<td><span class='big'>{text(number(count))}</span><br/>{text(word)}</td>"
        for count, word in counted
    )
    heads = (say("Response times"), say("Median"), say("Longest"), say("Incidents"))
    rows = "".join(row(each) for each in took_rows(log))
    return (
        f"<br/><table width='100%' cellspacing='0' cellpadding='3'><tr>{cells}</tr></table>"
        + table(heads, rows)
    )


def _calls(log: ShiftLog, zone: tzinfo) -> str:
    told = call_words(log, zone)
    if not told:
        return ""
    shown = "".join(f"<p class='warn'>{text(each)}</p>" for each in told[:_CALLS_ON_FIRST_PAGE])
    if len(told) > _CALLS_ON_FIRST_PAGE:
        more = say("{count} more calls are in the log.")
        shown += f"<p>{text(more.format(count=len(told) - _CALLS_ON_FIRST_PAGE))}</p>"
    return heading(say("Calls for help")) + shown


def _open(log: ShiftLog, zone: tzinfo, room: int) -> str:
    head = heading(say("Handed over open, the worst first"))
    if not log.handed_over:
        return f"{head}<p>{text(say('Nothing is open.'))}</p>"
    shown = _open_table(log.handed_over[:room], zone)
    left = len(log.handed_over) - room
    if left > 0:
        shown += f"<p>{text(say('{count} more on the next page.').format(count=left))}</p>"
    return head + shown


def _open_table(left: tuple[HandedOver, ...], zone: tzinfo) -> str:
    heads = (
        say("Score"),
        say("Incident"),
        say("What and where"),
        say("Since"),
        say("Status"),
        say("Units out"),
        say("Still needed"),
        say("Sync"),
    )
    return table(heads, "".join(_open_row(each, zone) for each in left))


def _open_row(left: HandedOver, zone: tzinfo) -> str:
    incident = left.incident
    return row(
        (
            f"{incident.severity_score} {severity_word(incident.severity)}",
            incident.reference,
            place_words(left),
            f"{day(incident.reported_at, zone)} {clock(incident.reported_at, zone)}",
            incident_status_word(incident.status),
            sent_words(left),
            missing_words(left),
            sync_word(left.mark),
        ),
        "" if left.mark is SyncState.CONFIRMED else "warn",
        frozenset({2, 5, 6}),
    )


def _units(log: ShiftLog) -> str:
    counts = [
        f"{standing_word(status)} {number(count)}"
        for status in UnitStatus
        if (count := sum(each.status is status for each in log.units))
    ]
    told = " · ".join(counts) or say("No units are known.")
    return f"{heading(say('Units now'))}<p>{text(told)}</p>"


def _note(note: str, room: int) -> str:
    if not note:
        return ""
    shown = note if len(note) <= room else note[:room].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    return (
        f"{heading(say('For the next shift'))}"
        f"<p>{text(shown).replace(chr(10), '<br/>')}</p>"
        f"<p class='small'>{text(say('This note stands on this sheet alone, not in the log.'))}</p>"
    )


def _at_length(log: ShiftLog, zone: tzinfo, note: str, room: _Room) -> str:
    parts = list[tuple[str, str]]()
    if len(note) > room.note:
        whole = text(note).replace("\n", "<br/>")
        parts.append((say("For the next shift, in full"), f"<p>{whole}</p>"))
    if len(log.handed_over) > room.incidents:
        parts.append((say("Handed over open, all"), _open_table(log.handed_over, zone)))
    if log.units:
        parts.append((say("Each unit"), _unit_table(log.units, zone)))
    parts.append((say("Log"), _log(log, zone)))
    return "".join(
        heading(title, on_new_page=number == 0) + body for number, (title, body) in enumerate(parts)
    )


def _unit_table(units: tuple[UnitStand, ...], zone: tzinfo) -> str:
    heads = (
        say("Unit"),
        say("Kind"),
        say("Crew"),
        say("State"),
        say("Incident"),
        say("Position of"),
        say("Sync"),
    )
    return table(heads, "".join(_unit_row(each, zone) for each in units))


def _unit_row(stand: UnitStand, zone: tzinfo) -> str:
    unit, position = stand.now.unit, stand.now.position
    seen = say("never") if position is None else moment(position.at, zone)
    return row(
        (
            unit.call_sign,
            unit_kind_word(unit.kind),
            unit.crew,
            standing_word(stand.status),
            stand.reference,
            seen,
            sync_word(stand.mark),
        ),
        "" if stand.mark is SyncState.CONFIRMED else "warn",
        frozenset({2}),
    )


def _log(log: ShiftLog, zone: tzinfo) -> str:
    if not log.deeds:
        return f"<p>{text(say('Nothing was done at dispatch in this time.'))}</p>"
    heads = (
        say("Time"),
        say("What was done"),
        say("Incident"),
        say("Unit"),
        say("Who"),
        say("Note"),
        say("Sync"),
    )
    rows = "".join(
        row(
            (
                time_words(deed, log, zone),
                deed_word(deed),
                deed.reference,
                deed.call_sign,
                who_words(deed),
                deed.note,
                sync_word(deed.mark),
            ),
            "" if deed.mark is SyncState.CONFIRMED else "warn",
            frozenset({1, 4, 5}),
        )
        for deed in log.deeds
    )
    told = say("Times are those of the server, as far as this desk knows them.")
    if log.is_alone:
        told = say("Times are those of this desk.")
    return f"<p class='small'>{text(told)}</p>{table(heads, rows)}"
