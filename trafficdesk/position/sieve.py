"""Which fixes are believed, and how many of those are enough."""

from datetime import timedelta
from enum import StrEnum
from typing import Final

from trafficdesk.domain.geometry import distance_m
from trafficdesk.position.fix import Fix

WORST_ACCURACY_M: Final = 100.0  # a block; what is worse was guessed from radio masts
FASTEST_MPS: Final = 70.0  # 252 km/h: no car on duty is faster
UNTOLD_ACCURACY_M: Final = 10.0  # what a place may be off by whose accuracy was not told
MOVING_MPS: Final = 1.0  # walking is 1.4; a receiver at rest dreams of up to half a metre
MOVING_EVERY: Final = timedelta(seconds=1)  # the map shows units once a second
RESTING_EVERY: Final = timedelta(seconds=15)  # shows that the unit still hears and is heard
_EARLY: Final = timedelta(milliseconds=50)  # receivers are not that exact about their second
# One wrong place must not make all the right ones jumps for ever: fixes that contradict what was
# believed, but not each other, are believed after this many over this long.
_RIVALS: Final = 5
_RIVALS_SPAN: Final = timedelta(seconds=3)


class Verdict(StrEnum):
    """What became of a fix."""

    TAKEN = "taken"
    THINNED = "thinned"  # believed, and there were enough of them
    INACCURATE = "inaccurate"
    JUMPED = "jumped"
    STALE = "stale"  # older than one before it

    @property
    def is_believed(self) -> bool:
        """Tell whether the receiver knows where it is."""
        return self in {Verdict.TAKEN, Verdict.THINNED}


class Sieve:
    """Weighs the fixes of one receiver in their order, by the receiver's own time alone."""

    def __init__(self) -> None:
        self._believed: Fix | None = None
        self._taken: Fix | None = None
        self._was_moving = False
        self._rivals: list[Fix] = []

    def weigh(self, fix: Fix) -> Verdict:
        """Return what becomes of the next fix."""
        if fix.accuracy_m is not None and fix.accuracy_m > WORST_ACCURACY_M:
            return Verdict.INACCURATE
        if self._believed is not None:
            if fix.at == self._believed.at:
                return Verdict.THINNED
            doubt = _doubt(self._believed, fix)
            if doubt is not None and not self._is_one_of_many(fix):
                return doubt
            if doubt is not None:
                self._taken = None
        self._believed = fix
        self._rivals.clear()
        return self._thin(fix)

    def _is_one_of_many(self, fix: Fix) -> bool:
        if self._rivals and _doubt(self._rivals[-1], fix) is not None:
            self._rivals.clear()
        if not self._rivals or self._rivals[-1].at != fix.at:
            self._rivals.append(fix)
        del self._rivals[1 : 1 - _RIVALS]  # the first, and the latest few
        span = fix.at - self._rivals[0].at
        return len(self._rivals) >= _RIVALS and span >= _RIVALS_SPAN

    def _thin(self, fix: Fix) -> Verdict:
        taken = self._taken
        moving = _is_moving(taken, fix)
        if taken is not None:
            every = MOVING_EVERY if moving or self._was_moving else RESTING_EVERY
            if fix.at - taken.at < every - _EARLY:
                return Verdict.THINNED
        self._taken, self._was_moving = fix, moving
        return Verdict.TAKEN


def _doubt(before: Fix, fix: Fix) -> Verdict | None:
    elapsed_s = (fix.at - before.at).total_seconds()
    if elapsed_s < 0:
        return Verdict.STALE
    if distance_m(before.place, fix.place) - _slack_m(before, fix) > FASTEST_MPS * elapsed_s:
        return Verdict.JUMPED
    return None


def _is_moving(before: Fix | None, fix: Fix) -> bool:
    if fix.speed_mps is not None:
        return fix.speed_mps >= MOVING_MPS
    if before is None:
        return False
    elapsed_s = (fix.at - before.at).total_seconds()
    way_m = distance_m(before.place, fix.place)
    return way_m > _slack_m(before, fix) and way_m >= MOVING_MPS * elapsed_s


def _slack_m(a: Fix, b: Fix) -> float:
    return sum(UNTOLD_ACCURACY_M if fix.accuracy_m is None else fix.accuracy_m for fix in (a, b))
