"""What is written column by column, a thousand rows at once, is what one by one would be."""

import csv
import sqlite3
import tracemalloc
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest

from trafficdesk.exports import parquet_file
from trafficdesk.exports.plain_text import MOST, as_text, harmless
from trafficdesk.exports.table import Column, Kind, Row, Table, Value, batched
from trafficdesk.exports.writing import LISTS, Format, write_table

AT = datetime(2026, 3, 29, 1, 30, 59, 987_000, UTC)
CHENNAI = timezone(timedelta(hours=5, minutes=30))
EARLIEST = datetime(1, 1, 1, tzinfo=UTC)
LAST = 2_499  # in the third thousand, alone among harmless ones
PLAIN: dict[str, Value] = {
    "word": "Gandhipuram",
    "whole": 4,
    "number": -0.1,
    "time": AT,
    "flag": True,
}
ODD: dict[str, tuple[Value, ...]] = {
    "word": ("=1+1", " \t@x", 'a "b", c', "a\rb", "a\nb", "", "-", "வ" * (MOST + 5), None),
    "whole": (None, -3, 0, 2**40),
    "number": (None, 1e-9, 1e22, 76.9674, 11.0, 3),
    "time": (
        None,
        AT.replace(microsecond=0),
        AT.astimezone(CHENNAI),
        datetime(1, 1, 1, tzinfo=UTC),
    ),
    "flag": (None, False),
}


def _never(_done: int) -> None:
    return


def _as_read(value: Value) -> str:
    return harmless(value) if isinstance(value, str) else as_text(value)


def _written(rows: list[Row], names: tuple[str, ...], folder: Path) -> list[list[str]]:
    path = folder / "list.csv"
    columns = tuple(Column(name, name) for name in names)
    write_table(Table("list", "List", columns, iter(rows)), path, Format.CSV, _never)
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *read = csv.reader(file)
    assert head == list(names)
    return read


@pytest.mark.parametrize(
    ("name", "value"), [(name, value) for name, values in ODD.items() for value in values]
)
def test_one_odd_value_in_a_long_column_is_written_as_it_must(
    name: str, value: Value, tmp_path: Path
) -> None:
    rows: list[Row] = [tuple(PLAIN.values())] * LAST
    rows.append(tuple((PLAIN | {name: value}).values()))
    read = _written(rows, tuple(PLAIN), tmp_path)
    assert len(read) == len(rows)
    for told, row in ((read[0], rows[0]), (read[-1], rows[-1])):
        for text, meant in zip(told, row, strict=True):
            if isinstance(meant, float) and text:
                assert float(text) == meant
            else:
                assert text == _as_read(meant)


def test_a_row_of_nothing_is_a_row(tmp_path: Path) -> None:
    rows: list[Row] = [("a",), ("",), (None,), ("b",)]
    assert _written(rows, ("word",), tmp_path) == [["a"], [""], [""], ["b"]]


def test_times_of_a_geopackage_are_in_utc_with_milliseconds(tmp_path: Path) -> None:
    path = tmp_path / "list.gpkg"
    times = (AT, AT.astimezone(CHENNAI), AT.replace(microsecond=0), None)
    columns = (Column("at", "At", Kind.TIME),)
    rows = [(time,) for time in times]
    write_table(Table("list", "List", columns, rows), path, Format.GEOPACKAGE, _never)
    connection = sqlite3.connect(path)
    told = [at for (at,) in connection.execute("SELECT at FROM list ORDER BY fid")]
    connection.close()
    whole = "2026-03-29T01:30:59.987Z"
    assert told == [whole, whole, "2026-03-29T01:30:59.000Z", None]


@pytest.mark.parametrize(
    ("rows", "told"), [(0, [0]), (999, [999]), (1_000, [1_000]), (2_001, [1_000, 2_000, 2_001])]
)
def test_how_far_it_is_is_told_every_thousand_rows(rows: int, told: list[int]) -> None:
    ticks = list[int]()
    batches = batched(((number,) for number in range(rows)), ticks.append)
    assert sum(map(len, batches)) == rows
    assert ticks == told


def _peak(form: Format, rows: int, path: Path) -> int:
    """Return how many bytes Python holds at most while so many rows are written."""
    told = ((f"row {number} of a long list", 76.9, number) for number in range(rows))
    kinds = {"word": Kind.TEXT, "lon": Kind.NUMBER, "whole": Kind.WHOLE}
    columns = tuple(Column(name, name, kind) for name, kind in kinds.items())
    tracemalloc.start()
    try:
        write_table(Table("list", "List", columns, told, (1, 1)), path, form, _never)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("form", [form for form in LISTS if form is not Format.PDF])
def test_a_list_four_times_as_long_takes_no_more_memory(
    form: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_file, "_GROUP", 1_000)  # so that a short list has several, too
    path = tmp_path / f"list.{form}"
    _peak(form, 3_000, path)  # loads and warms what a format needs
    assert _peak(form, 12_000, path) < _peak(form, 3_000, path) + 200_000
