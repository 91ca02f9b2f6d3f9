"""Which photos are on their way to the server or from it, and which are known to be there.

A row is one file of one city, for the server keeps every city's files apart.
"""

from collections.abc import Collection, Sequence
from typing import Final, NamedTuple
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.records import Media
from trafficdesk.store.rows import fetch_all, fetch_as, run, run_each

UP, DOWN = "up", "down"
WAITING = "waiting"  # to be sent
SENDING = "sending"
SENT = "sent"
WANTED = "wanted"  # to be fetched
FETCHING = "fetching"
HERE = "here"  # fetched
FAILED = "failed"  # only a person can go on
# The server has what stands so: nothing else may ever be dropped here.
ON_SERVER: Final = (SENT, HERE)
_ON_SERVER: Final = "('sent', 'here')"
_MOST: Final = 500


class Transfer(NamedTuple):
    """One file of one city. ``upload`` is where its half lies on the server."""

    sha256: str
    city: bytes
    direction: str
    state: str
    size_bytes: int
    done_bytes: int
    upload: str
    fault: str
    tries: int

    @property
    def key(self) -> tuple[str, bytes]:
        """What tells it from every other."""
        return self.sha256, self.city

    @property
    def city_id(self) -> UUID:
        """The city's id."""
        return UUID(bytes=self.city)


_SELECT: Final = (
    "SELECT t.sha256, t.city_id, t.direction, t.state, t.size_bytes, t.done_bytes, t.upload, "
    "t.fault, t.tries FROM media_transfers t"
)


def await_sending(connection: Connection, city_id: UUID, photos: Sequence[Media]) -> None:
    """Note photos of a record of this desk, in the transaction that writes the record."""
    run_each(
        connection,
        "INSERT INTO media_transfers (sha256, city_id, direction, state, size_bytes) "
        "VALUES (?, ?, 'up', 'waiting', ?) ON CONFLICT (sha256, city_id) DO UPDATE SET "
        "direction = 'up', state = 'waiting', done_bytes = 0, upload = '', fault = '', tries = 0",
        [(each.sha256, city_id.bytes, each.size_bytes) for each in photos],
    )


def ask_for(connection: Connection, names: Collection[str], at_ms: int) -> None:
    """Note photos (by SHA-256) that somebody waits for; the latest asked for come first.

    What this desk itself has yet to send is nowhere else, and stays as it is.
    """
    run_each(
        connection,
        "INSERT INTO media_transfers (sha256, city_id, direction, state, size_bytes, asked_ms) "
        "SELECT sha256, city_id, 'down', 'wanted', size_bytes, ?2 FROM media_named "
        "WHERE sha256 = ?1 GROUP BY sha256 "
        "ON CONFLICT (sha256, city_id) DO UPDATE SET direction = 'down', "
        "state = CASE state WHEN 'fetching' THEN 'fetching' ELSE 'wanted' END, "
        "asked_ms = excluded.asked_ms, fault = '', tries = 0 "
        f"WHERE direction = 'down' OR state IN {_ON_SERVER}",
        [(name, at_ms) for name in names],
    )


# A photo goes up once the server has taken a record that names it, or the record is gone from here.
_NAMED: Final = (
    "SELECT 1 FROM media_named m WHERE m.sha256 = t.sha256 AND m.city_id = t.city_id AND m.version"
)
_HEARD_OF: Final = f"NOT EXISTS ({_NAMED} = 0) OR EXISTS ({_NAMED} > 0)"


def find_to_send(connection: Connection) -> list[Transfer]:
    """Return what is to be sent next: what was begun, then the small before the large."""
    return fetch_as(
        Transfer,
        connection,
        f"{_SELECT} WHERE t.state IN ('sending', 'waiting') AND ({_HEARD_OF}) "
        "ORDER BY t.state, t.size_bytes, t.sha256 LIMIT +?",
        (_MOST,),
    )


def find_to_fetch(connection: Connection) -> list[Transfer]:
    """Return what is to be fetched next: what was asked for last."""
    return fetch_as(
        Transfer,
        connection,
        f"{_SELECT} WHERE t.state IN ('fetching', 'wanted') "
        "ORDER BY t.asked_ms DESC, t.size_bytes LIMIT +?",
        (_MOST,),
    )


