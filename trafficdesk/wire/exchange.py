"""Messages of the sync: hello, push, pull and snapshot. PROTOCOL.md says what they mean."""

from enum import StrEnum
from typing import Annotated, Final, Self
from uuid import UUID

import msgspec

from trafficdesk.wire.operations import Operation

PROTOCOL_VERSION: Final = 1
SPOKEN: Final = (1, 1)  # the oldest and the newest version this program speaks
MAX_OPERATIONS: Final = 500
MAX_BODY_BYTES: Final = 8 * 2**20
MAX_UNPACKED_BYTES: Final = 64 * 2**20

Row = dict[str, object]
# What every reader of JSON keeps exact, and every store can hold.
Number = Annotated[int, msgspec.Meta(ge=-(2**53), le=2**53)]


class Result(StrEnum):
    """What an operation came to."""

    APPLIED = "applied"
    MERGED = "merged"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    REJECTED = "rejected"


class Reason(StrEnum):
    """Why an operation was rejected."""

    ALTERED = "altered"
    NOT_PERMITTED = "not_permitted"
    UNKNOWN_ACTOR = "unknown_actor"
    OUT_OF_SCOPE = "out_of_scope"
    UNKNOWN_RECORD = "unknown_record"
    UNKNOWN_ENTITY = "unknown_entity"
    UNKNOWN_FIELD = "unknown_field"
    BAD_VALUE = "bad_value"
    ILLEGAL_MOVE = "illegal_move"
    OVERTAKEN = "overtaken"

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        """Keep a later server's reason as it was told, so that its operation is set aside."""
        if not isinstance(value, str):
            return None
        told = str.__new__(cls, value)
        told._name_ = told._value_ = value
        return told


# A desk newer than its server: worth another try when the server has been upgraded.
AWAITS_NEWER_SERVER: Final = frozenset({Reason.UNKNOWN_ENTITY, Reason.UNKNOWN_FIELD})


class Scope(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a device may see: whole cities, or some of their stations; ``id`` changes with it.

    ``home_station_id`` is where the desk stands, and whose reports it files.
    """

    id: UUID
    city_ids: list[UUID]
    station_ids: list[UUID]
    window_days: int
    home_station_id: UUID | None = None


class Hello(msgspec.Struct, frozen=True, kw_only=True):
    """A desk's first words. ``speaks`` holds the oldest and newest protocol version."""

    speaks: tuple[int, int]
    program: str
    epoch: UUID | None = None


class Welcome(msgspec.Struct, frozen=True, kw_only=True):
    """The server's first words.

    ``escalate_s`` is after how long it escalates an alert that nobody acknowledges, if it does.
    ``restored_at`` holds the number of each city at which the desk's epoch ended, if it has ended.
    """

    protocol: Number
    program: str
    epoch: UUID
    scope: Scope
    heads: dict[str, Number]
    restored_at: dict[str, Number]
    server_time_ms: Number
    max_operations: Number = MAX_OPERATIONS
    escalate_s: Number | msgspec.UnsetType = msgspec.UNSET


class PushRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Operations in the order of the outbox, at most ``MAX_OPERATIONS``."""

    protocol: int
    operations: list[Operation]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """A record as it stands on the server; ``row`` maps field names to JSON values."""

    entity: str
    id: UUID
    version: Number
    row: Row


class Outcome(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of one operation.

    ``version`` and ``seq`` are 0 when no event was written. ``record`` comes with every result but
    ``applied``: the record as it stands after the whole push; None if there is none in scope.
    """

    op_id: UUID
    result: Result
    version: Number = 0
    seq: Number = 0
    reason: Reason | None = None
    detail: str = ""
    conflict_id: UUID | None = None
    record: Record | None = None


class PushAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """One outcome per operation, in the order they were sent, and the turn of the next push."""

    epoch: UUID
    turn: str
    server_time_ms: Number
    outcomes: list[Outcome]


class FeedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """One event of a city's feed; ``id`` is the ``op_id`` of the operation that made it.

    What the server does by itself, such as opening a conflict, has an id of its own.
    """

    seq: Number
    id: UUID
    action_id: UUID
    entity: str
    entity_id: UUID
    version: Number
    action: str
    changes: dict[str, tuple[object, object]]
    note: str
    actor_id: UUID
    device_id: UUID
    at_ms: Number
    received_ms: Number


class Gone(msgspec.Struct, frozen=True, kw_only=True):
    """A record that is not, or no longer, the desk's to see."""

    entity: str
    id: UUID


class ChangesPage(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in a city after ``after`` up to ``upto``; ``head`` is its newest number."""

    epoch: UUID
    scope_id: UUID
    city_id: UUID
    after: Number
    upto: Number
    head: Number
    window_from_ms: Number
    server_time_ms: Number
    records: list[Record]
    left: list[Gone]
    events: list[FeedEvent]


class HistoryPage(msgspec.Struct, frozen=True, kw_only=True):
    """What happened in a city after ``after`` up to ``upto``, without the records."""

    epoch: UUID
    scope_id: UUID
    city_id: UUID
    after: Number
    upto: Number
    events: list[FeedEvent]


class SnapshotPage(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Records of one kind in the order of their ids; ``next_after`` is None on the last page.

    With ``newest_first`` the ids fall from record to record and page to page; else they rise.
    ``total`` is how many there were when the first page was asked for, about.
    """

    epoch: UUID
    scope_id: UUID
    city_id: UUID
    at_seq: Number
    total: Number
    window_from_ms: Number
    server_time_ms: Number
    records: list[Record]
    next_after: UUID | None
    newest_first: bool = False
