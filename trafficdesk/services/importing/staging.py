"""Reading a file once: every row checked and laid aside, unseen, before any becomes a report."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import Connection

from trafficdesk.domain.geometry import contains
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.services import intake
from trafficdesk.services.importing.faults import (
    Findings,
    ImportFault,
    ImportRefused,
    RefusedError,
    refuse,
)
from trafficdesk.services.importing.mapping import Mapping
from trafficdesk.services.importing.rows import surroundings, walk_reports
from trafficdesk.services.importing.sources import Source
from trafficdesk.services.session import Session
from trafficdesk.store import imports, places
from trafficdesk.store.imports import BatchInsert
from trafficdesk.store.parts import Arrival

_AT_ONCE: Final = 500
OnRow = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Staged:
    """A file whose rows were all checked and lie aside as batch ``pk``."""

    pk: int
    findings: Findings


def stage(session: Session, source: Source, mapping: Mapping, on_row: OnRow) -> Staged:
    """Lay every row of a file aside; ``on_row`` is told how many rows were read.

    Raises:
        RefusedError: a row is wrong, the file is known, or ``on_row`` said to stop; nothing stays.
    """
    pk = _begin(session, source)
    findings = Findings()
    try:
        walk = walk_reports(source, mapping, surroundings(session), findings)
        written = 0
        while chunk := list(islice(walk, _AT_ONCE)):
            if not findings.error_count:  # else it is only read on for further errors
                contents = _contents(session, [report for _line, report in chunk])
                with session.store.writing() as connection:
                    imports.put_rows(connection, pk, written, contents)
                written += len(contents)
            on_row(findings.rows)
        _refuse_wrong(source, findings)
    except BaseException:
        with session.store.writing() as connection:
            imports.forget(connection, pk)
        raise
    return Staged(pk, findings)


def _begin(session: Session, source: Source) -> int:
    now_ms = to_ms(session.clock())
    with session.store.writing() as connection:
        known = imports.find_present(connection, source.sha256)
        if known is not None:
            since = from_ms(known.at_ms).isoformat()
            raise refuse(ImportFault.ALREADY_IMPORTED, source.path, since)
        return imports.begin(
            connection,
            BatchInsert(new_id(), source.path.name, source.sha256, session.officer.id, now_ms),
        )


def _refuse_wrong(source: Source, findings: Findings) -> None:
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


def _contents(session: Session, reports: list[NewReport]) -> list[bytes]:
    """Return rows as they are laid aside: with ward, score and id, and no reference yet."""
    at_ms = to_ms(session.clock())
    with session.store.reading() as connection:
        wards = places.find_ward_bounds(connection)

        def find_ward(reader: Connection, place: Place) -> UUID | None:
            # Most files lie elsewhere as a whole: ask only for points that may lie in a ward.
            inside = wards is not None and contains(wards, place)
            return places.find_ward_at(reader, place) if inside else None

        return [_content(connection, report, at_ms, find_ward) for report in reports]


def _content(
    connection: Connection, report: NewReport, at_ms: int, find_ward: intake.FindWard
) -> bytes:
    row = intake.as_insert(connection, report, (), "", find_ward)
    row = row._replace(created_ms=at_ms, updated_ms=at_ms)
    return msgspec.msgpack.encode(Arrival(row, report.violations))


_DECODER: Final = msgspec.msgpack.Decoder(Arrival)


def read_aside(contents: list[bytes], references: Iterator[str]) -> list[Arrival]:
    """Return rows that were laid aside, each with its reference."""
    found = []
    for content, reference in zip(contents, references, strict=False):
        arrival = _DECODER.decode(content)
        found.append(arrival._replace(row=arrival.row._replace(reference=reference)))
    return found
