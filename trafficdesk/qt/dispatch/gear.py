"""What the dispatch workspace is given to work with."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from trafficdesk.domain.travel import TravelTimes
from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.review.place_field import FindPlaces
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.widgets.mini_map import FindPack
from trafficdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class DispatchGear:
    """What dispatch works with; ``find_places`` and ``travel`` are asked on reader threads."""

    session: Session
    lanes: Lanes
    changes: Changes
    commands: Commands
    zone: ZoneInfo
    find_pack: FindPack
    find_places: FindPlaces
    travel: TravelTimes
