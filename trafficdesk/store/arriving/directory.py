"""The city, its stations, wards, words, people and areas, as the server keeps them."""

import json
from typing import cast
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.records import Bounds, City, Officer, Place, Station, Ward
from trafficdesk.domain.vocabulary import Role
from trafficdesk.store import officers, places
from trafficdesk.store.arriving.arrival import Arrival
from trafficdesk.store.rows import run


def _place(arrival: Arrival) -> Place:
    return Place(arrival.number("lon"), arrival.number("lat"))


def city_of(arrival: Arrival) -> City:
    """Return the city that a record holds."""
    bounds = Bounds(*(arrival.number(side) for side in ("west", "south", "east", "north")))
    code, name, zone = (arrival.text(field) for field in ("code", "name", "time_zone"))
    return City(arrival.id, code, name, zone, _place(arrival), bounds)


def station_of(arrival: Arrival) -> Station:
    """Return the station that a record holds."""
    city_id = UUID(arrival.text("city_id"))
    return Station(arrival.id, city_id, arrival.text("name"), _place(arrival))


def put_city(connection: Connection, arrival: Arrival) -> int:
    """Write a city."""
    places.put_city(connection, city_of(arrival))
    return 0


def put_station(connection: Connection, arrival: Arrival) -> int:
    """Write a station."""
    places.put_station(connection, station_of(arrival))
    return 0


def put_ward(connection: Connection, arrival: Arrival) -> int:
    """Write a ward."""
    city_id, geometry = UUID(arrival.text("city_id")), json.dumps(arrival.row["geometry"])
    places.put_ward(connection, Ward(arrival.id, city_id, arrival.text("name"), geometry))
    return 0


def put_violation_type(connection: Connection, arrival: Arrival) -> int:
    """Write the name of a violation type."""
    places.put_violation_types(connection, {arrival.text("code"): arrival.text("name")})
    return 0


def put_officer(connection: Connection, arrival: Arrival) -> int:
    """Write an officer; whoever left stays known by name."""
    officer = Officer(
        arrival.id,
        arrival.text("name"),
        arrival.text("initials"),
        arrival.text("rank"),
        Role(arrival.text("role")),
        UUID(arrival.text("station_id")),
    )
    officers.put(connection, officer)
    removed_ms = arrival.whole("removed_ms")
    if removed_ms is not None:
        officers.mark_removed(connection, arrival.id, removed_ms)
    return 0


def put_citizen(connection: Connection, arrival: Arrival) -> int:
    """Write a citizen's pseudonym and counts; what is known here of who they are stays."""
    run(
        connection,
        "INSERT INTO citizens (id, pseudonym, sealed_identity, decided, approved) "
        "VALUES (?, ?, x'', ?, ?) ON CONFLICT (id) DO UPDATE SET pseudonym = excluded.pseudonym, "
        "decided = excluded.decided, approved = excluded.approved, decided_here = 0, "
        "approved_here = 0",
        (
            arrival.id.bytes,
            arrival.text("pseudonym"),
            arrival.whole("decided") or 0,
            arrival.whole("approved") or 0,
        ),
    )
    return 0


def put_geofence(connection: Connection, arrival: Arrival) -> int:
    """Write an area."""
    run(
        connection,
        "INSERT INTO geofences (id, city_id, version, name, kind, deleted_ms, sync_state, geom) "
        "VALUES (?, ?, ?, ?, ?, ?, ?, SetSRID(GeomFromGeoJSON(?), 4326)) "
        "ON CONFLICT (id) DO UPDATE SET version = excluded.version, revision = revision + 1, "
        "name = excluded.name, kind = excluded.kind, deleted_ms = excluded.deleted_ms, "
        "sync_state = excluded.sync_state, geom = excluded.geom "
        "WHERE excluded.version >= geofences.version",
        (
            arrival.id.bytes,
            arrival.id_bytes("city_id"),
            arrival.version,
            arrival.text("name"),
            arrival.text("kind"),
            arrival.whole("deleted_ms"),
            int(arrival.sync_state),
            json.dumps(cast("dict[str, object]", arrival.row["geometry"])),
        ),
    )
    return 0


def drop_geofence(connection: Connection, record_id: UUID) -> int:
    """Remove an area."""
    run(connection, "DELETE FROM geofences WHERE id = ?", (record_id.bytes,))
    return 0
