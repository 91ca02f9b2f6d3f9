"""The live service of one server process: its hall, and what brings news into it."""

import asyncio

from sync_server.live.authority import Listener
from sync_server.live.events import AVAILABLE
from sync_server.live.fanout import Fanout
from sync_server.live.hall import Hall
from sync_server.live.hints import Hints
from sync_server.live.member import Member
from sync_server.live.positions import Positions
from sync_server.live.socket import LongSocket
from sync_server.live.speech import Conversation, Speech
from sync_server.server import Server
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.wire.live import Close, Greeting


class Live:
    """Everything behind the WebSockets; it lives on the event loop."""

    def __init__(self, server: Server, hints: Hints) -> None:
        self.hall = Hall()
        self._positions = Positions(server, self.hall)
        self._fanout = Fanout(server, self.hall, self._positions)
        self._hints = hints
        self._speech = Speech(self.hall, self._fanout, self._positions)
        server.metrics.live.set_function(lambda: len(self.hall))

    def let_in(self, who: Listener, socket: LongSocket, expires_ms: int, changes: int) -> None:
        """Take a proved caller's socket over until the proof expires.

        Those whose access changed since there were as many ``changes`` must prove it again.
        """
        now_ms, member = to_ms(utc_now()), Member(who, socket, self._positions)
        hearer = Conversation(member, self._speech)
        socket.take_over(hearer, (expires_ms - now_ms) / 1000, Close.PROVE_AGAIN)
        if not self.hall.admit(member, changes):
            member.end(Close.PROVE_AGAIN)
            return
        events = list(map(str, AVAILABLE))
        member.answer(Greeting(server_time_ms=now_ms, expires_ms=expires_ms, events=events))

    async def run(self) -> None:
        """Bring news until cancelled."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._fanout.run(self._hints))
            tasks.create_task(self._positions.run())
