"""Incidents and units in plain words: what it is, what it needs, how long, how far it has got."""

from datetime import datetime, timedelta, tzinfo
from typing import Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.ranking import STALE_AFTER
from trafficdesk.domain.travel import DETOUR, Basis
from trafficdesk.domain.vocabulary import (
    IncidentStatus,
    IncidentType,
    LanesBlocked,
    Service,
    UnitStatus,
)
from trafficdesk.qt.ages import clock, locale
from trafficdesk.qt.dispatch.lines import (
    IncidentLine,
    StepMark,
    UnitGroup,
    UnitLine,
)
from trafficdesk.qt.incident_words import (
    incident_status_word,
    incident_type_word,
    lanes_word,
    service_word,
    standing_word,
    unless_removed,
)
from trafficdesk.qt.words import severity_word, source_word, sync_word
from trafficdesk.services.dispatch_board import Group

WELFARE: Final = timedelta(minutes=30)
SOON: Final = timedelta(minutes=8)
_HOUR: Final = 3600
_YEAR_DIGITS: Final = 4
_MINUTES_SHOWN: Final = 100


def say(source: str) -> str:
    """Return a sentence of this screen in the officer's language."""
    return QCoreApplication.translate("Dispatch", source)


def title(line: IncidentLine) -> str:
    """Return what happened, with how many it hit; of one that was removed, that it was."""
    return unless_removed(line.incident, _what(line))


def _what(line: IncidentLine) -> str:
    incident = line.incident
    if incident.unit_id is not None:
        return say("{unit} needs help").format(unit=line.caller or say("An officer"))
    is_hurt = incident.injuries and incident.type is IncidentType.CAR_CRASH
    what = say("Injury crash") if is_hurt else incident_type_word(incident.type)
    count = incident.vehicle_count
    if count < 2:
        return what
    vehicles = QCoreApplication.translate("Dispatch", "%n vehicles", "", count)
    return f"{what}, {vehicles}"


def place(line: IncidentLine) -> str:
    """Return where it is, in words."""
    incident = line.incident
    address, area = incident.address, incident.area
    told = address if area in address else ", ".join(filter(None, (address, area)))
    return told or say("Place on the map")


def short_reference(reference: str) -> str:
    """Return a reference without the year and the zeros before its number: ``INC-D1-204``."""
    *names, tail = reference.split("-")
    if not names or not tail.isdigit():
        return reference
    kept = [each for each in names if not (each.isdigit() and len(each) == _YEAR_DIGITS)]
    return "-".join((*kept, tail.lstrip("0") or "0"))


def brief(reference: str) -> str:
    """Return a short reference without its series if a desk's code tells it apart: ``D1-204``."""
    series, _, rest = reference.partition("-")
    return rest if "-" in rest else reference if series else rest


def running(length: timedelta) -> str:
    """Return a length of time that runs: ``06:42``, past an hour ``1:06:42``."""
    seconds = max(0, int(length.total_seconds()))
    hours, rest = divmod(seconds, _HOUR)
    minutes, seconds = divmod(rest, 60)
    if hours:
        return f"{hours}:{minutes:02d}:{seconds:02d}"
    return f"{minutes:02d}:{seconds:02d}"


def left(length: timedelta) -> str:
    """Return how long is left, with a minus when it is over."""
    if length < timedelta():
        # A time reads from left to right in every language.
        return f"\u2066\N{MINUS SIGN}{running(-length)}\u2069"
    return running(length)


