"""Commands of screens that were not opened yet: to be listed and given keys, not to be done."""

from collections.abc import Callable
from dataclasses import replace

from trafficdesk.qt.commands import Command


class NotOpened:
    """Stands for a screen that is not there: whatever is asked of it is not there either."""

    def __getattr__(self, name: str) -> "NotOpened":
        return self

    def __call__(self, *args: object) -> "NotOpened":
        return self


def outlines(make: Callable[..., list[Command]]) -> list[Command]:
    """Return what ``make`` would return for an open screen, with nothing behind it."""
    return [
        replace(command, handler=_nothing, refusal=None, detail=None)
        for command in make(NotOpened())
    ]


def _nothing() -> None:
    """Do nothing: the command is only listed."""
