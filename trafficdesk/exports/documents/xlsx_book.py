"""A report as a workbook: a sheet about itself, and one for each section, numbers as numbers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from trafficdesk.domain.reporting.document import (
    Bars,
    Document,
    Figures,
    Heat,
    Kind,
    Note,
    Run,
    Section,
    Table,
    Value,
)
from trafficdesk.domain.reporting.figures import Show, date_of, moment_of
from trafficdesk.domain.reporting.telling import verdict_told
from trafficdesk.exports.plain_text import harmless

_NAME: Final = 31
_NO_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_MONTHS: Final = 12
_PARTS: Final = {Kind.MS: 86_400_000, Kind.MONEY: 100}  # a day, the currency's whole
_WIDE: Final = 60
_FORMATS: Final[Mapping[Kind, str]] = {
    Kind.COUNT: "#,##0",
    Kind.SHARE: "0.0%",
    Kind.MS: "[h]:mm:ss",
    Kind.DAYS: "0",
    Kind.MONEY: "#,##0.00",
    Kind.SCORE: "0.0",
    Kind.KAPPA: "0.00",
    Kind.RATE: "0.0",
    Kind.NUMBER: "0.0",
    Kind.CHANCE: "0.0000",
    Kind.TIMES: "0.0",
    Kind.DEGREES: "0.00000",
    Kind.DAY: "yyyy-mm-dd",
    Kind.MONTH: "mmm yyyy",
    Kind.MOMENT: "yyyy-mm-dd hh:mm",
    Kind.TEXT: "@",
}
_TIMES: Final = frozenset({Kind.DAY, Kind.MONTH, Kind.MOMENT})
_Line = Sequence[tuple[Value, Kind]]


def write_xlsx(document: Document, path: Path, show: Show) -> None:
    """Write a report. Raises ``OSError``."""
    import xlsxwriter  # large, and most desks never need it

    book = xlsxwriter.Workbook(
        str(path), {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    )
    try:
        writer = _Book(book, show)
        writer.add_front(document)
        for section in document.sections:
            writer.add_section(section)
    finally:
        book.close()


@dataclass
class _Book:
    """A workbook that grows sheet by sheet."""

    _book: Any
    _show: Show
    _names: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        make = self._book.add_format
        self._bold = make({"bold": True})
        self._head = make({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self._title = make({"bold": True, "font_size": 16})
        self._wrapped = make({"text_wrap": True, "valign": "top"})
        self._formats = {
            kind: make({"num_format": told, "align": "left" if kind in _TIMES else ""})
            for kind, told in _FORMATS.items()
        }

    def add_front(self, document: Document) -> None:
        """Write what the report says of itself."""
        sheet = self._book.add_worksheet(self._name(self._show.words.say("Report")))
        sheet.set_column(0, 0, 22)
        sheet.set_column(1, 1, 90)
        sheet.write_string(0, 0, harmless(document.title), self._title)
        sheet.write_string(1, 0, harmless(document.subtitle))
        for number, (name, told) in enumerate(document.facts, start=3):
            sheet.write_string(number, 0, harmless(name), self._bold)
            sheet.write_string(number, 1, harmless(told), self._wrapped)

    def add_section(self, section: Section) -> None:
        """Write a section as a sheet: its words, then its heads and rows."""
        sheet = self._book.add_worksheet(self._name(section.title))
        sheet.write_string(0, 0, harmless(section.title), self._title)
        heads, rows = _ROWS[type(section)](section, self._show)
        lines, top = list(rows), 1
        for words in _words_of(section, is_empty=not lines):
            sheet.write_string(top, 0, harmless(words))
            top += 1
        if not lines:
            return
        for place, head in enumerate(heads):
            sheet.write_string(top, place, harmless(head), self._head)
            longest = max(len(self._show.value(*line[place])) for line in lines)
            sheet.set_column(place, place, min(max(longest, len(head) // 2, 9) + 3, _WIDE))
        sheet.freeze_panes(top + 1, 1)
        for number, line in enumerate(lines, start=top + 1):
            for place, (value, kind) in enumerate(line):
                if value is not None:
                    told = _told(value, kind, self._show.offset_ms)
                    sheet.write(number, place, told, self._formats[kind])

    def _name(self, title: str) -> str:
        plain = _NO_NAME.sub(" ", title).strip()[:_NAME] or "-"
        name, number = plain, 2
        while name.casefold() in self._names:
            name = f"{plain[: _NAME - 3]} {number}"
            number += 1
        self._names.add(name.casefold())
        return name


def _told(value: str | float, kind: Kind, offset_ms: int) -> str | float | date | datetime:
    """Return a value as a workbook keeps it: parts of days, whole currency, dates."""
    if isinstance(value, str):
        return harmless(value)
    if kind in _PARTS:
        return value / _PARTS[kind]
    match kind:
        case Kind.DAY:
            return date_of(int(value))
        case Kind.MONTH:
            year, month = divmod(int(value), _MONTHS)
            return date(year, month + 1, 1)
        case Kind.MOMENT:
            return moment_of(value, offset_ms)
        case _:
            return value


def _words_of(section: Section, *, is_empty: bool) -> Iterator[str]:
    if isinstance(section, Note):
        yield from section.sentences
        return
    if section.about:
        yield section.about
    if is_empty and not isinstance(section, Figures):
        yield section.empty


def _figure_rows(section: Figures, show: Show) -> tuple[Sequence[str], Iterator[_Line]]:
    say, text = show.words.say, Kind.TEXT
    heads = (
        *(say("Figure"), section.now, section.before),
        *(say("Change"), say("Told from"), say("What it counts")),
    )
    return heads, (
        (
            (line.name, text),
            (line.value, line.kind),
            (line.before, line.kind),
            (verdict_told(line, show), text),
            (line.n, Kind.COUNT),
            (line.definition, text),
        )
        for line in section.lines
    )


def _table_rows(section: Table, _show: Show) -> tuple[Sequence[str], Iterator[_Line]]:
    kinds = [column.kind for column in section.columns]
    return [column.title for column in section.columns], (
        tuple(zip(row, kinds, strict=True)) for row in section.rows
    )


def _bar_rows(section: Bars, _show: Show) -> tuple[Sequence[str], Iterator[_Line]]:
    return section.heads, (((name, Kind.TEXT), (n, Kind.COUNT)) for name, n in section.bars)


def _run_rows(section: Run, show: Show) -> tuple[Sequence[str], Iterator[_Line]]:
    say = show.words.say
    heads = (*section.heads, say("Expected"), say("Low"), say("High"))
    return heads, (
        (
            (each.label, Kind.TEXT),
            (None if each.is_expected else each.value, Kind.COUNT),
            (each.value if each.is_expected else None, Kind.NUMBER),
            (each.low, Kind.NUMBER),
            (each.high, Kind.NUMBER),
        )
        for each in section.points
    )


def _heat_rows(section: Heat, _show: Show) -> tuple[Sequence[str], Iterator[_Line]]:
    return ("", *section.columns), (
        ((name, Kind.TEXT), *((n, Kind.COUNT) for n in row))
        for name, row in zip(section.rows, section.counts, strict=False)
    )


def _no_rows(_section: Note, _show: Show) -> tuple[Sequence[str], Iterator[_Line]]:
    return (), iter(())


_ROWS: Final[Mapping[type, Callable[[Any, Show], tuple[Sequence[str], Iterator[_Line]]]]] = {
    Figures: _figure_rows,
    Table: _table_rows,
    Bars: _bar_rows,
    Run: _run_rows,
    Heat: _heat_rows,
    Note: _no_rows,
}
