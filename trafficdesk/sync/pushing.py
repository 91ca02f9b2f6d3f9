"""Sending the outbox, batch by batch, and settling what the server answers."""

from collections.abc import Sequence
from typing import Final, NoReturn
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import outbox, sync_marks
from trafficdesk.store.arriving import confirm, drop
from trafficdesk.store.engine import Store
from trafficdesk.store.history import Operation
from trafficdesk.sync import link
from trafficdesk.sync.access import Access
from trafficdesk.sync.believing import check_records, taking_in, uncollected
from trafficdesk.sync.errors import Fault, LineError, OtherEpochError, RefusedError
from trafficdesk.sync.line import Call
from trafficdesk.sync.replaying import take_in
from trafficdesk.sync.taken import Touched
from trafficdesk.wire.accounts import Problem
from trafficdesk.wire.codes import Code
from trafficdesk.wire.exchange import (
    MAX_BODY_BYTES,
    MAX_OPERATIONS,
    Outcome,
    PushAnswer,
    PushRequest,
    Reason,
    Result,
)
from trafficdesk.wire.operations import Operation as Message

PUSH: Final = "/api/v1/sync/push"
_LARGE_BYTES: Final = 64 * 1024

_STATES: Final = {
    Result.APPLIED: outbox.SETTLED,
    Result.MERGED: outbox.SETTLED,
    Result.DUPLICATE: outbox.SETTLED,
    Result.CONFLICT: outbox.CONFLICT,
    Result.REJECTED: outbox.PARKED,
}


def message_of(operation: Operation) -> Message:
    """Return an operation as it travels."""
    return Message(
        op_id=operation.op_id,
        action_id=operation.action_id,
        entity=str(operation.entity),
        entity_id=operation.entity_id,
        action=operation.action,
        base_version=operation.base_version,
        revision=operation.revision,
        changes={each.field: (each.old, each.new) for each in operation.changes},
        note=operation.note,
        actor_id=operation.actor_id,
        device_id=operation.device_id,
        at_ms=operation.at_ms,
    )


def push_batch(access: Access, now_ms: int, limit: int = MAX_OPERATIONS) -> Touched | None:
    """Send the next batch and settle its answer; None when nothing waits.

    A batch too large for the server is halved, down to a single operation; one that is too large
    alone goes without what makes it so, for the server to set it aside.

    Raises:
        SyncError: nothing was settled; what was taken stays marked as sent, for the next try.
    """
    with uncollected():
        with access.store.writing() as connection:
            batch = outbox.take_batch(connection, limit)
            marks = link.get_marks(connection)
        messages = [message_of(each) for each in batch]
    if not batch:
        return None
    try:
        answer = _ask(access, marks.protocol, messages)
    except RefusedError as error:
        if error.code != Code.TOO_LARGE:
            raise
        if len(batch) > 1:
            return _push_less(access, now_ms, len(batch))
        answer = _ask(access, marks.protocol, [_stripped(messages[0])])
    _check(answer, batch)
    if answer.epoch != marks.epoch:
        _note_restored(access.store, answer.turn)
    return settle(access.store, batch, answer, now_ms)


def _check(answer: PushAnswer, batch: Sequence[Operation]) -> None:
    if [each.op_id for each in answer.outcomes] != [each.op_id for each in batch]:
        raise LineError(Fault.GARBLED, "the outcomes are not those of the operations")
    # Which reasons there are is the server's to say, but only a rejection has one.
    if any((each.result is Result.REJECTED) is (each.reason is None) for each in answer.outcomes):
        raise LineError(Fault.GARBLED, "a reason without a rejection, or a rejection without one")


def _ask(access: Access, protocol: int, messages: list[Message]) -> PushAnswer:
    body = msgspec.json.encode(PushRequest(protocol=protocol, operations=messages))
    if len(body) > MAX_BODY_BYTES:
        problem = Problem(status=413, code=Code.TOO_LARGE, title="Too large to be sent")
        raise RefusedError(problem)
    return access.ask(Call("POST", PUSH, body), PushAnswer)


def _stripped(message: Message) -> Message:
    """Return an operation with a value that cannot be in the place of each that is too large."""
    changes = dict(message.changes)
    for name, sides in message.changes.items():
        if len(msgspec.json.encode(sides)) > _LARGE_BYTES:
            changes[name] = (0, 0)
    return msgspec.structs.replace(message, changes=changes)


