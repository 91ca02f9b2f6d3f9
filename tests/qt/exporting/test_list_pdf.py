"""A list on paper holds every row and fact, in every script, and is whole or not there."""

import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtPdf import QPdfDocument

from trafficdesk.exports.table import Column, ExportCancelledError, Kind, Row, Table
from trafficdesk.exports.writing import Format, write_table
from trafficdesk.qt.exporting.list_pdf import write_pdf
from trafficdesk.qt.theme.fonts import load_fonts

ROOT = Path(__file__).parent.parent.parent.parent
AT = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
LONG = "he went on without looking back " * 12
COLUMNS = (
    Column("reference", "Reference"),
    Column("severity", "Severity", Kind.WHOLE),
    Column("occurred_at", "Seen at", Kind.TIME),
    *(Column(f"more_{number}", f"More {number}") for number in range(12)),
    Column("description", "Citizen wrote"),
)
WORDS = ("=cmd|' /C calc'!A0", "वाहन", "கமல", "a\x00b", LONG, "lines\nand lines", None)


@pytest.fixture(autouse=True)
def _fonts(qapp: object) -> None:
    assert qapp is not None
    load_fonts()


def _rows(count: int) -> Iterator[Row]:
    for number in range(count):
        facts = [f"fact {number} of {place}" for place in range(12)]
        yield (f"CBE-{number}", number % 4, AT, *facts, WORDS[number % len(WORDS)])


def _write(path: Path, count: int) -> None:
    table = Table("reports", "Reports <all>", COLUMNS, _rows(count), None, ("Data as of noon",))
    write_table(table, path, Format.PDF, lambda _done: None, write_pdf)


def _read(path: Path) -> list[str]:
    document = QPdfDocument()
    assert document.load(str(path)) is QPdfDocument.Error.None_
    pages = [document.getAllText(each).text() for each in range(document.pageCount())]
    document.close()
    return pages


def test_every_row_stands_under_its_headings_with_every_fact(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    _write(path, 150)
    pages = _read(path)
    assert len(pages) > 2
    whole = " ".join(" ".join(pages).split())
    for number in (0, 75, 149):
        assert f"CBE-{number} " in whole
        for place in range(12):
            assert f"fact {number} of {place}" in whole
    assert "Reports <all>" in pages[0]
    assert "Data as of noon" in pages[0]
    assert all("Citizen wrote" in page and f"Page {n}" in page for n, page in enumerate(pages, 1))
    for words in ("=cmd|' /C calc'!A0", "वाहन", "கமல", "lines and lines"):
        assert words in whole
    assert whole.count("without looking back") >= 12 * 21


def test_an_empty_list_is_a_page(tmp_path: Path) -> None:
    _write(tmp_path / "list.pdf", 0)
    assert len(_read(tmp_path / "list.pdf")) == 1


def test_a_list_that_is_stopped_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    path.write_text("before")

    def stop(done: int) -> None:
        raise ExportCancelledError(done)

    table = Table("reports", "Reports", COLUMNS, _rows(1_500))
    with pytest.raises(ExportCancelledError):
        write_table(table, path, Format.PDF, stop, write_pdf)
    assert [each.name for each in tmp_path.iterdir()] == ["list.pdf"]
    assert path.read_text() == "before"


def test_a_folder_that_takes_no_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="list"):
        _write(tmp_path / "nowhere" / "list.pdf", 1)


def test_a_disk_that_is_full_is_told_and_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "list.pdf"
    path.write_text("before")
    ended = subprocess.run(
        [sys.executable, "-m", "tests.qt.exporting.full_paper", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.stdout == "OSError\n", ended.stderr
    assert [each.name for each in tmp_path.iterdir()] == ["list.pdf"]
    assert path.read_text() == "before"


def _room(path: Path, rows: int) -> int:
    """Return how many bytes a process of its own holds at most while so many rows are set."""
    command = [sys.executable, "-m", "tests.qt.exporting.paper_room", str(path), str(rows)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(ended.stdout) * 1024


def test_paper_four_times_as_long_takes_no_more_memory(tmp_path: Path) -> None:
    short, long = tmp_path / "short.pdf", tmp_path / "long.pdf"
    before = _room(short, 3_000)
    grown = _room(long, 12_000) - before
    assert grown < (long.stat().st_size - short.stat().st_size) / 3
