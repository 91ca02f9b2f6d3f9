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
    """Note photos of a report of this desk, in the transaction that writes the report."""
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
        "SELECT m.sha256, r.city_id, 'down', 'wanted', m.size_bytes, ?2 FROM media m "
        "JOIN reports r ON r.pk = m.report_pk WHERE m.sha256 = ?1 GROUP BY m.sha256 "
        "ON CONFLICT (sha256, city_id) DO UPDATE SET direction = 'down', "
        "state = CASE state WHEN 'fetching' THEN 'fetching' ELSE 'wanted' END, "
        "asked_ms = excluded.asked_ms, fault = '', tries = 0 "
        f"WHERE direction = 'down' OR state IN {_ON_SERVER}",
        [(name, at_ms) for name in names],
    )


# A photo goes up once the server has taken a report that names it, or the report is gone from here.
_HEARD_OF: Final = """
NOT EXISTS (SELECT 1 FROM media m JOIN reports r ON r.pk = m.report_pk
  WHERE m.sha256 = t.sha256 AND r.city_id = t.city_id AND r.version = 0)
OR EXISTS (SELECT 1 FROM media m JOIN reports r ON r.pk = m.report_pk
  WHERE m.sha256 = t.sha256 AND r.city_id = t.city_id AND r.version > 0)
"""


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
    """Forget files that no report names any more and the server has."""
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


def find_reports(connection: Connection, sha256: str) -> set[int]:
    """Return the numbers of the reports that name a file."""
    rows = fetch_all(connection, "SELECT DISTINCT report_pk FROM media WHERE sha256 = ?", (sha256,))
    return {int(row[0]) for row in rows}
