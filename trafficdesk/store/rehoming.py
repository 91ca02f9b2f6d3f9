"""A desk of its own that joins a server: its city and station become the server's.

The one place where operations are changed: nobody but this desk has ever seen them.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.records import City, Station
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.store import facts, places
from trafficdesk.store.analytics import day_rebuild
from trafficdesk.store.dispatch_rows import TABLES
from trafficdesk.store.rows import fetch_all, run
from trafficdesk.wire.fields import WRITABLE

_OF_CITY: Final = (
    *("stations", "wards", "reports", "geofences", "media_transfers"),
    *TABLES.values(),
)
_OF_STATION: Final = ("officers", "reports", *TABLES.values())


def move(connection: Connection, city: City, station: Station) -> None:
    """Let everything here, also what waits to be sent, be of the server's city and station."""
    old_city = facts.home_city_id(connection).bytes
    old_stations = [row[0] for row in fetch_all(connection, "SELECT id FROM stations")]
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
    run(connection, "DELETE FROM cities WHERE id = ?", (old_city,))
    places.put_city(connection, city)
    for table in _OF_CITY:
        run(connection, f"UPDATE {table} SET city_id = ?", (city.id.bytes,))
    for table in _OF_STATION:
        run(connection, f"UPDATE {table} SET station_id = ?", (station.id.bytes,))
    for old in old_stations:
        run(connection, "DELETE FROM stations WHERE id = ?", (old,))
    places.put_station(connection, station)
    _rewrite(connection, "city_id", city.id)
    _rewrite(connection, "station_id", station.id)
    _keep_here(connection)
    day_rebuild.rebuild(connection, facts.calendar(connection))  # sums are kept by station


def _rewrite(connection: Connection, field: str, new: UUID) -> None:
    run(
        connection,
        f"UPDATE events SET changes = json_set(changes, '$.{field}[1]', ?) "
        f"WHERE json_extract(changes, '$.{field}[1]') IS NOT NULL",
        (str(new),),
    )


def _keep_here(connection: Connection) -> None:
    """Never send what only the server's own people change there, such as who works where."""
    kinds = ", ".join(f"'{entity}'" for entity in Entity if entity not in WRITABLE)
    of_kinds = f"SELECT seq FROM events WHERE entity IN ({kinds})"
    run(connection, f"DELETE FROM outbox WHERE seq IN ({of_kinds})")
    confirmed = int(SyncState.CONFIRMED)
    run(connection, f"UPDATE events SET sync_state = {confirmed} WHERE seq IN ({of_kinds})")


def find_actors(connection: Connection) -> set[UUID]:
    """Return who works here, and whoever else did what waits to be sent."""
    rows = fetch_all(
        connection,
        "SELECT id FROM officers WHERE removed_ms IS NULL UNION "
        "SELECT e.actor_id FROM outbox b JOIN events e ON e.seq = b.seq "
        "WHERE b.state <> 'settled'",
    )
    return {UUID(bytes=row[0]) for row in rows}
