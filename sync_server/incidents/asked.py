"""What somebody says of an incident, and what makes it impossible; which ones a list is of."""

from typing import Annotated, Any, Final, Literal, NamedTuple
from uuid import UUID

import msgspec

from sync_server.problems import RefusedError
from trafficdesk.domain.geometry import contains
from trafficdesk.domain.records import Bounds, Place
from trafficdesk.domain.vocabulary import IncidentType, LanesBlocked, Service, Severity
from trafficdesk.wire.codes import Code
from trafficdesk.wire.incidents import Latitude, Longitude
from trafficdesk.wire.media import MediaFacts, Moment

AHEAD_MS: Final = 60_000  # what a clock may be before the server's
OLDEST_MS: Final = 86_400_000  # what is older is no incident that goes on
MOST_PHOTOS: Final = 10
_MOST_BYTES: Final = 50 * 2**20  # of a video; larger files are taken from nobody
_NO_NUL: Final = "^[^\\x00]*$"  # PostgreSQL keeps none
_Line = Annotated[str, msgspec.Meta(max_length=200, pattern=_NO_NUL)]
_Text = Annotated[str, msgspec.Meta(max_length=2000, pattern=_NO_NUL)]
_Vehicles = Annotated[int, msgspec.Meta(ge=1, le=20)]
_Injured = Annotated[int, msgspec.Meta(ge=0, le=10_000)]
_Pixels = Annotated[int, msgspec.Meta(ge=1, le=100_000)]
_Units = Annotated[int, msgspec.Meta(ge=1, le=100)]


class SightedPhoto(MediaFacts, frozen=True, kw_only=True):
    """What somebody says of a photo or video: its bytes are found by their SHA-256 in hex."""

    sha256: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{64}$")]
    kind: Literal["photo", "video"]
    mime: Annotated[str, msgspec.Meta(pattern="^(image|video)/[a-z0-9]{1,20}$")]
    size_bytes: Annotated[int, msgspec.Meta(ge=1, le=_MOST_BYTES)]
    width: _Pixels
    height: _Pixels
    lon: Longitude | None = None
    lat: Latitude | None = None


class Sighting(msgspec.Struct, frozen=True, kw_only=True):
    """An accident or hazard that somebody reports.

    ``id`` makes it count once however often it is sent. An ``anonymous`` one is nobody's.
    ``media`` names its photos; their bytes are brought after it, as those of reports.
    """

    type: IncidentType
    lon: Longitude
    lat: Latitude
    id: UUID | None = None
    city: UUID | None = None
    anonymous: bool = False
    occurred_ms: Moment | None = None
    severity: Severity = Severity.MODERATE
    vehicle_count: _Vehicles = 1
    injuries: bool = False
    injury_count: _Injured = 0
    lanes_blocked: LanesBlocked = LanesBlocked.NONE
    needs: dict[Service, _Units] = {}
    description: _Text = ""
    address: _Line = ""
    area: _Line = ""
    weather: _Line = ""
    traffic_volume: _Line = ""
    media: Annotated[list[SightedPhoto], msgspec.Meta(max_length=MOST_PHOTOS)] = []

    def photos(self) -> list[dict[str, Any]]:
        """Return what is said of its photos; where whoever stays unknown took them is not kept."""
        kept = [msgspec.to_builtins(each) for each in self.media]
        return [{**each, "lon": None, "lat": None} for each in kept] if self.anonymous else kept

    @property
    def place(self) -> Place:
        """Where it is."""
        return Place(self.lon, self.lat)

    def occurred_at_ms(self, now_ms: int) -> int:
        """Return when it was; who names no time saw it just now.

        Raises:
            RefusedError: that is to come, or too long ago.
        """
        if self.occurred_ms is None:
            return now_ms
        if self.occurred_ms > now_ms + AHEAD_MS:
            raise wrong("occurred_ms", "The time is still to come.")
        if self.occurred_ms < now_ms - OLDEST_MS:
            raise wrong("occurred_ms", "An incident is reported within a day.")
        return min(self.occurred_ms, now_ms)

    def check_place(self, city: str, bounds: Bounds) -> None:
        """Raise ``RefusedError`` unless it is in the city."""
        if not contains(bounds, self.place):
            raise wrong("lon", f"The place is not in {city}.")


class Wanted(NamedTuple):
    """Which incidents a list is of: the newest first, after a time and id."""

    city_ids: list[UUID]
    is_open: bool
    bounds: Bounds | None
    since_ms: int
    before: tuple[int, UUID]
    limit: int

    def told(self) -> dict[str, object]:
        """Return what was asked for, for the audit."""
        told: dict[str, object] = {"open": self.is_open, "since": self.since_ms}
        if self.bounds is not None:
            told["box"] = ",".join(f"{edge:.5f}" for edge in self.bounds)
        return told


def wrong(field: str, detail: str) -> RefusedError:
    """Return the refusal of a request whose field cannot be this."""
    return RefusedError(Code.BAD_REQUEST, detail, field=field)
