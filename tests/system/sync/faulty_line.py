"""A line that fails as real ones do: before the server hears, after it has, twice over, garbled."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from trafficdesk.sync.errors import Fault, LineError
from trafficdesk.sync.line import Call, Line, ServerAddress


@dataclass
class Faults:
    """How often each fault strikes, drawn from one seeded source; ``struck`` counts them.

    ``meanwhile`` is what happens at the desk while a call is on its way.
    """

    draw: random.Random
    rate: float = 0.0
    struck: dict[str, int] = field(default_factory=dict)
    meanwhile: Callable[[Line], None] = lambda _line: None

    def next(self) -> str:
        """Return the fault of the next call, '' for none."""
        if self.draw.random() >= self.rate:
            return ""
        kind = self.draw.choice(("unheard", "unanswered", "doubled", "cut"))
        self.struck[kind] = self.struck.get(kind, 0) + 1
        return kind


class FaultyLine(Line):
    """A real line to a real server, on which ``faults`` strike."""

    def __init__(self, address: ServerAddress, faults: Faults) -> None:
        super().__init__(address)
        self.faults = faults

    def fetch(self, call: Call) -> bytes:
        kind = self.faults.next()
        self.faults.meanwhile(self)
        if kind == "unheard":
            raise LineError(Fault.NO_ANSWER)
        answer = super().fetch(call)
        if kind == "doubled":
            answer = super().fetch(call)
        if kind == "unanswered":
            raise LineError(Fault.CUT_OFF)
        return answer[: len(answer) // 2] if kind == "cut" else answer
