"""What every receiver is to the one thread that listens to it."""

from collections.abc import Generator
from dataclasses import dataclass
from enum import Enum
from typing import Final, Protocol

from trafficdesk.position.fix import Fix

POLL_S: Final = 0.25  # how long a receiver may wait for bytes before it says that none came
CHUNK_BYTES: Final = 4096


class Quiet(Enum):
    """Nothing that was understood: silence, or bytes that mean nothing."""

    SILENCE = "silence"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class Signal:
    """The receiver talks but has no position now; ``satellites`` it uses, if it tells."""

    satellites: int | None = None


Heard = Fix | Signal | Quiet


class Receiver(Protocol):
    """Something that can be listened to, again and again."""

    def listen(self) -> Generator[Heard, None, None]:
        """Open the source and yield what comes, at least every ``POLL_S``, until it is closed.

        An end without an error means that nothing will ever come again.

        Raises:
            SourceError: it cannot be opened, or broke off.
        """
        ...