def position_age(seen_at: datetime | None, now: datetime) -> str:
    """Return how old a position is: ``20 s``, ``12 min``, ``3 h``; a dash where there is none."""
    if seen_at is None:
        return "\N{EN DASH}"
    seconds = max(0, int((now - seen_at).total_seconds()))
    if seconds < 60:
        return say("{seconds} s").format(seconds=seconds)
    if seconds < _MINUTES_SHOWN * 60:
        return say("{minutes} min").format(minutes=seconds // 60)
    return say("{hours} h").format(hours=seconds // _HOUR)


def is_stale(line: UnitLine, now: datetime) -> bool:
    """Tell whether a unit's position is too old to count on."""
    return line.seen_at is not None and now - line.seen_at > STALE_AFTER


def travel(seconds: float | None) -> str:
    """Return how long a way takes, in whole minutes and never none."""
    if seconds is None:
        return say("no way known")
    return say("{minutes} min").format(minutes=max(1, round(seconds / 60)))


def basis_words(basis: Basis, speed_km_h: float) -> str:
    """Return what the times beside it rest on."""
    if basis is Basis.BY_ROAD:
        return say("by road, no live traffic")
    told = say("straight line \N{MULTIPLICATION SIGN} {detour} at {speed} km/h, no roads")
    detour = locale().toString(DETOUR, "f", 1)
    return told.format(detour=detour, speed=round(speed_km_h))


def needs_words(line: IncidentLine) -> str:
    """Return what it takes, and what of it is still missing."""
    if not line.needs:
        return ""
    parts = []
    for service, count in line.needs.items():
        word = service_word(service)
        parts.append(f"{word} {count}" if count > 1 else word)
    return say("Needs {services}").format(services=", ".join(parts))


def need_words(service: Service, missing: int) -> str:
    """Return one service an incident needs, and whether it is on its way."""
    if not missing:
        return say("{service}: sent").format(service=service_word(service))
    return say("{service}: {count} missing").format(service=service_word(service), count=missing)


def facts(line: IncidentLine) -> str:
    """Return what stands in the open row under its steps."""
    incident = line.incident
    parts = [needs_words(line)]
    if incident.injury_count or incident.injuries:
        parts.append(
            QCoreApplication.translate("Dispatch", "%n injured", "", incident.injury_count)
            if incident.injury_count
            else say("injuries")
        )
    if incident.lanes_blocked is not LanesBlocked.NONE:
        parts.append(lanes_word(incident.lanes_blocked))
    return " · ".join(filter(None, parts)) or say("Nothing was asked for")


def told_by(line: IncidentLine, zone: tzinfo) -> str:
    """Return who told of it: first source, merged reports and the time of the last."""
    incident = line.incident
    parts = [source_word(incident.source)]
    if incident.accounts:
        count = len(incident.accounts)
        parts.append(QCoreApplication.translate("Dispatch", "%n merged reports", "", count))
        parts.append(say("last {time}").format(time=clock(incident.accounts[-1].at, zone)))
    if incident.verifications:
        count = incident.verifications
        parts.append(QCoreApplication.translate("Dispatch", "%n confirmed it", "", count))
    return " · ".join(parts)


def sent_words(line: IncidentLine) -> str:
    """Return which units are out for it."""
    if line.call_signs:
        return ", ".join(line.call_signs)
    return say("no unit yet")


def group_word(group: Group) -> str:
    """Return the heading of a group of incidents."""
    return {
        Group.NEEDS_UNIT: say("Needs a unit"),
        Group.UNDER_WAY: say("Under way"),
        Group.CLEARED: say("Cleared this shift"),
    }[group]


def unit_group_word(group: UnitGroup) -> str:
    """Return the heading of a group of units."""
    return {
        UnitGroup.AVAILABLE: say("Available"),
        UnitGroup.WORKING: say("Working"),
        UnitGroup.OFF_DUTY: say("Off duty"),
    }[group]


def step_line(step: StepMark, zone: tzinfo) -> tuple[str, str]:
    """Return the two lines under a step in the open row: what and when, and its sync word."""
    word = incident_status_word(step.status)
    if step.at is None or step.state is None:
        return word, ""
    return f"{word} {clock(step.at, zone)}", sync_word(step.state)


def short_step_line(step: StepMark, zone: tzinfo) -> tuple[str, str]:
    """Return the same where there is little room: what, and when; the mark shows the sync."""
    return incident_status_word(step.status), "" if step.at is None else clock(step.at, zone)


def spoken_incident(line: IncidentLine, now: datetime) -> str:
    """Return an incident as it is read aloud."""
    incident = line.incident
    needs = [need_words(each, line.missing.get(each, 0)) for each in line.needs]
    parts = [
        f"{severity_word(incident.severity)} {incident.severity_score}",
        title(line),
        place(line),
        incident.reference,
        incident_status_word(incident.status),
        sync_word(line.mark),
        *needs,
        sent_words(line) if incident.status is not IncidentStatus.CLEARED else "",
        running(now - incident.reported_at),
    ]
    return ", ".join(filter(None, parts))


def spoken_unit(line: UnitLine, now: datetime) -> str:
    """Return a unit as it is read aloud."""
    due = line.due_in(now)
    checked = ""
    if due is not None:
        is_late = due < timedelta()
        told = say("check-in overdue by {time}") if is_late else say("check-in in {time}")
        checked = told.format(time=running(abs(due)))
    parts = [
        line.unit.call_sign,
        line.unit.crew,
        standing_word(line.status),
        sync_word(line.row.mark),
        task(line),
        say("position {age} old").format(age=position_age(line.seen_at, now))
        if line.seen_at
        else say("position not known"),
        checked,
    ]
    return ", ".join(filter(None, parts))


def task(line: UnitLine) -> str:
    """Return where a unit was sent."""
    if line.incident is not None:
        return short_reference(line.incident.reference)
    return ""


def status_token(status: UnitStatus) -> str:
    """Return the colour of what a unit is doing."""
    return {
        UnitStatus.AVAILABLE: "ok",
        UnitStatus.EN_ROUTE: "accent",
        UnitStatus.ON_SCENE: "text",
        UnitStatus.BUSY: "text2",
        UnitStatus.OFF_DUTY: "text2",
    }[status]
