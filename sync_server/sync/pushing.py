"""One push inside one transaction: read under lock, weigh, write, number last."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from sync_server.db import ledger
from sync_server.db.engine import Connection
from sync_server.sync import queries
from sync_server.sync.batch import Draft, Sender, Standing, Verdict, refused
from sync_server.sync.checking import entity_of
from sync_server.sync.claims import left_by
from sync_server.sync.creating import EMPTY
from sync_server.sync.holding import is_blind
from sync_server.sync.links import links_of
from sync_server.sync.names import REUSED, UNIQUE, other_name
from sync_server.sync.scope import Device
from sync_server.sync.theirs import name_theirs
from sync_server.sync.unclaimed import open_missing
from sync_server.sync.weighing import Weighing
from trafficdesk.domain.authority import is_creation
from trafficdesk.domain.merge import DELETED
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.exchange import Outcome, PushAnswer, Reason, Record, Result
from trafficdesk.wire.fields import WRITABLE, is_value_of
from trafficdesk.wire.operations import MAX_OPERATION_BYTES, Operation, canonical
from trafficdesk.wire.values import is_storable

_READ_IN_ORDER: Final = [entity for entity in Entity if entity in WRITABLE]
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
    return push_as(connection, device.tenant_id, device.sender(actors), clock, operations)


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
    batch = [_sent(operation, sender) for operation in operations]
    known = ledger.find_answers(connection, {each.operation.op_id for each in batch})
    weighing = _read(connection, sender, now_ms, [each.operation for each in batch])
    answered = _answer(weighing, batch, known)
    open_missing(connection, weighing)
    name_theirs(connection, weighing)
    queries.write(connection, tenant_id, weighing.standings.values())
    events = [_event(draft, now_ms) for draft in weighing.drafts]
    heads = ledger.number(connection, events)
    for draft, event in zip(weighing.drafts, events, strict=True):
        draft.seq = event.seq
    entries = [_entry(each, weighing) for each in answered if each.is_new]
    if entries or events:
        ledger.append(connection, tenant_id, entries, events, heads)
    return Pushed(epoch, now_ms, [_outcome(each, weighing) for each in answered])


def _sent(operation: Operation, sender: Sender) -> Sent:
    """Return an operation as it is weighed; what a former self wrote is the device's own."""
    content = canonical(operation)
    if operation.device_id in sender.former_ids:
        operation = msgspec.structs.replace(operation, device_id=sender.device_id)
    return Sent(operation, content, hashlib.sha256(content).digest())


def _read(
    connection: Connection, sender: Sender, now_ms: int, operations: Sequence[Operation]
) -> Weighing:
    """Lock and read everything that the operations are weighed against."""
    cities = sender.city_ids
    weighing = Weighing(sender, now_ms, {})
    wanted = _wanted(operations)
    for entity in _READ_IN_ORDER:
        if wanted[entity]:
            found = queries.lock_rows(connection, entity, cities, wanted[entity])
            weighing.standings |= {(entity, each.id): each for each in found}
    records = {each.entity_id for each in operations if each.entity != Entity.CONFLICT}
    own = [sender.device_id, *sender.former_ids]
    weighing.hold(queries.lock_open_conflicts(connection, own, cities, records))
    blind = {each.entity_id for each in operations if DELETED in each.changes or is_blind(each)}
    if blind:
        foreign = queries.find_foreign_versions(connection, sender.device_id, cities, blind)
        for standing in weighing.standings.values():
            standing.foreign_version = foreign.get(standing.id, 0)
    _find_names(connection, weighing, operations)
    named = _stations_named(operations)
    weighing.stations = queries.find_stations(connection, cities, named)
    _find_cited(connection, weighing, wanted[Entity.REPORT] if wanted[Entity.CITATION] else set())
    return weighing


def _stations_named(operations: Iterable[Operation]) -> set[str]:
    """Return the stations of new records, as far as they are ids at all."""
    named = (
        each.changes["station_id"][1]
        for each in operations
        if is_creation(each.action) and "station_id" in each.changes
    )
    return {str(each) for each in named if each and is_value_of(Entity.REPORT, "station_id", each)}


def _find_cited(connection: Connection, weighing: Weighing, named: set[UUID]) -> None:
    """Note which citations stand of the reports that citations of the batch are of."""
    known = {
        str(each.row["report_id"])
        for (entity, _), each in weighing.standings.items()
        if entity is Entity.CITATION
    }
    reports = known | {str(report_id) for report_id in named}
    if reports:
        cities = weighing.sender.city_ids
        weighing.citations.hold(queries.find_issued(connection, cities, reports))


def _wanted(operations: Iterable[Operation]) -> dict[Entity, set[UUID]]:
    """Return the ids of the records that operations name: their own, and those they link to.

    A claim is weighed against the assignment that it leaves, too.
    """
    wanted: dict[Entity, set[UUID]] = {entity: set() for entity in _READ_IN_ORDER}
    for operation in operations:
        entity = entity_of(operation)
        if entity is None or entity not in wanted:
            continue
        wanted[entity].add(operation.entity_id)
        for kind, record_id in links_of(operation, entity).values():
            wanted[kind].add(record_id)
        left = left_by(operation)
        if left is not None:
            wanted[Entity.ASSIGNMENT].add(left)
    return wanted


def _find_names(
    connection: Connection, weighing: Weighing, operations: Iterable[Operation]
) -> None:
    """Note who has the references, numbers and call signs that records would get."""
    names: dict[Entity, set[str]] = {entity: set() for entity in UNIQUE}
    for operation in operations:
        entity = entity_of(operation)
        if entity is None or entity not in UNIQUE:
            continue
        standing = weighing.standings.get((entity, operation.entity_id))
        if standing is not None and entity not in REUSED:
            continue
        field = UNIQUE[entity]
        name = operation.changes.get(field, (None, None))[1]
        if name is None and standing is not None and DELETED in operation.changes:
            name = standing.row[field]  # brought back, it takes up its name again
        if name is not None and is_storable(name):
            names[entity] |= {str(name), other_name(name, operation.entity_id)}
    cities = weighing.sender.city_ids
    for entity, asked in names.items():
        if asked:
            weighing.names.hold(queries.find_names(connection, entity, cities, asked))


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
    empty = EMPTY.get(draft.entity, {}) if draft.version == 1 else {}
    return all(
        asked[name][1] == new if name in asked else name in empty and empty[name] == new
        for name, (_, new) in draft.changes.items()
        if name != "updated_ms"
    )


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
