"""Windows of a report list: some rows around a place in it, read in one snapshot."""

from dataclasses import dataclass

from sqlalchemy import Connection

from trafficdesk.domain.queues import ReportFilter, Sort, SortKey, sort_key
from trafficdesk.domain.records import QueueRow
from trafficdesk.services.session import Session
from trafficdesk.store import queues, reports, searches, tallies
from trafficdesk.store.queues import PageRequest

_RISING = frozenset({Sort.OLDEST})


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list holds and in which order; ``is_void`` where no report can match at all."""

    filter: ReportFilter
    sort: Sort = Sort.NEWEST
    is_void: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """Rows of a list from ``start`` on; ``count`` is None where it must be counted one by one.

    ``unread`` are those of the rows that the officer has not opened as they stand; ``at`` is the
    place where what was looked for stands, or would stand.
    """

    start: int
    at: int
    rows: tuple[QueueRow, ...]
    unread: frozenset[int]
    count: int | None


_NOTHING = Window(0, 0, (), frozenset(), 0)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which rows are wanted: ``limit`` from ``start`` on, found from a row that is known.

    ``anchor`` is that row's place in the list and its key; None counts from the list's start.
    """

    start: int
    limit: int
    anchor: tuple[int, SortKey] | None = None


def at_or_after(sort: Sort, key: SortKey) -> SortKey:
    """Return the key after which a page begins with the row of ``key`` itself."""
    return (*key[:-1], key[-1] - 1 if sort in _RISING else key[-1] + 1)


def find_stretch(session: Session, listing: Listing, wanted: Stretch) -> Window:
    """Return rows whose places in the list are known from an anchor (or from the start)."""
    if listing.is_void:
        return _NOTHING
    with session.store.reading() as connection:
        rows = _stretch(connection, listing, wanted)
        return _window(connection, session, listing, (wanted.start, wanted.start), rows)


def find_around(
    session: Session, listing: Listing, key: SortKey, before: int, after: int
) -> Window:
    """Return up to ``before`` rows above a key and ``after`` from it on, where it stands now."""
    if listing.is_void:
        return _NOTHING
    base = PageRequest(listing.filter, listing.sort)
    with session.store.reading() as connection:
        position = queues.find_position(connection, base, key)
        above = queues.find_page(connection, base._replace(after=key, limit=before, backwards=True))
        below = queues.find_page(
            connection, base._replace(after=at_or_after(listing.sort, key), limit=after)
        )
        rows = [*reversed(above), *below]
        return _window(connection, session, listing, (position - len(above), position), rows)


def find_place(session: Session, listing: Listing, pk: int, around: int) -> Window | None:
    """Return the rows around a report, or None when the list does not hold it."""
    with session.store.reading() as connection:
        row = queues.find_rows(connection, frozenset({pk})).get(pk)
    if row is None:
        return None
    window = find_around(session, listing, sort_key(row, listing.sort), around, around)
    return window if any(each.pk == pk for each in window.rows) else None


def find_by_reference(session: Session, reference: str) -> QueueRow | None:
    """Return the report with this reference, as it is typed: in any case, with any blanks."""
    wanted = "".join(reference.split()).upper()
    with session.store.reading() as connection:
        pk = reports.find_pk(connection, wanted)
        return None if pk is None else queues.find_rows(connection, frozenset({pk})).get(pk)


def _stretch(connection: Connection, listing: Listing, wanted: Stretch) -> list[QueueRow]:
    base = PageRequest(listing.filter, listing.sort, limit=wanted.limit)
    if wanted.anchor is None:
        return queues.find_page(connection, base._replace(skip=wanted.start))
    place, key = wanted.anchor
    if place <= wanted.start:
        first = at_or_after(listing.sort, key)
        return queues.find_page(connection, base._replace(after=first, skip=wanted.start - place))
    end = wanted.start + wanted.limit
    limit = wanted.limit if end <= place else place - wanted.start
    skip = max(0, place - end)
    above = base._replace(after=key, skip=skip, limit=limit, backwards=True)
    rows = queues.find_page(connection, above)[::-1]
    if end > place:
        first = at_or_after(listing.sort, key)
        rows += queues.find_page(connection, base._replace(after=first, limit=end - place))
    return rows


def _window(
    connection: Connection,
    session: Session,
    listing: Listing,
    places: tuple[int, int],
    rows: list[QueueRow],
) -> Window:
    seen = searches.find_seen(connection, session.officer.id, frozenset(row.pk for row in rows))
    kept = tallies.is_kept(listing.filter)
    return Window(
        *places,
        tuple(rows),
        frozenset(row.pk for row in rows if seen.get(row.pk, 0) < row.revision),
        tallies.count(connection, listing.filter) if kept else None,
    )
