"""What was noted today already, where one entry a day is enough."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from datetime import date
from typing import Final

from trafficdesk.domain.times import utc_now

_MOST: Final = 200_000


class DayBook:
    """Keys of the present day (UTC), in the memory of this program.

    One that is forgotten, or that two requests ask for at once, only means another entry.
    """

    def __init__(self, most: int = _MOST) -> None:
        self._lock, self._most = threading.Lock(), most
        self._day = date.min
        self._keys = OrderedDict[Hashable, int]()

    def has(self, key: Hashable, begin: int = 0) -> bool:
        """Tell whether a key was kept today, with this beginning or an earlier one."""
        with self._lock:
            self._turn_page()
            return key in self._keys and self._keys[key] <= begin

    def keep(self, key: Hashable, begin: int = 0) -> None:
        """Keep a key until the day ends, with its earliest beginning; the oldest makes room."""
        with self._lock:
            self._turn_page()
            self._keys[key] = min(begin, self._keys.get(key, begin))
            while len(self._keys) > self._most:
                self._keys.popitem(last=False)

    def _turn_page(self) -> None:
        today = utc_now().date()
        if today != self._day:
            self._day = today
            self._keys.clear()
