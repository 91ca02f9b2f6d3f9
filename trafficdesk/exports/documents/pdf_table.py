"""Tables on paper: columns as wide as they need, heads again on every page, rows in one piece."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from trafficdesk.exports.documents.sheet import INK, LEAD, SOFT, Sheet

_SIZE: Final = 8.0
_GAP: Final = 9.0
_PAD: Final = 2.6
_LEAST_WIDE: Final = 84.0
_MOST_TOLD: Final = 320.0
_LINES_AT_MOST: Final = 14
_LINES_TOGETHER: Final = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in a table, and words in small letters below them."""

    words: str
    below: str = ""
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """A column's title; ``is_right``: its words end at its right; a wide one breaks its lines."""

    title: str
    is_right: bool
    is_wide: bool


class PaperTable:
    """A table that flows down a sheet."""

    def __init__(self, sheet: Sheet, heads: Sequence[Head], rows: Sequence[Sequence[Cell]]) -> None:
        self._sheet, self._heads, self._rows = sheet, heads, rows
        self._widths = self._measure()

    def write(self) -> None:
        """Write all of it."""
        self._write_heads()
        for row in self._rows:
            lines = [
                self._broken(cell, head, width)
                for cell, head, width in zip(row, self._heads, self._widths, strict=True)
            ]
            high = max(map(_height, lines))
            if self._sheet.need(high):
                self._write_heads()
            self._write_row(row, lines, high)
        self._sheet.set_y(self._sheet.y + 6)

    def _measure(self) -> list[float]:
        room = self._sheet.room - _GAP * (len(self._heads) - 1)
        needed = [self._needed(number) for number in range(len(self._heads))]
        wide = [number for number, head in enumerate(self._heads) if head.is_wide]
        narrow = sum(each for number, each in enumerate(needed) if number not in wide)
        if not wide or room - narrow < _LEAST_WIDE * len(wide):
            scale = room / sum(needed)
            return [each * scale for each in needed]
        # Each of its least width, and of the rest as much as it has to say.
        rest = room - narrow - _LEAST_WIDE * len(wide)
        told = {number: self._told(number) for number in wide}
        return [
            _LEAST_WIDE + rest * told[number] / sum(told.values()) if number in wide else each
            for number, each in enumerate(needed)
        ]

    def _told(self, number: int) -> float:
        """Return how much a wide column has to say, within bounds."""
        self._sheet.pen(_SIZE)
        found = max((self._sheet.wide(r[number].words) for r in self._rows), default=0)
        return min(max(found, _LEAST_WIDE), _MOST_TOLD)

    def _needed(self, number: int) -> float:
        sheet, head = self._sheet, self._heads[number]
        sheet.pen(_SIZE - 0.5, "B")
        # Lines are broken by letters that stand alone, which in some scripts are wider than joined.
        title = max(
            (max(sheet.wide(word), sum(map(sheet.wide, word))) for word in head.title.split()),
            default=0.0,
        )
        sheet.pen(_SIZE, "B", columns=True)
        if head.is_wide:
            return max(title, _LEAST_WIDE)
        body = max((sheet.wide(row[number].words) for row in self._rows), default=0.0)
        return max(title, body) + 1.0

    def _broken(self, cell: Cell, head: Head, width: float) -> tuple[list[str], list[str]]:
        sheet = self._sheet
        sheet.pen(_SIZE, "B" if cell.is_strong else "", columns=head.is_right)
        words = sheet.lines(cell.words, width)[:_LINES_AT_MOST]
        sheet.pen(_SIZE - 1.2)
        return words, sheet.lines(cell.below, width) if cell.below else []

    def _write_heads(self) -> None:
        sheet = self._sheet
        sheet.pen(_SIZE - 0.5, "B", SOFT)
        lines = [sheet.lines(h.title, w) for h, w in zip(self._heads, self._widths, strict=True)]
        high = (_SIZE - 0.5) * LEAD
        tall = max(map(len, lines), default=1) * high
        sheet.need(tall + _LINES_TOGETHER * _SIZE * LEAD)
        for (head, x, width), own in zip(self._places(), lines, strict=True):
            y = sheet.y + tall - len(own) * high  # on the line, however many lines it has
            for number, line in enumerate(own):
                sheet.put(line, x, y + number * high, width, "R" if head.is_right else "L")
        sheet.set_y(sheet.y + tall + _PAD)
        sheet.rule(sheet.y)

    def _places(self) -> list[tuple[Head, float, float]]:
        x, found = self._sheet.l_margin, []
        for head, width in zip(self._heads, self._widths, strict=True):
            found.append((head, x, width))
            x += width + _GAP
        return found

    def _write_row(
        self, row: Sequence[Cell], lines: Sequence[tuple[list[str], list[str]]], high: float
    ) -> None:
        sheet = self._sheet
        for cell, (words, below), (head, x, width) in zip(row, lines, self._places(), strict=True):
            align, y = "R" if head.is_right else "L", sheet.y + _PAD
            sheet.pen(_SIZE, "B" if cell.is_strong else "", INK, columns=head.is_right)
            for line in words:
                sheet.put(line, x, y, width, align)
                y += _SIZE * LEAD
            sheet.pen(_SIZE - 1.2, "", SOFT)
            for line in below:
                sheet.put(line, x, y, width, align)
                y += (_SIZE - 1.2) * LEAD
        sheet.set_y(sheet.y + high)
        sheet.rule(sheet.y)


def _height(lines: tuple[list[str], list[str]]) -> float:
    words, below = lines
    return 2 * _PAD + LEAD * (_SIZE * max(1, len(words)) + (_SIZE - 1.2) * len(below))
