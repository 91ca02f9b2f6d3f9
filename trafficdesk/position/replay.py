"""A recorded drive, played again in its own time or faster: for tests and for training."""

import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from trafficdesk.domain.times import utc_now
from trafficdesk.position.fix import Fix, SourceKind
from trafficdesk.position.gpx import NoGpxError, read_gpx
from trafficdesk.position.nmea_stream import NmeaStream
from trafficdesk.position.receiving import POLL_S, Heard, Quiet
from trafficdesk.position.status import PositionFault, SourceError

LARGEST_FILE_BYTES: Final = 64 * 1024 * 1024  # a week of sentences


@dataclass(frozen=True, slots=True)
class ReplayReceiver:
    """Plays ``.nmea`` or GPX ``speed`` times as fast as it was driven.

    The fixes keep their distances in time and end when the playing ends: so they are of now, none
    is of the future, and no car drives faster than it did.
    """

    path: Path
    speed: float = 1.0
    clock: Callable[[], datetime] = utc_now

    def listen(self) -> Generator[Heard, None, None]:
        """Read the whole file, then yield each fix when it is due."""
        fixes = read_recording(self.path)
        first, last = fixes[0].at, fixes[-1].at
        began_s = time.monotonic()
        later = self.clock() + (last - first) / self.speed - last
        for fix in fixes:
            due_s = began_s + (fix.at - first).total_seconds() / self.speed
            while (left_s := due_s - time.monotonic()) > 0:
                time.sleep(min(left_s, POLL_S))
                yield Quiet.SILENCE
            yield replace(fix, at=_whole_ms(fix.at + later))


def read_recording(path: Path) -> list[Fix]:
    """Return the fixes of a recording in the order of their times.

    Raises:
        SourceError: the file cannot be read, or holds no fix.
    """
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE_BYTES + 1)
    except OSError as error:
        raise SourceError(
            PositionFault.NO_FILE, path=str(path), detail=error.strerror or str(error)
        ) from error
    if len(data) > LARGEST_FILE_BYTES:
        raise SourceError(PositionFault.FILE_WITHOUT_FIXES, path=str(path), detail="it is too big")
    try:
        fixes = read_gpx(data) if _is_xml(data) else _read_nmea(data)
    except NoGpxError as error:
        raise SourceError(
            PositionFault.FILE_WITHOUT_FIXES, path=str(path), detail=str(error)
        ) from error
    if not fixes:
        raise SourceError(PositionFault.FILE_WITHOUT_FIXES, path=str(path), detail="0")
    return sorted(fixes, key=lambda fix: fix.at)


def _read_nmea(data: bytes) -> list[Fix]:
    stream = NmeaStream(SourceKind.REPLAY, is_live=False)
    return [each for each in stream.hear(data + b"\n") if isinstance(each, Fix)]


def _is_xml(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _whole_ms(at: datetime) -> datetime:
    """Cut an instant to milliseconds, as the store and the wire keep it."""
    return at - timedelta(microseconds=at.microsecond % 1000)
