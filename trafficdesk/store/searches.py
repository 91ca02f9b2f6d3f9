"""An officer's saved searches and what they have opened."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection


class SavedSearch(NamedTuple):
    """A named filter of one officer; ``filter`` is JSON."""

    id: UUID
    name: str
    filter: str


def put(connection: Connection, officer_id: UUID, search: SavedSearch) -> UUID:
    """Write a search; one of the same name of the same officer is replaced and keeps its id.

    Returns the id it is kept under.
    """
    kept_id = connection.exec_driver_sql(
        "INSERT INTO saved_searches (id, officer_id, name, filter, position) VALUES (?1, ?2, ?3, "
        "?4, (SELECT coalesce(max(position), 0) + 1 FROM saved_searches WHERE officer_id = ?2)) "
        "ON CONFLICT (officer_id, name) DO UPDATE SET filter = excluded.filter RETURNING id",
        (search.id.bytes, officer_id.bytes, search.name, search.filter),
    ).scalar_one()
    return UUID(bytes=kept_id)


def find_of_officer(connection: Connection, officer_id: UUID) -> list[SavedSearch]:
    """Return an officer's searches in the order they were saved."""
    rows = connection.exec_driver_sql(
        "SELECT id, name, filter FROM saved_searches WHERE officer_id = ? ORDER BY position",
        (officer_id.bytes,),
    )
    return [SavedSearch(UUID(bytes=row[0]), row[1], row[2]) for row in rows]


def remove(connection: Connection, officer_id: UUID, search_id: UUID) -> bool:
    """Forget a search of an officer; False when they have none of that id."""
    done = connection.exec_driver_sql(
        "DELETE FROM saved_searches WHERE id = ? AND officer_id = ?",
        (search_id.bytes, officer_id.bytes),
    )
    return bool(done.rowcount == 1)


def mark_seen(connection: Connection, officer_id: UUID, report_pk: int, revision: int) -> None:
    """Note that an officer has seen a report as it stands at a revision."""
    connection.exec_driver_sql(
        "INSERT INTO seen_reports VALUES (?1, ?2, ?3) ON CONFLICT (officer_id, report_pk) "
        "DO UPDATE SET revision = max(revision, excluded.revision)",
        (officer_id.bytes, report_pk, revision),
    )


def find_seen(connection: Connection, officer_id: UUID, pks: frozenset[int]) -> dict[int, int]:
    """Return, of these reports, those the officer has seen, with the revision they saw."""
    marks = ", ".join("?" * len(pks))
    rows = connection.exec_driver_sql(
        f"SELECT report_pk, revision FROM seen_reports WHERE officer_id = ? "
        f"AND report_pk IN ({marks})",
        (officer_id.bytes, *pks),
    )
    return {int(pk): int(revision) for pk, revision in rows}
