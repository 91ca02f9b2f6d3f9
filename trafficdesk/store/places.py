"""Cities, stations and wards; which ward a point lies in."""

from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.records import Bounds, City, Place, Station, Ward


def put_city(connection: Connection, city: City) -> None:
    """Write a city, or what has changed of one."""
    connection.exec_driver_sql(
        "INSERT INTO cities VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "code = excluded.code, name = excluded.name, time_zone = excluded.time_zone, "
        "lon = excluded.lon, lat = excluded.lat, west = excluded.west, south = excluded.south, "
        "east = excluded.east, north = excluded.north",
        (city.id.bytes, city.code, city.name, city.time_zone, *city.centre, *city.bounds),
    )


def get_city(connection: Connection, city_id: UUID) -> City:
    """Return a city.

    Raises:
        sqlalchemy.exc.NoResultFound: there is none of that id.
    """
    row = connection.exec_driver_sql(
        "SELECT code, name, time_zone, lon, lat, west, south, east, north FROM cities WHERE id = ?",
        (city_id.bytes,),
    ).one()
    return City(city_id, row[0], row[1], row[2], Place(row[3], row[4]), Bounds(*row[5:9]))


def put_station(connection: Connection, station: Station) -> None:
    """Write a station, or what has changed of one."""
    connection.exec_driver_sql(
        "INSERT INTO stations VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "name = excluded.name, lon = excluded.lon, lat = excluded.lat",
        (station.id.bytes, station.city_id.bytes, station.name, *station.place),
    )


def find_stations(connection: Connection) -> list[Station]:
    """Return every station, by name."""
    rows = connection.exec_driver_sql(
        "SELECT id, city_id, name, lon, lat FROM stations ORDER BY name"
    )
    return [
        Station(UUID(bytes=row[0]), UUID(bytes=row[1]), row[2], Place(row[3], row[4]))
        for row in rows
    ]


def put_ward(connection: Connection, ward: Ward) -> None:
    """Write a ward with its limits.

    Raises:
        ValueError: the geometry is no valid GeoJSON Polygon or MultiPolygon.
    """
    done = connection.exec_driver_sql(
        "INSERT INTO wards (id, city_id, name, geom) "
        "SELECT ?1, ?2, ?3, g FROM (SELECT CastToMulti(SetSRID(GeomFromGeoJSON(?4), 4326)) AS g) "
        "WHERE GeometryType(g) = 'MULTIPOLYGON' "
        "ON CONFLICT (id) DO UPDATE SET name = excluded.name, geom = excluded.geom",
        (ward.id.bytes, ward.city_id.bytes, ward.name, ward.geometry),
    )
    if done.rowcount != 1:
        raise ValueError(f"ward {ward.name!r} has no polygon")


def find_wards(connection: Connection) -> list[Ward]:
    """Return every ward with its limits as GeoJSON, by name."""
    rows = connection.exec_driver_sql(
        "SELECT id, city_id, name, AsGeoJSON(geom, 6) FROM wards ORDER BY name"
    )
    return [Ward(UUID(bytes=row[0]), UUID(bytes=row[1]), row[2], row[3]) for row in rows]


def find_ward_names(connection: Connection) -> list[tuple[UUID, str]]:
    """Return every ward's id and name, by name, without its limits."""
    rows = connection.exec_driver_sql("SELECT id, name FROM wards ORDER BY name")
    return [(UUID(bytes=row[0]), str(row[1])) for row in rows]


def count_wards(connection: Connection) -> int:
    """Return how many wards this desk knows."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM wards").scalar_one())


def find_ward_at(connection: Connection, place: Place) -> UUID | None:
    """Return the ward a point lies in; None outside every limit."""
    found = connection.exec_driver_sql(
        "SELECT id FROM wards WHERE pk IN (SELECT pkid FROM idx_wards_geom WHERE xmin <= ?1 "
        "AND xmax >= ?1 AND ymin <= ?2 AND ymax >= ?2) "
        "AND ST_Intersects(geom, MakePoint(?1, ?2, 4326)) ORDER BY pk LIMIT 1",
        (place.lon, place.lat),
    ).scalar_one_or_none()
    return None if found is None else UUID(bytes=found)


_FILL_WARDS = """
UPDATE reports SET ward_id = (
  SELECT w.id FROM wards w WHERE w.pk IN (
    SELECT pkid FROM idx_wards_geom WHERE xmin <= reports.lon AND xmax >= reports.lon
    AND ymin <= reports.lat AND ymax >= reports.lat)
  AND ST_Intersects(w.geom, MakePoint(reports.lon, reports.lat, 4326)) ORDER BY w.pk LIMIT 1)
WHERE pk > ?1 AND ward_id IS NULL
AND lon BETWEEN (SELECT min(xmin) FROM idx_wards_geom) AND (SELECT max(xmax) FROM idx_wards_geom)
AND lat BETWEEN (SELECT min(ymin) FROM idx_wards_geom) AND (SELECT max(ymax) FROM idx_wards_geom)
"""


def fill_wards(connection: Connection, after_pk: int = 0) -> None:
    """Give reports numbered above ``after_pk`` that have no ward the one their point lies in."""
    connection.exec_driver_sql(_FILL_WARDS, (after_pk,))


def find_ward_bounds(connection: Connection) -> Bounds | None:
    """Return the rectangle around all wards (a little wide); None when there are none."""
    row = connection.exec_driver_sql(
        "SELECT min(xmin), min(ymin), max(xmax), max(ymax) FROM idx_wards_geom"
    ).one()
    return None if row[0] is None else Bounds(*row)


def find_ward_name(connection: Connection, ward_id: UUID) -> str:
    """Return the name of a ward, '' when this desk does not know it."""
    name = connection.exec_driver_sql(
        "SELECT name FROM wards WHERE id = ?", (ward_id.bytes,)
    ).scalar_one_or_none()
    return "" if name is None else str(name)


def put_violation_types(connection: Connection, names: dict[str, str]) -> None:
    """Write the violation types by code with the names an admin gave them."""
    connection.exec_driver_sql(
        "INSERT INTO violation_types VALUES (?, ?) "
        "ON CONFLICT (code) DO UPDATE SET name = excluded.name",
        list(names.items()),
    )


def find_violation_types(connection: Connection) -> dict[str, str]:
    """Return the violation types that an admin added or renamed, by code."""
    rows = connection.exec_driver_sql("SELECT code, name FROM violation_types ORDER BY code")
    return {str(code): str(name) for code, name in rows}
