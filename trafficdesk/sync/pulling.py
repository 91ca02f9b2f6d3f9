"""Reading what changed: pages of a city's feed, and snapshots for a beginning."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import history, outbox, sync_marks
from trafficdesk.store.sync_marks import SnapshotPlace
from trafficdesk.sync import link
from trafficdesk.sync.access import Access
from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.sync.leavings import leave
from trafficdesk.sync.line import target_of
from trafficdesk.sync.paging import ask_page
from trafficdesk.sync.replaying import take_in
from trafficdesk.sync.taken import Touched
from trafficdesk.wire.exchange import ChangesPage, FeedEvent, Record, SnapshotPage
from trafficdesk.wire.fields import SNAPSHOT_ORDER

CHANGES: Final = "/api/v1/sync/changes"
SNAPSHOT: Final = "/api/v1/sync/snapshot"
PAGE: Final = 500
SNAPSHOT_PAGE: Final = 2_000
_KNOWN: Final = frozenset(str(entity) for entity in SNAPSHOT_ORDER)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page taken in, and what it touched.

    Of a snapshot ``done`` counts the page's records and ``whole`` all of their kind; of a feed
    both are numbers in it. ``is_last`` tells that the city is read to its head.
    """

    done: int
    whole: int
    is_last: bool
    touched: Touched = field(default_factory=Touched)


def pull_page(access: Access, city_id: UUID) -> Fetched:
    """Take in the next page of a city's feed, or of its snapshot before there is a cursor.

    Raises:
        SyncError: nothing of the page was taken in.
    """
    with access.store.reading() as connection:
        after = sync_marks.cursor_of(connection, city_id)
        place = sync_marks.find_snapshot(connection, city_id)
    if after is None:
        return _pull_snapshot(access, city_id, place)
    target = target_of(CHANGES, city=city_id, after=after, limit=PAGE)
    page = ask_page(access, target, ChangesPage)
    check_changes(page, city_id, after)
    with access.store.writing() as connection:
        touched = take_changes(connection, page)
    return Fetched(page.upto, page.head, page.upto >= page.head, touched)


def take_changes(connection: Connection, page: ChangesPage) -> Touched:
    """Take in a page of a city's feed, with the cursor that it leaves."""
    touched = Touched()
    _take_records(connection, page.records, touched)
    for gone in page.left:
        if gone.entity in _KNOWN:
            leave(connection, (Entity(gone.entity), gone.id), page.server_time_ms, touched)
    _take_events(connection, page.events)
    sync_marks.put_cursor(connection, page.city_id, page.upto)
    _put_window(connection, page.window_from_ms)
    return touched


def check_changes(page: ChangesPage, city_id: UUID, after: int) -> None:
    """Believe a page only if it goes on where this desk stands, with numbers that rise."""
    numbers = [after, *(event.seq for event in page.events), page.upto + 1]
    is_rising = all(one < other for one, other in pairwise(numbers))
    is_within = after <= page.upto <= page.head
    if page.city_id != city_id or page.after != after or not (is_rising and is_within):
        raise LineError(Fault.GARBLED, f"feed after {after}: not the page that was asked for")


def _take_records(connection: Connection, records: list[Record], touched: Touched) -> None:
    """Take records in; work that was set aside for want of one goes on."""
    orphans = outbox.find_orphans(connection)
    for record in records:
        if record.id in orphans:
            outbox.requeue_orphan(connection, record.id)
        _take_known(connection, record, touched)


def _take_known(connection: Connection, record: Record, touched: Touched) -> None:
    """Take a record in; kinds that only a newer program knows wait for it."""
    if record.entity not in _KNOWN:
        return
    touched.add(take_in(connection, record))
    if record.entity == Entity.CONFLICT:
        _follow_conflict(connection, record)


def _follow_conflict(connection: Connection, record: Record) -> None:
    """Let this desk's operations of a conflict stand as the conflict does."""
    if record.row.get("status") == "settled":
        settled_ms = record.row.get("settled_ms")
        at_ms = settled_ms if isinstance(settled_ms, int) else 0
        outbox.settle_conflict(connection, record.id, at_ms)
    else:
        outbox.reopen_conflict(connection, record.id)


