"""A WebSocket that outlives the request which opened it.

A request that waits costs a task with the frames of every layer above it, and each message passes
all of them. Here the request ends once the caller is proved; what comes goes straight to whoever
has taken the socket over, and what is sent is written as a frame that was made once for all.
"""

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

from starlette.websockets import WebSocket
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from websockets.frames import Frame, Opcode
from websockets.http11 import Request
from websockets.protocol import State

if TYPE_CHECKING:
    from uvicorn._types import ASGIReceiveEvent

_EXTENSION: Final = "trafficdesk.live"
_LEAVE_S: Final = 5.0
_MOST_UNREAD: Final = 2**20  # of answers to pings and the like; whoever reads none is given up
_MOST_PIECES: Final = 64  # of one message, which may be empty and so cost no bytes


def frame_of(text: bytes) -> bytes:
    """Return a message as it travels to any caller."""
    return Frame(Opcode.TEXT, text).serialize(mask=False)


class Hearer(Protocol):
    """Whoever has taken a socket over."""

    def hear(self, text: str | None) -> None:
        """Take a message; None is one that is no text."""

    def go_on(self) -> None:
        """Send more: the line is free again."""

    def leave(self) -> None:
        """Forget the socket: it has ended, or is about to."""


class _Tap:
    """Stands where the request's queue of messages was, and passes them on."""

    __slots__ = ("_hearer",)

    def __init__(self, hearer: Hearer) -> None:
        self._hearer = hearer

    def put_nowait(self, event: dict[str, Any]) -> None:
        """Pass on what uvicorn has for the application."""
        if event["type"] == "websocket.receive":
            self._hearer.hear(event.get("text"))
        else:
            self._hearer.leave()


class LongSocket(WebSocketsSansIOProtocol):
    """uvicorn's WebSocket; until it is taken over it is nothing else.

    It also gives up a caller who does not take what is sent: uvicorn closes in order, and then
    waits for ever for one that has stopped reading.
    """

    _hearer: Hearer | None = None

    def handle_connect(self, event: Request) -> None:
        """Let the request find its socket."""
        super().handle_connect(event)
        if self.response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            self.scope["extensions"][_EXTENSION] = {"socket": self}

    def take_over(self, hearer: Hearer, lasts_s: float, code: int) -> None:
        """Let somebody hear what comes from here on, for so long; then it ends with a code."""
        self._hearer = hearer
        self.queue = cast("asyncio.Queue[ASGIReceiveEvent]", _Tap(hearer))
        self.read_paused = True  # nobody waits for messages, so that reading never pauses
        self.close_timer = self.loop.call_later(max(0.0, lasts_s), self.end, code)
        self.transport.resume_reading()
        del self.scope, self.request, self.response

    @property
    def is_free(self) -> bool:
        """Whether what is written now leaves soon."""
        return self.writable.is_set()

    def write(self, frame: bytes) -> None:
        """Send a frame."""
        if self.conn.state is State.OPEN and not self.transport.is_closing():
            self.transport.write(frame)

    def end(self, code: int) -> None:
        """Close with a code; whoever does not take that is cut off soon after."""
        if self.close_timer is not None:
            self.close_timer.cancel()
        self.close_timer = self.loop.call_later(_LEAVE_S, self.transport.abort)
        if self._hearer is not None:
            self._hearer.leave()
        if self.close_sent or self.conn.state is not State.OPEN:
            return
        self.stop_keepalive()
        self.conn.send_close(code)
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.close_sent = True

    def resume_writing(self) -> None:
        """Tell that the line is free."""
        super().resume_writing()
        if self._hearer is not None:
            self._hearer.go_on()

    def handle_ping(self) -> None:
        """Answer, unless the answers are not read."""
        super().handle_ping()
        if self.transport.get_write_buffer_size() > _MOST_UNREAD:
            self.transport.abort()

    def handle_cont(self, event: Frame) -> None:
        """Take a further piece of a message."""
        super().handle_cont(event)
        if len(self.frames) > _MOST_PIECES:
            self.transport.abort()

    def keepalive_timeout(self) -> None:
        """Cut off a caller who answers no ping: they would take no farewell either."""
        super().keepalive_timeout()
        self.transport.abort()

    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Give the end of a request that was not taken over a while to leave."""
        super().on_task_complete(task)
        if self._hearer is None:
            self.loop.call_later(_LEAVE_S, self.transport.abort)


def socket_of(socket: WebSocket) -> LongSocket:
    """Return the socket under an accepted WebSocket, to take over."""
    found: LongSocket = socket.scope["extensions"][_EXTENSION]["socket"]
    return found
