"""NMEA over TCP and UDP, from sockets of this machine."""

import socket
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from tests.position.conftest import Listen
from tests.position.drives import START, Notes, gga, rmc, until
from trafficdesk.position.fix import SourceKind
from trafficdesk.position.network import TcpReceiver, UdpReceiver
from trafficdesk.position.status import PositionFault


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with closing(socket.create_server(("127.0.0.1", 0))) as made:
        made.settimeout(30)
        yield made


def port_of(sock: socket.socket) -> int:
    port: int = sock.getsockname()[1]
    return port


def test_a_router_that_sends_sentences_is_heard_and_connected_to_again(
    server: socket.socket, listen: Listen, notes: Notes
) -> None:
    listen(TcpReceiver("127.0.0.1", port_of(server)))
    for turn in range(2):
        line, _ = server.accept()
        at = START + timedelta(seconds=turn)
        line.sendall(gga(at) + rmc(at)[:20])
        line.sendall(rmc(at)[20:])
        notes.wait_for_fixes(turn + 1)
        line.close()
    notes.wait_for_fault(PositionFault.BROKEN_OFF)
    assert {fix.source for fix in notes.fixes} == {SourceKind.TCP}


def test_nobody_at_the_address_is_told(listen: Listen, notes: Notes) -> None:
    with closing(socket.socket()) as unheard:
        unheard.bind(("127.0.0.1", 0))  # taken, and nobody listens
        listen(TcpReceiver("127.0.0.1", port_of(unheard)))
        fault = notes.wait_for_fault(PositionFault.UNREACHABLE).fault
    assert fault is not None
    assert fault.data["path"].startswith("127.0.0.1:")


def test_a_name_that_cannot_be_one_is_told(listen: Listen, notes: Notes) -> None:
    listen(TcpReceiver("a" * 70 + ".invalid", 1))
    notes.wait_for_fault(PositionFault.UNREACHABLE)


def free_udp_port() -> int:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as probe:
        probe.bind(("127.0.0.1", 0))
        return port_of(probe)


def test_datagrams_are_heard(listen: Listen, notes: Notes) -> None:
    port = free_udp_port()
    listen(UdpReceiver(port=port))
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sender:

        def heard() -> bool:
            sender.sendto(b"", ("127.0.0.1", port))  # an empty one is no end
            sender.sendto(gga() + rmc(), ("127.0.0.1", port))
            return bool(notes.fixes)

        until(heard)
    assert notes.fixes[0].source is SourceKind.UDP
    assert notes.faults() == []


def test_a_port_for_datagrams_that_is_taken_is_told(listen: Listen, notes: Notes) -> None:
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as other:
        other.bind(("127.0.0.1", 0))
        listen(UdpReceiver(port=port_of(other)))
        notes.wait_for_fault(PositionFault.UNREACHABLE)
