"""Reports as pages, workbooks and PDFs: every value is there, shaped, harmless, or no file is."""

import re
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from pathlib import Path

import pytest
from PySide6.QtPdf import QPdfDocument

from trafficdesk.domain.analytics.trends import Verdict
from trafficdesk.domain.reporting.asked import Form
from trafficdesk.domain.reporting.document import (
    Bars,
    Column,
    Document,
    FigureLine,
    Figures,
    Heat,
    Kind,
    Note,
    Point,
    Run,
    Section,
    Table,
)
from trafficdesk.domain.reporting.figures import Show
from trafficdesk.domain.reporting.words import ENGLISH
from trafficdesk.exports.documents.pdf_table import Cell, Head, PaperTable
from trafficdesk.exports.documents.sheet import Sheet
from trafficdesk.exports.documents.writing import write_document

TAMIL, HINDI = "காந்திபுரம் சாலை", "क्षत्रिय ज्ञान मार्ग"
HOSTILE = "=cmd|' /C calc'!A0</td><script>x()"
AT_MS = 1_790_793_000_000  # midnight of 1 October in Coimbatore
SHOW = Show(ENGLISH, "INR", 19_800_000)
EMPTY = "Nothing is known."


def figures() -> Figures:
    """Return a KPI that grew worse."""
    line = FigureLine("Waiting", "What waits.", Kind.COUNT, 1_234_567, 10, 83, Verdict.WORSE)
    return Figures("Figures", (line,), "Nov 2026", "Oct 2026")


def table(rows: int = 3) -> Table:
    """Return a table of each kind of value, in three scripts."""
    names = (TAMIL, HINDI, HOSTILE)
    columns = (
        Column("Name", is_wide=True),
        Column("Took", Kind.MS),
        Column("When", Kind.MOMENT),
        Column("Share", Kind.SHARE),
        Column("Paid", Kind.MONEY),
    )
    told = tuple((names[n % 3], 460_000 + n, AT_MS, 0.125, 250_050) for n in range(rows))
    return Table("Table", columns, told, EMPTY, has_total=True)


SECTIONS: tuple[Section, ...] = (
    figures(),
    Bars("Bars", ("Kind", "Reports"), ((TAMIL, 4711), (HINDI, 812)), EMPTY),
    Run(
        "Run",
        ("Month", "Reports"),
        (Point("Oct", 30), Point("Nov", 25.5, is_expected=True, low=11, high=40)),
        EMPTY,
    ),
    Heat("Heat", ("Mon", "Tue"), ("00", "01"), ((1, 0), (0, 9)), EMPTY),
    table(),
    Note("Note", ("The chain is broken.",), is_grave=True),
)
NONE: tuple[Section, ...] = (
    Figures("Figures", (), "now", "before"),
    Bars("Bars", ("Kind", "Reports"), (), EMPTY),
    Run("Run", ("Month", "Reports"), (), EMPTY),
    Heat("Heat", (), (), (), EMPTY),
    table(0),
)


def document(sections: tuple[Section, ...] = SECTIONS) -> Document:
    """Return a report of such sections."""
    facts = (("Period", "Nov 2026"), ("Data", "as of 22 Nov 2026 17:42"))
    return Document(
        "x", f"Report {HOSTILE}", TAMIL, facts, sections, is_masked=True, offset_ms=SHOW.offset_ms
    )


def write(folder: Path, form: Form, sections: tuple[Section, ...] = SECTIONS) -> Path:
    """Write a report of such sections."""
    path = folder / f"report.{form}"
    write_document(document(sections), path, form, SHOW)
    return path


def text_of(path: Path) -> list[str]:
    """Return what can be read on each page of a PDF."""
    opened = QPdfDocument()
    assert opened.load(str(path)) is QPdfDocument.Error.None_
    return [
        re.sub(r"\s+", " ", opened.getAllText(number).text())
        for number in range(opened.pageCount())
    ]


def test_a_page_tells_everything_runs_nothing_and_fetches_nothing(tmp_path: Path) -> None:
    page = write(tmp_path, Form.HTML).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "default-src 'none'" in page
    assert not re.findall(r"(?:src|href)=", page)
    shown = unescape(re.sub(r"<[^>]+>", " ", page))
    for told in (
        *("12,34,567", "↑ 12,34,557 worse", "4,711", "7:40 min", "1 Oct 2026 00:00"),
        *("12.5 %", "₹ 2,500.50", TAMIL, HINDI, "as of 22 Nov 2026 17:42", "broken"),
    ):
        assert told in shown


