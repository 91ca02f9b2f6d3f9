"""Citations (challans) written for approved reports."""

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.store import facts
from trafficdesk.store.analytics import day_sums
from trafficdesk.store.rows import fetch_all, run


class Citation(NamedTuple):
    """A citation; ``amount_minor`` in the currency's smallest unit.

    ``version`` is the server's (0: it has none), ``revision`` counts its changes here.
    """

    id: UUID
    number: str
    offence: str
    amount_minor: int
    currency: str
    status: str
    issued_ms: int
    version: int = 0
    revision: int = 1


@contextmanager
def counting(connection: Connection, report_pk: int) -> Iterator[None]:
    """Keep the sums by day with what happens to a report's citations meanwhile."""
    before = day_sums.find_standing(connection, report_pk)
    yield
    day_sums.recount_citations(connection, facts.calendar(connection), report_pk, before)


def insert(connection: Connection, report_pk: int, citation: Citation) -> None:
    """Write a citation of a report."""
    with counting(connection, report_pk):
        _insert(connection, report_pk, citation)


def _insert(connection: Connection, report_pk: int, citation: Citation) -> None:
    connection.exec_driver_sql(
        "INSERT INTO citations (id, report_pk, number, offence, amount_minor, currency, status, "
        "issued_ms, version, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (citation.id.bytes, report_pk, *citation[1:]),
    )


def find_cited(connection: Connection, citation_ids: Iterable[UUID]) -> set[UUID]:
    """Return the reports that citations are of, as far as they are here."""
    rows = fetch_all(
        connection,
        "SELECT DISTINCT r.id FROM json_each(?) w JOIN citations c ON c.id = unhex(w.value) "
        "JOIN reports r ON r.pk = c.report_pk",
        (json.dumps([each.hex for each in citation_ids]),),
    )
    return {UUID(bytes=raw) for (raw,) in rows}


def find_of_report(connection: Connection, report_pk: int) -> list[Citation]:
    """Return the citations of a report, the latest first."""
    rows = connection.exec_driver_sql(
        "SELECT id, number, offence, amount_minor, currency, status, issued_ms, version, revision "
        "FROM citations WHERE report_pk = ? ORDER BY issued_ms DESC",
        (report_pk,),
    )
    return [Citation(UUID(bytes=row[0]), *row[1:]) for row in rows]


def set_status(connection: Connection, citation_id: UUID, status: str) -> None:
    """Write what became of a citation."""
    rows = fetch_all(
        connection, "SELECT report_pk FROM citations WHERE id = ?", (citation_id.bytes,)
    )
    for (report_pk,) in rows:
        with counting(connection, report_pk):
            run(
                connection,
                "UPDATE citations SET status = ?, revision = revision + 1 WHERE id = ?",
                (status, citation_id.bytes),
            )
