"""How a list lies on paper: how wide its columns are, and on which line of a row each stands."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QFontMetricsF

from trafficdesk.exports.plain_text import as_text
from trafficdesk.exports.table import Kind, Row, Table

_GAP_PX = 10.0
_MOST_PX = 200.0
_NUMBERS = frozenset({Kind.WHOLE, Kind.NUMBER})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column stands: its number, the line of a row, and from where to where."""

    number: int
    line: int
    left: float
    width: float
    is_number: bool


def places_of(
    table: Table, tried: Sequence[Row], width: float, metrics: QFontMetricsF
) -> tuple[Place, ...]:
    """Return the places of a table's columns by what is in the first of its rows.

    What does not fit beside the others stands on a further line of each row: nothing is left out.
    """
    found: list[Place] = []
    left, line = 0.0, 0
    for number, column in enumerate(table.columns):
        words = [column.title, *(as_text(row[number]) for row in tried)]
        needed = min(max(map(metrics.horizontalAdvance, words)) + 1, _MOST_PX)
        if left and left + needed > width:
            left, line = 0.0, line + 1
        found.append(Place(number, line, left, needed, column.kind in _NUMBERS))
        left += needed + _GAP_PX
    return tuple(found)
