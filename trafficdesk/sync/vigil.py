"""What a locked desk still knows of alerts: how many wait and since when, and nothing else."""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from trafficdesk.domain.times import from_ms
from trafficdesk.sync.alerts import is_alert
from trafficdesk.wire.live import IncidentTold

_MOST = 50  # a screen says how many; a server that tells of more is no help


@dataclass(frozen=True, slots=True)
class Waiting:
    """One alert, by the server's clock: since when it waits, from when on it is escalated."""

    since: datetime
    escalated_at: datetime | None = None


class Vigil:
    """Counts alerts by their ids; each call stands alone, from whatever thread.

    ``changed`` is called when there is something else to show. No place, no name and no reference
    is kept: the keys are wiped, and whoever stands before the screen may be anybody.
    """

    def __init__(self, standing: Mapping[UUID, Waiting], changed: Callable[[], None]) -> None:
        self._standing = dict(standing)
        self._changed = changed
        self._lock = threading.Lock()

    def hear(self, told: IncidentTold) -> None:
        """Take what the server says of an incident."""
        at = from_ms(told.at_ms)
        with self._lock:
            before = dict(self._standing)
            if not is_alert(told):
                self._standing.pop(told.id, None)
            elif told.id in before or len(before) < _MOST:
                known = before.get(told.id, Waiting(at))
                if told.is_escalated and (known.escalated_at is None or known.escalated_at > at):
                    known = replace(known, escalated_at=at)
                self._standing[told.id] = known
            is_other = self._standing != before
        if is_other:
            self._changed()

    @property
    def standing(self) -> tuple[Waiting, ...]:
        """What waits, the first first."""
        with self._lock:
            return tuple(sorted(self._standing.values(), key=lambda each: each.since))
