"""What happened to a record as lines of a timeline, and moves as buttons and notes name them."""

from collections.abc import Callable, Mapping
from typing import Final

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.plates import format_plate
from trafficdesk.domain.records import Event, FieldChange
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus, Severity
from trafficdesk.qt.words import reason_word, severity_word, status_word

_MOVES: Final[dict[Move, object]] = {
    Move.CLAIM: QT_TRANSLATE_NOOP("Moves", "Take"),
    Move.RELEASE: QT_TRANSLATE_NOOP("Moves", "Give back"),
    Move.APPROVE: QT_TRANSLATE_NOOP("Moves", "Approve"),
    Move.REJECT: QT_TRANSLATE_NOOP("Moves", "Reject"),
    Move.MARK_DUPLICATE: QT_TRANSLATE_NOOP("Moves", "Duplicate"),
    Move.ASK_INFO: QT_TRANSLATE_NOOP("Moves", "Needs info"),
    Move.ANSWER: QT_TRANSLATE_NOOP("Moves", "Info has come"),
    Move.CITE: QT_TRANSLATE_NOOP("Moves", "Write citation"),
    Move.CLOSE: QT_TRANSLATE_NOOP("Moves", "Close"),
    Move.REOPEN: QT_TRANSLATE_NOOP("Moves", "Reopen"),
}
_DONE: Final[dict[str, object]] = {
    Move.CLAIM: QT_TRANSLATE_NOOP("Moves", "Taken for review"),
    Move.RELEASE: QT_TRANSLATE_NOOP("Moves", "Given back"),
    Move.APPROVE: QT_TRANSLATE_NOOP("Moves", "Approved"),
    Move.REJECT: QT_TRANSLATE_NOOP("Moves", "Rejected"),
    Move.MARK_DUPLICATE: QT_TRANSLATE_NOOP("Moves", "Marked as duplicate"),
    Move.ASK_INFO: QT_TRANSLATE_NOOP("Moves", "Asked for info"),
    Move.ANSWER: QT_TRANSLATE_NOOP("Moves", "Info has come"),
    Move.CITE: QT_TRANSLATE_NOOP("Moves", "Citation written"),
    Move.CLOSE: QT_TRANSLATE_NOOP("Moves", "Closed"),
    Move.REOPEN: QT_TRANSLATE_NOOP("Moves", "Reopened"),
    "file": QT_TRANSLATE_NOOP("Moves", "Report filed"),
    "import": QT_TRANSLATE_NOOP("Moves", "Imported"),
    "arrive": QT_TRANSLATE_NOOP("Moves", "Report arrived"),
    "escalate": QT_TRANSLATE_NOOP("Moves", "Escalated"),
    "calm": QT_TRANSLATE_NOOP("Moves", "No longer escalated"),
    "want_second_look": QT_TRANSLATE_NOOP("Moves", "Second look asked for"),
    "close_second_look": QT_TRANSLATE_NOOP("Moves", "Second look done"),
    "second_approve": QT_TRANSLATE_NOOP("Moves", "Second look: would approve"),
    "second_reject": QT_TRANSLATE_NOOP("Moves", "Second look: would reject"),
    "second_duplicate": QT_TRANSLATE_NOOP("Moves", "Second look: would mark as duplicate"),
    "assign": QT_TRANSLATE_NOOP("Moves", "Assigned"),
    "correct": QT_TRANSLATE_NOOP("Moves", "Facts corrected"),
    "lease_ended": QT_TRANSLATE_NOOP("Moves", "Time to review ran out"),
    "officer_left": QT_TRANSLATE_NOOP("Moves", "Freed: the officer left the desk"),
    "undo": QT_TRANSLATE_NOOP("Moves", "Taken back"),
    "issue": QT_TRANSLATE_NOOP("Moves", "Citation written"),
    "cancel": QT_TRANSLATE_NOOP("Moves", "Citation cancelled"),
}
_FIELDS: Final[dict[str, object]] = {
    "status": QT_TRANSLATE_NOOP("Fields", "Status"),
    "severity": QT_TRANSLATE_NOOP("Fields", "Severity"),
    "plate": QT_TRANSLATE_NOOP("Fields", "Plate"),
    "vehicle_type": QT_TRANSLATE_NOOP("Fields", "Vehicle type"),
    "vehicle_text": QT_TRANSLATE_NOOP("Fields", "Vehicle"),
    "address": QT_TRANSLATE_NOOP("Fields", "Address"),
    "area": QT_TRANSLATE_NOOP("Fields", "Area"),
    "lon": QT_TRANSLATE_NOOP("Fields", "Longitude"),
    "lat": QT_TRANSLATE_NOOP("Fields", "Latitude"),
    "description": QT_TRANSLATE_NOOP("Fields", "Description"),
    "decision_note": QT_TRANSLATE_NOOP("Fields", "Note"),
    "rejection_reason": QT_TRANSLATE_NOOP("Fields", "Reason"),
    "escalated": QT_TRANSLATE_NOOP("Fields", "Escalated"),
    "second_look": QT_TRANSLATE_NOOP("Fields", "Second look"),
    "assignee_id": QT_TRANSLATE_NOOP("Fields", "Assigned to"),
    "reviewer_id": QT_TRANSLATE_NOOP("Fields", "Decided by"),
    "duplicate_of": QT_TRANSLATE_NOOP("Fields", "Original"),
    "score": QT_TRANSLATE_NOOP("Fields", "Evidence"),
}
# Follow from others, or mean nothing to a reader.
_SILENT: Final = frozenset(
    {"lease_until_ms", "decided_ms", "deleted_ms", "ward_id", "station_id", "version"}
)
_UNDO = "undo_"


