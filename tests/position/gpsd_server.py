"""A small server that speaks gpsd's protocol: greets, waits for WATCH, then reports."""

import json
import socket
import threading
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

GREETING = {
    "class": "VERSION",
    "release": "3.22",
    "rev": "3.22",
    "proto_major": 3,
    "proto_minor": 14,
}
RECEIVER = {"class": "DEVICE", "path": "/dev/ttyUSB0", "driver": "u-blox", "bps": 9600}
TPV: Mapping[str, Any] = {
    "class": "TPV",
    "device": "/dev/ttyUSB0",
    "mode": 3,
    "time": "2026-11-20T09:30:00.000Z",
    "ept": 0.005,
    "lat": 11.018,
    "lon": 76.966,
    "altHAE": 398.1,
    "eph": 6.5,
    "track": 84.4,
    "speed": 6.4,
    "climb": 0.0,
}
SKY: Mapping[str, Any] = {
    "class": "SKY",
    "device": "/dev/ttyUSB0",
    "hdop": 0.9,
    "satellites": [{"PRN": n, "el": 40.0, "az": 10.0, "ss": 30.0, "used": n < 5} for n in range(9)],
}


class GpsdServer:
    """Serves on a port of its own; the last client is spoken to with ``report``."""

    def __init__(
        self, greeting: object = GREETING, devices: tuple[object, ...] = (RECEIVER,)
    ) -> None:
        self.greeting, self.devices = greeting, devices
        self.commands: list[str] = []
        self.watches = 0
        self._watched = threading.Condition()
        self._client: socket.socket | None = None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, name="gpsd")
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            with client:
                self._talk(client)

    def _talk(self, client: socket.socket) -> None:
        try:
            if self.greeting is not None:
                client.sendall(_line(self.greeting))
            while command := client.recv(4096).decode("ascii"):
                self.commands.append(command)
                watch = json.loads(command.removeprefix("?WATCH=").rstrip(";\n"))
                client.sendall(_line({"class": "DEVICES", "devices": self.devices}))
                client.sendall(_line({"class": "WATCH", **watch, "nmea": False}))
                with self._watched:
                    self._client, self.watches = client, self.watches + 1
                    self._watched.notify_all()
        except OSError:
            return

    def wait_for_watch(self, count: int = 1) -> None:
        with self._watched:
            assert self._watched.wait_for(lambda: self.watches >= count, 30)

    def report(self, *reports: object) -> None:
        """Send reports to whoever watches."""
        assert self._client is not None
        self._client.sendall(b"".join(map(_line, reports)))

    def send(self, data: bytes) -> None:
        assert self._client is not None
        self._client.sendall(data)

    def hang_up(self) -> None:
        """End the present connection."""
        assert self._client is not None
        self._client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        if self._client is not None:
            with suppress(OSError):  # who was served may be gone already
                self._client.shutdown(socket.SHUT_RDWR)
        self._thread.join(30)


def _line(report: object) -> bytes:
    return json.dumps(report, separators=(",", ":")).encode("ascii") + b"\r\n"
