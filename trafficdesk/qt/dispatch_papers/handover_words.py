"""A shift's log in words: what it rests on, what was done, how long things took."""

from datetime import timedelta, tzinfo
from typing import Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.admin.audit_words import audit_word
from trafficdesk.qt.ages import age, clock, day, moment, number
from trafficdesk.qt.incident_words import (
    incident_type_word,
    service_word,
    step_word,
    unless_removed,
)
from trafficdesk.qt.words import sync_word
from trafficdesk.services.shift_log import Deed, HandedOver, ShiftLog, Took

_DAY: Final = timedelta(days=1)
_HOUR_S: Final = 3600


def say(source: str) -> str:
    """Return a sentence of the hand-over sheet in the officer's language."""
    return QCoreApplication.translate("Handover", source)


def span_words(log: ShiftLog, zone: tzinfo) -> str:
    """Return from when to when a log goes."""
    return say("{begin} to {end}").format(begin=moment(log.begin, zone), end=moment(log.end, zone))


def made_words(log: ShiftLog, zone: tzinfo) -> str:
    """Return who made a sheet when, and whether the shift was over."""
    told = say("Made {time} by {name}").format(time=moment(log.made_at, zone), name=log.made_by)
    if log.is_running:
        told = say("{made}; the shift is not over").format(made=told)
    return told


def age_words(log: ShiftLog, zone: tzinfo) -> str:
    """Return how old what other desks did may be here."""
    if log.is_alone:
        return say("This desk works without a server: it knows only what was done here.")
    if log.heard_at is None:
        return say(
            "When the server was last heard of is not known: what other desks did may be missing."
        )
    old = age(to_ms(log.heard_at), log.made_at)
    words = say("What other desks did is known up to {time}, {age} before this was made.")
    return words.format(time=moment(log.heard_at, zone), age=old)


def confirmed_words(log: ShiftLog) -> str:
    """Return how much of the log no server has confirmed."""
    if log.is_alone:
        return say("Nothing of it is confirmed by anybody else.")
    parts = [
        f"{sync_word(mark)} {number(count)}"
        for mark in (
            SyncState.NOT_SENT,
            SyncState.SENT,
            SyncState.CONFLICT,
            SyncState.NOT_TAKEN,
        )
        if (count := log.count(mark))
    ]
    if not parts:
        return say("The server has confirmed every line of the log.")
    open_lines = len(log.deeds) - log.count(SyncState.CONFIRMED)
    told = QCoreApplication.translate(
        "Handover",
        "%n lines of the log are not confirmed by the server: {parts}.",
        "",
        open_lines,
    )
    return told.format(parts=", ".join(parts))


def is_doubtful(log: ShiftLog) -> bool:
    """Tell whether something on the sheet is not confirmed."""
    return log.is_alone or log.count(SyncState.CONFIRMED) < len(log.deeds)


def length(took: timedelta | None) -> str:
    """Return a length of time, ``06:42`` or ``1:06:42``; a dash for none."""
    if took is None:
        return "\N{EN DASH}"
    hours, rest = divmod(max(0, int(took.total_seconds())), _HOUR_S)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def took_rows(log: ShiftLog) -> tuple[tuple[str, str, str, str], ...]:
    """Return each response time: its name, median, worst, and of how many it is."""

    def told(name: str, took: Took) -> tuple[str, str, str, str]:
        of = say("{count} of {all}").format(count=number(took.counted), all=number(log.filed))
        return name, length(took.median), length(took.worst), of

    return (
        told(say("Until a unit was sent"), log.to_dispatch),
        told(say("Until one was on scene"), log.to_arrival),
        told(say("Until all was cleared"), log.to_clear),
    )


def place_words(left: HandedOver) -> str:
    """Return what an incident is and where."""
    incident = left.incident
    if incident.unit_id is not None:
        return unless_removed(incident, say("Call for help"))
    where = ", ".join(filter(None, (incident.address, incident.area)))
    told = " · ".join(filter(None, (incident_type_word(incident.type), where)))
    return unless_removed(incident, told)


def sent_words(left: HandedOver) -> str:
    """Return who is out for an incident and how far each has come."""
    if not left.sent:
        return say("no unit")
    return ", ".join(f"{call_sign} {step_word(step).lower()}" for call_sign, step in left.sent)


def missing_words(left: HandedOver) -> str:
    """Return what an incident still needs."""
    if not left.missing:
        return say("nothing more")
    parts = [f"{service_word(service)} {count}" for service, count in left.missing.items()]
    return ", ".join(parts)


def time_words(deed: Deed, log: ShiftLog, zone: tzinfo) -> str:
    """Return when it was done, with the day in a log of more than a day."""
    at = clock(deed.at, zone, seconds=True)
    return f"{day(deed.at, zone)} {at}" if log.end - log.begin > _DAY else at


def deed_word(deed: Deed) -> str:
    """Return what was done."""
    return audit_word(f"{deed.entity}.{deed.action}")


def who_words(deed: Deed) -> str:
    """Return who did it; somebody who is not known here, at which desk."""
    return deed.actor or say("somebody at another desk")


def call_words(log: ShiftLog, zone: tzinfo) -> tuple[str, ...]:
    """Return each call for help as a sentence."""
    told = []
    for call in log.calls:
        called = say("{unit} called for help at {time} ({reference})").format(
            unit=call.call_sign, time=clock(call.at, zone), reference=call.reference
        )
        if call.acknowledged_at is None:
            told.append(say("{called}; nobody has acknowledged it.").format(called=called))
            continue
        by = say("{called}; acknowledged by {name} after {length}.")
        name = call.acknowledged_by or say("somebody at another desk")
        after = length(call.acknowledged_at - call.at)
        told.append(by.format(called=called, name=name, length=after))
    return tuple(told)
