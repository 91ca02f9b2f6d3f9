"""A report as one page of HTML that asks for nothing from outside and prints as it looks."""

from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import Any, Final

from trafficdesk.domain.analytics.trends import Verdict
from trafficdesk.domain.reporting.charts import (
    WIDTH,
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
    Column,
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
from trafficdesk.exports.plain_text import printable

_STYLE: Final = """
@page { size: A4; margin: 14mm }
:root { color-scheme: light }
body { font: 14px/1.45 Inter, "Noto Sans", "Noto Sans Tamil", "Noto Sans Devanagari", sans-serif;
  margin: 0 auto; padding: 28px; max-width: 780px; color: #16202c; background: #fff }
h1 { font-size: 26px; line-height: 1.2; margin: 0 } h2 { font-size: 17px; margin: 30px 0 6px }
.sub { font-size: 15px; margin: 4px 0 14px; color: #4c5765 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 2px 16px; margin: 0;
  padding: 12px 14px; background: #f4f6f8; border-radius: 6px } dt { color: #4c5765 }
dd { margin: 0 } p { margin: 0 0 8px; color: #4c5765 }
table { border-collapse: collapse; width: 100%; margin: 4px 0 }
th, td { text-align: start; padding: 4px 12px 4px 0; border-bottom: 1px solid #dfe3e8;
  vertical-align: top; font-size: 13px } th { color: #4c5765; font-weight: 600;
  vertical-align: bottom }
th:last-child, td:last-child { padding-inline-end: 0 }
.n { text-align: end; font-variant-numeric: tabular-nums; white-space: nowrap }
td.k { white-space: nowrap } .d { color: #4c5765; font-size: 12px; display: block }
svg { width: 100%; height: auto; display: block; font: 11px Inter, "Noto Sans",
  "Noto Sans Tamil", "Noto Sans Devanagari", sans-serif }
.grave { border-inline-start: 4px solid #16202c; padding-inline-start: 12px }
.grave p { color: #16202c; font-weight: 600 } .worse, .total tr:last-child td { font-weight: 700 }
@media print { body { padding: 0; max-width: none } tr, svg, .keep { break-inside: avoid }
  h2 { break-after: avoid } thead { display: table-header-group } dl { background: none;
  border: 1px solid #dfe3e8 } * { print-color-adjust: exact; -webkit-print-color-adjust: exact } }
"""


def render_html(document: Document, show: Show) -> str:
    """Return a report as a page."""
    facts = "".join(f"<dt>{_safe(n)}</dt><dd>{_safe(t)}</dd>" for n, t in document.facts)
    body = "".join(_section(each, show) for each in document.sections)
    title = f"{document.title} · {document.subtitle}"
    return (
        f'<!doctype html>\n<html lang="{document.language}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width">'
        f"<title>{_safe(title)}</title><style>{_STYLE}</style></head><body>\n"
        f"<h1>{_safe(document.title)}</h1><p class=sub>{_safe(document.subtitle)}</p>"
        f"<dl>{facts}</dl>\n{body}</body></html>\n"
    )


def _safe(text: str) -> str:
    return escape(printable(text))


def _section(section: Section, show: Show) -> str:
    body = _BODIES[type(section)](section, show)
    # A chart stays with its heading; a table may go on over pages.
    keep = "" if isinstance(section, Table | Figures) else " class=keep"
    return f"<section{keep}><h2>{_safe(section.title)}</h2>{body}</section>\n"


def _about(words: str) -> str:
    return f"<p>{_safe(words)}</p>" if words else ""


def _figures(section: Figures, show: Show) -> str:
    say = show.words.say
    heads = "".join(
        f"<th{side}>{_safe(each)}</th>"
        for each, side in (
            (say("Figure"), ""),
            (section.now, " class=n"),
            (section.before, " class=n"),
            (say("Change"), " class=n"),
            (say("Told from"), " class=n"),
        )
    )
    rows = "".join(_figure_row(section, number, show) for number in range(len(section.lines)))
    return f"{_about(section.about)}<table><thead><tr>{heads}</tr></thead><tbody>{rows}</table>"


def _figure_row(section: Figures, number: int, show: Show) -> str:
    line = section.lines[number]
    worse = " worse" if line.verdict is Verdict.WORSE else ""
    change = f"{change_told(line, show)} {verdict_told(line, show)}".strip()
    return (
        f"<tr><td><b>{_safe(line.name)}</b><span class=d>{_safe(line.definition)}</span></td>"
        f"<td class=n><b>{_safe(show.value(line.value, line.kind))}</b></td>"
        f"<td class=n>{_safe(show.value(line.before, line.kind))}</td>"
        f'<td class="n{worse}">{_safe(change)}</td>'
        f"<td class=n>{_safe(show.count(line.n))}</td></tr>"
    )


def _table(section: Table, show: Show) -> str:
    if not section.rows:
        return f"{_about(section.about)}{_about(section.empty)}"
    heads = "".join(f"<th{_side(c)}>{_safe(c.title)}</th>" for c in section.columns)
    total = " class=total" if section.has_total else ""
    rows = "".join(f"<tr>{''.join(_cells(section, row, show))}</tr>" for row in section.rows)
    return (
        f"{_about(section.about)}<table{total}><thead><tr>{heads}</tr></thead><tbody>{rows}</table>"
    )


def _cells(section: Table, row: tuple[Any, ...], show: Show) -> Iterator[str]:
    for column, value in zip(section.columns, row, strict=True):
        side = _side(column) or ("" if column.is_wide else " class=k")
        yield f"<td{side}>{_safe(show.value(value, column.kind))}</td>"


def _side(column: Column) -> str:
    return " class=n" if column.is_right or is_right(column.kind) else ""


def _bars(section: Bars, show: Show) -> str:
    chart = _svg(draw_bars(section, show)) if section.bars else _about(section.empty)
    return _about(section.about) + chart


def _run(section: Run, show: Show) -> str:
    chart = _svg(draw_run(section, show)) if section.points else _about(section.empty)
    return _about(section.about) + chart


def _heat(section: Heat, _show: Show) -> str:
    chart = _svg(draw_heat(section)) if section.counts else _about(section.empty)
    return _about(section.about) + chart


def _note(section: Note, _show: Show) -> str:
    sentences = "".join(map(_about, section.sentences))
    return f"<div class=grave>{sentences}</div>" if section.is_grave else sentences


def _svg(drawing: Drawing) -> str:
    marks = "".join(map(_mark, drawing.marks))
    box = f"0 0 {WIDTH:g} {drawing.height:g}"
    return f'<svg xmlns="http://www.w3.org/2000/svg" role="img" viewBox="{box}">{marks}</svg>'


def _mark(mark: Mark) -> str:
    match mark:
        case Box(x, y, width, height, fill):
            place = f'x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}"'
            return f'<rect {place} fill="{fill}"/>'
        case Stroke(x, y, to_x, to_y, ink, width):
            place = f'x1="{x:.1f}" y1="{y:.1f}" x2="{to_x:.1f}" y2="{to_y:.1f}"'
            return f'<line {place} stroke="{ink}" stroke-width="{width:g}"/>'
        case Label(x, y, words, anchor, ink, most):
            place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
            return f'<text {place} fill="{ink}">{_safe(shortened(words, most))}</text>'


_SIGN_PX: Final = 6.2  # of a usual letter


def shortened(words: str, most_px: float) -> str:
    """Return words that take about so much room, with an ellipsis where some are left out."""
    signs = int(most_px / _SIGN_PX)
    return (
        words if len(words) <= signs else clean_line(words, signs - 1) + "\N{HORIZONTAL ELLIPSIS}"
    )


_BODIES: Final[Mapping[type, Callable[[Any, Show], str]]] = {
    Figures: _figures,
    Table: _table,
    Bars: _bars,
    Run: _run,
    Heat: _heat,
    Note: _note,
}
