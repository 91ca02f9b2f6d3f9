"""Proving a store sound: its pages, its indexes, and that what is counted is what is there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from trafficdesk.store import facts, incidents, map_cells, tallies
from trafficdesk.store.analytics import day_rebuild
from trafficdesk.store.engine import Store
from trafficdesk.store.errors import StoreError
from trafficdesk.store.migrations.m0001_first import GEOMETRIES

_SHOWN = 5  # of many like faults


class Check(StrEnum):
    """What is proved of a store, in this order."""

    PAGES = "pages"  # every page carries the mark of the key that encrypted it
    STRUCTURE = "structure"  # tables, indexes, text index and R*Trees agree with themselves
    LINKS = "links"  # no row names another that is not there
    TEXT_INDEX = "text_index"  # every report can be found by its words
    SPATIAL_INDEX = "spatial_index"  # every geometry can be found by its place
    QUEUE_COUNTS = "queue_counts"  # the queues' numbers are those of a recount
    MAP_COUNTS = "map_counts"  # the map's tree, cells and days are those of a recount
    DAY_SUMS = "day_sums"  # what figures are made from is that of a recount
    DISPATCH = "dispatch"  # where incidents stand follows from their facts and assignments


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check; ``faults`` names the first few, empty when all is well."""

    check: Check
    faults: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Tell whether nothing was found."""
        return not self.faults


def check(store: Store) -> tuple[Finding, ...]:
    """Prove a store sound. What cannot be read ends up as a finding, not as an error.

    When pages are damaged nothing further is asked: SQLCipher gives a connection up that has met
    such a page.
    """
    found = [_pages(store)]
    if not found[0].ok:
        return tuple(found)
    for which, ask in (
        (Check.STRUCTURE, _structure),
        (Check.LINKS, _links),
        (Check.TEXT_INDEX, _text_index),
        (Check.SPATIAL_INDEX, _spatial_index),
        (Check.QUEUE_COUNTS, queue_count_faults),
        (Check.MAP_COUNTS, map_count_faults),
        (Check.DAY_SUMS, day_sum_faults),
        (Check.DISPATCH, dispatch_faults),
    ):
        found.append(_asked(store, which, ask))
    return tuple(found)


def recount(store: Store) -> None:
    """Make afresh all that is counted or follows; what the desk shows then is what is there."""
    with store.writing() as connection:
        tallies.rebuild(connection)
        map_cells.rebuild(connection, facts.calendar(connection))
        day_rebuild.rebuild(connection, facts.calendar(connection))
        incidents.refresh_all(connection)


def _pages(store: Store) -> Finding:
    try:
        store.checkpoint()
        with store.maintaining() as run:
            rows = run("PRAGMA cipher_integrity_check")
    except StoreError as error:
        return Finding(Check.PAGES, (error.detail or error.code,))
    return Finding(Check.PAGES, _lines(rows))


def _lines(rows: Sequence[Sequence[object]]) -> tuple[str, ...]:
    return tuple(" ".join(map(str, row)) for row in rows[:_SHOWN])


def _asked(store: Store, which: Check, ask: Callable[[Connection], tuple[str, ...]]) -> Finding:
    """Ask in a transaction that is always rolled back: a check changes nothing."""
    try:
        with store.writing() as connection:
            faults = ask(connection)
            connection.rollback()
    except StoreError as error:
        return Finding(which, (error.detail or error.code,))
    except DatabaseError as error:
        return Finding(which, (str(error.orig),))
    return Finding(which, faults)


def _structure(connection: Connection) -> tuple[str, ...]:
    rows = connection.exec_driver_sql(f"PRAGMA integrity_check({_SHOWN})").all()
    return tuple(str(row[0]) for row in rows if row[0] != "ok")


def _links(connection: Connection) -> tuple[str, ...]:
    rows = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchmany(_SHOWN)
    return tuple(f"{row[0]} {row[1]} names a missing row of {row[2]}" for row in rows)


def _text_index(connection: Connection) -> tuple[str, ...]:
    missing = connection.exec_driver_sql(
        "SELECT pk FROM reports WHERE pk NOT IN (SELECT id FROM report_text_docsize) LIMIT +?",
        (_SHOWN,),
    )
    return tuple(f"report {pk} is not in the text index" for (pk,) in missing)


def _spatial_index(connection: Connection) -> tuple[str, ...]:
    wrong = [
        table
        for table, _kind in GEOMETRIES
        if not connection.exec_driver_sql(f"SELECT CheckSpatialIndex('{table}', 'geom')").scalar()
    ]
    return tuple(f"the spatial index of {table} is wrong" for table in wrong)


_TALLY = "SELECT status, severity, violation, escalated, second_look, assignee_id, n FROM {}"
_CELLS = f"SELECT level, month, x, y, n, {', '.join(map_cells.COUNTS)} FROM {{}}"
# Sums kept change by change and sums made at once differ in their last bits.
_MIDDLES = """
SELECT level, month, x, y FROM kept_report_cells AS k
JOIN report_cells AS r USING (level, month, x, y)
WHERE abs(k.sum_lon - r.sum_lon) + abs(k.sum_lat - r.sum_lat) > 1e-6 * (1 + r.n) LIMIT +?
"""
_DAYS = "SELECT day, status, severity, n FROM {}"
_TREE = "SELECT pk, west, south, first_slot, lon, lat, status, severity FROM {}"


def queue_count_faults(connection: Connection) -> tuple[str, ...]:
    """Return where the tallies differ from a recount; leaves the recount in the transaction."""
    _keep(connection, "report_tally")
    tallies.rebuild(connection)
    return _differences(connection, "report_tally", f"{_TALLY} WHERE n <> 0")


def map_count_faults(connection: Connection) -> tuple[str, ...]:
    """Return where the map's counts differ from a recount; leaves that in the transaction."""
    kept = {
        "report_cells": f"{_CELLS} WHERE n <> 0",
        "report_days": f"{_DAYS} WHERE n <> 0",
        "report_view": _TREE,
    }
    for table in kept:
        _keep(connection, table)
    map_cells.rebuild(connection, facts.calendar(connection))
    faults = [
        fault for table, rows in kept.items() for fault in _differences(connection, table, rows)
    ]
    moved = connection.exec_driver_sql(_MIDDLES, (_SHOWN,))
    faults += [f"report_cells {tuple(row)} lies elsewhere" for row in moved]
    return tuple(faults[:_SHOWN])


