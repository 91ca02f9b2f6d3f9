"""How long a connection is waited for: uvicorn itself waits for ever for a request's next byte.

Without this a single machine keeps every connection of the server by sending nothing, or by
reading nothing of what it is sent.
"""

import asyncio
from typing import Final, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

_AWAITED: Final = (h11.IDLE, h11.SEND_BODY)


class PatientProtocol(H11Protocol):
    """Looks at its connection now and then, and ends it when nothing has moved since.

    A request under way must bring ``least_bytes`` from one look to the next, which the worst line
    that is any use does; an answer must be read at all. Between two requests uvicorn's own
    keep-alive counts, and a WebSocket has its pings.
    """

    look_every_s = 30.0
    least_bytes = 2048

    _timer: asyncio.TimerHandle | None = None
    _came = 0
    _awaited: tuple[RequestResponseCycle | None] | None = None  # at the last look, if any was
    _unsent = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to look."""
        super().connection_made(cast("asyncio.Transport", transport))
        self._look_later()

    def data_received(self, data: bytes) -> None:
        """Count what came."""
        self._came += len(data)
        super().data_received(data)

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        self._stop()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Leave the connection to the WebSocket."""
        self._stop()
        super().handle_websocket_upgrade(event)

    def _look_later(self) -> None:
        self._timer = self.loop.call_later(self.look_every_s, self._look)

    def _stop(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def _look(self) -> None:
        if self._nothing_comes() or self._nothing_goes():
            self.transport.abort()
        else:
            self._look_later()

    def _nothing_comes(self) -> bool:
        """Tell whether the same request is waited for as at the last look, in vain."""
        came, self._came = self._came, 0
        before, self._awaited = self._awaited, None
        is_between = self.timeout_keep_alive_task is not None
        if self.conn.their_state in _AWAITED and not is_between and not self.flow.read_paused:
            self._awaited = (self.cycle,)
        return self._awaited is not None and self._awaited == before and came < self.least_bytes

    def _nothing_goes(self) -> bool:
        before, self._unsent = self._unsent, self.transport.get_write_buffer_size()
        return self._unsent > 0 and self._unsent == before
