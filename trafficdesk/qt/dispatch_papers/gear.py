"""What the papers of dispatch are made with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from trafficdesk.qt.changes import Changes
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.widgets.mini_map import FindPack
from trafficdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class PapersGear:
    """``heard_at`` tells when the server was last heard of, by this desk's clock."""

    session: Session
    lanes: Lanes
    changes: Changes
    zone: ZoneInfo
    find_pack: FindPack
    heard_at: Callable[[], datetime | None]
