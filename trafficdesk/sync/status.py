"""What the sync is doing, as screens show it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trafficdesk.store.outbox import Counts
from trafficdesk.wire.live import IncidentTold

NOTHING: Final = Counts(0, 0, 0, 0)


class Phase(StrEnum):
    """What the engine is at."""

    STARTING = "starting"
    SENDING = "sending"
    FETCHING = "fetching"
    RESTING = "resting"
    WAITING = "waiting"
    SIGN_IN_NEEDED = "sign_in_needed"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Status:
    """One moment of the sync. Times are epoch milliseconds of this desk's clock.

    ``skew_ms`` is the server's clock less this desk's; it is shown, and leases are judged with it.
    ``is_held``: somebody here stopped the fetching, at ``fetched`` of ``to_fetch``. ``fault`` is
    the code of what failed last, '' after a success; a desk that is STOPPED must be dealt with
    by a person, who finds ``fault`` explained; ``side`` is ``desk`` or ``server``, whichever is
    too old for the other. ``alerts`` are critical incidents that the server told of and that are
    not in the store yet; a screen paints them, and then the records. ``trace_id`` is of the round:
    the server's logs tell of its requests under it.
    """

    phase: Phase
    counts: Counts = NOTHING
    last_contact_ms: int | None = None
    skew_ms: int | None = None
    fault: str = ""
    next_try_ms: int | None = None
    fetched: int = 0
    to_fetch: int = 0
    side: str = ""
    alerts: tuple[IncidentTold, ...] = ()
    is_held: bool = False
    trace_id: str = ""

    @property
    def is_online(self) -> bool:
        """Tell whether the last exchange went well."""
        return self.fault == "" and self.last_contact_ms is not None
