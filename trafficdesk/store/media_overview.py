"""Files between desk and server, as the sync panel lists them."""

from typing import Any, Final, NamedTuple

from sqlalchemy import Connection

from trafficdesk.store.rows import fetch_all, fetch_as

# What was merely looked at here and could not be fetched is told where its photo is looked at.
_ON_THE_WAY: Final = (
    "t.state NOT IN ('sent', 'here') AND (t.direction = 'up' OR t.state IN ('wanted', 'fetching'))"
)


_NAMED: Final = "SELECT m.{} FROM media_named m WHERE m.sha256 = t.sha256 LIMIT 1"


class FileOnTheWay(NamedTuple):
    """A file between desk and server, with the reference of a record that names it."""

    reference: str
    mime: str
    direction: str
    state: str
    size_bytes: int
    done_bytes: int


def find_on_the_way(connection: Connection, limit: int) -> list[FileOnTheWay]:
    """Return files that are neither sent nor here: what moves, then what waits, then faults."""
    return fetch_as(
        FileOnTheWay,
        connection,
        f"SELECT ({_NAMED.format('reference')}) AS reference, ({_NAMED.format('mime')}), "
        "t.direction, t.state, t.size_bytes, t.done_bytes FROM media_transfers t "
        f"WHERE {_ON_THE_WAY} AND reference IS NOT NULL "
        "ORDER BY t.state = 'failed', t.done_bytes = 0, t.asked_ms DESC, t.size_bytes LIMIT +?",
        (limit,),
    )


def count_on_the_way(connection: Connection) -> int:
    """Return how many files are to be sent yet, or are being fetched."""
    rows: list[tuple[Any, ...]] = fetch_all(
        connection, f"SELECT count(*) FROM media_transfers t WHERE {_ON_THE_WAY}"
    )
    return int(rows[0][0])
