"""Sending the outbox, batch by batch, and settling what the server answers."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple, NoReturn, Protocol
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import outbox, sync_marks
from trafficdesk.store.arriving import confirm, drop
from trafficdesk.store.engine import Store
from trafficdesk.store.history import Operation
from trafficdesk.store.outgoing import Outgoing
from trafficdesk.sync import link
from trafficdesk.sync.access import Access
from trafficdesk.sync.believing import check_records, taking_in, uncollected
from trafficdesk.sync.conflicts_over import settle_over
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


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """An operation as it travels, member by member as ``wire.operations.Operation`` has them.

    Its changes lie in the store as they are sent: they are not read to be written again.
    """

    op_id: str
    action_id: str
    entity: str
    entity_id: str
    action: str
    base_version: int
    revision: int
    changes: msgspec.Raw
    note: str
    actor_id: str
    device_id: str
    at_ms: int


def kept_of(outgoing: Sequence[Outgoing]) -> list[Kept]:
    """Return operations as they travel, from how they are kept."""
    texts = _Texts()  # one action, person and desk come again and again
    return [
        Kept(
            op_id=_text_of(row[0]),
            action_id=texts[row[1]],
            entity=row[2],
            entity_id=_text_of(row[3]),
            action=row[4],
            base_version=row[5],
            revision=row[6],
            changes=msgspec.Raw(row[7]),
            note=row[8],
            actor_id=texts[row[9]],
            device_id=texts[row[10]],
            at_ms=row[11],
        )
        for row in (each.row for each in outgoing)
    ]


def _text_of(id_bytes: bytes) -> str:
    """Return an id's canonical text; ``UUID`` would take five times as long."""
    text = id_bytes.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


class _Texts(dict[bytes, str]):
    """The texts of ids that were met."""

    def __missing__(self, id_bytes: bytes) -> str:
        self[id_bytes] = text = _text_of(id_bytes)
        return text


class _Request(msgspec.Struct, frozen=True, kw_only=True):
    """``PushRequest`` of operations as they are kept."""

    protocol: int
    operations: Sequence[Kept | Message]


class Waiting(Protocol):
    """An operation that is answered, as far as it matters to what follows."""

    @property
    def entity(self) -> Entity:
        """The kind of record."""

    @property
    def entity_id(self) -> UUID:
        """The record."""

    @property
    def action(self) -> str:
        """What was done."""

    @property
    def changes(self) -> tuple[FieldChange, ...]:
        """What it changes."""


class _Taken(NamedTuple):
    """A batch marked as sent, and how it is to be told."""

    batch: Sequence[Outgoing]
    marks: link.Marks


def _always() -> bool:
    return True


def push_all(
    access: Access, now_ms: Callable[[], int], goes_on: Callable[[], bool] = _always
) -> Iterator[Touched]:
    """Send batch after batch and settle their answers, until nothing waits.

    The next batch is taken as the last one is settled, in the same transaction, while ``goes_on``.
    A batch too large for the server is halved, down to a single operation; one that is too large
    alone goes without what makes it so, for the server to set it aside.

    Raises:
        SyncError: the last was not settled; what was taken stays marked as sent, for the next try.
    """
    with uncollected(), access.store.writing() as connection:
        taken = _take(connection, MAX_OPERATIONS)
    while taken.batch:
        taken, answer = _answer(access, taken)
        _check(answer, taken.batch)
        if answer.epoch != taken.marks.epoch:
            _note_restored(access.store, answer.turn)
        touched, taken = settle(access.store, taken.batch, answer, (now_ms(), goes_on))
        yield touched


def _take(connection: Connection, limit: int) -> _Taken:
    return _Taken(outbox.take_batch(connection, limit), link.get_marks(connection))


def _answer(access: Access, taken: _Taken) -> tuple[_Taken, PushAnswer]:
    """Return the answer to a batch, or to as much of it as the server takes at once."""
    batch, marks = taken
    try:
        return taken, _ask(access, marks.protocol, kept_of(batch))
    except RefusedError as error:
        if error.code != Code.TOO_LARGE:
            raise
    if len(batch) == 1:
        stripped = _stripped(message_of(batch[0].operation))
        return taken, _ask(access, marks.protocol, [stripped])
    with access.store.writing() as connection:
        outbox.put_back(connection)
        less = _take(connection, len(batch) // 2)
    return _answer(access, less)


def _check(answer: PushAnswer, batch: Sequence[Outgoing]) -> None:
    if [each.op_id for each in answer.outcomes] != [each.op_id for each in batch]:
        raise LineError(Fault.GARBLED, "the outcomes are not those of the operations")
    # Which reasons there are is the server's to say, but only a rejection has one.
    if any((each.result is Result.REJECTED) is (each.reason is None) for each in answer.outcomes):
        raise LineError(Fault.GARBLED, "a reason without a rejection, or a rejection without one")


def _ask(access: Access, protocol: int, messages: Sequence[Kept | Message]) -> PushAnswer:
    body = msgspec.json.encode(_Request(protocol=protocol, operations=messages))
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


def _note_restored(store: Store, turn: str) -> NoReturn:
    """Settle nothing with a server that was restored since it was greeted: greet it first."""
    with store.writing() as connection:
        marks = link.get_marks(connection)
        link.put_marks(connection, msgspec.structs.replace(marks, turn=turn))
    raise OtherEpochError


def settle(
    store: Store,
    batch: Sequence[Outgoing],
    answer: PushAnswer,
    when: tuple[int, Callable[[], bool]],
) -> tuple[Touched, _Taken]:
    """Write what became of a batch, in one transaction with the rows that follow from it.

    A bundle may have settled some of it while it was on its way. ``when`` is the time, and what
    tells whether the next batch is to be taken; that is returned, too.
    """
    now_ms, goes_on = when
    check_records(each.record for each in answer.outcomes if each.record is not None)
    with taking_in(store) as connection:
        waits = outbox.land_batch(connection)
        both = list(zip(batch, answer.outcomes, strict=True))
        waiting = [each for each, _ in both if each.seq in waits]
        answered = [outcome for each, outcome in both if each.seq in waits]
        marks = link.get_marks(connection)
        own_upto = marks.own_upto
        if outbox.has_resent(connection):  # what was set aside is not in the rows here
            own_upto = max(own_upto, *(each.seq for each in answer.outcomes))
        touched = settle_outcomes(connection, waiting, answered, now_ms, answer.server_time_ms)
        after = msgspec.structs.replace(marks, turn=answer.turn, own_upto=own_upto)
        link.put_marks(connection, after)
        following = _take(connection, MAX_OPERATIONS) if goes_on() else _Taken((), after)
    return touched, following


def settle_outcomes(
    connection: Connection,
    batch: Sequence[Waiting],
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
    latest = dict[UUID, Waiting]()
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
    settle_over(connection, answered, now_ms)
    for entity, records in as_asked.items():
        touched.reports.update(confirm(connection, entity, records, updated_ms))
    sync_marks.mark_taken(connection, outcomes)
    touched.kinds.discard(Entity.REPORT)
    return touched


def _is_outdone(operation: Waiting, outcome: Outcome) -> bool:
    """Tell whether a conflict that was settled here was settled before, and otherwise."""
    if operation.entity is not Entity.CONFLICT or outcome.record is None:
        return False
    chosen = next((each.new for each in operation.changes if each.field == "choices"), None)
    if chosen is None:
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
