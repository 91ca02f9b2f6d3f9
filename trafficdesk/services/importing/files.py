"""Importing a file: looked over, read through once for errors, then all of it or nothing."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from trafficdesk.domain.records import NewReport
from trafficdesk.services.changes import Changed
from trafficdesk.services.importing.batches import CHANGED, leave, promise, publish, told_nobody
from trafficdesk.services.importing.faults import (
    Findings,
    ImportFault,
    ImportRefused,
    RefusedError,
    RowError,
    RowWarning,
    refuse,
)
from trafficdesk.services.importing.mapping import Mapping
from trafficdesk.services.importing.rows import may_import, surroundings, walk_reports
from trafficdesk.services.importing.sources import Source, open_source
from trafficdesk.services.importing.staging import stage
from trafficdesk.services.session import Session
from trafficdesk.store.imports import ImportBatch

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
PREVIEWED = 10
_READ, _ALL = 40, 100  # hundredths: reading through takes about two fifths of the time
_HALF_READ_ROWS = 20_000


def no_progress(_done: int, _total: int) -> None:
    """Tell nobody."""


def never() -> bool:
    """Say that nobody cancelled."""
    return False


@dataclass(frozen=True, slots=True)
class Watch:
    """Who is told how far it is (hundredths of 100), and who may stop it."""

    progress: Progress = no_progress
    cancelled: Cancelled = never


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would bring: the first reports with their lines, and every row counted."""

    columns: tuple[str, ...]
    encoding: str
    reports: tuple[tuple[int, NewReport], ...]
    rows: int
    errors: tuple[RowError, ...]
    error_count: int
    warnings: dict[RowWarning, int]


@dataclass(frozen=True, slots=True)
class Imported:
    """A file that was imported whole; ``batch`` is its number, 0 for wards."""

    rows: int
    warnings: dict[RowWarning, int]
    seconds: float
    changed: Changed
    batch: int = 0


def preview(
    session: Session, path: Path, mapping: Mapping, limit: int = PREVIEWED
) -> Preview | ImportRefused:
    """Read a file through and return what an import would bring; nothing is written."""
    try:
        source = open_source(path, mapping)
        findings = Findings()
        walk = walk_reports(source, mapping, surroundings(session), findings)
        first = tuple(islice(walk, limit))
        for _rest in walk:
            pass
    except RefusedError as error:
        return error.refused
    return Preview(
        columns=source.columns,
        encoding=source.encoding,
        reports=first,
        rows=findings.rows,
        errors=tuple(findings.errors),
        error_count=findings.error_count,
        warnings=dict(findings.warnings),
    )


def import_reports(
    session: Session, path: Path, mapping: Mapping, watch: Watch | None = None
) -> Imported | ImportRefused:
    """Import every row of a file as a pending report, or none.

    Every row is checked and laid aside first: one wrong row, a cancel, a full disk or a kill until
    then leaves the store as it was. Then all become reports, a few at a time, and a kill is made
    good when the desk opens again. A cancel meanwhile takes back what has come.

    Raises:
        StoreError: the disk is full or the store cannot be written.
    """
    if not may_import(session):
        return ImportRefused(ImportFault.NOT_PERMITTED, path)
    started = time.monotonic()
    told = watch or Watch()
    try:
        source = open_source(path, mapping)
        staged = stage(session, source, mapping, partial(_tell_read, source, told))
        batch = promise(session, staged.pk, staged.findings.rows)
        _publish(session, source, batch, told)
    except RefusedError as error:
        return error.refused
    told.progress(_ALL, _ALL)
    seconds = time.monotonic() - started
    findings = staged.findings
    return Imported(findings.rows, dict(findings.warnings), seconds, CHANGED, batch.pk)


def _tell_read(source: Source, watch: Watch, rows: int) -> None:
    if watch.cancelled():
        raise refuse(ImportFault.CANCELLED, source.path)
    # How many rows are to come is not known; nobody is misled by a share that never quite ends.
    watch.progress(_READ * rows // (rows + _HALF_READ_ROWS), _ALL)


def _publish(session: Session, source: Source, batch: ImportBatch, watch: Watch) -> None:
    def on_done(done: int) -> None:
        if watch.cancelled() and done < batch.row_count:
            raise refuse(ImportFault.CANCELLED, source.path)
        watch.progress(_READ + (_ALL - _READ) * done // batch.row_count, _ALL)

    try:
        publish(session, batch, on_done)
    except RefusedError:
        leave(session, batch, told_nobody)
        raise
