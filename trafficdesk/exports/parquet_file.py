"""Apache Parquet, written here: its library, pyarrow, would make the desk 74 MB larger.

The format is that of ``parquet.thrift``, version 2.9: groups of rows, in each a chunk for every
column, packed by Zstandard. A test reads every kind of it with pyarrow. A group is all that is ever
in memory.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

import zstandard

from trafficdesk.exports.parquet_pages import PLAIN, RLE, Pages, pages_of
from trafficdesk.exports.table import Column, Kind, Row, Table, Tick, counted
from trafficdesk.exports.thrift_compact import Long, Struct, encoded

_MAGIC: Final = b"PAR1"
_GROUP: Final = 20_000  # rows: twenty thousand of reports take some 30 MB
_VERSION: Final = 2
_OPTIONAL: Final = 1
_ZSTANDARD: Final = 6
_DATA_PAGE, _DICTIONARY_PAGE = 0, 2
# Type, converted type, logical type: STRING, TIMESTAMP in UTC by milliseconds.
_TYPES: Final = {
    Kind.FLAG: (0, None, None),
    Kind.WHOLE: (2, None, None),
    Kind.NUMBER: (5, None, None),
    Kind.TEXT: (6, 0, Struct({1: Struct({})})),
    Kind.TIME: (2, 9, Struct({8: Struct({1: True, 2: Struct({1: Struct({})})})})),
}


@dataclass
class _File:
    """A file as it grows, and what its end tells of it."""

    _out: BinaryIO
    _table: Table
    _place: int = 0
    _rows: int = 0
    _groups: list[Struct] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._packer = zstandard.ZstdCompressor(level=1)

    def put(self, content: bytes) -> int:
        """Write; return where it begins."""
        begun = self._place
        self._out.write(content)
        self._place += len(content)
        return begun

    def put_group(self, rows: Sequence[Row]) -> None:
        """Write rows, column by column."""
        columns = zip(self._table.columns, zip(*rows, strict=True), strict=True)
        chunks, begun, raw = [], self._place, 0
        for column, values in columns:
            chunk, size = self._put_chunk(column, len(rows), pages_of(column.kind, values))
            chunks.append(chunk)
            raw += size
        packed = self._place - begun
        count, at = Long(len(rows)), Long(begun)
        told = Struct({1: chunks, 2: Long(raw), 3: count, 5: at, 6: Long(packed)})
        self._groups.append(told)
        self._rows += len(rows)

    def _put_chunk(self, column: Column, count: int, pages: Pages) -> tuple[Struct, int]:
        begun, raw, named = self._place, 0, None
        if pages.dictionary:
            head = {7: Struct({1: pages.distinct, 2: PLAIN})}
            raw += self._put_page(_DICTIONARY_PAGE, pages.dictionary, head)
            named = Long(begun)
        data = Long(self._place)
        head = {5: Struct({1: count, 2: pages.encoding, 3: RLE, 4: RLE})}
        raw += self._put_page(_DATA_PAGE, pages.values, head)
        meta = Struct(
            {
                1: _TYPES[column.kind][0],
                2: sorted({PLAIN, RLE, pages.encoding}),
                3: [column.name],
                4: _ZSTANDARD,
                5: Long(count),
                6: Long(raw),
                7: Long(self._place - begun),
                9: data,
                11: named,
            }
        )
        return Struct({2: Long(begun), 3: meta}), raw

    def _put_page(self, kind: int, content: bytes, head: dict[int, Struct]) -> int:
        """Write a page with its header; return how large it is when it is unpacked."""
        packed = self._packer.compress(content)
        told = encoded(Struct({1: kind, 2: len(content), 3: len(packed), **head}))
        self.put(told)
        self.put(packed)
        return len(told) + len(content)

    def end(self) -> None:
        """Write what the file holds, and where."""
        table = self._table
        noted = [Struct({1: "title", 2: table.title}), Struct({1: "notes", 2: _lines(table.notes)})]
        root = Struct({4: "schema", 5: len(table.columns)})
        told = Struct(
            {
                1: _VERSION,
                2: [root, *map(_described, table.columns)],
                3: Long(self._rows),
                4: self._groups,
                5: noted,
                6: "TrafficDesk version 1.0.0",
            }
        )
        footer = encoded(told)
        self.put(footer + len(footer).to_bytes(4, "little") + _MAGIC)


def write_parquet(table: Table, path: Path, tick: Tick) -> None:
    """Write a table; its title and notes are among the file's own words."""
    with path.open("wb") as out:
        file = _File(out, table)
        file.put(_MAGIC)
        for rows in _groups_of(counted(table.rows, tick)):
            file.put_group(rows)
        file.end()


def _groups_of(rows: Iterable[Row]) -> Iterator[list[Row]]:
    waiting = iter(rows)
    while group := list(islice(waiting, _GROUP)):
        yield group


def _described(column: Column) -> Struct:
    kind, converted, logical = _TYPES[column.kind]
    return Struct({1: kind, 3: _OPTIONAL, 4: column.name, 6: converted, 10: logical})


def _lines(notes: Iterable[str]) -> str:
    return "\n".join(notes)
