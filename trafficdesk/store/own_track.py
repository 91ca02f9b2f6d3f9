"""This laptop's own way over the last days; it never leaves the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import Connection

from trafficdesk.domain.records import Position
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.store.rows import fetch_all, run, run_each

_COLUMNS: Final = ("at_ms", "unit_id", "lon", "lat", "accuracy_m", "speed_mps", "heading")
# A receiver that tells an instant twice has the same to say.
_PUT: Final = (
    f"INSERT OR REPLACE INTO own_track ({', '.join(_COLUMNS)}) VALUES (?, ?, ?, ?, ?, ?, ?)"
)


@dataclass(frozen=True, slots=True)
class Kept:
    """How many places of the way are kept, and since when."""

    count: int
    since: datetime | None


def put(connection: Connection, positions: Sequence[Position]) -> None:
    """Write where this laptop was."""
    run_each(
        connection,
        _PUT,
        [
            (
                to_ms(each.at),
                each.unit_id.bytes,
                *each.place,
                each.accuracy_m,
                each.speed_mps,
                each.heading,
            )
            for each in positions
        ],
    )


def prune(connection: Connection, before: datetime | None) -> int:
    """Forget where it was before an instant, or ever (None); return how many places that were."""
    if before is None:
        return run(connection, "DELETE FROM own_track")
    return run(connection, "DELETE FROM own_track WHERE at_ms < ?", (to_ms(before),))


def count(connection: Connection) -> Kept:
    """Return how much of the way is kept."""
    ((found, first_ms),) = fetch_all(connection, "SELECT count(*), min(at_ms) FROM own_track")
    return Kept(int(found), None if first_ms is None else from_ms(first_ms))
