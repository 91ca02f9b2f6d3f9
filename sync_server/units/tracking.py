"""Which of the positions that come in are believed.

A receiver has its time from the satellites, so its own time orders what comes late over a bad line;
the order of arrival would send a unit back. A time before the server's is believed for that, one
after it is not: it would hold the unit there until the server's clock had caught up. A jump that no
car can make is doubted until the next position says the same.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Place
from trafficdesk.wire.live import UnitPosition
from trafficdesk.wire.positions import Doubt, Doubted

AHEAD_MS: Final = 30_000  # what a clock may be before the server's
FASTEST_MPS: Final = 100.0
_NEAR_M: Final = 1_000.0  # what a bad fix may be off


class Known(NamedTuple):
    """Where a unit was last, and the jump of it that is doubted."""

    last: UnitPosition | None = None
    doubted: UnitPosition | None = None


class Judged(NamedTuple):
    """What positions of one unit come to; ``track`` are those that it came by."""

    known: Known
    is_changed: bool
    is_moved: bool
    track: list[UnitPosition]
    refused: list[Doubted]


def judge(known: Known, positions: Iterable[UnitPosition], now_ms: int) -> Judged:
    """Return where a unit is after more positions of it, in whatever order they came."""
    last, doubted = known
    track, refused = list[UnitPosition](), list[Doubted]()
    for position in sorted(positions, key=lambda each: each.at_ms):
        if position.at_ms > now_ms + AHEAD_MS:
            refused.append(_refused(position, Doubt.FUTURE))
            continue
        believed = _not_after(position, now_ms)
        if last is not None and believed.at_ms <= last.at_ms:
            refused.append(_refused(position, Doubt.LATE))
            if _is_way(believed, last):
                track.append(believed)
        elif last is None or _is_way(last, believed) or _agrees(doubted, believed):
            last, doubted = believed, None
            track.append(believed)
        else:
            doubted = believed
            refused.append(_refused(position, Doubt.JUMP))
    now = Known(last, doubted)
    return Judged(now, now != known, last != known.last, track, refused)


def _not_after(position: UnitPosition, now_ms: int) -> UnitPosition:
    """Return a position at the server's time at the latest."""
    if position.at_ms <= now_ms:
        return position
    return msgspec.structs.replace(position, at_ms=now_ms)


def _is_way(one: UnitPosition, other: UnitPosition) -> bool:
    """Tell whether a unit can have come from one place to another in the time between."""
    apart_m = distance_m(Place(one.lon, one.lat), Place(other.lon, other.lat))
    return apart_m <= _NEAR_M + FASTEST_MPS * abs(other.at_ms - one.at_ms) / 1000


def _agrees(doubted: UnitPosition | None, believed: UnitPosition) -> bool:
    return doubted is not None and doubted.at_ms < believed.at_ms and _is_way(doubted, believed)


def _refused(position: UnitPosition, reason: Doubt) -> Doubted:
    return Doubted(unit_id=position.unit_id, at_ms=position.at_ms, reason=reason)


def unknown(unit_id: UUID, positions: Iterable[UnitPosition]) -> list[Doubted]:
    """Return the refusal of positions of no unit that the sender may speak for."""
    return [
        Doubted(unit_id=unit_id, at_ms=each.at_ms, reason=Doubt.UNKNOWN_UNIT) for each in positions
    ]
