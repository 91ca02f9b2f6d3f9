"""What happened before a desk was enrolled: events that a snapshot does not hold, read later."""

from itertools import pairwise
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import history, sync_marks
from trafficdesk.sync.access import Access
from trafficdesk.sync.believing import taking_in
from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.sync.line import target_of
from trafficdesk.sync.paging import ask_page
from trafficdesk.sync.taken import Touched
from trafficdesk.wire.exchange import FeedEvent, HistoryPage
from trafficdesk.wire.fields import SNAPSHOT_ORDER

HISTORY: Final = "/api/v1/sync/history"
PAGE: Final = 1_000
_KNOWN: Final = frozenset(str(entity) for entity in SNAPSHOT_ORDER)


def recall_page(access: Access, city_id: UUID) -> Touched | None:
    """Take in the next page of a city's history; None when this desk has all of it.

    Raises:
        SyncError: nothing of the page was taken in.
    """
    with access.store.reading() as connection:
        stretch = sync_marks.find_history(connection, city_id)
    if stretch is None:
        return None
    after, until = stretch
    target = target_of(HISTORY, city=city_id, after=after, until=until, limit=PAGE)
    page = ask_page(access, target, HistoryPage)
    numbers = [after, *(event.seq for event in page.events), page.upto + 1]
    is_rising = all(one < other for one, other in pairwise(numbers))
    if page.city_id != city_id or not is_rising or not after < page.upto <= until:
        raise LineError(Fault.GARBLED, f"history after {after}: not the page that was asked for")
    with taking_in(access.store) as connection:
        # A snapshot that began meanwhile has set it back.
        if sync_marks.find_history(connection, city_id) == stretch:
            _take(connection, page.events)
            sync_marks.put_history(connection, city_id, page.upto, until)
    return _touched(page.events)


def _take(connection: Connection, events: list[FeedEvent]) -> None:
    history.take_in(
        connection,
        [
            (operation_of(each, revision=0), each.version, each.seq)
            for each in events
            if each.entity in _KNOWN
        ],
    )


def operation_of(event: FeedEvent, revision: int) -> history.Operation:
    """Return an event of the feed as this desk keeps it."""
    return history.Operation(
        op_id=event.id,
        action_id=event.action_id,
        entity=Entity(event.entity),
        entity_id=event.entity_id,
        action=event.action,
        base_version=event.version - 1,
        revision=revision,
        changes=tuple(FieldChange(name, old, new) for name, (old, new) in event.changes.items()),
        note=event.note,
        actor_id=event.actor_id,
        device_id=event.device_id,
        at_ms=event.at_ms,
    )


def _touched(events: list[FeedEvent]) -> Touched:
    return Touched(kinds={Entity(each.entity) for each in events if each.entity in _KNOWN})
