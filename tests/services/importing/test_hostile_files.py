"""Files that want to do harm by their size or by what cannot be seen in them."""

import gzip
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from trafficdesk.services.importing import sources
from trafficdesk.services.importing.faults import (
    ImportFault,
    ImportRefused,
    RowFault,
    RowWarning,
)
from trafficdesk.services.importing.files import Imported, import_reports, preview
from trafficdesk.services.importing.mapping import Mapping
from trafficdesk.services.session import Session

Table = Callable[..., Path]
HEADER = b"time,lon,lat,kind,vehicle,plate,text\n"
GOOD = b"2026-03-01T08:30:00,76.9674,11.0183,red,moto,TN 37 BZ 4412,Went through on red\n"
MIB = 1 << 20


def _refused(session: Session, path: Path, mapping: Mapping) -> ImportRefused:
    done = import_reports(session, path, mapping)
    assert isinstance(done, ImportRefused), done
    with session.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT count(*) FROM reports").scalar_one()
    assert rows == 0
    return done


def _write_zipped(path: Path, piece: bytes, times: int) -> None:
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(HEADER)
        file.write(GOOD)
        for _ in range(times):
            file.write(piece)


def test_a_line_without_end_is_refused_before_it_fills_the_memory(
    supervisor: Session, mapping: Mapping, tmp_path: Path
) -> None:
    path = tmp_path / "endless.csv.gz"
    _write_zipped(path, b"a" * MIB, 2048)  # a line of 2 GB, in a file of a few MB
    tracemalloc.start()
    try:
        done = _refused(supervisor, path, mapping)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert done.fault is ImportFault.LINE_TOO_LONG
    assert peak < 64 * MIB


def test_a_file_that_unpacks_beyond_all_measure_is_refused(
    supervisor: Session, mapping: Mapping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LARGEST_BYTES", 8 * MIB)
    path = tmp_path / "bomb.csv.gz"
    _write_zipped(path, GOOD * 10_000, 12)
    assert path.stat().st_size < MIB
    assert _refused(supervisor, path, mapping).fault is ImportFault.FILE_TOO_LARGE


def test_a_map_file_that_must_be_read_whole_is_measured_first(
    supervisor: Session, mapping: Mapping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LARGEST_WHOLE_BYTES", MIB)
    path = tmp_path / "large.geojson"
    path.write_bytes(b'{"type": "FeatureCollection", "features": [' + b" " * 2 * MIB + b"]}")
    assert _refused(supervisor, path, mapping).fault is ImportFault.FILE_TOO_LARGE


def test_a_plain_file_that_calls_itself_gzip_and_a_broken_one_are_told_apart(
    supervisor: Session, mapping: Mapping, tmp_path: Path
) -> None:
    plain = tmp_path / "plain.csv.gz"
    plain.write_bytes(HEADER + GOOD)
    assert isinstance(import_reports(supervisor, plain, mapping), Imported)
    broken = tmp_path / "broken.csv.gz"
    broken.write_bytes(b"\x1f\x8b" + b"rubbish" * 20)
    done = import_reports(supervisor, broken, mapping)
    assert isinstance(done, ImportRefused)
    assert done.fault is ImportFault.FILE_UNREADABLE
    assert done.detail


def test_nul_bytes_and_other_binary_files_are_no_text(
    supervisor: Session, mapping: Mapping, tmp_path: Path
) -> None:
    path = tmp_path / "picture.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" * 50)
    assert _refused(supervisor, path, mapping).fault is ImportFault.NOT_TEXT


def test_a_quote_that_is_never_closed_names_the_line_it_began_on(
    supervisor: Session, mapping: Mapping, tmp_path: Path
) -> None:
    path = tmp_path / "quote.csv"
    path.write_bytes(HEADER + GOOD.replace(b"Went", b'"Went') + GOOD * 4000)
    done = _refused(supervisor, path, mapping)
    assert done.fault is ImportFault.ROWS_WRONG
    assert done.errors[0].fault in {RowFault.UNREADABLE, RowFault.CELLS}


def test_formulas_and_marks_of_direction_stay_text(
    supervisor: Session, mapping: Mapping, table: Table
) -> None:
    row = GOOD.decode().strip()
    path = table(
        row.replace("Went", "=HYPERLINK(1) Went"), row.replace("Went", "\u202eWent\u2066 \x00"[:-1])
    )
    done = import_reports(supervisor, path, mapping)
    assert isinstance(done, Imported)
    assert done.warnings == {RowWarning.TEXT_CLEANED: 1}
    with supervisor.store.reading() as connection:
        texts = connection.exec_driver_sql("SELECT description FROM reports ORDER BY pk").all()
    assert texts[0][0].startswith("=HYPERLINK(1) Went")
    assert "\u202e" not in texts[1][0]


def test_a_preview_meets_the_same_walls(
    supervisor: Session, mapping: Mapping, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "LONGEST_LINE", 4096)
    path = tmp_path / "long.csv"
    path.write_bytes(HEADER + GOOD.replace(b"Went", b"x" * 3 * MIB))
    found = preview(supervisor, path, mapping)
    assert isinstance(found, ImportRefused)
    assert found.fault is ImportFault.LINE_TOO_LONG
