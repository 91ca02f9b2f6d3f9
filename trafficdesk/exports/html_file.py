"""One page of HTML that opens anywhere and asks for nothing from outside."""

from html import escape
from pathlib import Path
from typing import Final

from trafficdesk.exports.plain_text import as_text, printable
from trafficdesk.exports.table import Kind, Row, Table, Tick, counted

_STYLE: Final = """
body { font: 14px/1.4 Inter, "Noto Sans", sans-serif; margin: 24px; color: #16202c }
h1 { font-size: 20px; margin: 0 0 4px } p { margin: 0 0 2px; color: #4c5765 }
table { border-collapse: collapse; margin-top: 16px }
th, td { text-align: start; padding: 4px 12px 4px 0; border-bottom: 1px solid #e1e5ea;
  vertical-align: top }
th { position: sticky; top: 0; background: #fff } .n { text-align: end }
@media print { th { position: static } }
"""
_NUMBERS: Final = frozenset({Kind.WHOLE, Kind.NUMBER})


def write_html(table: Table, path: Path, tick: Tick) -> None:
    """Write a table as a page."""
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<!doctype html>\n<html><head><meta charset="utf-8">'
            '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
            "style-src 'unsafe-inline'\">"
            f"<title>{_safe(table.title)}</title><style>{_STYLE}</style></head><body>\n"
            f"<h1>{_safe(table.title)}</h1>\n"
        )
        file.writelines(f"<p>{_safe(note)}</p>\n" for note in table.notes)
        heads = "".join(f"<th{_side(c.kind)}>{_safe(c.title)}</th>" for c in table.columns)
        file.write(f"<table><thead><tr>{heads}</tr></thead><tbody>\n")
        file.writelines(_line(table, row) for row in counted(table.rows, tick))
        file.write("</tbody></table></body></html>\n")


def _line(table: Table, row: Row) -> str:
    cells = (
        f"<td{_side(column.kind)}>{_safe(as_text(value))}</td>"
        for column, value in zip(table.columns, row, strict=True)
    )
    return f"<tr>{''.join(cells)}</tr>\n"


def _side(kind: Kind) -> str:
    return ' class="n"' if kind in _NUMBERS else ""


def _safe(text: str) -> str:
    return escape(printable(text))
