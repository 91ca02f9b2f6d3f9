"""What the review workspace is given to work with."""

from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from trafficdesk.qt.changes import Changes
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.review.place_field import FindPlaces
from trafficdesk.qt.review.promises import Promises
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.widgets.mini_map import FindPack
from trafficdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class ReviewGear:
    """What the review works with; ``find_places`` runs on a reader thread."""

    session: Session
    lanes: Lanes
    changes: Changes
    commands: Commands
    zone: ZoneInfo
    find_pack: FindPack
    find_places: FindPlaces
    promises: Promises = field(default_factory=Promises)
