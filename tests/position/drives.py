"""Drives as receivers tell them, and somebody who notes what a watch says."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from trafficdesk.domain.records import Place
from trafficdesk.position.fix import Fix, SourceKind
from trafficdesk.position.receiving import Receiver
from trafficdesk.position.status import PositionFault, State, Status
from trafficdesk.position.watch import Listener, Patience, PositionWatch

START = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
GANDHIPURAM = Place(76.9660, 11.0180)
ENOUGH_S = 30.0  # far above what any wait here takes
QUICK = Patience(lost_s=0.3, silent_s=ENOUGH_S, retry_s=0.02, longest_retry_s=0.1)


def checked(body: str) -> bytes:
    """Return a sentence with its checksum: ``GPRMC,…`` to ``$GPRMC,…*5F``, ended."""
    summed = 0
    for byte in body.encode("ascii"):
        summed ^= byte
    return f"${body}*{summed:02X}\r\n".encode("ascii")


def rmc(at: datetime = START, place: Place = GANDHIPURAM, *, knots: str = "12.5") -> bytes:
    """Return an RMC as u-blox says it (NMEA 4.1)."""
    return checked(
        f"GNRMC,{at:%H%M%S}.{at.microsecond // 10_000:02d},A,{_angle(place.lat, 2)},"
        f"{'N' if place.lat >= 0 else 'S'},{_angle(place.lon, 3)},"
        f"{'E' if place.lon >= 0 else 'W'},{knots},84.4,{at:%d%m%y},,,A,V"
    )


def gga(at: datetime = START, *, quality: int = 1, satellites: int = 8, hdop: str = "0.9") -> bytes:
    """Return a GGA of a moment, without a place of interest."""
    return checked(
        f"GNGGA,{at:%H%M%S}.00,1101.08000,N,07657.96000,E,{quality},{satellites:02d},{hdop},"
        "411.0,M,-95.0,M,,"
    )


def no_fix(at: datetime = START) -> bytes:
    """Return what a receiver says in a garage."""
    return checked(f"GNRMC,{at:%H%M%S}.00,V,,,,,,,{at:%d%m%y},,,N,V") + checked(
        f"GNGGA,{at:%H%M%S}.00,,,,,0,03,99.99,,,,,,"
    )


def _angle(degrees: float, digits: int) -> str:
    whole, part = divmod(abs(degrees), 1)
    return f"{int(whole):0{digits}d}{part * 60:08.5f}"


def fix_at(seconds: float, east_m: float = 0.0, **told: float | None) -> Fix:
    """Return a fix some seconds after ``START`` and some metres east of Gandhipuram."""
    metres_per_degree = 109_200.0  # of longitude, at 11° north
    place = Place(GANDHIPURAM.lon + east_m / metres_per_degree, GANDHIPURAM.lat)
    return Fix(place, START + timedelta(seconds=seconds), SourceKind.GPSD, **told)


@dataclass
class Notes:
    """What a watch told, in its order; waits for what is to come."""

    statuses: list[Status] = field(default_factory=list)
    fixes: list[Fix] = field(default_factory=list)
    news: threading.Condition = field(default_factory=threading.Condition)

    def note_status(self, status: Status) -> None:
        with self.news:
            self.statuses.append(status)
            self.news.notify_all()

    def note_fix(self, fix: Fix) -> None:
        with self.news:
            self.fixes.append(fix)
            self.news.notify_all()

    def wait_for(self, wanted: Callable[[], bool]) -> None:
        with self.news:
            assert self.news.wait_for(wanted, ENOUGH_S), f"{self.statuses} {len(self.fixes)} fixes"

    def wait_for_state(self, state: State) -> None:
        self.wait_for(lambda: any(each.state is state for each in self.statuses))

    def wait_for_fault(self, code: PositionFault) -> Status:
        self.wait_for(lambda: code in self.faults())
        return next(each for each in self.statuses if each.fault and each.fault.code is code)

    def wait_for_fixes(self, count: int) -> None:
        self.wait_for(lambda: len(self.fixes) >= count)

    def faults(self) -> list[PositionFault]:
        return [each.fault.code for each in self.statuses if each.fault is not None]

    def states(self) -> list[State]:
        """Return the states, each once as long as it lasted."""
        told = [each.state for each in self.statuses]
        return [one for one, before in zip(told, [None, *told[:-1]], strict=True) if one != before]


def watch_of(receiver: Receiver, notes: Notes, patience: Patience = QUICK) -> PositionWatch:
    """Return a watch that tells these notes."""
    listener = Listener(notes.note_status, notes.note_fix)
    return PositionWatch(receiver, listener, patience=patience)


def until(condition: Callable[[], bool]) -> None:
    """Wait until something holds that nobody tells of."""
    deadline = time.monotonic() + ENOUGH_S
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
