"""What the desk and its routing engine say to each other: one JSON object a line, over two pipes.

The engine speaks first: ``Ready`` or ``Unusable``. Then every question gets one answer that bears
its number, in the order of the questions. The engine ends when its input does.
"""

from collections.abc import Sequence

import msgspec

from trafficdesk.domain.records import Place


class TimesAsked(msgspec.Struct, frozen=True, tag="times"):
    """How many seconds from each start to each end?"""

    number: int
    starts: Sequence[Place]
    ends: Sequence[Place]


class RouteAsked(msgspec.Struct, frozen=True, tag="route"):
    """Which way from one place to another?"""

    number: int
    start: Place
    end: Place


class ReachAsked(msgspec.Struct, frozen=True, tag="reach"):
    """What can be reached in so many minutes?"""

    number: int
    start: Place
    minutes: float


Question = TimesAsked | RouteAsked | ReachAsked


class Ready(msgspec.Struct, frozen=True, tag="ready"):
    """The engine has read its tiles."""

    engine: str


class Unusable(msgspec.Struct, frozen=True, tag="unusable"):
    """The engine cannot work, and starting it again would not help; a TravelFault's code."""

    code: str
    detail: str


class TimesFound(msgspec.Struct, frozen=True, tag="times_found"):
    """Seconds by start and end, None where no road leads; which places lie off the map."""

    number: int
    seconds: list[list[float | None]]
    off_starts: list[int]
    off_ends: list[int]


class RouteFound(msgspec.Struct, frozen=True, tag="route_found"):
    """A way as places, and its seconds; None where no road leads."""

    number: int
    line: list[Place]
    seconds: float | None


class ReachFound(msgspec.Struct, frozen=True, tag="reach_found"):
    """A GeoJSON geometry."""

    number: int
    geometry: dict[str, object]


class OffMap(msgspec.Struct, frozen=True, tag="off_map"):
    """A place of the question lies off the map."""

    number: int


class Failed(msgspec.Struct, frozen=True, tag="failed"):
    """The engine found no answer to this question; it may to the next."""

    number: int
    detail: str


Answer = TimesFound | RouteFound | ReachFound | OffMap | Failed
Said = Ready | Unusable | Answer

_questions: msgspec.json.Decoder[Question] = msgspec.json.Decoder(Question)
_said: msgspec.json.Decoder[Said] = msgspec.json.Decoder(Said)


def write(message: msgspec.Struct) -> bytes:
    """Return a message as one line."""
    return msgspec.json.encode(message) + b"\n"


def read_question(line: bytes) -> Question:
    """Return the question of a line.

    Raises:
        msgspec.DecodeError: it holds none.
    """
    return _questions.decode(line)


def read_said(line: bytes) -> Said:
    """Return what the engine says in a line.

    Raises:
        msgspec.DecodeError: it says nothing that is known.
    """
    return _said.decode(line)
