"""How the making of a demo is watched and stopped."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

_Thing = TypeVar("_Thing")


class Stage(StrEnum):
    """What is being made."""

    PEOPLE = "people"
    MANY_REPORTS = "many_reports"
    PICTURES = "pictures"
    DECISIONS = "decisions"
    MAP = "map"


Progress = Callable[[Stage, int, int], None]
Cancelled = Callable[[], bool]


class DemoCancelledError(Exception):
    """The user stopped the making; whoever catches it removes what was made."""


def _tell_nobody(_stage: Stage, _done: int, _total: int) -> None:
    """Tell nobody."""


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how far it is, and who is asked whether to go on."""

    progress: Progress = field(default=_tell_nobody)
    cancelled: Cancelled = field(default=_never)

    def each(
        self, stage: Stage, things: Iterable[_Thing], total: int, step: int = 1
    ) -> Iterator[_Thing]:
        """Yield the things, telling after every ``step`` of them.

        Raises:
            DemoCancelledError: the user wants it stopped.
        """
        self.progress(stage, 0, total)
        for done, thing in enumerate(things, 1):
            if done % step == 0 and self.cancelled():
                raise DemoCancelledError
            yield thing
            if done % step == 0 or done == total:
                self.progress(stage, done, total)
