"""What tables of figures are made of: columns, and rows of cells that may carry a bar."""

from dataclasses import dataclass
from enum import Enum
from typing import Final

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.exports.table import Value

# Of what a city may have 50,000 of: nobody reads more, and to make more would hold keys up.
MOST_ROWS: Final = 500


class Look(Enum):
    """How a column's cells are drawn."""

    TEXT = 0  # takes the room that is left
    NUMBER = 1
    BAR = 2  # a number after a bar, as long as its share of the longest
    DEVIATION = 3  # a number beside a bar that leans away from a middle line
    RANK = 4
    WORD = 5  # as wide as its longest
    SPARK = 6  # a small line; its text is read, and shown under the mouse


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, how it is drawn, and how soon it gives way where room is short.

    ``unit`` is that of its cells' values, ``is_mixed``: they have several, and only their texts
    tell them; ``is_personal``: its values tell of people.
    """

    title: str
    look: Look = Look.NUMBER
    yields: int = 0  # 0 never; the highest number goes first
    told: str = ""  # what the heading means, for its tooltip
    unit: str = ""
    is_mixed: bool = False
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as it is read; ``share`` from -1 to 1 is the length of its bar.

    ``told`` is said by a screen reader in the text's place, where a mark says more than the text.
    ``value`` is the figure itself, for whoever goes on counting with it; ``spark`` how it ran.
    """

    text: str
    share: float = 0.0
    is_strong: bool = False
    is_faint: bool = False
    severity: Severity | None = None
    told: str = ""
    value: Value = None
    spark: tuple[float | None, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what it stands for, its cells, and the reports behind it if they can be listed.

    ``subject`` is whatever else opens with the row (a place on the map).
    """

    key: object
    cells: tuple[Cell, ...]
    wanted: ReportFilter | None = None
    tip: str = ""
    subject: object = None


NOTHING = Cell("\N{EN DASH}", is_faint=True)
