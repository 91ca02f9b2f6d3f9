"""A road that counts: passes bytes on between desks and a server, in both directions."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

_PIECE = 65_536


@dataclass
class Passed:
    """How many bytes went each way, all of them: requests, answers, headers."""

    url: str
    sent: int = 0
    received: int = 0


@contextmanager
def counting_relay(url: str) -> Iterator[Passed]:
    """Give an address that leads to another one; what passes is counted."""
    target = urlsplit(url)
    with socket.create_server(("127.0.0.1", 0)) as door:
        passed = Passed(f"http://127.0.0.1:{door.getsockname()[1]}")
        there = (target.hostname or "", target.port or 80)
        threading.Thread(target=_accept, args=(door, there, passed), daemon=True).start()
        yield passed


def _accept(door: socket.socket, there: tuple[str, int], passed: Passed) -> None:
    with suppress(OSError):
        while True:
            near, _ = door.accept()
            far = socket.create_connection(there)
            for ends in ((near, far, "sent"), (far, near, "received")):
                threading.Thread(target=_pass, args=(*ends, passed), daemon=True).start()


def _pass(one: socket.socket, other: socket.socket, way: str, passed: Passed) -> None:
    with suppress(OSError):
        while piece := one.recv(_PIECE):
            setattr(passed, way, getattr(passed, way) + len(piece))
            other.sendall(piece)
    with suppress(OSError):
        other.shutdown(socket.SHUT_WR)
