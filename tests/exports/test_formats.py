"""Every format holds every row, shows texts as texts, and is whole or not there."""

import csv
import json
import re
import sqlite3
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from random import Random

import pytest
from pyarrow.parquet import ParquetFile

from trafficdesk.exports.table import Column, ExportCancelledError, Kind, Row, Table
from trafficdesk.exports.writing import LISTS, Format, format_of, write_table

ROOT = Path(__file__).parent.parent.parent
AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "  =1",
    "</td><script>x()",
    "a\x00b",
]
COLUMNS = (
    Column("reference", "Reference"),
    Column("severity", "Severity", Kind.WHOLE),
    Column("lon", "Longitude", Kind.NUMBER),
    Column("lat", "Latitude", Kind.NUMBER),
    Column("occurred_at", "Occurred", Kind.TIME),
    Column("escalated", "Escalated", Kind.FLAG),
    Column("description", "Description"),
)


def _rows() -> Iterator[Row]:
    texts = [*HOSTILE, "வண்டி ஓட்டுகிறார்", 'quotes " and, commas\nand lines', None]
    for number, text in enumerate(texts):
        lon, lat = (None, None) if number == 3 else (round(76.9 + number / 100, 2), 11.0)
        yield (f"CBE-{number}", number % 4, lon, lat, AT, number % 2 == 0, text)


COUNT = len(list(_rows()))
# Paper is Qt's, and is tried where Qt is.
HERE = tuple(form for form in LISTS if form is not Format.PDF)


def _table() -> Table:
    return Table("reports", "Reports <all>", COLUMNS, _rows(), (2, 3), ("Data as of noon",))


def _never(_done: int) -> None:
    return


@pytest.fixture
def write(tmp_path: Path) -> Callable[[Format], Path]:
    def make(form: Format) -> Path:
        path = tmp_path / f"list.{form}"
        write_table(_table(), path, form, _never)
        assert [each.name for each in tmp_path.iterdir()] == [path.name]
        return path

    return make


Write = Callable[[Format], Path]


def test_comma_separated_values(write: Write) -> None:
    path = write(Format.CSV)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file)
    assert head == [column.name for column in COLUMNS]
    assert len(rows) == COUNT
    assert rows[1][1:6] == ["1", "76.91", "11.0", "2026-03-29T01:30:00+00:00", "no"]
    assert rows[9][6] == 'quotes " and, commas\nand lines'
    for row in rows[:6]:
        assert row[6].startswith("'")


