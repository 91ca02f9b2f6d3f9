"""A report as a PDF by fpdf2 and HarfBuzz: the same pages from a desk and from a server."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from trafficdesk.domain.analytics.trends import Verdict
from trafficdesk.domain.reporting.charts import (
    WIDTH,
    Anchor,
    Box,
    Drawing,
    Label,
    Mark,
    Stroke,
    draw_bars,
    draw_heat,
    draw_run,
)
from trafficdesk.domain.reporting.document import (
    Bars,
    Document,
    Figures,
    Heat,
    Note,
    Run,
    Section,
    Table,
)
from trafficdesk.domain.reporting.figures import Show
from trafficdesk.domain.reporting.telling import change_told, verdict_told
from trafficdesk.domain.texts import clean_line
from trafficdesk.exports.documents.aligning import is_right
from trafficdesk.exports.documents.pdf_table import Cell, Head, PaperTable
from trafficdesk.exports.documents.sheet import INK, LEAD, SOFT, Sheet

_TOLD: Final = 8.5
_BEGINNING: Final = 120.0  # a heading, a table's heads and its first rows
_HEADING: Final = 12.0
_LETTERS: Final = 10.5  # of a chart, before it is made as wide as the paper


def write_pdf(document: Document, path: Path, show: Show) -> None:
    """Write a report. Raises ``OSError``."""
    foot = f"{document.title} · {document.subtitle}"
    pages = show.words.say("Page {number} of {pages}")
    sheet = Sheet(foot, foot, pages, datetime.now(UTC))
    try:
        _write_head(sheet, document)
        for section in document.sections:
            _write_section(sheet, section, show)
        sheet.output(str(path))
    finally:
        sheet.close_fonts()


def _write_head(sheet: Sheet, document: Document) -> None:
    sheet.pen(20, "B")
    sheet.paragraph(document.title, after=0)
    sheet.pen(11, "", SOFT)
    sheet.paragraph(document.subtitle, after=8)
    sheet.pen(8.5)
    names = max(sheet.wide(name) for name, _ in document.facts) + 14
    sheet.rule(sheet.y)
    sheet.set_y(sheet.y + 5)
    for name, told in document.facts:
        sheet.pen(8.5, "", SOFT)
        sheet.put(name, sheet.l_margin, sheet.y, names)
        sheet.pen(8.5)
        for line in sheet.lines(told, sheet.room - names):
            sheet.put(line, sheet.l_margin + names, sheet.y, sheet.room - names)
            sheet.set_y(sheet.y + 8.5 * LEAD)
    sheet.set_y(sheet.y + 4)
    sheet.rule(sheet.y)


def _write_section(sheet: Sheet, section: Section, show: Show) -> None:
    drawing = _drawing_of(section, show)
    about = "" if isinstance(section, Note) else section.about
    sheet.pen(_TOLD, "", SOFT)
    told = len(sheet.lines(about, sheet.room)) * _TOLD * LEAD if about else 0.0
    high = _BEGINNING + told if drawing is None else drawing.height * sheet.room / WIDTH + 60
    sheet.set_y(sheet.y + 14)
    sheet.need(min(high, sheet.whole))
    sheet.pen(_HEADING, "B")
    sheet.paragraph(section.title, after=2)
    if about:
        sheet.pen(_TOLD, "", SOFT)
        sheet.paragraph(about)
    if drawing is not None:
        _draw(sheet, drawing)
    else:
        _BODIES.get(type(section), _write_empty)(sheet, section, show)


def _drawing_of(section: Section, show: Show) -> Drawing | None:
    match section:
        case Bars() if section.bars:
            return draw_bars(section, show)
        case Run() if section.points:
            return draw_run(section, show)
        case Heat() if section.counts:
            return draw_heat(section)
    return None


def _write_empty(sheet: Sheet, section: Table | Bars | Run | Heat, _show: Show) -> None:
    sheet.pen(8.5, "", SOFT)
    sheet.paragraph(section.empty)


def _write_note(sheet: Sheet, section: Note, _show: Show) -> None:
    for sentence in section.sentences:
        sheet.pen(9, "B" if section.is_grave else "", INK if section.is_grave else SOFT)
        sheet.paragraph(sentence)


def _write_figures(sheet: Sheet, section: Figures, show: Show) -> None:
    say = show.words.say
    titles = (say("Figure"), section.now, section.before, say("Change"), say("Told from"))
    heads = [Head(title, is_right=i > 0, is_wide=i == 0) for i, title in enumerate(titles)]
    rows = [
        (
            Cell(line.name, line.definition, is_strong=True),
            Cell(show.value(line.value, line.kind), is_strong=True),
            Cell(show.value(line.before, line.kind)),
            Cell(
                f"{change_told(line, show)} {verdict_told(line, show)}".strip(),
                is_strong=line.verdict is Verdict.WORSE,
            ),
            Cell(show.count(line.n)),
        )
        for line in section.lines
    ]
    PaperTable(sheet, heads, rows).write()


def _write_table(sheet: Sheet, section: Table, show: Show) -> None:
    if not section.rows:
        _write_empty(sheet, section, show)
        return
    heads = [Head(c.title, c.is_right or is_right(c.kind), c.is_wide) for c in section.columns]
    last = len(section.rows) - 1 if section.has_total else -1
    rows = [
        [
            Cell(show.value(value, column.kind), is_strong=number == last)
            for value, column in zip(row, section.columns, strict=True)
        ]
        for number, row in enumerate(section.rows)
    ]
    PaperTable(sheet, heads, rows).write()


_BODIES: Final[Mapping[type, Callable[[Sheet, Any, Show], None]]] = {
    Figures: _write_figures,
    Table: _write_table,
    Note: _write_note,
}


def _draw(sheet: Sheet, drawing: Drawing) -> None:
    scale, top = sheet.room / WIDTH, sheet.y
    for mark in drawing.marks:
        _draw_mark(sheet, mark, top, scale)
    sheet.set_y(top + drawing.height * scale + 4)


def _draw_mark(sheet: Sheet, mark: Mark, top: float, scale: float) -> None:
    left = sheet.l_margin
    match mark:
        case Box(x, y, width, height, fill):
            sheet.set_fill_color(fill)
            sheet.rect(left + x * scale, top + y * scale, width * scale, height * scale, style="F")
        case Stroke(x, y, to_x, to_y, ink, width):
            sheet.set_draw_color(ink)
            sheet.set_line_width(width * scale)
            sheet.line(left + x * scale, top + y * scale, left + to_x * scale, top + to_y * scale)
        case Label():
            _draw_label(sheet, mark, top, scale)


def _draw_label(sheet: Sheet, label: Label, top: float, scale: float) -> None:
    sheet.pen(_LETTERS * scale, "", str(label.ink), columns=label.words[:1].isdigit())
    words, most = label.words, label.most * scale
    signs = len(words)
    while signs > 1 and sheet.wide(words) > most:
        signs -= 1
        words = clean_line(label.words, signs) + "\N{HORIZONTAL ELLIPSIS}"
    wide = sheet.wide(words)
    shift = {Anchor.START: 0.0, Anchor.MIDDLE: wide / 2, Anchor.END: wide}[label.anchor]
    # Its base line is where the chart wants it: ``put`` centres words in the height of a line.
    base = top + label.y * scale - _LETTERS * scale * (LEAD / 2 + 0.3)
    sheet.put(words, sheet.l_margin + label.x * scale - shift, base, wide + 1)
