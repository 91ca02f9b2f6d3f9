"""Operations the server would not take: why, and what an officer does about each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.authority import is_creation
from trafficdesk.domain.lifecycle import CORRECTING, Barrier, Move, barrier, change_barrier
from trafficdesk.domain.records import Report
from trafficdesk.domain.texts import clean_text
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import auditing, correcting
from trafficdesk.services.changes import NOTHING, Changed
from trafficdesk.services.intent import Intent, intent
from trafficdesk.services.outcomes import Outcome, Refusal, Refused, refusal
from trafficdesk.services.review import NOTE_LENGTH
from trafficdesk.services.session import Session
from trafficdesk.store import naming, officers, outbox, reports
from trafficdesk.store.history import Operation
from trafficdesk.store.outbox import Settled
from trafficdesk.store.replaying import put_again
from trafficdesk.wire.exchange import Result

WITHDRAWN = "withdrawn"
_CORRECT: Final = "correct"
_CLAIM: Final = "assignment_id"
# What decides on a report or corrects it; citing and reopening write more than the report.
_EDITABLE: Final = frozenset({_CORRECT, Move.APPROVE, Move.REJECT, Move.ASK_INFO, Move.CLOSE})


@dataclass(frozen=True, slots=True)
class Parked:
    """One operation set aside: its reason is a code of PROTOCOL.md.

    ``record_name`` is what its record is called, "" if it is not on this desk.
    """

    operation: Operation
    reason: str
    detail: str
    actor_name: str
    at: datetime
    report: Report | None
    record_name: str = ""


def find_parked(session: Session) -> list[Parked]:
    """Return what was set aside, the oldest first."""
    with session.store.reading() as connection:
        names = officers.find_names(connection)
        found = outbox.find_parked(connection)
        called = naming.find_names(connection, {each.operation.entity_id for each in found})
        return [
            Parked(
                each.operation,
                each.reason,
                each.detail,
                names.get(each.operation.actor_id, ""),
                from_ms(each.operation.at_ms),
                reports.find_by_id(connection, each.operation.entity_id),
                called.get(each.operation.entity_id, ""),
            )
            for each in found
        ]


def retry(session: Session, *op_ids: UUID) -> Changed:
    """Send operations once more, as they are; those that are not set aside any more stay.

    Sending a unit goes whole: its assignment with its claim, whichever is named.
    """
    return _move_on(session, op_ids, outbox.QUEUED, "retry")


def withdraw(session: Session, *op_ids: UUID) -> Changed:
    """Give operations up; they stay in the history as withdrawn, and are never sent.

    Sending a unit is given up whole: half of it would leave the unit out for what it does not hold.
    """
    return _move_on(session, op_ids, outbox.SETTLED, "withdraw")


def _move_on(session: Session, op_ids: Iterable[UUID], state: str, action: str) -> Changed:
    changed = NOTHING
    with session.store.writing() as connection:
        for operation in _whole(connection, op_ids):
            _settle(session, connection, operation, (state, action))
            report = reports.find_by_id(connection, operation.entity_id)
            kinds = frozenset({operation.entity} - {Entity.REPORT})
            if state == outbox.QUEUED:
                put_again(connection, [operation])
            changed |= Changed(frozenset() if report is None else frozenset({report.pk}), kinds)
    return changed


def _whole(connection: Connection, op_ids: Iterable[UUID]) -> list[Operation]:
    """Return what is set aside of these, with the other half of each sending."""
    found = [each for op_id in dict.fromkeys(op_ids) if (each := _find_parked(connection, op_id))]
    wanted = {each.op_id for each in found}
    sendings = {sending for each in found if (sending := _sending_of(each))}
    if sendings:
        waiting = (each.operation for each in outbox.find_parked(connection))
        found += [
            each for each in waiting if each.op_id not in wanted and _sending_of(each) in sendings
        ]
    return found


def _sending_of(operation: Operation) -> tuple[UUID, str] | None:
    """Return the action and the assignment of what sends a unit; None if it is anything else."""
    if operation.entity is Entity.ASSIGNMENT and is_creation(operation.action):
        return operation.action_id, str(operation.entity_id)
    claim = next((each.new for each in operation.changes if each.field == _CLAIM), None)
    return None if claim is None else (operation.action_id, str(claim))


def _find_parked(connection: Connection, op_id: UUID) -> Operation | None:
    found = outbox.find(connection, op_id)
    return None if found is None or found[0] != outbox.PARKED else found[1]


def _settle(
    session: Session, connection: Connection, operation: Operation, become: tuple[str, str]
) -> None:
    state, action = become
    # That it was refused is kept: until it is taken it is in no row here.
    result = WITHDRAWN if state == outbox.SETTLED else str(Result.REJECTED)
    settled = Settled(operation.op_id, state, result)
    outbox.settle(connection, [settled], to_ms(session.clock()))
    audited = auditing.Audited(
        f"operation.{action}", operation.entity, str(operation.entity_id), str(operation.op_id)
    )
    auditing.append(session, connection, audited)


def may_be_edited(operation: Operation) -> bool:
    """Tell whether an operation can be done anew with other words: what decides or corrects."""
    return operation.entity is Entity.REPORT and operation.action in _EDITABLE


def edit(session: Session, op_id: UUID, values: Mapping[str, object]) -> Outcome:
    """Do it anew on the report as it stands, with other values, and give the old one up.

    ``values`` go over those of the operation; ``decision_note`` is its note as well.
    """
    with session.store.reading() as connection:
        operation = _find_parked(connection, op_id)
    if operation is None or not may_be_edited(operation):
        return refusal("edit", Refusal.MOVED_ON)
    with intent(session, operation.action) as doing:
        report = reports.find_by_id(doing.connection, operation.entity_id)
        if report is None or _find_parked(doing.connection, op_id) is None:
            return refusal(operation.action, Refusal.MOVED_ON)
        code: Barrier | Refusal | None = _barrier(doing, report, operation.action)
        if code is None and not _do_anew(doing, report, operation, values):
            code = Refusal.NOTHING_TO_CHANGE
        if code is not None:
            doing.refuse(Refused(report.pk, code))
        else:
            _settle(session, doing.connection, operation, (outbox.SETTLED, "withdraw"))
        return doing.outcome()


def _barrier(doing: Intent, report: Report, action: str) -> Barrier | None:
    officer = doing.session.officer
    if action == _CORRECT:
        return change_barrier(report, CORRECTING, officer, doing.lease_now)
    return barrier(report, Move(action), officer, doing.lease_now)


def _do_anew(
    doing: Intent, report: Report, operation: Operation, values: Mapping[str, object]
) -> bool:
    wanted = {each.field: each.new for each in operation.changes} | dict(values)
    note = clean_text(str(values.get("decision_note", operation.note) or ""), NOTE_LENGTH)
    if operation.action == _CORRECT:
        given = {name: value for name, value in wanted.items() if name in correcting.CORRECTABLE}
        wanted = correcting.followed(doing, report, correcting.tidied(given))
    else:
        wanted |= {"decision_note": note, "reviewer_id": str(doing.session.officer.id)}
    return doing.change_report(report, operation.action, wanted, note)
