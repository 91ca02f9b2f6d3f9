"""A client of gpsd: its JSON protocol over TCP, as gpsd_json(5) publishes it."""

from collections.abc import Generator
from dataclasses import dataclass
from datetime import datetime
from math import hypot
from socket import socket
from time import monotonic
from typing import Final

import msgspec

from trafficdesk.domain.records import Place
from trafficdesk.position.fix import Extras, Fix, SourceKind, is_of_our_time, sound_fix
from trafficdesk.position.network import connect, receive
from trafficdesk.position.receiving import Heard, Quiet, Signal
from trafficdesk.position.status import PositionFault, SourceError

GPSD_PORT: Final = 2947
PROTOCOL: Final = 3  # the major version since 2010
_WATCH: Final = b'?WATCH={"enable":true,"json":true};\n'
GREETING_S: Final = 5.0
_LONGEST_LINE: Final = 65_536  # gpsd's own bound is 10,240
_TWO_DIMENSIONS: Final = 2
_NOT_MEASURED: Final = frozenset({5, 8})  # dead reckoning, simulated


class _Satellite(msgspec.Struct, frozen=True):
    used: bool = False


class _Report(msgspec.Struct, frozen=True, rename={"kind": "class"}):
    """Any report; what belongs to other classes is left at its default."""

    kind: str
    proto_major: int = 0
    devices: list[msgspec.Raw] | None = None
    mode: int = 0
    status: int = 1
    time: datetime | None = None
    lat: float | None = None
    lon: float | None = None
    eph: float | None = None
    epx: float | None = None
    epy: float | None = None
    speed: float | None = None
    track: float | None = None
    satellites: list[_Satellite] | None = None


@dataclass(frozen=True, slots=True)
class GpsdReceiver:
    """gpsd on this machine, or another one it was told to serve."""

    host: str = "localhost"
    port: int = GPSD_PORT
    greeting_s: float = GREETING_S

    def listen(self) -> Generator[Heard, None, None]:
        """Connect, ask for reports and yield them."""
        with connect(self.host, self.port, PositionFault.NO_GPSD) as line:
            yield from _Talk(line, f"{self.host}:{self.port}").hear(self.greeting_s)


class _Talk:
    """One connection, from the greeting to its end."""

    def __init__(self, line: socket, path: str) -> None:
        self._line = line
        self._path = path
        self._rest = b""
        self._is_greeted = False
        self._satellites: int | None = None

    def hear(self, greeting_s: float) -> Generator[Heard, None, None]:
        """Yield what comes, after a greeting within ``greeting_s``.

        Raises:
            SourceError: this is no gpsd, it has no receiver, or the line broke off.
        """
        began_s = monotonic()
        while True:
            heard = [self._take(line) for line in self._lines()]
            yield from heard or [Quiet.SILENCE]
            if not self._is_greeted and monotonic() - began_s > greeting_s:
                raise SourceError(PositionFault.NOT_GPSD, path=self._path)

    def _lines(self) -> list[bytes]:
        *lines, self._rest = (self._rest + receive(self._line)).split(b"\n")
        if len(self._rest) > _LONGEST_LINE:
            raise SourceError(PositionFault.NOT_GPSD, path=self._path)
        return [line for line in lines if line.strip()]

    def _take(self, line: bytes) -> Heard:
        try:
            report = msgspec.json.decode(line, type=_Report)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return Quiet.NOISE  # reports may be cut, says the protocol
        if report.kind == "VERSION":
            self._greet(report)
        if not self._is_greeted:
            raise SourceError(PositionFault.NOT_GPSD, path=self._path)
        if report.kind == "DEVICES" and not report.devices:
            raise SourceError(PositionFault.GPSD_WITHOUT_RECEIVER, path=self._path)
        if report.kind == "SKY" and report.satellites is not None:
            self._satellites = sum(each.used for each in report.satellites)
        fix = _fix_of(report) if report.kind == "TPV" else None
        if fix is not None:
            return fix
        is_news = report.kind in {"TPV", "SKY"}
        return Signal(self._satellites) if is_news else Quiet.SILENCE

    def _greet(self, version: _Report) -> None:
        """Answer gpsd's first words with the wish for reports."""
        if version.proto_major != PROTOCOL:
            raise SourceError(PositionFault.NOT_GPSD, path=self._path)
        self._is_greeted = True
        try:
            self._line.sendall(_WATCH)
        except OSError as error:
            raise SourceError(PositionFault.BROKEN_OFF, path=self._path) from error


def _fix_of(tpv: _Report) -> Fix | None:
    """Return the fix of a TPV; None if it has none or was not measured."""
    if tpv.mode < _TWO_DIMENSIONS or tpv.status in _NOT_MEASURED:
        return None
    if tpv.lat is None or tpv.lon is None or tpv.time is None or tpv.time.tzinfo is None:
        return None
    if not is_of_our_time(tpv.time):
        return None
    accuracy = tpv.eph
    if accuracy is None and tpv.epx is not None and tpv.epy is not None:
        accuracy = hypot(tpv.epx, tpv.epy)
    extras = Extras(accuracy, tpv.speed, tpv.track)
    return sound_fix(Place(tpv.lon, tpv.lat), tpv.time, SourceKind.GPSD, extras)
