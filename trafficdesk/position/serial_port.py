"""A receiver on a serial port, most often behind USB, that speaks NMEA 0183."""

import errno
import time
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import Final

import serial
from serial.tools import list_ports

from trafficdesk.position.fix import SourceKind
from trafficdesk.position.nmea_stream import NmeaStream
from trafficdesk.position.receiving import CHUNK_BYTES, POLL_S, Heard, Quiet
from trafficdesk.position.status import PositionFault, SourceError

# The usual speeds: u-blox, the norm, newer u-blox, fast receivers. Behind USB none of it matters.
SPEEDS: Final = (9600, 4800, 38_400, 115_200)
TRY_S: Final = 3.0  # a receiver speaks every second
_U_BLOX: Final = 0x1546  # a maker of receivers only; other USB vendors make adapters for anything


@dataclass(frozen=True, slots=True)
class UsbPort:
    """A serial port behind USB, with the vendor's number."""

    device: str
    vendor: int


@dataclass(frozen=True, slots=True)
class SerialReceiver:
    """``port`` '' is the one that is plugged in; ``speed`` None is found by trying."""

    port: str = ""
    speed: int | None = None

    def listen(self) -> Generator[Heard, None, None]:
        """Open the port, for us alone, and yield what comes."""
        name = self.port or choose_port(_plugged_in())
        with closing(_open(name, self.speed or SPEEDS[0])) as port:
            stream = NmeaStream(SourceKind.SERIAL)
            tried, since_s = 0, time.monotonic()
            is_found = self.speed is not None
            while True:
                data = _read(port)
                heard = list(stream.hear(data)) or [Quiet.SILENCE]
                is_found = is_found or any(not isinstance(each, Quiet) for each in heard)
                yield from heard
                if not is_found and time.monotonic() - since_s > TRY_S:
                    tried, since_s = tried + 1, time.monotonic()
                    _set_speed(port, SPEEDS[tried % len(SPEEDS)])


def choose_port(ports: Sequence[UsbPort]) -> str:
    """Return the port that is surely the receiver's.

    Raises:
        SourceError: there is none, or there are several.
    """
    of_receivers = [each for each in ports if each.vendor == _U_BLOX]
    likely = of_receivers or ports
    if not likely:
        raise SourceError(PositionFault.NO_RECEIVER_PORT)
    if len(likely) > 1:
        raise SourceError(
            PositionFault.WHICH_PORT, detail=", ".join(sorted(each.device for each in likely))
        )
    return likely[0].device


def _plugged_in() -> list[UsbPort]:
    return [
        UsbPort(each.device, each.vid) for each in list_ports.comports() if each.vid is not None
    ]


def _open(name: str, speed: int) -> serial.Serial:
    try:
        return serial.Serial(name, speed, timeout=POLL_S, exclusive=True)
    except (OSError, ValueError) as error:
        raise SourceError(_why_not(error), path=name, detail=_reason(error)) from error


def _why_not(error: Exception) -> PositionFault:
    """Tell why a port cannot be opened; on Windows pyserial puts the reason in words alone."""
    number = error.errno if isinstance(error, OSError) else None
    if number in {errno.ENOENT, errno.ENXIO, errno.ENODEV} or "FileNotFoundError" in str(error):
        return PositionFault.NO_PORT
    if number in {errno.EBUSY, errno.EAGAIN} or "PermissionError" in str(error):
        return PositionFault.PORT_BUSY
    if number in {errno.EACCES, errno.EPERM}:
        return PositionFault.NOT_PERMITTED
    return PositionFault.PORT_FAILED


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _read(port: serial.Serial) -> bytes:
    try:
        return bytes(port.read(min(max(1, port.in_waiting), CHUNK_BYTES)))
    except (OSError, TypeError) as error:
        # A port that is pulled out while pyserial reads it may be a TypeError, too.
        raise SourceError(PositionFault.BROKEN_OFF, path=str(port.port)) from error


def _set_speed(port: serial.Serial, speed: int) -> None:
    try:
        port.baudrate = speed
    except (OSError, ValueError) as error:
        raise SourceError(PositionFault.BROKEN_OFF, path=str(port.port)) from error
