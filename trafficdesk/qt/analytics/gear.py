"""What the analytics workspace is given to work with."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.widgets.mini_map import FindPack
from trafficdesk.services.session import Session


def no_pack() -> None:
    """Return that there is no base map."""


@dataclass(frozen=True, slots=True)
class AnalyticsGear:
    """What analytics works with; ``find_pack`` runs on a reader's thread."""

    session: Session
    lanes: Lanes
    changes: Changes
    commands: Commands
    zone: ZoneInfo
    find_pack: FindPack = no_pack
