"""GeoPackage 1.0 by SpatiaLite's own functions: the library is there, GDAL would be 70 MB more."""

import errno
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from trafficdesk.exports.column_text import zulu_times
from trafficdesk.exports.table import Kind, Row, Table, Tick, Value, batched
from trafficdesk.store.connection import load_spatialite
from trafficdesk.store.driver import dbapi2

_WGS84: Final = 4326
# SQLite's primary result codes (https://sqlite.org/rescode.html): READONLY, FULL, CANTOPEN.
_ERRNOS: Final = {8: errno.EROFS, 13: errno.ENOSPC, 14: errno.EACCES}
_TYPES: Final = {
    Kind.TEXT: "TEXT",
    Kind.WHOLE: "INTEGER",
    Kind.NUMBER: "DOUBLE",
    Kind.TIME: "DATETIME",
    Kind.FLAG: "BOOLEAN",
}
# Two letters, version 1, little-endian without an envelope, the system; then a point as WKB.
_POINT: Final = struct.Struct("<2sBBiBIdd")


def write_geopackage(table: Table, path: Path, tick: Tick) -> None:
    """Write a table of points with a spatial index. Raises ``OSError`` and what ``tick`` raises."""
    try:
        _write(table, path, tick)
    except dbapi2.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        raise OSError(_ERRNOS.get(code, errno.EIO), str(error), str(path)) from error


def _write(table: Table, path: Path, tick: Tick) -> None:
    with _opened(path) as connection:
        run = connection.execute
        run("SELECT gpkgCreateBaseTables()")
        columns = ", ".join(f'"{c.name}" {_TYPES[c.kind]}' for c in table.columns)
        run(f'CREATE TABLE "{table.name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT, {columns})')
        run("SELECT gpkgAddGeometryColumn(?, 'geom', 'POINT', 0, 0, ?)", (table.name, _WGS84))
        names = ", ".join(f'"{c.name}"' for c in table.columns)
        marks = ", ".join("?" * (len(table.columns) + 1))
        connection.executemany(
            f'INSERT INTO "{table.name}" (geom, {names}) VALUES ({marks})',
            (cells for rows in batched(table.rows, tick) for cells in _cells(table, rows)),
        )
        _index(run, table)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    connection = dbapi2.connect(str(path), isolation_level=None)
    try:
        load_spatialite(connection, path)
        # A file that is not whole is thrown away: nothing needs to be taken back in it.
        connection.execute("PRAGMA journal_mode = OFF")
        connection.execute("BEGIN")
        yield connection
        connection.execute("COMMIT")
    finally:
        connection.close()


def _cells(table: Table, rows: list[Row]) -> Iterator[tuple[object, ...]]:
    """Return rows as they are bound, their geometry first: made column by column."""
    columns = tuple(zip(*rows, strict=True))
    told = (
        zulu_times(values) if column.kind is Kind.TIME else values
        for column, values in zip(table.columns, columns, strict=True)
    )
    return zip(_geometries(table, columns), *told, strict=True)


def _geometries(table: Table, columns: Sequence[Sequence[Value]]) -> Iterable[bytes | None]:
    if table.place is None:
        return (None for _ in columns[0])
    lon, lat = (cast("Sequence[float | None]", columns[number]) for number in table.place)
    pack = partial(_POINT.pack, b"GP", 0, 1, _WGS84, 1, 1)
    return (None if x is None or y is None else pack(x, y) for x, y in zip(lon, lat, strict=True))


def _index(run: Callable[..., object], table: Table) -> None:
    """Make the spatial index of all at once, and say what the table covers."""
    run("SELECT gpkgAddSpatialIndex(?, 'geom')", (table.name,))
    if table.place is None:
        return
    lon, lat = (f'"{table.columns[number].name}"' for number in table.place)
    run(
        f'INSERT INTO "rtree_{table.name}_geom" SELECT fid, {lon}, {lon}, {lat}, {lat} '
        f'FROM "{table.name}" WHERE geom IS NOT NULL'
    )
    run(
        "UPDATE gpkg_contents SET description = ?, (min_x, min_y, max_x, max_y) = "
        f'(SELECT min({lon}), min({lat}), max({lon}), max({lat}) FROM "{table.name}") '
        "WHERE table_name = ?",
        ("\n".join(table.notes), table.name),
    )
