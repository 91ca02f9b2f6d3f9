"""A SQLite session changeset of reports, applied to plain SQLite: the peer of a first sync.

It runs alone: apsw brings a SQLite of its own, which no process may load beside SQLCipher. Asked by
JSON lines on its pipes; times are seconds.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import apsw
import zstandard

PRAGMAS = ("journal_mode = WAL", "synchronous = FULL", "cache_size = -65536", "temp_store = MEMORY")
# What finds words and places, kept with each row, as a desk has both.
_FOUND = """
CREATE VIRTUAL TABLE report_text USING fts5(description, address, plate, reference, content = '',
  contentless_delete = 1, prefix = '2 3 4', tokenize = 'unicode61 remove_diacritics 2');
CREATE VIRTUAL TABLE report_view USING rtree(pk, west, east, south, north, first_slot, last_slot,
  +lon REAL, +lat REAL, +status TEXT, +severity INTEGER);
CREATE TRIGGER found AFTER INSERT ON reports BEGIN
  INSERT INTO report_text (rowid, description, address, plate, reference) VALUES (new.pk,
    new.description, trim(new.address || ' ' || new.area), new.plate, new.reference);
  INSERT INTO report_view VALUES (new.pk, new.lon, new.lon, new.lat, new.lat,
    new.occurred_ms / 900000, new.occurred_ms / 900000, new.lon, new.lat, new.status, new.severity);
END;
"""
# The desk's spatial index is one of the table's indexes, too.
_PLACED = """
CREATE VIRTUAL TABLE idx_reports_geom USING rtree(pkid, xmin, xmax, ymin, ymax);
CREATE TRIGGER placed AFTER INSERT ON reports BEGIN
  INSERT INTO idx_reports_geom VALUES (new.pk, new.lon, new.lon, new.lat, new.lat);
END;
"""
_SCHEMA = (
    "SELECT sql FROM plain.sqlite_master WHERE tbl_name = 'reports' AND sql IS NOT NULL "
    "AND type IN ('table', 'index') ORDER BY type DESC"
)


def _open(path: str, plain: str, more: str = "") -> apsw.Connection:
    """Make an empty database with the columns and indexes that reports have in ``plain``.

    ``more`` makes indexes that are tables of their own.
    """
    for end in ("", "-wal", "-shm"):
        Path(path + end).unlink(missing_ok=True)
    connection = apsw.Connection(path)
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("ATTACH DATABASE ? AS plain", (plain,))
    for (statement,) in connection.execute(_SCHEMA).fetchall():
        connection.execute(str(statement))
    if more:
        connection.execute(more)
    return connection


def _changeset(path: str, plain: str) -> bytes:
    source = _open(path, plain)
    session = apsw.Session(source, "main")
    session.attach("reports")
    with source:
        source.execute("INSERT INTO main.reports SELECT * FROM plain.reports")
    changes: bytes = session.changeset()
    source.close()
    return changes


def _first_sync(folder: str, plain: str) -> dict[str, Any]:
    """Time a changeset of every report being packed, unpacked and applied, with ever more."""
    changes = _changeset(f"{folder}/source.db", plain)
    started = time.perf_counter()
    packed = zstandard.ZstdCompressor(level=3).compress(changes)
    unpacked = zstandard.ZstdDecompressor().decompress(packed)
    packing_s = time.perf_counter() - started
    told: dict[str, Any] = {"bytes": len(packed), "packing_s": packing_s}
    for name, more in (
        ("indexes", ""),
        ("indexes_text_tree", _FOUND),
        ("every_index", _FOUND + _PLACED),
    ):
        target = _open(f"{folder}/target.db", plain, more)
        started, began = time.perf_counter(), time.process_time()
        with target:
            apsw.Changeset.apply(unpacked, target)
        told[f"{name}_s"] = packing_s + time.perf_counter() - started
        told[f"{name}_cpu_s"] = packing_s + time.process_time() - began
        ((told["rows"],),) = target.execute("SELECT count(*) FROM main.reports").fetchall()
        target.close()
    return told


def _edits(folder: str, plain: str, count: int) -> dict[str, Any]:
    """Time a changeset of approvals being made, packed, unpacked and applied."""
    source, target = (_open(f"{folder}/{name}.db", plain) for name in ("source", "target"))
    for each in (source, target):
        each.execute("INSERT INTO main.reports SELECT * FROM plain.reports")
        each.execute("UPDATE main.reports SET status = 'pending', reviewer_id = NULL")
    session = apsw.Session(source, "main")
    session.attach("reports")
    with source:
        source.execute(
            "UPDATE main.reports SET status = 'approved', reviewer_id = randomblob(16), "
            "version = version + 1, revision = revision + 1, updated_ms = updated_ms + 1 "
            "WHERE pk IN (SELECT pk FROM main.reports ORDER BY pk LIMIT ?)",
            (count,),
        )
    started, began = time.perf_counter(), time.process_time()
    packed = zstandard.ZstdCompressor(level=3).compress(session.changeset())
    unpacked = zstandard.ZstdDecompressor().decompress(packed)
    with target:
        apsw.Changeset.apply(unpacked, target)
    cpu_s = time.process_time() - began
    return {"s": time.perf_counter() - started, "cpu_s": cpu_s, "bytes": len(packed)}


def main() -> None:
    """Answer one line with one line until the pipe closes."""
    answers: dict[str, Any] = {"first_sync": _first_sync, "edits": _edits}
    for line in sys.stdin:
        asked = json.loads(line)
        sys.stdout.write(json.dumps(answers[asked.pop("do")](**asked)) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
