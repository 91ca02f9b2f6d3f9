"""Drawing the pictures of many reports, in processes of their own where that pays."""

import os
import subprocess
import sys
from collections.abc import Generator, Sequence
from contextlib import suppress

import msgspec

from trafficdesk.domain.demo.town import ZONE
from trafficdesk.services.demo.scenes import SceneBrief, pictures_of
from trafficdesk.services.pictures import Examined, examine

MAX_WORKERS = 4
_WORTH_WORKERS = 24
_LENGTH_BYTES = 4
_SERVE = "from trafficdesk.services.demo.illustrating import serve; serve()"

Order = tuple[SceneBrief, int]


def illustrations(
    orders: Sequence[Order], workers: int | None = None
) -> Generator[list[Examined], None, None]:
    """Yield the examined pictures of each order (brief, number of pictures), in order.

    Many orders are dealt to processes, as many as there are cores and at most four; what a
    process fails to answer is drawn here.
    """
    team = [_Worker(orders[i::size]) for size in [_team_size(orders, workers)] for i in range(size)]
    try:
        for number, order in enumerate(orders):
            found = team[number % len(team)].take() if team else None
            yield illustrate(order) if found is None else found
    finally:
        for worker in team:
            worker.dismiss()


def illustrate(order: Order) -> list[Examined]:
    """Draw the pictures of one order and look at them as at any upload."""
    brief, count = order
    files = pictures_of(brief, count) if count else []
    found = [examine(content, ZONE) for content in files]
    return [picture for picture in found if isinstance(picture, Examined)]


def serve() -> None:
    """Answer the orders on the standard input, one length and message each; a worker's main."""
    orders = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=list[Order])
    for order in orders:
        answer = msgspec.msgpack.encode(illustrate(order))
        sys.stdout.buffer.write(len(answer).to_bytes(_LENGTH_BYTES, "big") + answer)
        sys.stdout.buffer.flush()


def _team_size(orders: Sequence[Order], wanted: int | None) -> int:
    if wanted is not None:
        return wanted
    cores = os.cpu_count() or 1
    # A frozen program is no interpreter that could be started with a line of code.
    alone = cores == 1 or len(orders) < _WORTH_WORKERS or getattr(sys, "frozen", False)
    return 0 if alone else min(MAX_WORKERS, cores)


class _Worker:
    """A process that draws its share; ``take`` returns its answers one by one."""

    def __init__(self, orders: Sequence[Order]) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter with a constant line
            [sys.executable, "-c", _SERVE],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        if self._process.stdin is not None:
            with suppress(OSError), self._process.stdin as pipe:  # it may have died already
                pipe.write(msgspec.msgpack.encode(list(orders)))

    def take(self) -> list[Examined] | None:
        """Return the next answer; None when the process is gone."""
        pipe = self._process.stdout
        length = b"" if pipe is None else pipe.read(_LENGTH_BYTES)
        if pipe is None or len(length) < _LENGTH_BYTES:
            return None
        answer = pipe.read(int.from_bytes(length, "big"))
        try:
            return msgspec.msgpack.decode(answer, type=list[Examined])
        except msgspec.DecodeError:
            return None

    def dismiss(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        if self._process.stdout is not None:
            self._process.stdout.close()
