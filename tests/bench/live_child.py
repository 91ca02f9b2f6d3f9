"""Many who listen, in a process of their own: raw sockets, so that they cost little themselves.

Started by ``live``; commands come as JSON lines, each is answered by one. Times are those of the
machine's steady clock, which all its processes share.
"""

import asyncio
import base64
import json
import os
import resource
import struct
import sys
import time
from typing import Any, cast

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from trafficdesk.wire.live import LIVE
from trafficdesk.wire.signing import DEVICE_HEADER, SIGNATURE_HEADER, TURN_HEADER, signed_bytes

_AT_ONCE = 32
_IN_S = 60.0
_LOOK_S = 0.02
_TEXT, _CLOSE, _PING, _PONG = 1, 8, 9, 10
_LEN16, _LEN64 = 126, 127


class Socket(asyncio.Protocol):
    """One WebSocket; what comes is noted by its kind with its time."""

    def __init__(self, crowd: "Crowd", request: bytes) -> None:
        self._crowd, self._request, self._buffer = crowd, request, bytearray()
        self._is_open = False
        self.opened = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """Count it."""
        self._crowd.lost += 1
        if not self.opened.done():
            self.opened.set_exception(ConnectionError(str(exc)))

    def data_received(self, data: bytes) -> None:
        """Take whole frames."""
        self._buffer += data
        if not self._is_open:
            end = self._buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not self._buffer.startswith(b"HTTP/1.1 101"):
                self.opened.set_exception(ConnectionError(bytes(self._buffer[:300])))
                self._transport.close()
                return
            self._is_open = True
            del self._buffer[: end + 4]
            self.opened.set_result(None)
        while self._take_frame():
            pass

    def _take_frame(self) -> bool:
        buffer = self._buffer
        if len(buffer) < 2:
            return False
        length, start = buffer[1], 2
        if length == _LEN16 and len(buffer) >= 4:
            length, start = struct.unpack_from("!H", buffer, 2)[0], 4
        elif length == _LEN64 and len(buffer) >= 10:
            length, start = struct.unpack_from("!Q", buffer, 2)[0], 10
        elif length >= _LEN16:
            return False
        if len(buffer) < start + length:
            return False
        opcode, content = buffer[0] & 15, bytes(buffer[start : start + length])
        del buffer[: start + length]
        if opcode == _PING:
            self._send(_PONG, content)
        elif opcode == _TEXT:
            self._crowd.note(content)
        return True

    def say(self, message: dict[str, Any]) -> None:
        """Send a message."""
        self._send(_TEXT, json.dumps(message).encode())

    def _send(self, opcode: int, content: bytes) -> None:
        mask = os.urandom(4)
        length = len(content)
        head = bytes([128 | opcode])
        head += bytes([128 | length]) if length < _LEN16 else struct.pack("!BH", 254, length)
        whole = int.from_bytes((mask * (length // 4 + 1))[:length], "big")
        masked = (int.from_bytes(content, "big") ^ whole).to_bytes(length, "big")
        self._transport.write(head + mask + masked)


class Crowd:
    """All sockets of this process."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self._host, self._port = asked["host"], asked["port"]
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(asked["key"]))
        self._turn = asked["turn"]
        self.sockets = list[Socket]()
        self.lost = self.bytes = 0
        self.came = dict[str, list[float]]()
        self.positions = 0

    def note(self, content: bytes) -> None:
        """Note a message's kind and time."""
        self.bytes += len(content)
        kind = content[9 : content.index(b'"', 9)].decode()
        self.came.setdefault(kind, []).append(time.monotonic())
        if kind == "positions":
            self.positions += content.count(b'"unit_id"')

    async def open(self, who: list[list[str]]) -> dict[str, Any]:
        """Open a WebSocket for each device and its token."""
        began, gate = time.monotonic(), asyncio.Semaphore(_AT_ONCE)
        loop = asyncio.get_running_loop()

        async def one(device_id: str, token: str) -> Socket:
            async with gate:
                request = self._request(device_id, token)
                _, socket = await loop.create_connection(
                    lambda: Socket(self, request), self._host, self._port
                )
                await socket.opened
            return socket

        self.sockets += await asyncio.gather(*(one(*each) for each in who))
        return {"open": len(self.sockets), "s": time.monotonic() - began}

    def _request(self, device_id: str, token: str) -> bytes:
        signature = self._key.sign(signed_bytes("GET", LIVE, b"", self._turn))
        headers = {
            "Host": f"{self._host}:{self._port}",
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Authorization": f"Bearer {token}",
            DEVICE_HEADER: device_id,
            TURN_HEADER: self._turn,
            SIGNATURE_HEADER: base64.b64encode(signature).decode(),
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"GET {LIVE} HTTP/1.1\r\n{lines}\r\n".encode()

    async def enter(self, room: str, events: list[str], first: int, last: int) -> dict[str, Any]:
        """Let some of the sockets enter a room; wait until all are in."""
        before = len(self.came.get("subscribed", ()))
        for socket in self.sockets[first:last]:
            socket.say({"type": "subscribe", "room": room, "events": events})
        await self._wait_for("subscribed", before + last - first, _IN_S)
        return {}

    async def heard(self, kind: str, count: int, wait_s: float) -> dict[str, Any]:
        """Wait for as many messages of a kind since the last question; return their times."""
        await self._wait_for(kind, count, wait_s)
        times = self.came.pop(kind, [])
        return {"times": times, "lost": self.lost, "bytes": self.bytes, "positions": self.positions}

    async def _wait_for(self, kind: str, count: int, wait_s: float) -> None:
        for _ in range(round(wait_s / _LOOK_S)):
            if len(self.came.get(kind, ())) >= count:
                return
            await asyncio.sleep(_LOOK_S)

    async def move(self, units: list[str], seconds: int) -> dict[str, Any]:
        """Let as many sockets say once a second where their unit is, spread over the second."""
        began, moves = time.monotonic(), 0
        pace_s = 1.0 / len(units)
        for second in range(seconds):
            for number, (socket, unit) in enumerate(zip(self.sockets, units, strict=False)):
                due = began + second + number * pace_s
                if (rest_s := due - time.monotonic()) > 0:
                    await asyncio.sleep(rest_s)
                place = {"lon": 76.9 + number * 1e-4, "lat": 11.0 + second * 1e-4}
                at_ms = round(time.time() * 1000)
                socket.say({"type": "positions", "positions": [
                    {"unit_id": unit, "at_ms": at_ms, "speed_mps": 11.0, "heading": 90.0, **place}
                ]})  # fmt: skip
                moves += 1
        return {"moves": moves, "s": time.monotonic() - began}


async def serve() -> None:
    """Answer one line with one line until the pipe closes."""
    loop = asyncio.get_running_loop()
    lines = asyncio.StreamReader(limit=2**26)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(lines), sys.stdin)
    crowd = Crowd(json.loads(await lines.readline()))
    while line := await lines.readline():
        asked = json.loads(line)
        answer = await getattr(crowd, asked.pop("do"))(**asked)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def main() -> None:
    """Take as many sockets as the system grants, and serve."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    asyncio.run(serve())


if __name__ == "__main__":
    main()
