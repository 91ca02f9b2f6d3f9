"""Text search over descriptions, addresses, plates and references."""

import re
from typing import NamedTuple

from sqlalchemy import Connection

from trafficdesk.domain.plates import format_plate

_WORD = re.compile(r"\w+", re.UNICODE)
MAX_WORDS = 12


class ReportText(NamedTuple):
    """What of a report can be searched."""

    description: str
    address: str
    plate: str
    reference: str


def match_expression(text: str) -> str:
    """Return the FTS5 query for what an officer typed: every word, each as a prefix.

    Quotes make every word a plain string, so nothing typed is ever read as FTS5 syntax.
    """
    words = _WORD.findall(text)[:MAX_WORDS]
    return " ".join(f'"{word}"*' for word in words) or '""'


def index_report(connection: Connection, pk: int, text: ReportText) -> None:
    """Add a report to the index; its plate is found joined and spaced."""
    connection.exec_driver_sql(
        "INSERT INTO report_text (rowid, description, address, plate, reference) "
        "VALUES (?, ?, ?, ?, ?)",
        (pk, text.description, text.address, plate_words(text.plate), text.reference),
    )


def reindex_report(connection: Connection, pk: int, text: ReportText) -> None:
    """Replace what the index knows of a report."""
    connection.exec_driver_sql("DELETE FROM report_text WHERE rowid = ?", (pk,))
    index_report(connection, pk, text)


def plate_words(token: str) -> str:
    """Return what a plate is found by: joined and spaced."""
    return f"{token} {format_plate(token)}" if token else ""
