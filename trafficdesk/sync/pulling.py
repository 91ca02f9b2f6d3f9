"""Reading what changed: pages of a city's feed, and snapshots for a beginning."""

import time
from collections.abc import Generator, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import history, orphans, outbox, sync_marks
from trafficdesk.store.arriving import Uncounted, count_new_reports
from trafficdesk.store.replaying import put_again
from trafficdesk.store.sync_marks import SnapshotPlace
from trafficdesk.sync import arrivals, link, recalling, unread
from trafficdesk.sync.access import Access
from trafficdesk.sync.arrivals import Pace
from trafficdesk.sync.believing import check_records, taking_in
from trafficdesk.sync.conflicts_over import settle_unseen
from trafficdesk.sync.errors import Fault, LineError, OtherScopeError
from trafficdesk.sync.leavings import leave
from trafficdesk.sync.line import target_of
from trafficdesk.sync.paging import ask_page
from trafficdesk.sync.replaying import take_in
from trafficdesk.sync.taken import Touched
from trafficdesk.wire.exchange import ChangesPage, FeedEvent, Record, SnapshotPage
from trafficdesk.wire.fields import CITY_WIDE, SNAPSHOT_ORDER

CHANGES: Final = "/api/v1/sync/changes"
SNAPSHOT: Final = "/api/v1/sync/snapshot"
SNAPSHOT_PAGE: Final = 5_000
_COUNTED_AT_ONCE: Final = 2_500  # more would save little, and who waits to write waits for it
_HOLD_S: Final = 0.2  # what holds the writer at once, beside the part at hand
_RANKS: Final = {str(entity): rank for rank, entity in enumerate(SNAPSHOT_ORDER)}
BEGINNING: Final = SnapshotPlace(SNAPSHOT_ORDER[0], None, 0, 0)


@dataclass(frozen=True, slots=True)
class Fetched:
    """One page taken in, and what it touched.

    ``done`` counts records of a snapshot or numbers of a feed, ``whole`` all of the same kind
    from where this desk stood. ``is_last`` tells that the city is read to its head.
    """

    done: int
    whole: int
    is_last: bool
    touched: Touched = field(default_factory=Touched)


def pull_pages(access: Access, city_id: UUID) -> Generator[Fetched, None, None]:
    """Take in page after page of a city, up to its head: a snapshot first if there is no cursor.

    Whoever stops asking stops after the page at hand; the next time goes on from there.

    Raises:
        SyncError: nothing of the next page was taken in.
    """
    with access.store.reading() as connection:
        after = sync_marks.cursor_of(connection, city_id)
    if after is None:
        yield from _pull_snapshot(access, city_id)
    is_last, pace = False, Pace(500, 50, 2_000, _HOLD_S)
    while not is_last:
        page = _pull_changes(access, city_id, pace)
        is_last = page.is_last
        yield page


def _pull_changes(access: Access, city_id: UUID, pace: Pace) -> Fetched:
    with access.store.reading() as connection:
        after = sync_marks.cursor_of(connection, city_id) or 0
        own = after < link.get_marks(connection).own_upto
    target = target_of(CHANGES, city=city_id, after=after, limit=pace.size, own=str(own).lower())
    page = ask_page(access, target, ChangesPage)
    check_changes(page, city_id, after)
    with taking_in(access.store) as connection:
        started_s = time.monotonic()
        touched = take_changes(connection, page)
    pace.note(pace.size, time.monotonic() - started_s)
    return Fetched(page.upto - after, page.head - after, page.upto >= page.head, touched)


def take_changes(connection: Connection, page: ChangesPage) -> Touched:
    """Take in a page of a city's feed, with the cursor that it leaves."""
    touched, uncounted = Touched(), Uncounted()
    _take_records(connection, page.records, touched, uncounted)
    count_new_reports(connection, uncounted)
    for gone in page.left:
        if gone.entity in _RANKS:
            leave(connection, (Entity(gone.entity), gone.id), page.server_time_ms, touched)
    _take_events(connection, page.events)
    sync_marks.put_cursor(connection, page.city_id, page.upto)
    if page.upto >= page.head:
        sync_marks.put_heard_ms(connection, page.city_id, page.server_time_ms)
    _put_window(connection, page.window_from_ms)
    return touched


