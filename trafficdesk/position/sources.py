"""The receiver that a policy asks for."""

from pathlib import Path

from trafficdesk.position.fix import SourceKind
from trafficdesk.position.gpsd import GPSD_PORT, GpsdReceiver
from trafficdesk.position.network import NMEA_PORT, TcpReceiver, UdpReceiver
from trafficdesk.position.policy import Source
from trafficdesk.position.receiving import Receiver
from trafficdesk.position.replay import ReplayReceiver
from trafficdesk.position.serial_port import SerialReceiver


def receiver_of(source: Source) -> Receiver | None:
    """Return what to listen to; None if positions are off, or come through the screen's toolkit."""
    number = source.number
    match source.kind:
        case SourceKind.GPSD:
            return GpsdReceiver(source.target or "localhost", int(number or GPSD_PORT))
        case SourceKind.SERIAL:
            return SerialReceiver(source.target, None if number is None else int(number))
        case SourceKind.TCP:
            return TcpReceiver(source.target, int(number or NMEA_PORT))
        case SourceKind.UDP:
            return UdpReceiver(source.target or "127.0.0.1", int(number or NMEA_PORT))
        case SourceKind.REPLAY:
            return ReplayReceiver(Path(source.target).expanduser(), number or 1.0)
        case SourceKind.OFF | SourceKind.QT:
            return None