def test_a_workbook_shows_formulas_as_texts_and_has_its_notes(write: Write) -> None:
    with zipfile.ZipFile(write(Format.XLSX)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        notes = book.read("xl/worksheets/sheet2.xml").decode()
    assert sheet.count("<row ") == COUNT + 1
    assert "<f>" not in sheet
    texts = [unescape(each) for each in re.findall(r"<t[^>]*>(.*?)</t>", sheet, re.DOTALL)]
    assert "'=cmd|' /C calc'!A0" in texts
    assert "வண்டி ஓட்டுகிறார்" in texts
    assert "Data as of noon" in notes


def test_json_keeps_types(write: Write) -> None:
    rows = json.loads(write(Format.JSON).read_bytes())
    assert len(rows) == COUNT
    assert rows[0]["escalated"] is True
    assert rows[3]["lon"] is None
    assert rows[7]["description"] == "a\x00b"


def test_features_have_their_places(write: Write) -> None:
    told = json.loads(write(Format.GEOJSON).read_bytes())
    assert told["notes"] == ["Data as of noon"]
    features = told["features"]
    assert features[1]["geometry"] == {"type": "Point", "coordinates": [76.91, 11.0]}
    assert features[3]["geometry"] is None
    assert features[1]["properties"]["occurred_at"] == "2026-03-29T01:30:00Z"


def test_a_page_shows_texts_and_asks_for_nothing(write: Write) -> None:
    page = write(Format.HTML).read_text("utf-8")
    assert page.count("<tr>") == COUNT + 1
    assert "<script" not in page
    assert "&lt;/td&gt;&lt;script&gt;x()" in page
    assert "default-src 'none'" in page
    assert "http" not in page.replace("http-equiv", "")
    assert "<h1>Reports &lt;all&gt;</h1>" in page


def test_keyhole_markup_is_well_formed(write: Write) -> None:
    text = write(Format.KML).read_text("utf-8")
    assert text.count("<Placemark>") == COUNT
    assert text.count("<Point>") == COUNT - 1
    assert "\x00" not in text
    assert text.count("<") == text.count(">")
    assert "<coordinates>76.91,11.0</coordinates>" in text


def test_a_geopackage_is_one_by_its_specification(write: Write) -> None:
    path = write(Format.GEOPACKAGE)
    connection = sqlite3.connect(path)
    ask = connection.execute
    assert ask("PRAGMA application_id").fetchone()[0] == int.from_bytes(b"GP10")
    assert ask("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert ask("SELECT data_type, srs_id, min_x, description FROM gpkg_contents").fetchall() == [
        ("features", 4326, 76.9, "Data as of noon")
    ]
    assert ask("SELECT count(*) FROM gpkg_spatial_ref_sys WHERE srs_id = 4326").fetchone()[0] == 1
    column = ask("SELECT column_name, geometry_type_name, srs_id FROM gpkg_geometry_columns")
    assert column.fetchall() == [("geom", "POINT", 4326)]
    assert ask("SELECT count(*) FROM reports").fetchone()[0] == COUNT
    (blob,) = ask("SELECT geom FROM reports WHERE fid = 2").fetchone()
    assert struct.unpack("<2sBBiBIdd", blob) == (b"GP", 0, 1, 4326, 1, 1, 76.91, 11.0)
    found = ask(
        "SELECT id FROM rtree_reports_geom WHERE minx > 76.905 AND maxx < 76.915"
    ).fetchall()
    assert found == [(2,)]
    assert ask("SELECT geom FROM reports WHERE fid = 4").fetchone() == (None,)
    connection.close()


def test_a_parquet_file_is_read_as_it_was_written(write: Write) -> None:
    file = ParquetFile(write(Format.PARQUET))
    told = file.schema_arrow
    assert told.metadata == {b"title": b"Reports <all>", b"notes": b"Data as of noon"}
    kinds = ["string", "int64", "double", "double", "timestamp[ms, tz=UTC]", "bool", "string"]
    assert [str(each) for each in told.types] == kinds
    # Nobody works out a text here: it stays as it was written.
    assert [tuple(row.values()) for row in file.read().to_pylist()] == list(_rows())


def test_a_parquet_file_of_many_groups_keeps_every_value_in_its_row(tmp_path: Path) -> None:
    rng = Random(3)  # noqa: S311 - invented rows, no secrets
    marks = [f"mark {number}" for number in range(300)]
    rows = [
        (
            f"CBE-{number}",
            None if number % 7 == 0 else number - 20_000,
            rng.random() if number % 3 else None,
            None,
            datetime.fromtimestamp(rng.randrange(-(10**9), 10**10), UTC),
            None if number % 11 == 0 else rng.random() < 0.5,
            rng.choice(marks),
        )
        for number in range(45_003)
    ]
    path = tmp_path / "list.parquet"
    write_table(Table("reports", "Reports", COLUMNS, iter(rows)), path, Format.PARQUET, _never)
    file = ParquetFile(path)
    assert file.metadata.num_row_groups > 1
    encodings = file.metadata.row_group(0).column(6).encodings
    assert "RLE_DICTIONARY" in encodings
    assert [tuple(row.values()) for row in file.read().to_pylist()] == rows


@pytest.mark.parametrize("form", HERE)
def test_a_disk_that_is_full_is_told_and_leaves_what_was_there(
    form: Format, tmp_path: Path
) -> None:
    path = tmp_path / f"list.{form}"
    path.write_text("before")
    # A file of this process may not grow beyond that: the writer meets it as it would a full disk.
    ended = subprocess.run(
        [sys.executable, "-m", "tests.exports.full_disk", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout == "OSError\n", ended.stderr
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "before"


@pytest.mark.parametrize("form", HERE)
def test_a_file_that_was_there_stays_until_the_new_one_is_whole(
    form: Format, tmp_path: Path
) -> None:
    path = tmp_path / f"list.{form}"
    path.write_text("before")

    def rows() -> Iterator[Row]:
        for _ in range(400):
            yield from _rows()

    def stop(done: int) -> None:
        raise ExportCancelledError(done)

    table = Table("reports", "Reports", COLUMNS, rows(), (2, 3))
    with pytest.raises(ExportCancelledError):
        write_table(table, path, form, stop)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    assert path.read_text() == "before"


@pytest.mark.parametrize("form", HERE)
def test_nothing_to_tell_is_a_file_all_the_same(form: Format, tmp_path: Path) -> None:
    path = tmp_path / f"list.{form}"
    ticks = list[int]()
    write_table(Table("reports", "Reports", COLUMNS, (), (2, 3)), path, form, ticks.append)
    assert path.stat().st_size > 0
    assert ticks == [0]


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for form in HERE:
        with pytest.raises(OSError, match=r".") as refused:
            write_table(_table(), tmp_path / "file" / f"list.{form}", form, _never)
        assert refused.value.errno


def test_the_format_is_the_files_ending() -> None:
    assert format_of(Path("list.CSV")) is Format.CSV
    assert format_of(Path("list.docx")) is None
    assert format_of(Path("list")) is None
