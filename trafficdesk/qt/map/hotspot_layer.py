"""Hotspots of the days that the map shows, as a layer: circles of 500 m by rank."""

import threading
from typing import Final

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.analytics.hotspots import RADIUS_M
from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.maps.layers import NO_HOTSPOTS, HotspotSpot, HotspotView, LayerQuery
from trafficdesk.services.analytics.hotspots import Counting, Hotspot, find_hotspots, mark_of
from trafficdesk.services.session import Session
from trafficdesk.store import facts, map_view

AT_MOST: Final = 20


def _say(source: str) -> str:
    return QCoreApplication.translate("MapHotspots", source)


class HotspotLayer:
    """Chooses once and keeps it until days or reports are others; asked on reader threads."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._counting = Counting()
        self._lock = threading.Lock()
        self._kept: tuple[object, HotspotView] | None = None

    def read(self, query: LayerQuery) -> HotspotView:
        """Return the hotspots of the days of a view, wherever they lie."""
        with self._lock:  # while the map is dragged it asks again before it was answered
            scope, mark = self._ask(query)
            if scope is None:
                return NO_HOTSPOTS
            if self._kept is None or self._kept[0] != mark:
                found = find_hotspots(self._session, scope, self._counting, at_most=AT_MOST)
                spots = tuple(_spot(each) for each in found.discs)
                self._kept = (mark, HotspotView(spots, RADIUS_M))
            return self._kept[1]

    def _ask(self, query: LayerQuery) -> tuple[Scope | None, object]:
        with self._session.store.reading() as connection:
            calendar = facts.calendar(connection)
            days = map_view.find_day_range(connection)
            if days is None:
                return None, None
            first = days[0] if query.from_ms is None else calendar.day_of(query.from_ms)
            past = days[1] + 1 if query.to_ms is None else calendar.day_of(query.to_ms)
            if past <= first:
                return None, None
            scope = Scope(Period(first, past))
            return scope, mark_of(connection, self._session, scope)


def _spot(found: Hotspot) -> HotspotSpot:
    disc = found.disc
    counts = _say("reports: {n}, in the days before: {before}").format(n=disc.n, before=disc.before)
    doubt = "" if disc.is_significant else _say("may be chance")
    words = " · ".join(filter(None, (found.name, counts, doubt)))
    return HotspotSpot(disc.rank, disc.place, words, disc.is_significant)