def _take_events(connection: Connection, events: list[FeedEvent]) -> None:
    history.take_in(
        connection,
        [
            (_operation_of(connection, each), each.version, each.seq)
            for each in events
            if each.entity in _KNOWN
        ],
    )


def _operation_of(connection: Connection, event: FeedEvent) -> history.Operation:
    return history.Operation(
        op_id=event.id,
        action_id=event.action_id,
        entity=Entity(event.entity),
        entity_id=event.entity_id,
        action=event.action,
        base_version=event.version - 1,
        revision=history.revision_of(connection, event.entity_id),
        changes=tuple(FieldChange(name, old, new) for name, (old, new) in event.changes.items()),
        note=event.note,
        actor_id=event.actor_id,
        device_id=event.device_id,
        at_ms=event.at_ms,
    )


def _put_window(connection: Connection, window_from_ms: int) -> None:
    marks = link.get_marks(connection)
    if marks.window_from_ms != window_from_ms:
        link.put_marks(connection, msgspec.structs.replace(marks, window_from_ms=window_from_ms))


def _pull_snapshot(access: Access, city_id: UUID, place: SnapshotPlace | None) -> Fetched:
    """Take in the next page of a snapshot; the last one leaves a cursor."""
    entity = SNAPSHOT_ORDER[0] if place is None else place.entity
    after = None if place is None else place.after
    target = target_of(SNAPSHOT, city=city_id, entity=entity, after=after, limit=SNAPSHOT_PAGE)
    page = ask_page(access, target, SnapshotPage)
    if page.city_id != city_id or any(each.entity != entity for each in page.records):
        raise LineError(Fault.GARBLED, f"snapshot of {entity}: not the page that was asked for")
    with access.store.writing() as connection:
        touched = take_snapshot(connection, place, page)
    return Fetched(len(page.records), page.total, is_last=False, touched=touched)


def take_snapshot(
    connection: Connection, place: SnapshotPlace | None, page: SnapshotPage
) -> Touched:
    """Take in the page of a snapshot that goes on at a place, or begins; the last sets the cursor.

    The page's records are known to be of the place's kind, or of the first one.
    """
    touched, city_id = Touched(), page.city_id
    if place is None:
        place = place_at_start(connection, city_id, page.at_seq)
    _take_records(connection, page.records, touched)
    if place.run:
        sync_marks.mark_seen(connection, place, [each.id for each in page.records])
    coming = _next_place(place, page.next_after)
    if coming is not None:
        sync_marks.put_snapshot(connection, city_id, coming)
    else:
        _end(connection, page, place, touched)
    _put_window(connection, page.window_from_ms)
    return touched


def place_at_start(connection: Connection, city_id: UUID, at_seq: int) -> SnapshotPlace:
    """Begin a snapshot after which the feed is read from a number on.

    Nothing is marked on an empty desk.
    """
    is_compared = sync_marks.has_records(connection, city_id)
    return SnapshotPlace(SNAPSHOT_ORDER[0], None, at_seq, at_seq + 1 if is_compared else 0)


def _next_place(place: SnapshotPlace, next_after: UUID | None) -> SnapshotPlace | None:
    if next_after is not None:
        return place._replace(after=next_after)
    following = SNAPSHOT_ORDER.index(place.entity) + 1
    if following == len(SNAPSHOT_ORDER):
        return None
    return place._replace(entity=SNAPSHOT_ORDER[following], after=None)


def _end(
    connection: Connection, page: SnapshotPage, place: SnapshotPlace, touched: Touched
) -> None:
    """Drop what the whole snapshot did not hold, and go on from its number."""
    if place.run:
        for gone in sync_marks.find_unseen(connection, page.city_id, place.run):
            leave(connection, gone, page.server_time_ms, touched)
        sync_marks.forget_seen(connection, place.run)
    sync_marks.put_cursor(connection, page.city_id, place.at_seq)
