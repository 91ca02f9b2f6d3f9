"""One push inside one transaction: read under lock, weigh, write, number last."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from sync_server.db import ledger
from sync_server.db.asked import pipelined
from sync_server.db.engine import Connection
from sync_server.sync import queries
from sync_server.sync.batch import Draft, Sender, Standing, Verdict, refused
from sync_server.sync.checking import entity_of
from sync_server.sync.creating import EMPTY
from sync_server.sync.reading import Reading
from sync_server.sync.scope import Device
from sync_server.sync.theirs import name_theirs
from sync_server.sync.unclaimed import open_missing
from sync_server.sync.weighing import Weighing
from trafficdesk.wire.exchange import Outcome, PushAnswer, Reason, Record, Result
from trafficdesk.wire.operations import MAX_OPERATION_BYTES, Operation, canonical

_MAX_WORD: Final = 60


class Sent(NamedTuple):
    """An operation with its canonical JSON and the digest of that."""

    operation: Operation
    content: bytes
    digest: bytes


@dataclass(slots=True)
class _Answered:
    """An operation and what it came to; ``before`` is the ledger's answer if there was one."""

    sent: Sent
    verdict: Verdict | None = None
    before: ledger.Answer | None = None
    is_new: bool = True


class Pushed(NamedTuple):
    """What a push came to, by the server's clock."""

    epoch: UUID
    now_ms: int
    outcomes: list[Outcome]

    def answer(self, turn: str) -> PushAnswer:
        """Return the answer, with the turn of the device's next push."""
        return PushAnswer(
            epoch=self.epoch, turn=turn, server_time_ms=self.now_ms, outcomes=self.outcomes
        )


def push_batch(connection: Connection, device: Device, operations: Sequence[Operation]) -> Pushed:
    """Answer a device's operations in their order; everything is written or nothing is.

    Raises:
        StaleError: what was read did not hold; roll back and do it again.
    """
    clock = queries.lock_device(connection, device.id)
    actors = queries.find_actors(connection, device.id, {each.actor_id for each in operations})
    return push_as(connection, device.tenant_id, device.sender(dict(actors)), clock, operations)


def push_as(
    connection: Connection,
    tenant_id: UUID,
    sender: Sender,
    clock: tuple[int, UUID],
    operations: Sequence[Operation],
) -> Pushed:
    """Answer operations of a sender whose people are known; ``clock`` is the time and the epoch.

    Raises:
        StaleError: what was read did not hold; roll back and do it again.
    """
    now_ms, epoch = clock
    # PostgreSQL finds and writes while here the next is made.
    with pipelined(connection) as pipeline:
        asked = Reading(connection, sender, operations)
        batch = [_sent(operation, sender) for operation in operations]
        weighing = asked.weighing(now_ms)
        answered = _answer(weighing, batch, asked.known())
        open_missing(connection, weighing)
        name_theirs(connection, weighing)
        queries.write(pipeline, tenant_id, weighing.standings.values())
        _append(connection, tenant_id, weighing, answered, asked.heads())
        outcomes = [_outcome(each, weighing) for each in answered]
    return Pushed(epoch, now_ms, outcomes)


def _append(
    connection: Connection,
    tenant_id: UUID,
    weighing: Weighing,
    answered: Sequence[_Answered],
    expected: Mapping[str, ledger.Head],
) -> None:
    """Number and write what the batch came to.

    The lines are made while the counters are still to be locked, for the heads that are expected;
    where others went on meanwhile, they are made anew.
    """
    events = [_event(draft, weighing.now_ms) for draft in weighing.drafts]
    cities = sorted({event.city_id for event in events})
    locked = ledger.lock_heads(connection, cities) if cities else ()
    heads = {city_id: expected[city_id] for city_id in cities}
    lines = _lines(weighing, answered, events, heads)
    found = dict(locked)
    if found != heads:
        lines = _lines(weighing, answered, events, found)
    if events or any(each.is_new for each in answered):
        ledger.append(connection, tenant_id, lines)


def _lines(
    weighing: Weighing,
    answered: Iterable[_Answered],
    events: Sequence[ledger.Event],
    heads: Mapping[str, ledger.Head],
) -> ledger.Lines:
    """Return what is written behind ``heads``; each draft learns its number."""
    new_heads = ledger.number(events, heads)
    for draft, event in zip(weighing.drafts, events, strict=True):
        draft.seq = event.seq
    entries = [_entry(each, weighing) for each in answered if each.is_new]
    return ledger.Lines.of(entries, events, new_heads)


def _sent(operation: Operation, sender: Sender) -> Sent:
    """Return an operation as it is weighed; what a former self wrote is the device's own."""
    content = canonical(operation)
    if sender.former_ids and operation.device_id in sender.former_ids:
        operation = msgspec.structs.replace(operation, device_id=sender.device_id)
    return Sent(operation, content, hashlib.sha256(content).digest())


def _answer(
    weighing: Weighing, batch: Sequence[Sent], known: Mapping[UUID, ledger.Known]
) -> list[_Answered]:
    """Weigh what was not answered before; what took effect is answered as it was."""
    answered, seen = list[_Answered](), dict[UUID, _Answered]()
    for sent in batch:
        op_id = sent.operation.op_id
        each = _answer_one(weighing, sent, known.get(op_id), seen.get(op_id))
        if each.verdict is None or each.verdict.reason is not Reason.ALTERED:
            seen[op_id] = each
        answered.append(each)
    return answered


