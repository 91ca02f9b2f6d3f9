"""Where units are, as desks send and ask for it; positions are no operations."""

from enum import StrEnum
from typing import Annotated, Final
from uuid import UUID

import msgspec

from trafficdesk.wire.live import UnitPosition

MAX_BATCH: Final = 1_000


class PositionsRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Where units of the desk's cities were, several of one unit in any order."""

    positions: Annotated[list[UnitPosition], msgspec.Meta(max_length=MAX_BATCH)]


class Doubt(StrEnum):
    """Why a position did not become a unit's last known one."""

    UNKNOWN_UNIT = "unknown_unit"
    FUTURE = "future"
    JUMP = "jump"
    LATE = "late"  # something newer is known; it is in the track


class Doubted(msgspec.Struct, frozen=True, kw_only=True):
    """A position that was not taken, and why."""

    unit_id: UUID
    at_ms: int
    reason: Doubt


class PositionsTaken(msgspec.Struct, frozen=True, kw_only=True):
    """How many units stand where they were said to be, and what was not taken."""

    taken: int
    doubted: list[Doubted]
