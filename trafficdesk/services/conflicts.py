"""Settling conflicts: keep mine, keep theirs, or write what is right; and taking that back."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from trafficdesk.domain.conflicts import (
    Choice,
    Conflict,
    ConflictStatus,
    Side,
    chosen_values,
    is_settled_by,
)
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import FieldChange, Report
from trafficdesk.domain.texts import clean_text
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services.changes import Changed
from trafficdesk.services.intent import Intent, Recorded, intent
from trafficdesk.services.outcomes import Outcome, Refusal, Refused
from trafficdesk.services.review import NOTE_LENGTH
from trafficdesk.services.session import Session
from trafficdesk.store import conflicts, officers, outbox, reports
from trafficdesk.store.conflicts import Settlement

SETTLE = "settle"
_CHANGED = Changed(kinds=frozenset({Entity.CONFLICT}))


@dataclass(frozen=True, slots=True)
class ConflictDetail:
    """A conflict with the report it is about, if it is on this desk, and who is who."""

    conflict: Conflict
    report: Report | None
    names: Mapping[UUID, str]


@dataclass(frozen=True, slots=True)
class Settling:
    """One conflict as the officer saw it, and what they chose of each field in question."""

    conflict_id: UUID
    expected_revision: int
    choices: Mapping[str, Choice]
    note: str = ""


def find_open(session: Session) -> list[ConflictDetail]:
    """Return the conflicts to be settled, the oldest first."""
    with session.store.reading() as connection:
        names = officers.find_names(connection)
        return [
            ConflictDetail(each, reports.find_by_id(connection, each.record_id), names)
            for each in conflicts.find_open(connection)
        ]


def find_settled(session: Session) -> list[ConflictDetail]:
    """Return the conflicts that were settled, the latest first."""
    with session.store.reading() as connection:
        names = officers.find_names(connection)
        return [
            ConflictDetail(each, reports.find_by_id(connection, each.record_id), names)
            for each in conflicts.find_settled(connection)
        ]


def count_open(session: Session) -> int:
    """Return how many conflicts wait to be settled."""
    with session.store.reading() as connection:
        return conflicts.count_open(connection)


def may_settle(session: Session, conflict: Conflict) -> bool:
    """Tell whether the officer may settle it: their own, or as a supervisor anybody's."""
    if session.may(Permission.REPORT_TAKE_OVER):
        return True
    return session.may(Permission.REPORT_REVIEW) and conflict.device_id == session.device_id


def keep_side(conflict: Conflict, side: Side) -> dict[str, Choice]:
    """Return the choices that take one side whole."""
    return {each.field: Choice(side) for each in conflict.in_question}


def settle(session: Session, settlings: list[Settling]) -> Outcome:
    """Settle one or many conflicts, as one transaction with one undo.

    A conflict that moved on since it was seen is refused, the others go through.
    """
    with intent(session, SETTLE) as doing:
        for each in settlings:
            code = _settle(doing, each)
            if code is not None:
                doing.refuse(Refused(0, code))
        return doing.outcome()


def _settle(doing: Intent, settling: Settling) -> Refusal | None:
    conflict = conflicts.find(doing.connection, settling.conflict_id)
    if conflict is None or conflict.revision != settling.expected_revision:
        return Refusal.MOVED_ON
    if not may_settle(doing.session, conflict):
        return Refusal.NOT_PERMITTED
    if conflict.status is not ConflictStatus.OPEN:
        return Refusal.NOTHING_TO_CHANGE
    if not is_settled_by(conflict, settling.choices):
        return Refusal.REASON_MISSING
    note = clean_text(settling.note, NOTE_LENGTH)
    values = chosen_values(conflict, settling.choices)
    if values and conflict.record_entity is Entity.REPORT:
        report = reports.find_by_id(doing.connection, conflict.record_id)
        if report is None:
            return Refusal.MOVED_ON
        changeable = {name: value for name, value in values.items() if name in reports.CHANGEABLE}
        doing.change_report(report, SETTLE, changeable, note)
    sides = {name: choice.side for name, choice in settling.choices.items()}
    become = Settlement(ConflictStatus.SETTLED, sides, note, doing.session.officer.id, doing.at_ms)
    _write(doing, conflict, become, SETTLE)
    return None


def _write(doing: Intent, conflict: Conflict, become: Settlement, action: str) -> None:
    if not conflicts.update(doing.connection, conflict, become):
        raise AssertionError(f"conflict {conflict.id} changed inside its own transaction")
    before = Settlement(
        conflict.status,
        conflict.choices,
        conflict.settle_note,
        conflict.settled_by,
        None if conflict.settled_at is None else int(conflict.settled_at.timestamp() * 1000),
    )
    changes = tuple(
        FieldChange(name, old, new)
        for (name, old), (_, new) in zip(_values(before), _values(become), strict=True)
        if old != new
    )
    recorded = Recorded(conflict.version, conflict.revision + 1, changes, become.note)
    doing.record(Entity.CONFLICT, conflict.id, action, recorded)
    doing.note_changed(_CHANGED)


def _values(settlement: Settlement) -> list[tuple[str, object]]:
    """Return what an operation carries of a settlement."""
    return [
        ("status", str(settlement.status)),
        ("choices", {name: str(side) for name, side in settlement.choices.items()} or None),
        ("settle_note", settlement.note),
        ("settled_by", None if settlement.settled_by is None else str(settlement.settled_by)),
        ("settled_ms", settlement.settled_ms),
    ]


def take_back(doing: Intent, conflict: Conflict) -> None:
    """Open a settled conflict again, inside the undo that takes the settlement back."""
    _write(doing, conflict, Settlement(ConflictStatus.OPEN, {}, "", None, None), "undo_settle")
    outbox.reopen_conflict(doing.connection, conflict.id)
