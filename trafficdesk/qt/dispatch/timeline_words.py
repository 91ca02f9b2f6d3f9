"""What happened to an incident and its units, as lines of a timeline."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.records import Event
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.ages import clock
from trafficdesk.qt.widgets.timeline import TimelineRow

_DONE: Final[dict[tuple[Entity, str], object]] = {
    (Entity.INCIDENT, "file"): QT_TRANSLATE_NOOP("Dispatch", "Incident filed"),
    (Entity.INCIDENT, "call_for_help"): QT_TRANSLATE_NOOP("Dispatch", "Call for help"),
    (Entity.INCIDENT, "correct"): QT_TRANSLATE_NOOP("Dispatch", "Facts corrected"),
    (Entity.INCIDENT, "verify"): QT_TRANSLATE_NOOP("Dispatch", "Seen by somebody else, too"),
    (Entity.INCIDENT, "acknowledge"): QT_TRANSLATE_NOOP("Dispatch", "Alert acknowledged"),
    (Entity.INCIDENT, "escalate"): QT_TRANSLATE_NOOP(
        "Dispatch", "Escalated: nobody had acknowledged the alert"
    ),
    (Entity.INCIDENT, "clear"): QT_TRANSLATE_NOOP("Dispatch", "Cleared"),
    (Entity.INCIDENT, "reopen"): QT_TRANSLATE_NOOP("Dispatch", "Reopened"),
    (Entity.INCIDENT, "absorb"): QT_TRANSLATE_NOOP("Dispatch", "Another report merged into it"),
    (Entity.INCIDENT, "merge"): QT_TRANSLATE_NOOP("Dispatch", "Merged into another incident"),
    (Entity.INCIDENT, "remove"): QT_TRANSLATE_NOOP("Dispatch", "Removed"),
    (Entity.INCIDENT, "settle"): QT_TRANSLATE_NOOP("Dispatch", "Conflict settled"),
    (Entity.ASSIGNMENT, "dispatch"): QT_TRANSLATE_NOOP("Dispatch", "{unit} sent"),
    (Entity.ASSIGNMENT, "acknowledge"): QT_TRANSLATE_NOOP("Dispatch", "{unit} acknowledged"),
    (Entity.ASSIGNMENT, "set_out"): QT_TRANSLATE_NOOP("Dispatch", "{unit} en route"),
    (Entity.ASSIGNMENT, "arrive"): QT_TRANSLATE_NOOP("Dispatch", "{unit} on scene"),
    (Entity.ASSIGNMENT, "finish"): QT_TRANSLATE_NOOP("Dispatch", "{unit} done"),
    (Entity.ASSIGNMENT, "withdraw"): QT_TRANSLATE_NOOP("Dispatch", "{unit} withdrawn"),
    (Entity.ASSIGNMENT, "correct_times"): QT_TRANSLATE_NOOP(
        "Dispatch", "Times of {unit} corrected"
    ),
    (Entity.ASSIGNMENT, "move"): QT_TRANSLATE_NOOP("Dispatch", "{unit} came with a merge"),
    (Entity.ASSIGNMENT, "settle"): QT_TRANSLATE_NOOP("Dispatch", "Conflict about {unit} settled"),
}


def _say(source: object) -> str:
    # QT_TRANSLATE_NOOP gives its text back, typed as an object.
    return QCoreApplication.translate("Dispatch", str(source))


def event_words(event: Event, unit: str) -> str:
    """Return what an event was."""
    action = event.action.removeprefix("undo_")
    known = _DONE.get((event.entity, action))
    told = action.replace("_", " ") if known is None else _say(known).format(unit=unit)
    if event.action.startswith("undo_"):
        return _say("Taken back: {what}").format(what=told)
    return told


def timeline_rows(
    events: Sequence[Event], units: Mapping[object, str], zone: tzinfo
) -> tuple[TimelineRow, ...]:
    """Return the lines, the latest first; ``units`` are call signs by assignment or unit."""
    return tuple(
        TimelineRow(
            clock(event.at, zone),
            event_words(event, units.get(event.entity_id, _say("A unit"))),
            " · ".join(filter(None, (event.actor_name, event.note))),
            event.sync_state,
        )
        for event in reversed(events)
    )
