"""Taking in the server's answer to a bundle, exactly as if it had come over the network."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.store import outbox, sync_marks
from trafficdesk.store.engine import Store
from trafficdesk.store.history import Operation
from trafficdesk.sync import bundle_requests, greeting, link, pruning, pulling, pushing
from trafficdesk.sync.bundle_requests import Asked
from trafficdesk.sync.errors import LineError
from trafficdesk.sync.taken import Touched
from trafficdesk.wire.bundles import (
    SERVER,
    AnswerHead,
    BundleError,
    BundleFault,
    Kind,
    Outcomes,
    Part,
    SnapshotPart,
    decoded,
    head_of,
    named_receiver,
    open_bundle,
    read_parts,
)
from trafficdesk.wire.exchange import ChangesPage, Outcome

_WAITING = frozenset({outbox.QUEUED, outbox.SENT})
Telling = Callable[[Touched], None]


@dataclass(slots=True)
class Taken:
    """What an answer brought: outcomes by result, changes, and cities that are not read to the end.

    Those are read on with another bundle.
    """

    results: Counter[str] = field(default_factory=Counter)
    events: int = 0
    records: int = 0
    unread: set[UUID] = field(default_factory=set)


def take_answer(store: Store, bundle: bytes, now_ms: int, tell: Telling) -> Taken:
    """Prove an answer whole, then settle its outcomes and take in its pages.

    ``tell`` hears what each step touched. Cut short, it may be taken in again.

    Raises:
        BundleError: it is refused, and nothing was changed.
    """
    with store.reading() as connection:
        asked, content = _prove(connection, bundle)
    head = _check(content)
    with store.writing() as connection:
        _match(connection, asked, head)
        greeting.follow(connection, head.welcome)
    taken = Taken()
    for part, found in read_parts(content):
        with store.writing() as connection:
            touched = _take(connection, (part, found), now_ms, taken)
        if touched:
            tell(touched)
    with store.writing() as connection:
        cities = link.get_marks(connection).city_ids
        taken.unread |= {city for city in cities if sync_marks.cursor_of(connection, city) is None}
        bundle_requests.note_answered(connection, asked.number)
    _prune(store, tell)
    return taken


def _prove(connection: Connection, bundle: bytes) -> tuple[Asked, bytes]:
    """Return the request that is answered, and the parts that the server signed for it."""
    enrolled = link.find_link(connection)
    if enrolled is None:
        raise BundleError(BundleFault.NOT_ENROLLED)
    requests = bundle_requests.get(connection)
    asked = requests.find(named_receiver(bundle, [Kind.ANSWER]))
    if asked is None:
        raise BundleError(BundleFault.OTHER_RECEIVER)
    if asked.number == requests.answered_number:
        raise BundleError(BundleFault.REPLAYED)
    if asked.number < requests.answered_number:
        raise BundleError(BundleFault.OLDER)
    opened = open_bundle(bundle, asked.private_key, [Kind.ANSWER])
    if opened.signer_id != SERVER:
        raise BundleError(BundleFault.FORGED)
    opened.prove(enrolled.server_public_key)
    head = head_of(opened.content, AnswerHead)
    if head.tenant_id != enrolled.tenant_id:
        raise BundleError(BundleFault.OTHER_TENANT)
    if (head.device_id, head.request_id) != (enrolled.device_id, asked.bundle_id):
        raise BundleError(BundleFault.OTHER_DEVICE)
    return asked, opened.content


def _match(connection: Connection, asked: Asked, head: AnswerHead) -> None:
    """Refuse an answer from before the epoch or scope that this desk has met since it asked."""
    marks = link.get_marks(connection)
    present = (marks.epoch, marks.scope_id)
    answered = (head.welcome.epoch, head.welcome.scope.id)
    if present not in {(asked.epoch, asked.scope_id), answered}:
        raise BundleError(BundleFault.OLDER)


def _check(content: bytes) -> AnswerHead:
    """Read every part before any is acted on."""
    head = head_of(content, AnswerHead)
    for part, found in read_parts(content):
        match part:
            case Part.OUTCOMES:
                decoded(found, Outcomes)
            case Part.SNAPSHOT:
                _check_snapshot(decoded(found, SnapshotPart), head)
            case Part.CHANGES:
                _check_changes(decoded(found, ChangesPage), head)
    return head


def _check_snapshot(part: SnapshotPart, head: AnswerHead) -> None:
    is_other = part.page.epoch != head.welcome.epoch
    if is_other or any(each.entity != part.entity for each in part.page.records):
        raise BundleError(BundleFault.DAMAGED)


def _check_changes(page: ChangesPage, head: AnswerHead) -> None:
    if page.epoch != head.welcome.epoch:
        raise BundleError(BundleFault.DAMAGED)
    try:
        pulling.check_changes(page, page.city_id, page.after)
    except LineError as error:
        raise BundleError(BundleFault.DAMAGED) from error


def _take(
    connection: Connection, part: tuple[str, bytes], now_ms: int, taken: Taken
) -> Touched | None:
    kind, found = part
    match kind:
        case Part.OUTCOMES:
            return _take_outcomes(connection, decoded(found, Outcomes), now_ms, taken)
        case Part.SNAPSHOT:
            return _take_snapshot(connection, decoded(found, SnapshotPart), taken)
        case Part.CHANGES:
            return _take_changes(connection, decoded(found, ChangesPage), taken)
    return None


def _take_outcomes(
    connection: Connection, part: Outcomes, now_ms: int, taken: Taken
) -> Touched | None:
    """Settle what still waits; the network may have been quicker with the rest."""
    waiting = list(_waiting(connection, part.outcomes))
    if not waiting:
        return None
    taken.results.update(str(outcome.result) for _, outcome in waiting)
    batch = [operation for operation, _ in waiting]
    answered = [outcome for _, outcome in waiting]
    return pushing.settle_outcomes(connection, batch, answered, now_ms)


def _waiting(
    connection: Connection, outcomes: list[Outcome]
) -> Iterator[tuple[Operation, Outcome]]:
    for outcome in outcomes:
        found = outbox.find(connection, outcome.op_id)
        if found is not None and found[0] in _WAITING:
            yield found[1], outcome


def _take_snapshot(connection: Connection, part: SnapshotPart, taken: Taken) -> Touched | None:
    """Take a page in if the snapshot stands just before it, or within its kind the other way."""
    city_id = part.page.city_id
    if sync_marks.cursor_of(connection, city_id) is not None:
        return None
    place = sync_marks.find_snapshot(connection, city_id)
    at = place or pulling.BEGINNING
    after = at.after if at.newest_first == part.page.newest_first else None
    if (str(at.entity), after) != (part.entity, part.after_id):
        return None
    taken.records += len(part.page.records)
    return pulling.take_snapshot(connection, place, part.page)


def _take_changes(connection: Connection, page: ChangesPage, taken: Taken) -> Touched | None:
    """Take a page in unless its numbers were read already, or leave a gap."""
    cursor = sync_marks.cursor_of(connection, page.city_id)
    if cursor is None or page.after > cursor:
        taken.unread.add(page.city_id)
        return None
    if page.upto < page.head:
        taken.unread.add(page.city_id)
    else:
        taken.unread.discard(page.city_id)
    if page.upto <= cursor:
        return None
    taken.events += len(page.events)
    taken.records += len(page.records)
    return pulling.take_changes(connection, page)


def _prune(store: Store, tell: Telling) -> None:
    with store.reading() as connection:
        window_from_ms = link.get_marks(connection).window_from_ms
    while touched := pruning.prune_batch(store, window_from_ms):
        tell(touched)
