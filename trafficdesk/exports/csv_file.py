"""Comma-separated values (RFC 4180), in UTF-8 with the mark by which spreadsheets know it."""

from collections.abc import Sequence
from pathlib import Path

from trafficdesk.exports.column_text import spreadsheet_texts
from trafficdesk.exports.table import Table, Tick, Value, batched

_END = "\r\n"
_QUOTED = frozenset(',"\r\n')


def write_csv(table: Table, path: Path, tick: Tick) -> None:
    """Write a table. Raises ``OSError`` and what ``tick`` raises."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        file.write(_lines([[column.name] for column in table.columns]))
        for rows in batched(table.rows, tick):
            file.write(_lines([_fields(values) for values in zip(*rows, strict=True)]))


def _lines(columns: Sequence[Sequence[str]]) -> str:
    lines = [",".join(fields) for fields in zip(*columns, strict=True)]
    if len(columns) == 1:
        lines = [line or '""' for line in lines]  # an empty line would be no row
    return _END.join([*lines, ""])


def _fields(column: Sequence[Value]) -> Sequence[str]:
    """Return values as fields; a column in which nothing needs quotes costs four looks."""
    texts = spreadsheet_texts(column)
    together = " ".join(texts)
    if not any(mark in together for mark in _QUOTED):
        return texts
    return [text if _QUOTED.isdisjoint(text) else _quoted(text) for text in texts]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'
