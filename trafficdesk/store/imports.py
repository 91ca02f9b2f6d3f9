"""Files of reports on their way in: rows that wait unseen, and what became of each file."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.store.rows import fetch_all, run, run_each


class ImportState(StrEnum):
    """How far a file has come; ``COMING`` and ``LEAVING`` are ended whatever happens."""

    READING = "reading"  # its rows are being checked; a kill leaves nothing of it
    COMING = "coming"  # every row was checked and is becoming a report
    DONE = "done"
    LEAVING = "leaving"  # its untouched reports are being taken back
    TAKEN_BACK = "taken_back"


class ImportBatch(NamedTuple):
    """A file; ``id`` is its action's. ``kept_count`` reports stayed when it was taken back."""

    pk: int
    id: UUID
    file: str
    sha256: str
    officer_id: UUID
    at_ms: int
    state: ImportState
    series: str
    first_number: int
    row_count: int
    done_count: int
    kept_count: int
    undo_id: UUID | None


_SELECT = (
    "SELECT pk, id, file, sha256, officer_id, at_ms, state, series, first_number, row_count, "
    "done_count, kept_count, undo_id FROM imports"
)


def _batches(connection: Connection, where: str, *values: object) -> list[ImportBatch]:
    return [
        ImportBatch(
            pk=row[0],
            id=UUID(bytes=row[1]),
            file=row[2],
            sha256=row[3],
            officer_id=UUID(bytes=row[4]),
            at_ms=row[5],
            state=ImportState(row[6]),
            series=row[7],
            first_number=row[8],
            row_count=row[9],
            done_count=row[10],
            kept_count=row[11],
            undo_id=None if row[12] is None else UUID(bytes=row[12]),
        )
        for row in fetch_all(connection, f"{_SELECT} {where}", values)
    ]


class BatchInsert(NamedTuple):
    """A file as its reading begins."""

    id: UUID
    file: str
    sha256: str
    officer_id: UUID
    at_ms: int


def begin(connection: Connection, batch: BatchInsert) -> int:
    """Write a file that is about to be read; return its number."""
    done = connection.exec_driver_sql(
        "INSERT INTO imports (id, file, sha256, officer_id, at_ms, state) "
        "VALUES (?, ?, ?, ?, ?, ?)",
        (
            batch.id.bytes,
            batch.file,
            batch.sha256,
            batch.officer_id.bytes,
            batch.at_ms,
            str(ImportState.READING),
        ),
    )
    return int(done.lastrowid)


def put_rows(connection: Connection, pk: int, first: int, contents: Sequence[bytes]) -> None:
    """Lay rows aside for a file, numbered from ``first``."""
    run_each(
        connection,
        "INSERT INTO import_rows (import_pk, position, content) VALUES (?, ?, ?)",
        [(pk, position, content) for position, content in enumerate(contents, first)],
    )


def find_rows(connection: Connection, pk: int, first: int, limit: int) -> list[bytes]:
    """Return the rows of a file from a position on."""
    rows = fetch_all(
        connection,
        "SELECT content FROM import_rows WHERE import_pk = ? AND position >= ? "
        "ORDER BY position LIMIT +?",
        (pk, first, limit),
    )
    return [row[0] for row in rows]


def promise(
    connection: Connection, batch: ImportBatch, series: str, first_number: int, count: int
) -> None:
    """Say that every row of a file will become a report, whatever happens from now on."""
    run(
        connection,
        "UPDATE imports SET state = ?, series = ?, first_number = ?, row_count = ? WHERE pk = ?",
        (str(ImportState.COMING), series, first_number, count, batch.pk),
    )


def pass_rows(connection: Connection, pk: int, past: int) -> None:
    """Note that the rows before a position are reports now, and give their room back."""
    run(connection, "DELETE FROM import_rows WHERE import_pk = ? AND position < ?", (pk, past))
    run(connection, "UPDATE imports SET done_count = ? WHERE pk = ?", (past, pk))


def set_state(connection: Connection, pk: int, state: ImportState) -> None:
    """Write how far a file has come."""
    run(connection, "UPDATE imports SET state = ? WHERE pk = ?", (str(state), pk))


