"""What each library's own writer does with rows that are ready: the peers of exports."""

import csv
import json
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import xlsxwriter
from pyarrow.parquet import ParquetWriter
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter

from trafficdesk.exports.table import Kind, Row
from trafficdesk.exports.writing import Format
from trafficdesk.services.exporting import COLUMNS

Rows = Sequence[Row]
_NAMES = [name for name, _ in COLUMNS]
_GROUP = 20_000
_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.TIME: pa.timestamp("ms", tz="UTC"),
    Kind.FLAG: pa.bool_(),
}
_LINE, _LINES, _ACROSS = 11.0, 70, 24


def _write_csv(rows: Rows, path: Path) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_NAMES)
        writer.writerows(rows)


def _write_xlsx(rows: Rows, path: Path) -> None:
    options = {"constant_memory": True, "remove_timezone": True, "strings_to_formulas": False}
    book = xlsxwriter.Workbook(str(path), options)
    sheet, form = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, datetime):
                sheet.write_datetime(number, place, value, form)
            else:
                sheet.write(number, place, value)
    book.close()


def _write_json(rows: Rows, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            json.dump(dict(zip(_NAMES, row, strict=True)), file, default=datetime.isoformat)


def _write_geopackage(rows: Rows, path: Path) -> None:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA journal_mode = OFF")
    connection.execute(f"CREATE TABLE reports (fid INTEGER PRIMARY KEY, {', '.join(_NAMES)})")
    marks = ", ".join("?" * len(_NAMES))
    insert = f"INSERT INTO reports ({', '.join(_NAMES)}) VALUES ({marks})"
    told = (tuple(v.isoformat() if isinstance(v, datetime) else v for v in row) for row in rows)
    connection.executemany(insert, told)
    connection.commit()
    connection.close()


def _write_parquet(rows: Rows, path: Path) -> None:
    schema = pa.schema([(name, _ARROW[kind]) for name, kind in COLUMNS])
    with ParquetWriter(path, schema, compression="zstd") as writer:
        for start in range(0, len(rows), _GROUP):
            columns = zip(*rows[start : start + _GROUP], strict=True)
            arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
            writer.write_batch(pa.record_batch(arrays, schema=schema))


def _write_pdf(rows: Rows, path: Path) -> None:
    writer = QPdfWriter(str(path))
    writer.setPageSize(QPageSize(QPageSize.PageSizeId.A4))
    writer.setResolution(96)
    painter = QPainter(writer)
    for number, row in enumerate(rows):
        if number and number % (_LINES // 2) == 0:
            writer.newPage()
        y = number % (_LINES // 2) * 2 * _LINE
        for place, value in enumerate(row):
            if value not in {None, ""}:
                told = value.isoformat() if isinstance(value, datetime) else str(value)
                at = QPointF(place % (_ACROSS // 2) * 60.0, y + place // (_ACROSS // 2) * _LINE)
                painter.drawText(at, told)
    painter.end()


WRITERS: Mapping[Format, Callable[[Rows, Path], Any]] = {
    Format.CSV: _write_csv,
    Format.XLSX: _write_xlsx,
    Format.JSON: _write_json,
    Format.GEOJSON: _write_json,
    Format.GEOPACKAGE: _write_geopackage,
    Format.PARQUET: _write_parquet,
    Format.PDF: _write_pdf,
}