def check_changes(page: ChangesPage, city_id: UUID, after: int) -> None:
    """Believe a page only if it goes on where this desk stands, with numbers that rise."""
    numbers = [after, *(event.seq for event in page.events), page.upto + 1]
    is_rising = all(one < other for one, other in pairwise(numbers))
    # A page that brings nothing is the last: else it would be asked for without end.
    is_within = after < page.upto <= page.head or after == page.upto == page.head
    if page.city_id != city_id or page.after != after or not (is_rising and is_within):
        raise LineError(Fault.GARBLED, f"feed after {after}: not the page that was asked for")


def _take_records(
    connection: Connection, records: list[Record], touched: Touched, uncounted: Uncounted
) -> None:
    """Take records in; work that was set aside for want of one goes on.

    A page tells them in any order. What hangs on a record has no place before it: it comes after.
    """
    check_records(records)
    records = sorted(records, key=_rank)
    unread.note(connection, records)
    told = {each.id for each in records}
    again = orphans.requeue(connection, told)
    for record in arrivals.take_new(connection, records, touched, uncounted):
        _take_known(connection, record, touched)
    put_again(connection, [each for each in again if each.entity_id not in told])


def _rank(record: Record) -> int:
    return _RANKS.get(record.entity, len(_RANKS))


def _take_known(connection: Connection, record: Record, touched: Touched) -> None:
    """Take a record in; kinds that only a newer program knows wait for it."""
    if record.entity not in _RANKS:
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
            (
                recalling.operation_of(each, history.revision_of(connection, each.entity_id)),
                each.version,
                each.seq,
            )
            for each in events
            if each.entity in _RANKS
        ],
    )


def _put_window(connection: Connection, window_from_ms: int) -> None:
    marks = link.get_marks(connection)
    if marks.window_from_ms != window_from_ms:
        link.put_marks(connection, msgspec.structs.replace(marks, window_from_ms=window_from_ms))


def _pull_snapshot(access: Access, city_id: UUID) -> Iterator[Fetched]:
    """Take in the pages of a snapshot; each is asked for while the one before it is written."""
    with access.store.reading() as connection:
        place = sync_marks.find_snapshot(connection, city_id)
    ending = _Ending(_COUNTED_AT_ONCE, 500, SNAPSHOT_PAGE, _HOLD_S)
    with ThreadPoolExecutor(1, thread_name_prefix="sync-ahead") as ahead:
        coming: Future[SnapshotPage] | None = ahead.submit(_ask_snapshot, access, city_id, place)
        while coming is not None:
            page = coming.result()
            following = _next_place(place or BEGINNING, page)
            coming = None
            if following is not None:
                coming = ahead.submit(_ask_snapshot, access, city_id, following)
            yield from _take_page(access, place, page, ending)
            with access.store.reading() as connection:
                place = sync_marks.find_snapshot(connection, city_id)