def test_a_workbook_has_numbers_as_numbers_and_texts_that_stay_texts(tmp_path: Path) -> None:
    with zipfile.ZipFile(write(tmp_path, Form.XLSX)) as book:
        names = re.findall(r'<sheet name="([^"]+)"', book.read("xl/workbook.xml").decode())
        sheets = [book.read(f"xl/worksheets/sheet{n + 1}.xml").decode() for n in range(len(names))]
        texts = unescape(book.read("xl/sharedStrings.xml").decode())
    assert names == ["Report", "Figures", "Bars", "Run", "Heat", "Table", "Note"]
    assert "<v>1234567</v>" in sheets[1]
    assert {"<v>0.125</v>", "<v>2500.5</v>"} <= set(re.findall(r"<v>[^<]+</v>", sheets[5]))
    assert not any("<f>" in sheet for sheet in sheets)
    assert f">'{HOSTILE}<" in texts
    assert TAMIL in texts


def test_a_pdf_can_be_read_and_searched_also_after_another_script(tmp_path: Path) -> None:
    (page,) = text_of(write(tmp_path, Form.PDF))
    # What stands behind a line of Tamil is set in Inter again.
    for told in ("12,34,567", "4,711", "812", "7:40 min", "12.5 %", "Page 1 of 1", "broken"):
        assert told in page


def test_tamil_and_hindi_are_shaped(tmp_path: Path) -> None:
    sheet = Sheet("t", "f", "{number} {pages}", datetime(2026, 11, 22, tzinfo=UTC))
    try:
        shaped = [sheet.get_string_width(words) for words in ("क्षत्रिय", "க்ஷே")]
        sheet.set_text_shaping(use_shaping_engine=False)
        bare = [sheet.get_string_width(words) for words in ("क्षत्रिय", "க்ஷே")]
    finally:
        sheet.close_fonts()
    for joined, apart in zip(shaped, bare, strict=True):
        assert joined < 0.9 * apart  # letters that join take less room than one by one
    assert TAMIL[:3] in text_of(write(tmp_path, Form.PDF))[0]


def test_a_heading_is_on_the_page_of_its_table(tmp_path: Path) -> None:
    about = "What is told above a table takes some lines of its own, more than one. " * 4
    for lines in range(30, 50):
        note = Note("Before", tuple(f"Sentence {number}." for number in range(lines)))
        below = replace(table(3), title="Headed", about=about)
        pages = text_of(write(tmp_path, Form.PDF, (note, below)))
        assert [("Headed" in page) == ("Name Took When" in page) for page in pages] == (
            [True] * len(pages)
        ), lines


def test_a_word_above_a_column_is_in_one_piece() -> None:
    sheet = Sheet("t", "f", "{number} {pages}", datetime(2026, 11, 22, tzinfo=UTC))
    title = "கடந்த ஆண்டின் எண்ணிக்கை"
    try:
        heads = (
            Head("Figure", is_right=False, is_wide=True),
            Head(title, is_right=True, is_wide=False),
        )
        above = PaperTable(sheet, heads, [(Cell("PAI"), Cell("1.05"))])
        sheet.pen(7.5, "B")
        assert " ".join(sheet.lines(title, above._widths[1])) == title
    finally:
        sheet.close_fonts()


def test_a_long_table_goes_on_with_its_heads_on_every_page(tmp_path: Path) -> None:
    pages = text_of(write(tmp_path, Form.PDF, (table(120),)))
    assert len(pages) > 2
    assert all("Name Took When Share Paid" in page for page in pages)
    assert f"Page 2 of {len(pages)}" in pages[1]


@pytest.mark.parametrize("form", Form)
def test_nothing_is_said_to_be_nothing(form: Form, tmp_path: Path) -> None:
    path = write(tmp_path, form, NONE)
    if form is Form.PDF:
        assert text_of(path)[0].count(EMPTY) == 4
    elif form is Form.HTML:
        assert path.read_text(encoding="utf-8").count(EMPTY) == 4
    else:
        with zipfile.ZipFile(path) as book:
            assert EMPTY in book.read("xl/sharedStrings.xml").decode()


@pytest.mark.parametrize("form", Form)
def test_a_file_that_cannot_be_written_leaves_what_was_there(form: Form, tmp_path: Path) -> None:
    path = tmp_path / f"report.{form}"
    path.mkdir()  # a folder in its way takes no file
    (path / "kept").touch()
    with pytest.raises(OSError, match="report"):
        write_document(document(), path, form, SHOW)
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
