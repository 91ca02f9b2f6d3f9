"""What is written to a file: columns, and rows that come one after the other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

# Neither is ever a list: a million rows go through in the room of one.
Value = str | int | float | bool | datetime | None
Row = Sequence[Value]


class Kind(StrEnum):
    """What a column's values are. Times are aware; flags are yes or no."""

    TEXT = "text"
    WHOLE = "whole"
    NUMBER = "number"
    TIME = "time"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its name, in lower case with underscores, and its words for people."""

    name: str
    title: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; ``place`` are the numbers of the columns of longitude and latitude.

    ``notes`` say what was asked, when, and how old the data is; formats that have a place for
    that carry them.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Iterable[Row]
    place: tuple[int, int] | None = None
    notes: tuple[str, ...] = ()


class ExportCancelledError(Exception):
    """Whoever asked for the file thought better of it; nothing is left of it."""


# Told how many rows are written; raises ``ExportCancelledError`` to stop.
Tick = Callable[[int], None]
TICK_EVERY = 1_000


def counted(rows: Iterable[Row], tick: Tick) -> Iterable[Row]:
    """Yield rows and tell how many there were, every thousand and at the end."""
    done = 0
    for done, row in enumerate(rows, start=1):
        yield row
        if done % TICK_EVERY == 0:
            tick(done)
    tick(done)


def batched(rows: Iterable[Row], tick: Tick) -> Iterator[list[Row]]:
    """Yield rows by the thousand, which formats write column by column; tell likewise."""
    waiting, done = iter(rows), 0
    while batch := list(islice(waiting, TICK_EVERY)):
        yield batch
        done += len(batch)
        tick(done)
    if not done:
        tick(done)