def note_progress(
    connection: Connection, transfer: Transfer, state: str, done_bytes: int, upload: str = ""
) -> None:
    """Keep how far a file has come."""
    run(
        connection,
        "UPDATE media_transfers SET state = ?, done_bytes = ?, upload = ?, fault = '' "
        "WHERE sha256 = ? AND city_id = ? AND direction = ?",
        (state, done_bytes, upload, *transfer.key, transfer.direction),
    )


def note_fault(connection: Connection, transfer: Transfer, fault: str, state: str) -> None:
    """Keep why a file did not come through, and the state it waits in."""
    run(
        connection,
        "UPDATE media_transfers SET state = ?, fault = ?, tries = tries + 1 "
        "WHERE sha256 = ? AND city_id = ? AND direction = ?",
        (state, fault, *transfer.key, transfer.direction),
    )


def give_up_sending(connection: Connection, transfer: Transfer, fault: str) -> None:
    """Keep that this desk has no file to send; somebody who wants to see it may ask for it."""
    run(
        connection,
        "UPDATE media_transfers SET direction = 'down', state = 'failed', fault = ?, upload = '', "
        "done_bytes = 0 WHERE sha256 = ? AND city_id = ? AND direction = 'up'",
        (fault, *transfer.key),
    )


def give_up_unnamed(connection: Connection, transfer: Transfer) -> bool:
    """Forget a file that was to be sent and that no record here names; False if one does."""
    named = find_named(connection, transfer.sha256)
    if named.reports or named.is_in_incident:
        return False
    query = "DELETE FROM media_transfers WHERE sha256 = ? AND city_id = ? AND direction = 'up'"
    return run(connection, query, transfer.key) == 1


def retry(connection: Connection, names: Collection[str]) -> None:
    """Begin again with what only a person could go on with."""
    run_each(
        connection,
        "UPDATE media_transfers SET fault = '', tries = 0, done_bytes = 0, upload = '', "
        "state = CASE direction WHEN 'up' THEN 'waiting' ELSE 'wanted' END "
        "WHERE sha256 = ? AND state = 'failed'",
        [(name,) for name in names],
    )


def find_of(connection: Connection, names: Collection[str]) -> list[Transfer]:
    """Return what is known of some files, by SHA-256."""
    marks = ", ".join("?" * len(names))
    return fetch_as(Transfer, connection, f"{_SELECT} WHERE t.sha256 IN ({marks})", tuple(names))


def find_droppable(connection: Connection) -> set[str]:
    """Return the files (SHA-256) that the server is known to have, whatever city they are of."""
    rows = fetch_all(
        connection,
        "SELECT sha256 FROM media_transfers GROUP BY sha256 "
        f"HAVING max(state NOT IN {_ON_SERVER}) = 0",
    )
    return {str(row[0]) for row in rows}


def forget(connection: Connection, names: Collection[str]) -> None:
    """Forget files that no record names any more and the server has."""
    run_each(
        connection,
        f"DELETE FROM media_transfers WHERE sha256 = ? AND state IN {_ON_SERVER}",
        [(name,) for name in names],
    )


def distrust(connection: Connection) -> None:
    """Offer every file again: a restored server may have lost any of them."""
    run(
        connection,
        "UPDATE media_transfers SET direction = 'up', state = 'waiting', done_bytes = 0, "
        f"upload = '', fault = '', tries = 0 WHERE state IN {_ON_SERVER}",
    )


class Named(NamedTuple):
    """Who names a file: reports by their number, and whether an incident does."""

    reports: set[int]
    is_in_incident: bool


def find_named(connection: Connection, sha256: str) -> Named:
    """Return who names a file."""
    rows = fetch_all(connection, "SELECT DISTINCT report_pk FROM media WHERE sha256 = ?", (sha256,))
    pks = {pk for (pk,) in rows}
    return Named({int(pk) for pk in pks if pk is not None}, None in pks)
