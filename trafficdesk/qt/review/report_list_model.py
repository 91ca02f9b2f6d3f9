"""A list of a million reports: rows come a page at a time and survive every change."""

from datetime import datetime
from enum import IntEnum
from typing import Final

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from trafficdesk.domain.queues import ReportFilter, sort_key
from trafficdesk.domain.records import QueueRow
from trafficdesk.qt.review.row_store import PAGE, RowStore
from trafficdesk.qt.review.row_words import row_sentence
from trafficdesk.qt.tasks import Lane, Lanes, Task
from trafficdesk.services import board
from trafficdesk.services.listing import (
    Listing,
    Stretch,
    Window,
    find_around,
    find_place,
    find_stretch,
)
from trafficdesk.services.session import Session

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
MOST_MARKED: Final = 500


class Role(IntEnum):
    """What the delegate asks a row for."""

    ROW = Qt.ItemDataRole.UserRole
    UNREAD = Qt.ItemDataRole.UserRole + 1


class ReportListModel(QAbstractListModel):
    """Rows of one listing.

    ``counted``: the count is known or has changed. ``shifted`` carries how many rows came (or,
    negative, went) above what is on screen. ``refreshed``: what is on screen is up to date.
    ``found`` carries the pk and place of a report that was looked for (-1: not in this list).
    """

    counted = Signal(int)
    shifted = Signal(int)
    refreshed = Signal()
    found = Signal(int, int)
    ranged = Signal(object)

    def __init__(self, session: Session, lanes: Lanes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lanes = lanes
        self._listing = Listing(ReportFilter())
        self._store = RowStore()
        self._unread: set[int] = set()
        self._count = 0
        self._exact: int | None = None  # the count where it was counted apart from the rows
        self._is_loaded = False
        self._fetching: dict[int, Task] = {}
        self._generation = 0

    # what is shown

    def listing(self) -> Listing:
        """Return what the list holds."""
        return self._listing

    def show(self, listing: Listing) -> None:
        """Show another listing from its start."""
        self._listing = listing
        self._forget_fetches()
        self.beginResetModel()
        self._store.clear()
        self._unread.clear()
        self._count, self._exact, self._is_loaded = 0, None, False
        self.endResetModel()
        self._refresh_from_start()

    def row(self, place: int) -> QueueRow | None:
        """Return the row at a place, if it is in memory."""
        return self._store.get(place)

    def place_of(self, pk: int) -> int | None:
        """Return the place of a report, if it is in memory."""
        return self._store.find(pk)

    def count(self) -> int:
        """Return how many reports the listing has, as far as is known."""
        return self._count

    @property
    def is_loaded(self) -> bool:
        """Tell whether the first answer of the store has come."""
        return self._is_loaded

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self._store.get(index.row())
        if role == Role.ROW:
            return row
        if role == Role.UNREAD:
            return row is not None and row.pk in self._unread
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole}:
            if row is None:
                return self.tr("Loading")
            return row_sentence(row, self._now(), is_unread=row.pk in self._unread)
        return None

    def _now(self) -> datetime:
        return self._session.clock()

    # loading

    def want(self, first: int, last: int) -> None:
        """Load the rows between two places; what was asked for before and is far off is let go."""
        if not self._count:
            return
        first, last = max(0, first), min(self._count - 1, last)
        pages = set(self._store.missing_pages(first, last))
        for page in [p for p in self._fetching if p not in pages]:
            self._fetching.pop(page).cancel()
        for page in sorted(pages - self._fetching.keys()):
            self._fetch(page)

    def _fetch(self, page: int) -> None:
        session, listing, generation = self._session, self._listing, self._generation
        start = page * PAGE
        limit = min(PAGE, self._count - start)
        anchor = self._store.nearest(start, listing.sort)
        if anchor is not None and start < abs(anchor[0] - start):
            anchor = None
        wanted = Stretch(start, limit, anchor)
        self._fetching[page] = self._lanes.owned_by(self).run(
            Lane.READER,
            lambda: find_stretch(session, listing, wanted),
            lambda window: self._take_page(page, generation, window),
        )

    def _take_page(self, page: int, generation: int, window: Window) -> None:
        self._fetching.pop(page, None)
        if generation != self._generation:
            return
        self._put(window)
        if len(window.rows) < min(PAGE, self._count - window.start):
            self.refresh(window.start, 1)  # the list grew shorter unseen

    def _put(self, window: Window) -> None:
        ids = {row.pk for row in window.rows}
        dots = (self._unread & ids) ^ window.unread
        self._unread = (self._unread - ids) | window.unread
        changed = set(self._store.put(window.start, window.rows))
        changed |= {place for pk in dots if (place := self._store.find(pk)) is not None}
        self._tell_changed(sorted(p for p in changed if p < self._count))

    def _tell_changed(self, places: list[int]) -> None:
        if places:
            self.dataChanged.emit(self.index(places[0]), self.index(places[-1]))

    def _forget_fetches(self) -> None:
        self._generation += 1
        for task in self._fetching.values():
            task.cancel()
        self._fetching.clear()

    # refreshing

    def refresh(self, top: int, visible: int) -> None:
        """Ask again for the rows on screen: ``visible`` rows from place ``top``."""
        anchor = next(
            (p for p in range(top, top + visible) if self._store.get(p) is not None), None
        )
        row = None if anchor is None else self._store.get(anchor)
        if row is None or anchor is None or top == 0:
            self._refresh_from_start()
            return
        session, listing, generation = self._session, self._listing, self._generation
        key = sort_key(row, listing.sort)
        self._lanes.owned_by(self).run(
            Lane.READER,
            lambda: find_around(session, listing, key, visible, 2 * visible + PAGE),
            lambda window: self._take_refresh(generation, anchor, window),
            key="refresh",
        )

    def _refresh_from_start(self) -> None:
        session, listing, generation = self._session, self._listing, self._generation
        self._lanes.owned_by(self).run(
            Lane.READER,
            lambda: find_stretch(session, listing, Stretch(0, PAGE)),
            lambda window: self._take_refresh(generation, None, window),
            key="refresh",
        )

    def _count_one_by_one(self) -> None:
        """Count what no tally knows, after its rows are shown."""
        session, listing, generation = self._session, self._listing, self._generation
        self._lanes.owned_by(self).run(
            Lane.READER,
            lambda: board.count(session, listing.filter),
            lambda count: self._take_count(generation, count),
            key="count",
        )

    def _take_count(self, generation: int, count: int) -> None:
        if generation == self._generation:
            self._exact = count
            self._resize(count)

    def _take_refresh(self, generation: int, anchor: int | None, window: Window) -> None:
        if generation != self._generation:
            return
        self._forget_fetches()
        above = 0 if anchor is None else window.at - anchor
        if above:
            self._shift(0, above)
        self._is_loaded = True
        self._store.keep_only(window.start, window.start + len(window.rows))
        self._resize(self._count_by(window))
        self._put(window)
        if window.count is None:
            self._count_one_by_one()
        if above:
            self.shifted.emit(above)
        self.refreshed.emit()

    def _count_by(self, window: Window) -> int:
        if window.count is not None:
            return window.count
        at_least = window.start + len(window.rows)
        return at_least if self._exact is None else max(at_least, self._exact)

    def _shift(self, at: int, by: int) -> None:
        if by > 0:
            self.beginInsertRows(QModelIndex(), at, at + by - 1)
        else:
            by = max(by, at - self._count)
            if not by:
                return
            self.beginRemoveRows(QModelIndex(), at, at - by - 1)
        self._count += by
        self._store.shift(at, by)
        if by > 0:
            self.endInsertRows()
        else:
            self.endRemoveRows()

    def _resize(self, count: int) -> None:
        if count > self._count:
            self.beginInsertRows(QModelIndex(), self._count, count - 1)
            self._count = count
            self.endInsertRows()
        elif count < self._count:
            self.beginRemoveRows(QModelIndex(), count, self._count - 1)
            self._count = count
            self._store.keep_only(0, count)
            self.endRemoveRows()
        self.counted.emit(self._count)

    # what the screen knows before the store does

    def take_away(self, pks: frozenset[int]) -> None:
        """Take reports out of the list at once: a decision on its way has moved them on."""
        places = sorted((p for pk in pks if (p := self._store.find(pk)) is not None), reverse=True)
        if not places:
            return
        self._forget_fetches()
        for place in places:
            self.beginRemoveRows(QModelIndex(), place, place)
            self._store.take_out(place)
            self._count -= 1
            self._exact = None if self._exact is None else self._exact - 1
            self.endRemoveRows()
        self.counted.emit(self._count)

    def mark_read(self, pk: int) -> None:
        """Take a report's dot away."""
        self._unread.discard(pk)
        place = self._store.find(pk)
        if place is not None:
            self._tell_changed([place])

    # looking for one

    def look_for(self, pk: int, around: int) -> None:
        """Find a report's place, load the rows around it and tell by ``found``."""
        place = self._store.find(pk)
        if place is not None:
            self.found.emit(pk, place)
            return
        session, listing = self._session, self._listing
        self._lanes.owned_by(self).run(
            Lane.READER,
            lambda: find_place(session, listing, pk, around),
            lambda window: self._take_found(listing, pk, window),
            key="place",
        )

    def _take_found(self, listing: Listing, pk: int, window: Window | None) -> None:
        if listing is not self._listing:
            return
        if window is None:
            self.found.emit(pk, -1)
            return
        self._resize(max(self._count, window.start + len(window.rows)))
        self._put(window)
        self.found.emit(pk, next(p for p, r in enumerate(window.rows, window.start) if r.pk == pk))

    def load_range(self, first: int, last: int) -> None:
        """Load the rows between two places, at most 500, and hand them out by ``ranged``."""
        session, listing = self._session, self._listing
        wanted = Stretch(
            first, min(last - first + 1, MOST_MARKED), self._store.nearest(first, listing.sort)
        )

        def take(window: Window) -> None:
            if listing is self._listing:
                self._put(window)
                self.ranged.emit(window.rows)

        self._lanes.owned_by(self).run(
            Lane.READER, lambda: find_stretch(session, listing, wanted), take, key="range"
        )
