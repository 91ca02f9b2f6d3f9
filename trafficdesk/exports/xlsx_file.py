"""Office Open XML workbooks by XlsxWriter, a row at a time and never all of them in memory."""

import errno
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from trafficdesk.exports.plain_text import harmless
from trafficdesk.exports.table import Kind, Row, Table, Tick, Value, counted

if TYPE_CHECKING:
    from xlsxwriter import Workbook

_ROWS: Final = 1_048_575  # of a sheet, below its head
_NAME: Final = 31
_WIDTHS: Final = {Kind.TEXT: 24, Kind.TIME: 20}


@dataclass
class _Sheets:
    """The sheets of a workbook: as many as the rows need."""

    _book: Any
    _table: Table
    _row: int = 0

    def __post_init__(self) -> None:
        self._head = self._book.add_format({"bold": True, "bottom": 1})
        self._time = self._book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        self._begin("")

    def _begin(self, number: str) -> None:
        self._sheet = self._book.add_worksheet(f"{self._table.name}{number}"[:_NAME])
        self._sheet.freeze_panes(1, 0)
        for place, column in enumerate(self._table.columns):
            self._sheet.set_column(place, place, _WIDTHS.get(column.kind, 12))
            self._sheet.write_string(0, place, column.title, self._head)
        self._row = 0

    def add(self, row: Row) -> None:
        """Write a row; a full sheet is followed by another."""
        if self._row == _ROWS:
            self._begin(f" {len(self._book.worksheets()) + 1}")
        self._row += 1
        for place, value in enumerate(row):
            self._put(place, value)

    def _put(self, place: int, value: Value) -> None:
        if isinstance(value, datetime):
            # A workbook knows no zones: times are UTC, as the notes say.
            naive = value.astimezone(UTC).replace(tzinfo=None)
            self._sheet.write_datetime(self._row, place, naive, self._time)
        elif isinstance(value, bool):
            self._sheet.write_boolean(self._row, place, value)
        elif isinstance(value, int | float):
            self._sheet.write_number(self._row, place, value)
        elif value is not None:
            self._sheet.write_string(self._row, place, harmless(value))


def write_xlsx(table: Table, path: Path, tick: Tick) -> None:
    """Write a table, with a sheet for its notes."""
    import xlsxwriter  # large, and most desks never need it
    from xlsxwriter.exceptions import XlsxFileError

    # What waits to be packed lies beside the file, in a folder that nobody else may look into.
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".export-") as scratch:
        options = {"constant_memory": True, "tmpdir": scratch, "strings_to_formulas": False}
        book = xlsxwriter.Workbook(str(path), options)
        try:
            _fill(book, table, tick)
            book.close()
        except XlsxFileError as error:
            cause = error.args[0] if error.args else None
            number = cause.errno if isinstance(cause, OSError) else None
            raise OSError(number or errno.EIO, str(error), str(path)) from error
        finally:
            _let_go(book)


def _fill(book: "Workbook", table: Table, tick: Tick) -> None:
    sheets = _Sheets(book, table)
    for row in counted(table.rows, tick):
        sheets.add(row)
    notes = book.add_worksheet("notes")
    for number, note in enumerate((table.title, *table.notes, "Times are UTC.")):
        notes.write_string(number, 0, harmless(note))


def _let_go(book: "Workbook") -> None:
    """Close what waits to be packed: the library does so only with a workbook that is whole."""
    for sheet in book.worksheets():
        if sheet.row_data_fh is not None:
            with suppress(OSError):  # of what the disk did not take before
                sheet.row_data_fh.close()
