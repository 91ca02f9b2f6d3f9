"""Comma-separated values, in UTF-8 with the mark by which spreadsheets know it."""

import csv
from pathlib import Path

from trafficdesk.exports.plain_text import as_text, harmless
from trafficdesk.exports.table import Table, Tick, Value, counted


def write_csv(table: Table, path: Path, tick: Tick) -> None:
    """Write a table. Raises ``OSError`` and what ``tick`` raises."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(column.name for column in table.columns)
        for row in counted(table.rows, tick):
            writer.writerow(map(_cell, row))


def _cell(value: Value) -> object:
    # A negative number is no formula; only texts come from people.
    if isinstance(value, str):
        return harmless(value)
    if isinstance(value, bool):
        return as_text(value)
    return value if isinstance(value, int | float) else as_text(value)