def _ask_snapshot(
    access: Access, city_id: UUID, place: SnapshotPlace | None, limit: int = SNAPSHOT_PAGE
) -> SnapshotPage:
    """Ask for a page; for half of it if that many long records are more than is ever unpacked.

    A kind that came newest first is begun again where the server, another than before, does not
    know that way: what it answers would leave out all that is older.
    """
    place = place or BEGINNING
    entity, after, wish = place.entity, place.after, "true" if place.newest_first else None
    target = target_of(
        SNAPSHOT, city=city_id, entity=entity, after=after, limit=limit, newest_first=wish
    )
    try:
        page = ask_page(access, target, SnapshotPage)
    except OtherScopeError:
        if entity not in CITY_WIDE or after is not None:
            raise
        return _ask_for_none(access, city_id)
    except LineError as error:
        if error.fault is not Fault.TOO_BIG or limit == 1:
            raise
        return _ask_snapshot(access, city_id, place, limit // 2)
    _check_snapshot(page, city_id, place)
    if after is not None and page.newest_first != place.newest_first:
        return _ask_snapshot(access, city_id, place._replace(after=None, newest_first=False))
    return page


def _check_snapshot(page: SnapshotPage, city_id: UUID, place: SnapshotPlace) -> None:
    """Believe a page only if it goes on from the place, the way that it says, as it was asked."""
    is_of_kind = all(each.entity == place.entity for each in page.records)
    ids = [] if place.after is None else [place.after]
    ids += [each.id for each in page.records]
    lower, higher = (1, 0) if page.newest_first else (0, 1)
    is_on_its_way = all(pair[lower] < pair[higher] for pair in pairwise(ids))
    is_wished = place.newest_first or not page.newest_first
    is_next = page.next_after is None or (bool(page.records) and page.next_after == ids[-1])
    is_asked = page.city_id == city_id and is_of_kind and is_wished
    if not (is_asked and is_on_its_way and is_next):
        raise LineError(
            Fault.GARBLED, f"snapshot of {place.entity}: not the page that was asked for"
        )


def _ask_for_none(access: Access, city_id: UUID) -> SnapshotPage:
    """Return the page of a kind that an older server does not know, if it still knows the city."""
    target = target_of(SNAPSHOT, city=city_id, entity=BEGINNING.entity, after=None, limit=1)
    page = ask_page(access, target, SnapshotPage)
    return msgspec.structs.replace(page, total=0, records=[], next_after=None)


class _Ending(Pace):
    """How much there may be to count and commit at once, while somebody else writes, too."""

    is_shared = False  # whether somebody waited to write while the page before was written


def _take_page(
    access: Access, place: SnapshotPlace | None, page: SnapshotPage, ending: _Ending
) -> Iterator[Fetched]:
    """Write a page in one transaction, or in several if somebody waits to write meanwhile.

    A commit costs more than what it commits, for it writes whole pages of every index. Whoever
    begins to wait waits for it, too: once somebody did, ``ending`` says how much there may be to
    count and commit, until nobody did for a whole page.
    """
    parts, left, is_shared = arrivals.in_parts(page.records), len(page.records), ending.is_shared
    ending.is_shared = False
    part = next(parts, None)
    while part is not None:
        touched, before, uncounted = Touched(), left, Uncounted()
        with taking_in(access.store) as connection:
            while part is not None:
                left -= len(part)
                next_after = part[-1].id if left else page.next_after
                of_page = msgspec.structs.replace(page, records=list(part), next_after=next_after)
                touched |= _take_part(connection, place, of_page, uncounted)
                if len(uncounted) >= _COUNTED_AT_ONCE:
                    count_new_reports(connection, uncounted)
                place = sync_marks.find_snapshot(connection, page.city_id)
                part = next(parts, None)
                if access.store.is_awaited:
                    is_shared = ending.is_shared = True
                    break
                if is_shared and before - left >= ending.size:
                    break
            ended_s = time.monotonic()
            count_new_reports(connection, uncounted)
        ending.note(max(before - left, 1), time.monotonic() - ended_s)
        yield Fetched(before - left, page.total, is_last=False, touched=touched)


def take_snapshot(
    connection: Connection, place: SnapshotPlace | None, page: SnapshotPage
) -> Touched:
    """Take in the page of a snapshot that goes on at a place, or begins; the last sets the cursor.

    The page's records are known to be of the place's kind, or of the first one.
    """
    uncounted = Uncounted()
    touched = _take_part(connection, place, page, uncounted)
    count_new_reports(connection, uncounted)
    return touched


def _take_part(
    connection: Connection, place: SnapshotPlace | None, page: SnapshotPage, uncounted: Uncounted
) -> Touched:
    """Take in some records of a page; new reports are still to be counted."""
    touched, city_id = Touched(), page.city_id
    if place is None:
        place = place_at_start(connection, city_id, page.at_seq)
    # Within a part as they were made: indexes fill their pages better with what rises.
    records = page.records[::-1] if page.newest_first else page.records
    _take_records(connection, records, touched, uncounted)
    if place.run:
        sync_marks.mark_seen(connection, place, [each.id for each in page.records])
    coming = _next_place(place, page)
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


def _next_place(place: SnapshotPlace, page: SnapshotPage) -> SnapshotPlace | None:
    if page.next_after is not None:
        return place._replace(after=page.next_after, newest_first=page.newest_first)
    following = SNAPSHOT_ORDER.index(place.entity) + 1
    if following == len(SNAPSHOT_ORDER):
        return None
    return place._replace(entity=SNAPSHOT_ORDER[following], after=None, newest_first=True)


def _end(
    connection: Connection, page: SnapshotPage, place: SnapshotPlace, touched: Touched
) -> None:
    """Drop what the whole snapshot did not hold, and go on from its number."""
    if place.run:
        for gone in sync_marks.find_unseen(connection, page.city_id, place.run):
            leave(connection, gone, page.server_time_ms, touched)
        sync_marks.forget_seen(connection, place.run)
    sync_marks.put_cursor(connection, page.city_id, place.at_seq)
    sync_marks.put_history(connection, page.city_id, 0, place.at_seq)
    settle_unseen(connection, page.server_time_ms)