def day_sum_faults(connection: Connection) -> tuple[str, ...]:
    """Return where the sums by day differ from a recount; leaves that in the transaction."""
    _keep(connection, "day_sums")
    day_rebuild.rebuild(connection, facts.calendar(connection))
    return tuple(
        f"day_sums {fault}"
        for fault in day_rebuild.differing(connection, "kept_day_sums", "day_sums", _SHOWN)
    )


def dispatch_faults(connection: Connection) -> tuple[str, ...]:
    """Return of which incidents something else is kept than follows."""
    return incidents.faults(connection, _SHOWN)


def _keep(connection: Connection, table: str) -> None:
    connection.exec_driver_sql(f"CREATE TEMP TABLE kept_{table} AS SELECT * FROM {table}")


def _differences(connection: Connection, table: str, rows: str) -> tuple[str, ...]:
    """Name rows that only the kept table has, then rows that only the recount has."""
    faults: list[str] = []
    for what, one, other in (
        ("is counted and not there", f"kept_{table}", table),
        ("is there and not counted", table, f"kept_{table}"),
    ):
        found = connection.exec_driver_sql(
            f"{rows.format(one)} EXCEPT {rows.format(other)} LIMIT +?", (_SHOWN,)
        )
        faults += [f"{table} {tuple(row)} {what}" for row in found]
    return tuple(faults[:_SHOWN])
