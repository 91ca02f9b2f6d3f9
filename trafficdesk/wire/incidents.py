"""What travels of a further sighting of an incident, in its field ``accounts``."""

from typing import Annotated
from uuid import UUID

import msgspec

from trafficdesk.domain.geometry import MAX_LAT, MAX_LON
from trafficdesk.wire.media import Moment

Longitude = Annotated[float, msgspec.Meta(ge=-MAX_LON, le=MAX_LON)]
Latitude = Annotated[float, msgspec.Meta(ge=-MAX_LAT, le=MAX_LAT)]


class AccountFacts(msgspec.Struct, frozen=True, kw_only=True):
    """When somebody reported it too, by which way, in which words, and where they placed it."""

    id: UUID
    at_ms: Moment
    source: str
    text: str
    lon: Longitude
    lat: Latitude
