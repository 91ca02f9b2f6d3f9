"""NMEA 0183 over the network: a router, a phone or a chart plotter in the car that passes it on."""

import socket
from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass
from typing import Final

from trafficdesk.position.fix import SourceKind
from trafficdesk.position.nmea_stream import NmeaStream
from trafficdesk.position.receiving import CHUNK_BYTES, POLL_S, Heard, Quiet
from trafficdesk.position.status import PositionFault, SourceError

CONNECT_S: Final = 5.0
NMEA_PORT: Final = 10_110  # IANA's number for NMEA 0183


@dataclass(frozen=True, slots=True)
class TcpReceiver:
    """Somebody who sends NMEA to whoever connects."""

    host: str
    port: int = NMEA_PORT

    def listen(self) -> Generator[Heard, None, None]:
        """Connect and yield what comes."""
        with connect(self.host, self.port, PositionFault.UNREACHABLE) as line:
            yield from _hear(line, SourceKind.TCP)


@dataclass(frozen=True, slots=True)
class UdpReceiver:
    """Somebody who sends NMEA to a port here. Only what comes to ``address`` is heard.

    Datagrams prove no sender: any program on this machine, and with another address than the
    loopback anybody on that network, can send positions.
    """

    address: str = "127.0.0.1"
    port: int = NMEA_PORT

    def listen(self) -> Generator[Heard, None, None]:
        """Take the port and yield what comes."""
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        with closing(socket.socket(family, socket.SOCK_DGRAM)) as line:
            line.settimeout(POLL_S)
            try:
                line.bind((self.address, self.port))
            except OSError as error:
                place = f"{self.address}:{self.port}"
                raise SourceError(
                    PositionFault.UNREACHABLE, path=place, detail=error.strerror or str(error)
                ) from error
            yield from _hear(line, SourceKind.UDP)


def connect(host: str, port: int, fault: PositionFault) -> socket.socket:
    """Return a connection whose reads wait no longer than ``POLL_S``.

    Raises:
        SourceError: ``fault``, for nobody answers there.
    """
    try:
        line = socket.create_connection((host, port), timeout=CONNECT_S)
    except (OSError, UnicodeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise SourceError(fault, path=f"{host}:{port}", detail=reason) from error
    line.settimeout(POLL_S)
    return line


def receive(line: socket.socket) -> bytes:
    """Return what came within ``POLL_S``, b'' for nothing.

    Raises:
        SourceError: the other side closed the connection, or it broke off.
    """
    try:
        data = line.recv(CHUNK_BYTES)
    except TimeoutError:
        return b""
    except OSError as error:
        raise SourceError(PositionFault.BROKEN_OFF, path=_peer(line)) from error
    if not data and line.type == socket.SOCK_STREAM:
        raise SourceError(PositionFault.BROKEN_OFF, path=_peer(line))
    return data


def _peer(line: socket.socket) -> str:
    try:
        host, port = line.getpeername()[:2]
    except OSError:
        return ""
    return f"{host}:{port}"


def _hear(line: socket.socket, source: SourceKind) -> Generator[Heard, None, None]:
    stream = NmeaStream(source)
    while True:
        yield from list(stream.hear(receive(line))) or [Quiet.SILENCE]
