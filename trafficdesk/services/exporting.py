"""Taking lists out of the desk: who may, what of people is in it, and that it was done."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Final

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.plates import masked_plate
from trafficdesk.domain.queues import ReportFilter, Sort, sort_key
from trafficdesk.domain.times import from_ms
from trafficdesk.exports.table import Column, Kind, Row, Table, Tick
from trafficdesk.exports.writing import Format, Write, write_table
from trafficdesk.services import auditing
from trafficdesk.services.session import Session
from trafficdesk.store import export_rows, walks
from trafficdesk.store.export_rows import ExportRow
from trafficdesk.store.queues import PageRequest

_PAGE: Final = 1_000
MASK: Final = "\N{BULLET}"


class ExportFault(StrEnum):
    """Why nothing was taken out."""

    NOT_PERMITTED = "not_permitted"
    BY_POLICY = "by_policy"


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written; ``is_masked``: plates and texts about people are not in it."""

    path: Path
    rows: int
    is_masked: bool


@dataclass(frozen=True, slots=True)
class ListFile:
    """The file a list goes to, and the words of it for people.

    ``titles`` are the columns' words, by their names; ``notes`` say of the file what was asked and
    how old the data is. ``write`` sets a PDF.
    """

    path: Path
    form: Format
    title: str
    notes: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    write: Write | None = None

    def columns_of(self, named: Iterable[tuple[str, Kind]]) -> tuple[Column, ...]:
        """Return columns with their words for people."""
        return tuple(Column(name, self.titles.get(name, name), kind) for name, kind in named)

    def put(self, table: Table, tick: Tick) -> int:
        """Write a table into the file and return its rows; raises as ``write_table``."""
        written = 0

        def count(done: int) -> None:
            nonlocal written
            written = done
            tick(done)

        write_table(table, self.path, self.form, count, self.write)
        return written


@dataclass(frozen=True, slots=True)
class Wanted:
    """A list of reports in its order, and its file; ``is_void``: no report can be in it."""

    filter: ReportFilter
    sort: Sort
    file: ListFile
    is_void: bool = False


# Names of the columns; what is of people is masked for whoever may not read it.
COLUMNS: Final[tuple[tuple[str, Kind], ...]] = (
    ("reference", Kind.TEXT),
    ("status", Kind.TEXT),
    ("severity", Kind.WHOLE),
    ("violations", Kind.TEXT),
    ("occurred_at", Kind.TIME),
    ("reported_at", Kind.TIME),
    ("decided_at", Kind.TIME),
    ("longitude", Kind.NUMBER),
    ("latitude", Kind.NUMBER),
    ("accuracy_m", Kind.NUMBER),
    ("address", Kind.TEXT),
    ("area", Kind.TEXT),
    ("ward", Kind.TEXT),
    ("station", Kind.TEXT),
    ("plate", Kind.TEXT),
    ("vehicle_type", Kind.TEXT),
    ("vehicle", Kind.TEXT),
    ("description", Kind.TEXT),
    ("source", Kind.TEXT),
    ("evidence_score", Kind.WHOLE),
    ("escalated", Kind.FLAG),
    ("reviewer", Kind.TEXT),
    ("decision_note", Kind.TEXT),
    ("rejection_reason", Kind.TEXT),
)
PLACE: Final = (7, 8)
_TIMES: Final = 4
_FLAG: Final = 20


def find_fault(
    session: Session, form: Format, permission: Permission = Permission.REPORT_EXPORT
) -> ExportFault | None:
    """Return why this officer may not take something out in this format; None if they may."""
    if not session.may(permission):
        return ExportFault.NOT_PERMITTED
    return None if is_allowed(session, str(form)) else ExportFault.BY_POLICY


def is_allowed(session: Session, form: str) -> bool:
    """Tell whether the machine's policy lets anything out in this format."""
    rules = session.profile.policy.exports
    return rules is None or form in rules.formats


@dataclass(frozen=True, slots=True)
class Making:
    """A file of something that stands on the screen, and what the audit chain is told of it."""

    action: str
    permission: Permission
    path: Path
    form: Format
    detail: Mapping[str, object]
    is_masked: bool = False


def export_made(
    session: Session, making: Making, write: Callable[[Path], int]
) -> Exported | ExportFault:
    """Have a file written by who can, which returns its rows; noted in the audit chain first.

    Raises:
        OSError: the folder takes no file, or the disk is full.
    """
    fault = find_fault(session, making.form, making.permission)
    if fault is not None:
        return fault
    _note(session, making)
    return Exported(making.path, write(making.path), making.is_masked)


def _note(session: Session, making: Making) -> None:
    # First: a file that left the desk unnoticed would be worse than a note too many.
    told = {"file": making.path.name, "format": making.form, **making.detail}
    detail = json.dumps(told, ensure_ascii=False)
    entry = auditing.Audited(making.action, "desk", str(session.device_id), detail)
    auditing.note(session, entry)


def export_reports(session: Session, wanted: Wanted, tick: Tick) -> Exported | ExportFault:
    """Write a list of reports to a file, in the room of one page however long it is.

    It is noted in the audit chain before the first row is read. Reports that change meanwhile are
    written as they stand when their page comes.

    Raises:
        OSError: the folder takes no file; what was there is still there.
        ExportCancelledError: from ``tick``; likewise.
    """
    file = wanted.file
    fault = find_fault(session, file.form)
    if fault is not None:
        return fault
    is_masked = not session.may(Permission.CITIZEN_READ_PII)
    detail = {"masked": is_masked}
    permission = Permission.REPORT_EXPORT
    _note(session, Making("report.export", permission, file.path, file.form, detail))
    rows = () if wanted.is_void else _rows(session, wanted, is_masked=is_masked)
    table = Table("reports", file.title, file.columns_of(COLUMNS), rows, PLACE, file.notes)
    return Exported(file.path, file.put(table, tick), is_masked)


def _rows(session: Session, wanted: Wanted, *, is_masked: bool) -> Iterator[Row]:
    told: Callable[[ExportRow], Row] = _masked if is_masked else _told
    request = PageRequest(wanted.filter, wanted.sort, limit=_PAGE)
    walk: walks.Walk | None = None
    while True:
        # No page holds the store's log open for the next one.
        with session.store.reading() as connection:
            walk = walk or walks.choose(connection, wanted.filter, wanted.sort)
            page = export_rows.find_page(connection, request, walk)
        yield from map(told, page)
        if len(page) < _PAGE:
            return
        request = request._replace(after=sort_key(page[-1], wanted.sort))


def _told(row: ExportRow) -> Row:
    # In slices, for there are millions: a row is in the order of ``COLUMNS``.
    decided = row.decided_ms
    return (
        *row[:_TIMES],
        from_ms(row.occurred_ms),
        from_ms(row.reported_ms),
        None if decided is None else from_ms(decided),
        *row[_TIMES + 3 : _FLAG],
        row.escalated == 1,
        *row[_FLAG + 1 : -1],
    )


def _masked(row: ExportRow) -> Row:
    """Return a row without what tells of people: a whole plate, and what was written freely."""
    hidden = row._replace(
        plate=masked_plate(row.plate),
        description=MASK if row.description else "",
        decision_note=MASK if row.decision_note else "",
        vehicle_text=MASK if row.vehicle_text else "",
    )
    return _told(hidden)
