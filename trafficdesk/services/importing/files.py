"""Importing a file: looked over, read through once for errors, then written whole or not at all."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from trafficdesk.domain.records import NewReport
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import auditing
from trafficdesk.services.changes import Changed
from trafficdesk.services.importing import loading
from trafficdesk.services.importing.faults import (
    Findings,
    ImportFault,
    ImportRefused,
    RefusedError,
    RowError,
    RowWarning,
    refuse,
)
from trafficdesk.services.importing.loading import ACTION, Load
from trafficdesk.services.importing.mapping import Mapping
from trafficdesk.services.importing.rows import may_import, surroundings, walk_reports
from trafficdesk.services.importing.sources import Source, open_source
from trafficdesk.services.intent import Intent, intent
from trafficdesk.services.session import Session
from trafficdesk.store import facts

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
PREVIEWED = 10
_READ, _ALL = 30, 100  # hundredths: reading through takes about a third of the time
_TOLD_EVERY = 500


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
    """A file that was imported whole."""

    rows: int
    warnings: dict[RowWarning, int]
    seconds: float
    changed: Changed


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
    """Import every row of a file as a pending report, in one transaction.

    One wrong row, a cancel or a full disk leaves the store as it was.

    Raises:
        StoreError: the disk is full or the store cannot be written.
    """
    if not may_import(session):
        return ImportRefused(ImportFault.NOT_PERMITTED, path)
    started = time.monotonic()
    told = watch or Watch()
    try:
        source = open_source(path, mapping)
        findings = _read_through(session, source, mapping, told)
        with intent(session, ACTION) as doing:
            _refuse_known(doing, source)
            rows = _write(doing, source, mapping, (findings.rows, told))
    except RefusedError as error:
        return error.refused
    session.store.checkpoint()  # the log has grown by the whole file; give the room back
    told.progress(_ALL, _ALL)
    seconds = time.monotonic() - started
    changed = Changed(kinds=frozenset({Entity.REPORT}))
    return Imported(rows, dict(findings.warnings), seconds, changed)


def _read_through(session: Session, source: Source, mapping: Mapping, watch: Watch) -> Findings:
    """Find every error before anything is written."""
    findings = Findings()
    for line, _report in walk_reports(source, mapping, surroundings(session), findings):
        if line % _TOLD_EVERY == 0:
            _look_up(source, watch, 0)
    if findings.error_count:
        raise RefusedError(
            ImportRefused(
                ImportFault.ROWS_WRONG,
                source.path,
                str(findings.rows),
                tuple(findings.errors),
                findings.error_count,
            )
        )
    if not findings.rows:
        raise refuse(ImportFault.FILE_EMPTY, source.path)
    return findings


def _look_up(source: Source, watch: Watch, hundredths: int) -> None:
    if watch.cancelled():
        raise refuse(ImportFault.CANCELLED, source.path)
    watch.progress(hundredths, _ALL)


def _fact_name(sha256: str) -> str:
    return f"import/{sha256}"


def _refuse_known(doing: Intent, source: Source) -> None:
    """Refuse a file whose very bytes were imported before: its reports would stand twice."""
    known = facts.find(doing.connection, _fact_name(source.sha256))
    if known is not None:
        raise refuse(ImportFault.ALREADY_IMPORTED, source.path, from_ms(int(known)).isoformat())


def _write(doing: Intent, source: Source, mapping: Mapping, expected: tuple[int, Watch]) -> int:
    count, watch = expected
    findings = Findings()

    def on_row(done: int) -> None:
        if done % _TOLD_EVERY == 0:
            _look_up(source, watch, _READ + (_ALL - _READ) * done // count)

    incoming = walk_reports(source, mapping, surroundings(doing.session), findings)
    written = loading.write(doing, Load(incoming, count, on_row))
    if written != count:
        raise refuse(ImportFault.FILE_CHANGED, source.path)
    facts.put(doing.connection, _fact_name(source.sha256), str(doing.at_ms))
    detail = {"file": source.path.name, "sha256": source.sha256, "rows": written}
    auditing.append(
        doing.session,
        doing.connection,
        auditing.Audited("report.import", "desk", str(doing.session.device_id), json.dumps(detail)),
    )
    return written
