"""A plan in words: who, to what, how long, what that rests on, and why."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.proposal import Why, WhyNot
from trafficdesk.domain.travel import Basis
from trafficdesk.qt.dispatch.plan_making import MovedOn, PlanLine, PlanOption
from trafficdesk.qt.dispatch.words import place, say, short_reference, title, travel
from trafficdesk.qt.incident_words import service_word

_HOURS_FROM_MIN: Final = 180


def heading(line: PlanLine) -> str:
    """Return which incident a line is about."""
    incident = line.incident.incident
    return f"{short_reference(incident.reference)} · {title(line.incident)}"


def where(line: PlanLine) -> str:
    """Return where it is and how bad."""
    score = say("severity {score}").format(score=line.incident.incident.severity_score)
    return f"{place(line.incident)} · {score}"


def way_words(option: PlanOption, speed_km_h: float) -> str:
    """Return how long a unit takes and what that rests on."""
    if option.basis is None or option.seconds is None:
        return say("position not known: ask it")
    if option.basis is Basis.BY_ROAD:
        told = say("{time} by road").format(time=travel(option.seconds))
    else:
        told = say("{time}, straight line at {speed} km/h").format(
            time=travel(option.seconds), speed=round(speed_km_h)
        )
    if option.position_age is None:
        return told
    old = say("position {age} old").format(age=_age(option.position_age))
    return f"{told}, {old}"


def _age(length: timedelta) -> str:
    minutes = max(0, int(length.total_seconds()) // 60)
    if minutes < _HOURS_FROM_MIN:
        return say("{minutes} min").format(minutes=minutes)
    return say("{hours} h").format(hours=minutes // 60)


def why_words(line: PlanLine) -> str:
    """Return why the plan sends this unit, or nobody."""
    if line.why is Why.NEARER_ONES_SENT:
        told = say("Nearer ones do more good elsewhere: {units}")
        return told.format(units=", ".join(line.nearer))
    sentences = {
        Why.NEAREST: say("The first to be there of those that are free"),
        Why.ONLY: say("No other free {service} unit can come"),
        WhyNot.NONE_AVAILABLE: say("No {service} unit is free"),
        WhyNot.NO_WAY: say("No road leads there from the free {service} units"),
        WhyNot.ALL_SENT: say("All free {service} units go elsewhere by this plan"),
    }
    return sentences[line.why].format(service=service_word(line.service))


def changed_words(line: PlanLine) -> str:
    """Return that the officer chose otherwise than the plan."""
    before = line.option(line.proposed)
    if before is None:
        return say("Your choice. The plan proposed nobody")
    return say("Your choice. The plan proposed {unit}").format(unit=before.call_sign)


def sum_words(count: int) -> str:
    """Return what accepting does."""
    return QCoreApplication.translate("Dispatch", "Send %n units", "", count)


def moved_words(moved: Iterable[MovedOn]) -> str:
    """Return what of a plan no longer holds."""
    told = []
    for each in moved:
        words = (
            say("{unit} is no longer free")
            if each.is_unit
            else say("{incident} no longer needs it")
        )
        reference = short_reference(each.incident_reference)
        told.append(words.format(unit=each.call_sign or say("A unit"), incident=reference))
    return ". ".join(dict.fromkeys(told))


def sent_words(count: int) -> str:
    """Return that a plan was sent."""
    return QCoreApplication.translate("Dispatch", "Plan accepted: %n units sent", "", count)


def more_words(count: int) -> str:
    """Return how many places stay unserved beside those that are listed."""
    return QCoreApplication.translate(
        "Dispatch", "%n more places stay unserved, none of them graver", "", count
    )