def begin_leaving(connection: Connection, pk: int, undo_id: UUID) -> None:
    """Say that a file's untouched reports will be taken back; rows still waiting go at once."""
    run(connection, "DELETE FROM import_rows WHERE import_pk = ?", (pk,))
    run(
        connection,
        "UPDATE imports SET state = ?, undo_id = ? WHERE pk = ?",
        (str(ImportState.LEAVING), undo_id.bytes, pk),
    )


def end_leaving(connection: Connection, batch: ImportBatch) -> int:
    """Write that a file was taken back; return how many of its reports stay."""
    ((kept,),) = fetch_all(
        connection,
        "SELECT count(*) FROM events e JOIN reports r ON r.id = e.entity_id "
        "WHERE e.action_id = ? AND r.deleted_ms IS NULL",
        (batch.id.bytes,),
    )
    run(
        connection,
        "UPDATE imports SET state = ?, kept_count = ? WHERE pk = ?",
        (str(ImportState.TAKEN_BACK), kept, batch.pk),
    )
    return int(kept)


def forget(connection: Connection, pk: int) -> None:
    """Take out a file of which nothing has become a report."""
    run(connection, "DELETE FROM import_rows WHERE import_pk = ?", (pk,))
    run(connection, "DELETE FROM imports WHERE pk = ?", (pk,))


def get(connection: Connection, pk: int) -> ImportBatch:
    """Return a file by its number.

    Raises:
        LookupError: there is none.
    """
    found = _batches(connection, "WHERE pk = ?", pk)
    if not found:
        raise LookupError(f"there is no import {pk}")
    return found[0]


def find(connection: Connection, pk: int) -> ImportBatch | None:
    """Return a file by its number, if this desk has it."""
    found = _batches(connection, "WHERE pk = ?", pk)
    return found[0] if found else None


def find_unended(connection: Connection) -> list[ImportBatch]:
    """Return the files that a kill has left between two states, the first first."""
    return _batches(
        connection,
        "WHERE state NOT IN (?, ?) ORDER BY pk",
        str(ImportState.DONE),
        str(ImportState.TAKEN_BACK),
    )


def find_latest(connection: Connection, limit: int = 50) -> list[ImportBatch]:
    """Return the files of which reports came, the latest first."""
    return _batches(
        connection,
        "WHERE state <> ? ORDER BY pk DESC LIMIT +?",
        str(ImportState.READING),
        limit,
    )


def find_present(connection: Connection, sha256: str) -> ImportBatch | None:
    """Return a file of these very bytes whose reports are here, if only some of them."""
    found = _batches(
        connection,
        "WHERE sha256 = ? AND (state IN (?, ?) OR kept_count > 0) ORDER BY pk LIMIT 1",
        sha256,
        str(ImportState.COMING),
        str(ImportState.DONE),
    )
    return found[0] if found else None


class Untouched(NamedTuple):
    """A report of a file that nobody has changed or built upon since."""

    pk: int
    id: UUID
    version: int


def find_untouched(
    connection: Connection, batch_id: UUID, after_seq: int, limit: int
) -> tuple[list[Untouched], int | None]:
    """Return which of a file's next ``limit`` reports are untouched, and where to go on."""
    rows = fetch_all(
        connection,
        "SELECT e.seq, r.pk, r.id, r.version, r.revision, r.deleted_ms FROM events e "
        "JOIN reports r ON r.id = e.entity_id "
        "WHERE e.action_id = ? AND e.seq > ? ORDER BY e.seq LIMIT +?",
        (batch_id.bytes, after_seq, limit),
    )
    open_rows = [row for row in rows if row[4] == 1 and row[5] is None]
    originals = _originals(connection, [row[2] for row in open_rows])
    found = [
        Untouched(row[1], UUID(bytes=row[2]), row[3])
        for row in open_rows
        if row[2] not in originals
    ]
    return found, rows[-1][0] if len(rows) == limit else None


def _originals(connection: Connection, ids: Sequence[bytes]) -> set[bytes]:
    """Return which of these reports others are duplicates of: those would lose their original."""
    if not ids:
        return set()
    marks = ", ".join("?" * len(ids))
    rows = fetch_all(
        connection,
        "SELECT duplicate_of FROM reports WHERE status = 'duplicate' AND deleted_ms IS NULL "
        f"AND duplicate_of IN ({marks})",
        ids,
    )
    return {row[0] for row in rows}
