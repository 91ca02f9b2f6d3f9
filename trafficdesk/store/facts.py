"""Named facts of this store: its city, its desk code, its calendar."""

from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.calendar import Calendar, standard_offset_ms
from trafficdesk.store.rows import fetch_all

_CITY = "city_id"
_DESK_CODE = "desk_code"
_STATION = "station_id"
_TIME_ZONE = "time_zone"
_DATA_KEY = "data_key"
_DEVICE = "device_id"
_OWN_UNIT = "own_unit"


def find(connection: Connection, name: str) -> str | None:
    """Return a fact, or None when the store has none of that name."""
    rows = fetch_all(connection, "SELECT value FROM facts WHERE name = ?", (name,))
    return str(rows[0][0]) if rows else None


def put(connection: Connection, name: str, value: str) -> None:
    """Write a fact, replacing what was there."""
    connection.exec_driver_sql(
        "INSERT INTO facts (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (name, value),
    )


def _get(connection: Connection, name: str) -> str:
    value = find(connection, name)
    if value is None:
        raise LookupError(f"the store has no fact {name!r}: it was never set up")
    return value


def put_home(
    connection: Connection, *, city_id: UUID, station_id: UUID, desk_code: str, time_zone: str
) -> None:
    """Write where this desk stands."""
    put(connection, _CITY, str(city_id))
    put(connection, _STATION, str(station_id))
    put(connection, _DESK_CODE, desk_code)
    put(connection, _TIME_ZONE, time_zone)


def put_device(connection: Connection, device_id: UUID) -> None:
    """Write which device this desk is since it was enrolled anew."""
    put(connection, _DEVICE, str(device_id))


def find_device(connection: Connection) -> UUID | None:
    """Return which device this desk is since it was enrolled anew; None if it never was."""
    value = find(connection, _DEVICE)
    return None if value is None else UUID(value)


def put_own_unit(connection: Connection, unit_id: UUID | None) -> None:
    """Write which unit this desk rides with; None for a desk that stands in a station."""
    put(connection, _OWN_UNIT, "" if unit_id is None else str(unit_id))


def find_own_unit(connection: Connection) -> UUID | None:
    """Return which unit this desk was said to be."""
    value = find(connection, _OWN_UNIT)
    return UUID(value) if value else None


def put_station(connection: Connection, station_id: UUID) -> None:
    """Write that this desk now stands in a station."""
    put(connection, _STATION, str(station_id))


def home_city_id(connection: Connection) -> UUID:
    """Return the city this desk works for."""
    return UUID(_get(connection, _CITY))


def home_station_id(connection: Connection) -> UUID:
    """Return the station this desk stands in."""
    return UUID(_get(connection, _STATION))


def desk_code(connection: Connection) -> str:
    """Return the short name of this desk that its provisional references carry."""
    return _get(connection, _DESK_CODE)


def time_zone(connection: Connection) -> str:
    """Return the name of the city's time zone."""
    return _get(connection, _TIME_ZONE)


def put_data_key(connection: Connection, raw: bytes) -> None:
    """Write the key of sealed fields and files; it lies here so that a rekey reseals nothing."""
    put(connection, _DATA_KEY, raw.hex())


def data_key(connection: Connection) -> bytes:
    """Return the 32 bytes that sealed fields and files are derived from."""
    return bytes.fromhex(_get(connection, _DATA_KEY))


def calendar(connection: Connection) -> Calendar:
    """Return the desk's days and months."""
    return Calendar(standard_offset_ms(time_zone(connection)))