def _push_less(access: Access, now_ms: int, tried: int) -> Touched | None:
    with access.store.writing() as connection:
        outbox.put_back(connection)
    return push_batch(access, now_ms, tried // 2)


def _note_restored(store: Store, turn: str) -> NoReturn:
    """Settle nothing with a server that was restored since it was greeted: greet it first."""
    with store.writing() as connection:
        marks = link.get_marks(connection)
        link.put_marks(connection, msgspec.structs.replace(marks, turn=turn))
    raise OtherEpochError


def settle(store: Store, batch: list[Operation], answer: PushAnswer, now_ms: int) -> Touched:
    """Write what became of a batch, in one transaction with the rows that follow from it.

    A bundle may have settled some of it while it was on its way.
    """
    check_records(each.record for each in answer.outcomes if each.record is not None)
    with taking_in(store) as connection:
        waits = outbox.land_batch(connection)
        waiting = [each for each in batch if each.op_id in waits]
        answered = [each for each in answer.outcomes if each.op_id in waits]
        marks = link.get_marks(connection)
        own_upto = marks.own_upto
        if outbox.has_resent(connection):  # what was set aside is not in the rows here
            own_upto = max(own_upto, *(each.seq for each in answer.outcomes))
        touched = settle_outcomes(connection, waiting, answered, now_ms, answer.server_time_ms)
        after = msgspec.structs.replace(marks, turn=answer.turn, own_upto=own_upto)
        link.put_marks(connection, after)
    return touched


def settle_outcomes(
    connection: Connection,
    batch: Sequence[Operation],
    answered: Sequence[Outcome],
    now_ms: int,
    updated_ms: int | None = None,
) -> Touched:
    """Write what became of operations, and the rows that follow from it.

    ``updated_ms`` is when the server took them, if this is its first answer to them.
    """
    touched = Touched()
    outbox.settle(connection, [_settled(each) for each in answered], now_ms)
    outcomes = dict[tuple[Entity, UUID], list[Outcome]]()
    latest = dict[UUID, Operation]()
    for operation, outcome in zip(batch, answered, strict=True):
        outcomes.setdefault((operation.entity, operation.entity_id), []).append(outcome)
        latest[operation.entity_id] = operation
    as_asked = dict[Entity, list[tuple[UUID, int]]]()
    for (entity, record_id), of_record in outcomes.items():
        touched.kinds.add(entity)
        version = max(each.version for each in of_record)
        record = next((each.record for each in reversed(of_record) if each.record), None)
        if record is None and version:
            as_asked.setdefault(entity, []).append((record_id, version))
            continue
        # Without either there is none: what would have made it was refused.
        taken = take_in(connection, record) if record else drop(connection, entity, record_id)
        touched.add(taken)
        is_overtaken = of_record[-1].reason is Reason.OVERTAKEN
        if is_overtaken and latest[record_id].action == Move.CLAIM:
            touched.overtaken.add(taken.report_pk)
        if _is_outdone(latest[record_id], of_record[-1]):
            touched.outdone.add(record_id)
    for entity, records in as_asked.items():
        touched.reports.update(confirm(connection, entity, records, updated_ms))
    sync_marks.mark_taken(connection, outcomes)
    touched.kinds.discard(Entity.REPORT)
    return touched


def _is_outdone(operation: Operation, outcome: Outcome) -> bool:
    """Tell whether a conflict that was settled here was settled before, and otherwise."""
    chosen = next((each.new for each in operation.changes if each.field == "choices"), None)
    if operation.entity is not Entity.CONFLICT or chosen is None or outcome.record is None:
        return False
    return outcome.result is Result.DUPLICATE and outcome.record.row.get("choices") != chosen


def _settled(outcome: Outcome) -> outbox.Settled:
    # A review that somebody else holds or has ended is no matter for a person to deal with.
    is_over = outcome.reason is Reason.OVERTAKEN
    return outbox.Settled(
        outcome.op_id,
        outbox.SETTLED if is_over else _STATES[outcome.result],
        str(outcome.result),
        "" if outcome.reason is None else str(outcome.reason),
        outcome.detail,
        outcome.version,
        outcome.seq,
        outcome.conflict_id,
    )
