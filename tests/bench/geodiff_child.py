"""geodiff on GeoPackages of the same reports: edits carried over, and edits of both sides merged.

It runs alone, for it brings a SQLite of its own. Asked by one JSON line; times are seconds.
"""

import json
import re
import shutil
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

import pygeodiff

_GEOPACKAGE = """
PRAGMA application_id = 1196444487;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL,
  description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES ('WGS 84', 4326, 'EPSG', 4326, 'undefined', NULL);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL,
  identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME NOT NULL
  DEFAULT '2026-01-01T00:00:00.000Z', min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER);
INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)
VALUES ('reports', 'features', 'reports', 4326);
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL,
  geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  PRIMARY KEY (table_name, column_name));
INSERT INTO gpkg_geometry_columns VALUES ('reports', 'geom', 'POINT', 4326, 0, 0);
"""
_SCHEMA = (
    "SELECT sql FROM plain.sqlite_master WHERE tbl_name = 'reports' AND sql IS NOT NULL "
    "AND type IN ('table', 'index') ORDER BY type DESC"
)
_REFERENCE = re.compile(r" REFERENCES \w+ \(\w+\)")
# A GeoPackage's point: its header, then WKB, little endian.
_POINT = "UPDATE reports SET geom = x'47500001E6100000' || x'0101000000' || substr(geom, 44, 16)"


def _package(path: Path, plain: str) -> None:
    """Write the reports of a plain copy into a GeoPackage with the same columns and indexes."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.executescript(_GEOPACKAGE)
    connection.execute("ATTACH DATABASE ? AS plain", (plain,))
    for (statement,) in connection.execute(_SCHEMA).fetchall():
        connection.execute(_REFERENCE.sub("", statement))
    connection.execute("INSERT INTO main.reports SELECT * FROM plain.reports")
    connection.execute(_POINT)
    connection.execute("UPDATE reports SET status = 'pending', reviewer_id = NULL")
    connection.close()


def _edited(base: Path, name: str, statement: str, count: int) -> Path:
    """Return a copy of a GeoPackage with its first reports changed."""
    target = base.with_name(name)
    shutil.copyfile(base, target)
    connection = sqlite3.connect(target)
    with connection:
        connection.execute(
            f"UPDATE reports SET version = version + 1, {statement} "
            "WHERE pk IN (SELECT pk FROM reports ORDER BY pk LIMIT ?)",
            (count,),
        )
    connection.close()
    return target


def _edits(folder: str, plain: str, count: int) -> dict[str, Any]:
    """Time the changeset of edits being found and applied to a copy."""
    base = Path(folder) / "base.gpkg"
    _package(base, plain)
    approved = "status = 'approved', reviewer_id = x'01', updated_ms = updated_ms + 1"
    edited = _edited(base, "edited.gpkg", approved, count)
    changes = str(base.with_name("changes"))
    geodiff = pygeodiff.GeoDiff()
    started, began = time.perf_counter(), time.process_time()
    geodiff.create_changeset(str(base), str(edited), changes)
    geodiff.apply_changeset(str(base), changes)
    took_s, cpu_s = time.perf_counter() - started, time.process_time() - began
    return {
        "s": took_s,
        "cpu_s": cpu_s,
        "bytes": Path(changes).stat().st_size,
        "version": geodiff.version(),
    }


def _merge(folder: str, plain: str, count: int) -> dict[str, Any]:
    """Time edits of one side being rebased on the other's, and applied; mine wins a clash."""
    base = Path(folder) / "base.gpkg"
    _package(base, plain)
    theirs = _edited(base, "theirs.gpkg", "severity = 4, address = 'North Street'", count)
    mine = _edited(base, "mine.gpkg", "severity = 3, plate = 'TN38BB0001'", count)
    geodiff = pygeodiff.GeoDiff()
    clashes = str(base.with_name("clashes"))
    started = time.perf_counter()
    geodiff.rebase(str(base), str(theirs), str(mine), clashes)
    return {"s": time.perf_counter() - started, "version": geodiff.version()}


def main() -> None:
    """Answer one line with one line."""
    asked = json.loads(sys.stdin.readline())
    answer = {"edits": _edits, "merge": _merge}[asked.pop("do")](**asked)
    sys.stdout.write(json.dumps(answer) + "\n")


if __name__ == "__main__":
    main()
