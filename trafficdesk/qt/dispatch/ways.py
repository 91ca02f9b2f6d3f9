"""Travel times that are looked for when they are first asked for, off the GUI thread."""

import threading
from collections.abc import Sequence

from trafficdesk.domain.records import Place
from trafficdesk.domain.travel import Basis, Reach, Route, StraightLine, Times, TravelTimes
from trafficdesk.maps.routing.by_road import open_travel_times
from trafficdesk.qt.widgets.mini_map import FindPack


class LateTravelTimes:
    """``TravelTimes`` of the base map in use; another one is noticed with the next question."""

    def __init__(self, find_pack: FindPack) -> None:
        self._find_pack = find_pack
        self._lock = threading.Lock()
        self._open: tuple[object, TravelTimes] | None = None
        self._is_closed = False

    def _known(self) -> TravelTimes:
        with self._lock:
            if self._is_closed:  # what is asked at a lock is answered by nobody
                return StraightLine()
            pack = self._find_pack()
            wanted = None if pack is None else pack.folder
            if self._open is None or self._open[0] != wanted:
                before, self._open = self._open, (wanted, open_travel_times(pack))
                if before is not None:
                    before[1].close()
            return self._open[1]

    @property
    def basis(self) -> Basis:
        """What the next answer is expected to rest on."""
        return self._known().basis

    @property
    def speed_km_h(self) -> float:
        """The speed that straight-line answers assume."""
        return self._known().speed_km_h

    def times(self, starts: Sequence[Place], ends: Sequence[Place]) -> Times:
        """Return how long it takes from each start to each end."""
        return self._known().times(starts, ends)

    def route(self, start: Place, end: Place) -> Route:
        """Return the way from one place to another."""
        return self._known().route(start, end)

    def reach(self, start: Place, minutes: float) -> Reach:
        """Return what can be reached from a place in some minutes."""
        return self._known().reach(start, minutes)

    def close(self) -> None:
        """Let go of whatever answers."""
        with self._lock:
            before, self._open, self._is_closed = self._open, None, True
        if before is not None:
            before[1].close()