def _say(context: str, source: object) -> str:
    # QT_TRANSLATE_NOOP gives its text back, typed as an object.
    return QCoreApplication.translate(context, str(source))


def move_word(move: Move) -> str:
    """Return a move as its button names it."""
    return _say("Moves", _MOVES[move])


def done_word(action: str) -> str:
    """Return what was done, as toasts and timelines say it."""
    if action.startswith(_UNDO):
        undone = done_word(action.removeprefix(_UNDO))
        return _say("Moves", "Taken back: {what}").format(what=undone)
    known = _DONE.get(action)
    return action.replace("_", " ") if known is None else _say("Moves", known)


def event_title(event: Event) -> str:
    """Return what an event was, with the reason of a rejection."""
    title = done_word(event.action)
    reasons = [c.new for c in event.changes if c.field == "rejection_reason" and c.new]
    if reasons and event.action == Move.REJECT:
        return f"{title}: {reason_word(RejectionReason(str(reasons[0])))}"
    return title


def field_word(name: str) -> str:
    """Return a field's name."""
    known = _FIELDS.get(name)
    return name.replace("_", " ") if known is None else _say("Fields", known)


def told_changes(
    changes: tuple[FieldChange, ...], officers: Mapping[str, str]
) -> list[tuple[str, str, str]]:
    """Return what a reader is told of changes: field, old and new value in words.

    ``officers`` are names by id as text.
    """
    return [
        (
            field_word(change.field),
            value_word(change.field, change.old, officers),
            value_word(change.field, change.new, officers),
        )
        for change in changes
        if change.field not in _SILENT
    ]


def value_word(field: str, value: object, officers: Mapping[str, str]) -> str:
    """Return a field's value in words; a dash for none."""
    if value in (None, ""):
        return "\N{EN DASH}"
    if isinstance(value, bool) or field in {"escalated", "second_look"}:
        return _say("Fields", "yes") if value else _say("Fields", "no")
    if field in {"assignee_id", "reviewer_id"}:
        return officers.get(str(value), _say("Fields", "another officer"))
    reader = _READERS.get(field)
    return str(value) if reader is None else reader(value)


_READERS: Final[dict[str, Callable[[object], str]]] = {
    "status": lambda value: status_word(ReportStatus(str(value))),
    "severity": lambda value: severity_word(Severity(int(str(value)))),
    "rejection_reason": lambda value: reason_word(RejectionReason(str(value))),
    "plate": lambda value: format_plate(str(value)),
    "duplicate_of": lambda _value: _say("Fields", "another report"),
}
