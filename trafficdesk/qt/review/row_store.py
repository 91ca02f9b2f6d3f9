"""The rows of a long list that are in memory, by their place in it."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

from trafficdesk.domain.queues import Sort, SortKey, sort_key
from trafficdesk.domain.records import QueueRow

PAGE: Final = 64
MOST_PAGES: Final = 48


class RowStore:
    """Rows by place; pages unused for the longest time are forgotten."""

    def __init__(self) -> None:
        self._rows: dict[int, QueueRow] = {}
        self._places: dict[int, int] = {}
        self._pages: dict[int, None] = {}  # in the order of their last use

    def clear(self) -> None:
        """Forget every row."""
        self._rows.clear()
        self._places.clear()
        self._pages.clear()

    def get(self, place: int) -> QueueRow | None:
        """Return the row at a place, if it is in memory."""
        return self._rows.get(place)

    def find(self, pk: int) -> int | None:
        """Return the place of a report, if it is in memory."""
        return self._places.get(pk)

    def put(self, start: int, rows: Iterable[QueueRow]) -> list[int]:
        """Keep rows from a place on; return the places whose row is another one now."""
        changed = []
        for place, row in enumerate(rows, start):
            old = self._rows.get(place)
            if old != row:
                changed.append(place)
                if old is not None and self._places.get(old.pk) == place:
                    del self._places[old.pk]
                self._rows[place] = row
            self._places[row.pk] = place
            self._touch(place // PAGE)
        self._forget_oldest()
        return changed

    def keep_only(self, start: int, end: int) -> None:
        """Forget the rows outside ``[start, end)``."""
        self._rebuild({p: row for p, row in self._rows.items() if start <= p < end})

    def shift(self, place: int, by: int) -> None:
        """Move every row from a place on; rows that would land before it are gone."""
        moved = {}
        for at, row in self._rows.items():
            if at < place:
                moved[at] = row
            elif at + by >= place:
                moved[at + by] = row
        self._rebuild(moved)

    def take_out(self, place: int) -> None:
        """Take one row out; those after it move up."""
        rows = self._rows
        self._rebuild({at - (at > place): row for at, row in rows.items() if at != place})

    def missing_pages(self, first: int, last: int) -> list[int]:
        """Return the pages that have a place without a row in ``[first, last]``."""
        missing = []
        for page in range(first // PAGE, last // PAGE + 1):
            self._touch(page)
            span = range(max(first, page * PAGE), min(last, page * PAGE + PAGE - 1) + 1)
            if any(place not in self._rows for place in span):
                missing.append(page)
        return missing

    def nearest(self, place: int, sort: Sort) -> tuple[int, SortKey] | None:
        """Return the place and key of the known row nearest to a place."""
        known = sorted(self._rows)
        if not known:
            return None
        at = bisect_left(known, place)
        found = min(known[max(0, at - 1) : at + 1], key=lambda p: abs(p - place))
        return found, sort_key(self._rows[found], sort)

    def rows(self) -> list[QueueRow]:
        """Return every row in memory."""
        return list(self._rows.values())

    def _rebuild(self, rows: dict[int, QueueRow]) -> None:
        self._rows = rows
        self._places = {row.pk: place for place, row in rows.items()}
        held = {place // PAGE for place in rows}
        self._pages = {page: None for page in self._pages if page in held}
        self._pages.update(dict.fromkeys(held))

    def _touch(self, page: int) -> None:
        self._pages.pop(page, None)
        self._pages[page] = None

    def _forget_oldest(self) -> None:
        while len(self._pages) > MOST_PAGES:
            page = next(iter(self._pages))
            del self._pages[page]
            for place in range(page * PAGE, (page + 1) * PAGE):
                row = self._rows.pop(place, None)
                if row is not None and self._places.get(row.pk) == place:
                    del self._places[row.pk]