def _answer_one(
    weighing: Weighing, sent: Sent, known: ledger.Known | None, twin: _Answered | None
) -> _Answered:
    first = known.digest if known else twin.sent.digest if twin else sent.digest
    if first != sent.digest:
        is_new = known is None or (sent.digest, Reason.ALTERED) not in known.rejections
        return _Answered(sent, refused(Reason.ALTERED), is_new=is_new)
    if twin is not None:  # the same operation twice in one batch
        return _Answered(sent, twin.verdict, twin.before, is_new=False)
    if known is not None and known.effective is not None:
        return _Answered(sent, before=known.effective, is_new=False)
    is_too_large = len(sent.content) > MAX_OPERATION_BYTES
    verdict = refused(Reason.BAD_VALUE, "size") if is_too_large else weighing.weigh(sent.operation)
    told_before = set() if known is None else known.rejections
    is_told = verdict.reason is not None and (sent.digest, verdict.reason) in told_before
    return _Answered(sent, verdict, is_new=not is_told)


def _event(draft: Draft, now_ms: int) -> ledger.Event:
    operation = draft.operation
    return ledger.Event(
        city_id=draft.city_id,
        id=draft.id,
        action_id=operation.action_id,
        entity=str(draft.entity),
        entity_id=draft.entity_id,
        version=draft.version,
        action=draft.action,
        changes=msgspec.Raw(msgspec.json.encode(draft.changes)),
        note=operation.note,
        actor_id=operation.actor_id,
        device_id=operation.device_id,
        at_ms=operation.at_ms,
        received_ms=now_ms,
    )


def _entry(answered: _Answered, weighing: Weighing) -> ledger.Entry:
    operation, verdict = answered.sent.operation, answered.verdict
    if verdict is None:
        raise AssertionError("what is new to the ledger was weighed")
    city_id = verdict.event.city_id if verdict.event else _city_of(operation, weighing)
    has_event = verdict.event is not None and verdict.conflict_id is None
    return ledger.Entry(
        op_id=operation.op_id,
        city_id=city_id,
        device_id=weighing.sender.device_id,
        actor_id=operation.actor_id,
        digest=answered.sent.digest.hex(),
        result=str(verdict.result),
        reason=str(verdict.reason or ""),
        detail=_clean(verdict.detail),
        entity=_clean(operation.entity),
        entity_id=operation.entity_id,
        version=verdict.event.version if verdict.event and has_event else 0,
        seq=verdict.event.seq if verdict.event else 0,
        conflict_id=verdict.conflict_id,
        content=answered.sent.content.decode(),
    )


def _clean(word: str) -> str:
    """Return a word of a desk's as PostgreSQL keeps it."""
    return word.replace("\x00", "\N{REPLACEMENT CHARACTER}")[:_MAX_WORD]


def _standing_of(operation: Operation, weighing: Weighing) -> Standing | None:
    entity = entity_of(operation)
    return None if entity is None else weighing.standings.get((entity, operation.entity_id))


def _city_of(operation: Operation, weighing: Weighing) -> str | None:
    standing = _standing_of(operation, weighing)
    city_id = standing.row.get("city_id") if standing else None
    return None if city_id is None else str(city_id)


def _outcome(answered: _Answered, weighing: Weighing) -> Outcome:
    operation, before, verdict = answered.sent.operation, answered.before, answered.verdict
    if before is not None:
        return Outcome(
            op_id=operation.op_id,
            result=Result(before.result),
            version=before.version,
            seq=before.seq,
            detail=before.detail,
            conflict_id=before.conflict_id,
            record=_fallback(operation, weighing),
        )
    if verdict is None:
        raise AssertionError("an operation is either known or weighed")
    has_version = verdict.event is not None and verdict.conflict_id is None
    return Outcome(
        op_id=operation.op_id,
        result=verdict.result,
        version=verdict.event.version if verdict.event and has_version else 0,
        seq=verdict.event.seq if verdict.event else 0,
        reason=verdict.reason,
        detail=verdict.detail,
        conflict_id=verdict.conflict_id,
        record=None if _is_as_asked(operation, verdict) else _fallback(operation, weighing),
    )


def _is_as_asked(operation: Operation, verdict: Verdict) -> bool:
    """Tell whether an operation made of its record just what it says, ``updated_ms`` excepted."""
    draft, asked = verdict.event, operation.changes
    if verdict.result is not Result.APPLIED or draft is None:
        return False
    if draft.changes is asked:
        return True
    empty = EMPTY.get(draft.entity, {}) if draft.version == 1 else {}
    for name, (_, new) in draft.changes.items():
        if name == "updated_ms":
            continue
        is_asked = asked[name][1] == new if name in asked else name in empty and empty[name] == new
        if not is_asked:
            return False
    return True


def _fallback(operation: Operation, weighing: Weighing) -> Record | None:
    """Return the record as it stands after the batch, for the desk to fall back to."""
    standing = _standing_of(operation, weighing)
    if standing is None or not standing.exists:
        return None
    return _record(standing, weighing.sender)


def _record(standing: Standing, sender: Sender) -> Record | None:
    if not sender.sees(standing.entity, standing.row):
        return None
    return Record(
        entity=str(standing.entity),
        id=standing.id,
        version=standing.version,
        row=standing.row,
    )
