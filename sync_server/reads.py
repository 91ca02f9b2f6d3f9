"""How far each city's feed was handed to each desk: noted in memory, written down now and then."""

import re
import threading
from collections.abc import Mapping
from typing import Final
from uuid import UUID

# A page of changes is made by PostgreSQL and handed on unread; its place stands at its beginning.
_UPTO: Final = re.compile(rb'"upto" ?: ?(\d+)')
_HEAD_BYTES: Final = 512


class Reads:
    """What this program handed out since it was last written down."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._upto = dict[UUID, dict[UUID, int]]()

    def note(self, device_id: UUID, city_id: UUID, page: bytes) -> None:
        """Note that a device was given a page of a city's changes."""
        found = _UPTO.search(page, 0, _HEAD_BYTES)
        if found is None:
            return
        with self._lock:
            self._upto.setdefault(device_id, {})[city_id] = int(found[1])

    def take(self) -> dict[UUID, dict[UUID, int]]:
        """Return what was noted and forget it."""
        with self._lock:
            taken, self._upto = self._upto, {}
        return taken

    def put_back(self, taken: Mapping[UUID, Mapping[UUID, int]]) -> None:
        """Take back what could not be written down; what was noted since goes over it."""
        with self._lock:
            for device_id, cities in taken.items():
                self._upto[device_id] = {**cities, **self._upto.get(device_id, {})}
