"""Citizens: a pseudonym in the open, who they are only under seal."""

from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.store.rows import run


class CitizenRow(NamedTuple):
    """A citizen; ``decided`` and ``approved`` count their reports as they were when these came.

    Evidence is scored by those. The counts ``…_here`` are what this desk has decided since.
    """

    id: UUID
    pseudonym: str
    sealed_identity: bytes
    decided: int
    approved: int
    decided_here: int = 0
    approved_here: int = 0


def put(connection: Connection, citizen: CitizenRow) -> None:
    """Write a citizen, or what has changed of one."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO citizens VALUES (?, ?, ?, ?, ?, ?, ?)",
        (citizen.id.bytes, *citizen[1:]),
    )


def find(connection: Connection, citizen_id: UUID) -> CitizenRow | None:
    """Return a citizen if this desk has one of that id."""
    row = connection.exec_driver_sql(
        "SELECT pseudonym, sealed_identity, decided, approved, decided_here, approved_here "
        "FROM citizens WHERE id = ?",
        (citizen_id.bytes,),
    ).one_or_none()
    return None if row is None else CitizenRow(citizen_id, *row)


def find_ids(connection: Connection) -> dict[str, UUID]:
    """Return the citizens' ids by their pseudonyms."""
    rows = connection.exec_driver_sql("SELECT pseudonym, id FROM citizens")
    return {str(row[0]): UUID(bytes=row[1]) for row in rows}


_RIGHT: Final = frozenset({ReportStatus.APPROVED, ReportStatus.CITED, ReportStatus.CLOSED})


def _weight(status: ReportStatus) -> tuple[int, int]:
    """Return what a report in this status adds to decided and approved.

    A duplicate adds nothing: it says again what somebody else's report is judged by.
    """
    is_right = status in _RIGHT
    return int(is_right or status is ReportStatus.REJECTED), int(is_right)


def follow(
    connection: Connection, citizen_id: UUID, before: ReportStatus, after: ReportStatus
) -> None:
    """Keep a citizen's counts with a report of theirs that went from one status to another."""
    (decided, approved), (was_decided, was_approved) = _weight(after), _weight(before)
    if (decided, approved) == (was_decided, was_approved):
        return
    run(
        connection,
        "UPDATE citizens SET decided_here = decided_here + ?, approved_here = approved_here + ? "
        "WHERE id = ?",
        (decided - was_decided, approved - was_approved, citizen_id.bytes),
    )
