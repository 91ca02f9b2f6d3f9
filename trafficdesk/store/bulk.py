"""Loading many reports at once: indexes and counts are made after the rows, set by set."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Any

from sqlalchemy import Connection

from trafficdesk.store import facts, fulltext, map_cells, tallies
from trafficdesk.store.analytics import day_rebuild
from trafficdesk.store.connection import PAGE_CACHE_KIB
from trafficdesk.store.migrations.m0001_first import REPORT_INDEXES, run_script
from trafficdesk.store.reports import INSERT, ReportInsert

CHUNK = 20_000
_CACHE_KIB = 262_144

_INDEX_TEXT = """
INSERT INTO report_text (rowid, description, address, plate, reference)
SELECT pk, description, trim(address || ' ' || area), plate_words(plate), reference FROM reports
WHERE pk > ?
"""
_INDEX_VIOLATIONS = """
INSERT INTO report_violations (report_pk, position, code)
SELECT pk, 0, violation FROM reports WHERE pk > ?
"""


@contextmanager
def _roomy(connection: Connection) -> Iterator[None]:
    """Keep more pages in memory: what does not fit is encrypted and written more than once."""
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIB}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = -{PAGE_CACHE_KIB}")


def _know_plates(connection: Connection) -> None:
    """Let plates be found joined and spaced, as those of reports that come one by one.

    Once for a connection: SQLite makes no function anew while any statement is under way.
    """
    known = "SELECT count(*) FROM pragma_function_list WHERE name = 'plate_words'"
    if not connection.exec_driver_sql(known).scalar_one():
        raw: Any = connection.connection.dbapi_connection
        raw.create_function("plate_words", 1, fulltext.plate_words, deterministic=True)


def load(connection: Connection, rows: Iterable[ReportInsert]) -> int:
    """Write single-violation reports into a store, then rebuild what is made from them.

    Faster than one by one from some ten thousand rows on; the whole load is the caller's one
    transaction. Returns how many rows were written.
    """
    with _roomy(connection):
        return _load(connection, rows)


def _load(connection: Connection, rows: Iterable[ReportInsert]) -> int:
    last = connection.exec_driver_sql("SELECT coalesce(max(pk), 0) FROM reports").scalar_one()
    names = [line.split()[2] for line in REPORT_INDEXES.splitlines() if line.startswith("CREATE")]
    for name in names:
        connection.exec_driver_sql(f"DROP INDEX {name}")
    connection.exec_driver_sql("SELECT DisableSpatialIndex('reports', 'geom')")
    written = 0
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        connection.exec_driver_sql(INSERT, [tuple(row) for row in chunk])
        written += len(chunk)
    run_script(connection, REPORT_INDEXES)
    connection.exec_driver_sql("DROP TABLE idx_reports_geom")
    connection.exec_driver_sql("SELECT CreateSpatialIndex('reports', 'geom')")
    _know_plates(connection)
    connection.exec_driver_sql(_INDEX_TEXT, (last,))
    connection.exec_driver_sql(_INDEX_VIOLATIONS, (last,))
    tallies.rebuild(connection)
    map_cells.rebuild(connection, facts.calendar(connection))
    day_rebuild.rebuild(connection, facts.calendar(connection))
    return written
