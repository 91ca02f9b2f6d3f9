"""Messages of the live WebSocket, from either side. PROTOCOL.md says what they mean."""

import math
from enum import IntEnum, StrEnum
from typing import Annotated, Final, NamedTuple
from uuid import UUID

import msgspec

from trafficdesk.domain.geometry import MAX_LAT, MAX_LON
from trafficdesk.wire.exchange import Number
from trafficdesk.wire.incidents import Latitude, Longitude
from trafficdesk.wire.media import Moment

LIVE: Final = "/api/v1/live"
MAX_MESSAGE_BYTES: Final = 4096  # of what a caller says
MAX_ROOMS: Final = 64
MAX_POSITIONS: Final = 16  # in one message of a caller
_CELLS_A_DEGREE: Final = 10
_HAIR: Final = 1e-9  # ten times 76.9 may lie a hair below 769


class RoomKind(StrEnum):
    """What a room is for."""

    USER = "user"
    CITY = "city"
    GRID = "grid"
    RESPONDERS = "responders"


class Room(NamedTuple):
    """A room's kind, and its name after the first colon."""

    kind: RoomKind
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"


def room_of(kind: RoomKind, record_id: UUID) -> Room:
    """Return the room of a user, of a city, or of a city's responders."""
    return Room(kind, str(record_id))


def cell_of(lon: float, lat: float) -> Room:
    """Return the room of the cell of 0.1 degrees that holds a place, by its south-west corner."""
    west, south = (math.floor(value * _CELLS_A_DEGREE + _HAIR) for value in (lon, lat))
    return Room(RoomKind.GRID, f"{west / _CELLS_A_DEGREE:.1f}:{south / _CELLS_A_DEGREE:.1f}")


def find_room(name: str) -> Room | None:
    """Return the room of a name; None unless it is spelt in the one way that there is."""
    kind, _, key = name.partition(":")
    try:
        room = _find_cell(key) if kind == RoomKind.GRID else room_of(RoomKind(kind), UUID(key))
    except ValueError:
        return None
    return room if str(room) == name else None


def _find_cell(key: str) -> Room | None:
    lon, lat = (float(part) for part in key.split(":"))
    is_on_earth = abs(lon) <= MAX_LON and abs(lat) <= MAX_LAT
    return cell_of(lon, lat) if is_on_earth else None


class EventName(StrEnum):
    """What happened. A server tells those of which its product holds the facts, and no others."""

    INCIDENT_CREATED = "incident.created"
    INCIDENT_UPDATED = "incident.updated"
    INCIDENT_VERIFIED = "incident.verified"
    INCIDENT_ESCALATED = "incident.escalated"
    INCIDENT_DISPATCHED = "incident.dispatched"
    INCIDENT_ARRIVED = "incident.arrived"
    INCIDENT_CLEARED = "incident.cleared"
    REPORT_CREATED = "report.created"
    REPORT_UPDATED = "report.updated"


class Refusal(StrEnum):
    """Why a caller is not let into a room, or not listened to."""

    UNKNOWN_ROOM = "unknown_room"
    UNKNOWN_EVENT = "unknown_event"
    NOT_PERMITTED = "not_permitted"
    TOO_MANY_ROOMS = "too_many_rooms"
    BAD_MESSAGE = "bad_message"


class Close(IntEnum):
    """Why the server ends a WebSocket; the codes of the protocol itself may come as well."""

    PROVE_AGAIN = 4401  # the token has expired, the session has ended, or the scope is another
    TOO_SLOW = 4408
    REPLACED = 4409  # the same session has opened another since
    TOO_MANY_MESSAGES = 4429


class Subscribe(msgspec.Struct, frozen=True, kw_only=True, tag="subscribe", omit_defaults=True):
    """Enter a room. ``events`` are the names or beginnings wished for, such as ``incident``.

    ``since`` is the number of the city's feed that the caller has read to.
    """

    room: Annotated[str, msgspec.Meta(max_length=100)]
    events: Annotated[list[str], msgspec.Meta(max_length=16)] = []
    since: Number | None = None


class Unsubscribe(msgspec.Struct, frozen=True, kw_only=True, tag="unsubscribe"):
    """Leave a room."""

    room: Annotated[str, msgspec.Meta(max_length=100)]


class UnitPosition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a unit was, by its receiver's clock."""

    unit_id: UUID
    lon: Longitude
    lat: Latitude
    at_ms: Moment
    accuracy_m: Annotated[float, msgspec.Meta(ge=0, le=1e6)] | None = None
    speed_mps: Annotated[float, msgspec.Meta(ge=0, le=1e3)] | None = None
    heading: Annotated[float, msgspec.Meta(ge=0, lt=360)] | None = None


class PositionsSent(msgspec.Struct, frozen=True, kw_only=True, tag="positions"):
    """Where units are that the caller speaks for."""

    positions: Annotated[list[UnitPosition], msgspec.Meta(max_length=MAX_POSITIONS)]


class Greeting(msgspec.Struct, frozen=True, kw_only=True, tag="greeting"):
    """The server's first words: what it tells of, and when it will ask for a new proof."""

    server_time_ms: Number
    expires_ms: Number
    events: list[str]
    max_rooms: Number = MAX_ROOMS


class Subscribed(msgspec.Struct, frozen=True, kw_only=True, tag="subscribed", omit_defaults=True):
    """The caller is in a room. ``pull`` says that there is more than it has read."""

    room: str
    seq: Number | None = None
    pull: bool = False


class Unsubscribed(msgspec.Struct, frozen=True, kw_only=True, tag="unsubscribed"):
    """The caller is in a room no more."""

    room: str


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag="refused", omit_defaults=True):
    """Something that the caller said has no effect."""

    code: Refusal
    room: str = ""


class FeedGrown(msgspec.Struct, frozen=True, kw_only=True, tag="feed"):
    """A hint that a city's feed has grown to ``seq``."""

    city: UUID
    seq: Number


class Missed(msgspec.Struct, frozen=True, kw_only=True, tag="missed"):
    """Messages were dropped, for the caller reads too slowly: it pulls."""

    city: UUID


class IncidentTold(msgspec.Struct, frozen=True, kw_only=True, tag="incident", omit_defaults=True):
    """Enough of an incident to paint an alert before the record comes with the feed."""

    event: EventName
    city: UUID
    seq: Number
    at_ms: Number
    id: UUID
    reference: str
    kind: str
    severity: Number
    score: Number
    status: str
    lon: float
    lat: float
    place: str = ""
    calls_for_help: bool = False
    is_acknowledged: bool = False
    is_escalated: bool = False
    is_removed: bool = False


class ReportTold(msgspec.Struct, frozen=True, kw_only=True, tag="report"):
    """Which report moved, and where it stands."""

    event: EventName
    city: UUID
    seq: Number
    id: UUID
    reference: str
    status: str
    severity: Number


class PositionsTold(msgspec.Struct, frozen=True, kw_only=True, tag="positions"):
    """Where the units of a city are that moved since the last such message."""

    city: UUID
    positions: list[UnitPosition]


FromCaller = Subscribe | Unsubscribe | PositionsSent
FromServer = (
    Greeting
    | Subscribed
    | Unsubscribed
    | Refused
    | FeedGrown
    | Missed
    | IncidentTold
    | ReportTold
    | PositionsTold
)
