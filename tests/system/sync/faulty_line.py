"""A line that fails as real ones do: nothing is heard, or answered; twice, late, or garbled."""

import random
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from dataclasses import dataclass, field, replace
from typing import TypeVar

from tests.system.sync.mines import MOST_STEPS, Minefield
from trafficdesk.sync.errors import Fault, LineError, RefusedError
from trafficdesk.sync.line import Call, Line, Reply, ServerAddress
from trafficdesk.sync.pushing import PUSH

_Answer = TypeVar("_Answer")
_OF_THE_LINE = ("unheard", "unanswered", "doubled", "cut", "late")
_STILL_UNDER_WAY = 4


class KilledError(BaseException):
    """The desk's program ends here, in the middle of a call."""


@dataclass
class Faults:
    """How often each fault strikes, drawn from one seeded source; ``struck`` counts them.

    ``meanwhile`` is what happens at the desk while a call is on its way. Where there are ``mines``,
    the server dies on its way to an answer, too.
    """

    draw: random.Random
    rate: float = 0.0
    struck: dict[str, int] = field(default_factory=dict)
    meanwhile: Callable[[Line], None] = lambda _line: None
    mines: Minefield | None = None
    kills: bool = False

    def next(self) -> str:
        """Return the fault of the next call, '' for none."""
        if self.draw.random() >= self.rate:
            return ""
        kinds: list[str] = [*_OF_THE_LINE, *(("mined", "mined") if self.mines else ())]
        kind = self.draw.choice([*kinds, "killed"] if self.kills else kinds)
        self.struck[kind] = self.struck.get(kind, 0) + 1
        return kind

    def strike(
        self, line: "FaultyLine", send: Callable[[], _Answer], cut: Callable[[_Answer], _Answer]
    ) -> _Answer:
        """Make a call under the next fault."""
        kind = self.next()
        self.meanwhile(line)
        if kind == "unheard":
            raise LineError(Fault.NO_ANSWER)
        if kind == "late":
            line.bring_late(self.draw)
        with self._mined(kind):
            answer = send()
        if kind == "doubled":
            answer = send()
        if kind == "killed":
            raise KilledError
        if kind == "unanswered":
            raise LineError(Fault.CUT_OFF)
        return cut(answer) if kind == "cut" else answer

    def _mined(self, kind: str) -> AbstractContextManager[None]:
        if kind != "mined" or self.mines is None:
            return nullcontext()
        return self.mines.laid(self.draw.randint(1, MOST_STEPS))


class FaultyLine(Line):
    """A real line to a real server, on which ``faults`` strike."""

    def __init__(self, address: ServerAddress, faults: Faults) -> None:
        super().__init__(address)
        self.faults = faults
        self._pushes = list[Call]()

    def fetch(self, call: Call) -> bytes:
        def send() -> bytes:
            if call.target == PUSH:
                self._pushes = [*self._pushes, call][-_STILL_UNDER_WAY:]
            return super(FaultyLine, self).fetch(call)

        return self.faults.strike(self, send, _halved)

    def bring_late(self, draw: random.Random) -> None:
        """Let a push of before reach the server once more, after others; nobody hears an answer."""
        if self._pushes:
            with suppress(RefusedError, LineError):
                super().fetch(draw.choice(self._pushes))

    def exchange(self, call: Call) -> Reply:
        def send() -> Reply:
            return super(FaultyLine, self).exchange(call)

        return self.faults.strike(self, send, _cut)


class DeafLine(Line):
    """Loses the answer to a push, once."""

    is_deaf = True

    def fetch(self, call: Call) -> bytes:
        answer = super().fetch(call)
        if self.is_deaf and call.target == PUSH:
            self.is_deaf = False
            raise LineError(Fault.CUT_OFF)
        return answer


def _halved(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _cut(reply: Reply) -> Reply:
    """Lose the end of a reply; one without a body, its headers."""
    if not reply.body:
        return replace(reply, headers={})
    return replace(reply, body=_halved(reply.body))
