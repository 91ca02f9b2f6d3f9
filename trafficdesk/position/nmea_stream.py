"""A stream of NMEA 0183: bytes in any pieces become fixes; what is not whole is passed over."""

from collections.abc import Generator
from datetime import UTC, datetime, time
from typing import Final

from trafficdesk.position.fix import Extras, Fix, SourceKind, is_of_our_time, sound_fix
from trafficdesk.position.nmea import (
    Motion,
    Quality,
    Rmc,
    Sentence,
    read_quality,
    read_rmc,
    read_sentence,
    read_vtg,
)
from trafficdesk.position.receiving import Heard, Quiet, Signal

# One standard deviation of a receiver of one frequency under open sky, per unit of HDOP. Receivers
# tell the geometry of their satellites (HDOP) and leave the error of a single range to who reads.
RANGE_ERROR_M: Final = 5.0
VOUCHES_S: Final = 2.0  # for how long GGA, GNS or VTG speak for the RMC of another moment
_LONGEST_LINE: Final = 1024  # no line is longer; binary without an end of line is not kept


class NmeaStream:
    """Reads one receiver. RMC makes the fix; GGA, GNS and VTG vouch for it or add to it."""

    def __init__(self, source: SourceKind, *, is_live: bool = True) -> None:
        """A stream that is not ``is_live`` is a recording, whose dates may be of any time."""
        self._source = source
        self._is_live = is_live
        self._rest = b""
        self._quality: Quality | None = None
        self._motion: Motion | None = None

    def hear(self, data: bytes) -> Generator[Heard, None, None]:
        """Yield what more bytes bring: once ``Quiet`` if none of it was a sentence."""
        *lines, self._rest = (self._rest + data).replace(b"\r", b"\n").split(b"\n")
        self._rest = self._rest[-_LONGEST_LINE:]
        sentences = [each for line in lines if (each := read_sentence(line)) is not None]
        for sentence in sentences:
            yield self._take(sentence)
        if not sentences and data:
            yield Quiet.NOISE if self._is_garbage(lines) else Quiet.SILENCE

    def _is_garbage(self, lines: list[bytes]) -> bool:
        """Tell noise from the first half of a sentence, whose end is still to come."""
        return any(line.strip() for line in lines) or len(self._rest) == _LONGEST_LINE

    def _take(self, sentence: Sentence) -> Heard:
        if sentence.kind == "RMC":
            rmc = read_rmc(sentence.fields)
            fix = None if rmc is None else self._fix_of(rmc)
            self._motion = None
            return self._signal() if fix is None else fix
        if sentence.kind == "VTG":
            self._motion = read_vtg(sentence.fields)
        elif sentence.kind in {"GGA", "GNS"}:
            self._quality = read_quality(sentence)
        return self._signal()

    def _signal(self) -> Signal:
        return Signal(None if self._quality is None else self._quality.satellites)

    def _fix_of(self, rmc: Rmc) -> Fix | None:
        if self._is_live and not is_of_our_time(rmc.at):
            return None
        quality = self._quality
        if quality is not None and not _is_near(quality.at_time, rmc.at.time()):
            quality = None
        if quality is not None and not quality.is_measured:
            return None
        motion = self._motion or Motion(None, None)
        extras = Extras(
            None if quality is None or quality.hdop is None else quality.hdop * RANGE_ERROR_M,
            motion.speed_mps if rmc.speed_mps is None else rmc.speed_mps,
            motion.heading_deg if rmc.heading_deg is None else rmc.heading_deg,
        )
        return sound_fix(rmc.place, rmc.at, self._source, extras)


def _is_near(a: time, b: time) -> bool:
    """Tell whether two times of day are close, also across midnight."""
    day = datetime(2000, 1, 1, tzinfo=UTC)
    apart = datetime.combine(day, a) - datetime.combine(day, b)
    seconds = abs(apart.total_seconds())
    return min(seconds, 86_400 - seconds) <= VOUCHES_S
