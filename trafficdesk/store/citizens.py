"""Citizens: a pseudonym in the open, who they are only under seal."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection


class CitizenRow(NamedTuple):
    """A citizen; ``decided`` and ``approved`` count their reports."""

    id: UUID
    pseudonym: str
    sealed_identity: bytes
    decided: int
    approved: int


def put(connection: Connection, citizen: CitizenRow) -> None:
    """Write a citizen, or what has changed of one."""
    connection.exec_driver_sql(
        "INSERT OR REPLACE INTO citizens VALUES (?, ?, ?, ?, ?)",
        (citizen.id.bytes, *citizen[1:]),
    )


def find(connection: Connection, citizen_id: UUID) -> CitizenRow | None:
    """Return a citizen if this desk has one of that id."""
    row = connection.exec_driver_sql(
        "SELECT pseudonym, sealed_identity, decided, approved FROM citizens WHERE id = ?",
        (citizen_id.bytes,),
    ).one_or_none()
    return None if row is None else CitizenRow(citizen_id, *row)
