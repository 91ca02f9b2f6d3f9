"""Critical incidents that the server told of, until the records themselves are here."""

import threading
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.dispatch import is_critical
from trafficdesk.domain.vocabulary import IncidentStatus, Severity
from trafficdesk.store import sync_marks
from trafficdesk.wire.live import IncidentTold

_MOST = 50  # a screen shows fewer; a server that tells of more is no help


def is_alert(told: IncidentTold) -> bool:
    """Tell whether an incident is critical, open, and nobody has acknowledged it."""
    severities = [each for each in Severity if each == told.severity]
    is_bad = is_critical(severities[0] if severities else Severity.MINOR, told.score)
    is_over = told.is_removed or told.status == IncidentStatus.CLEARED
    return is_bad and not (is_over or told.is_acknowledged)


class Alerts:
    """What is heard by the listening thread and settled by the sync's: each call stands alone.

    An alert is of use for the moment between the message and the record: from then on the record
    says whether somebody has acknowledged it.
    """

    def __init__(self) -> None:
        self._told = dict[UUID, IncidentTold]()
        self._lock = threading.Lock()

    def hear(self, told: IncidentTold) -> bool:
        """Take what the server said of an incident; tell whether it is an alert."""
        with self._lock:
            self._told.pop(told.id, None)
            if not is_alert(told) or len(self._told) >= _MOST:
                return False
            self._told[told.id] = told
            return True

    def settle(self, connection: Connection) -> None:
        """Let go of those whose city has been read beyond them."""
        with self._lock:
            for told in tuple(self._told.values()):
                if (sync_marks.cursor_of(connection, told.city) or 0) >= told.seq:
                    del self._told[told.id]

    @property
    def standing(self) -> tuple[IncidentTold, ...]:
        """Those that are not here yet, the worst first."""
        with self._lock:
            return tuple(sorted(self._told.values(), key=lambda told: (-told.score, told.seq)))
