"""What the analytics workspace is given to work with."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.tasks import Lanes
from trafficdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class AnalyticsGear:
    """What analytics works with."""

    session: Session
    lanes: Lanes
    changes: Changes
    commands: Commands
    zone: ZoneInfo
