"""Areas that officers drew: geofences and patrol areas."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, Row

from trafficdesk.domain.records import Geofence
from trafficdesk.domain.vocabulary import GeofenceKind, SyncState
from trafficdesk.store import facts

_SELECT = "SELECT id, revision, name, kind, AsGeoJSON(geom, 6), version, deleted_ms FROM geofences"


class KeptGeofence(NamedTuple):
    """An area, the server's version of it (0: the server has none), and when it was removed."""

    area: Geofence
    version: int
    deleted_ms: int | None


class GeofenceUpdate(NamedTuple):
    """What an area is to become, if it still stands at ``expected_revision``."""

    id: UUID
    expected_revision: int
    name: str
    kind: GeofenceKind
    geometry: str
    deleted_ms: int | None


def is_polygon(connection: Connection, geometry: str) -> bool:
    """Tell whether GeoJSON text is one valid polygon with an area."""
    valid = connection.exec_driver_sql(
        "SELECT GeometryType(g) = 'POLYGON' AND ST_IsValid(g) AND ST_Area(g) > 0 "
        "FROM (SELECT GeomFromGeoJSON(?) AS g)",
        (geometry,),
    ).scalar_one()
    return bool(valid)


def insert(connection: Connection, area: Geofence) -> None:
    """Write a new area whose geometry was checked with ``is_polygon``."""
    connection.exec_driver_sql(
        "INSERT INTO geofences (id, city_id, revision, name, kind, geom) "
        "VALUES (?, ?, ?, ?, ?, SetSRID(GeomFromGeoJSON(?), 4326))",
        (
            area.id.bytes,
            facts.home_city_id(connection).bytes,
            area.revision,
            area.name,
            area.kind,
            area.geometry,
        ),
    )


def update(connection: Connection, change: GeofenceUpdate) -> bool:
    """Write what an area has become; False when it has moved on."""
    done = connection.exec_driver_sql(
        "UPDATE geofences SET name = ?, kind = ?, geom = SetSRID(GeomFromGeoJSON(?), 4326), "
        "deleted_ms = ?, revision = revision + 1, sync_state = ? WHERE id = ? AND revision = ?",
        (
            change.name,
            change.kind,
            change.geometry,
            change.deleted_ms,
            int(SyncState.NOT_SENT),
            change.id.bytes,
            change.expected_revision,
        ),
    )
    return bool(done.rowcount == 1)


def _geofence(row: Row[*tuple[Any, ...]]) -> Geofence:
    return Geofence(UUID(bytes=row[0]), row[1], row[2], GeofenceKind(row[3]), row[4])


def find_all(connection: Connection) -> list[Geofence]:
    """Return every area that was not deleted, by name."""
    rows = connection.exec_driver_sql(f"{_SELECT} WHERE deleted_ms IS NULL ORDER BY name")
    return [_geofence(row) for row in rows]


def find(connection: Connection, geofence_id: UUID) -> KeptGeofence | None:
    """Return an area that was not removed."""
    kept = find_any(connection, geofence_id)
    return None if kept is None or kept.deleted_ms is not None else kept


def find_any(connection: Connection, geofence_id: UUID) -> KeptGeofence | None:
    """Return an area, removed or not."""
    row = connection.exec_driver_sql(f"{_SELECT} WHERE id = ?", (geofence_id.bytes,)).one_or_none()
    return None if row is None else KeptGeofence(_geofence(row), int(row[5]), row[6])
