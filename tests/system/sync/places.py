"""Stations and cities that a test adds to an agency, and desks that are moved between them."""

from uuid import UUID

from sync_server.db.engine import Crossing
from sync_server.sync import directory
from tests.server.world import Client, World
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.store import facts


def add_station(world: World, name: str, city_id: UUID | None = None) -> UUID:
    """Add a station, in the agency's first city unless another is named."""
    station_id = new_id()
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "INSERT INTO stations (tenant_id, city_id, id, name, lon, lat) "
            "VALUES (%s, %s, %s, %s, 76.99, 11.03)",
            [world.tenant_id, city_id or world.city_id, station_id, name],
        )
        change = directory.Change(
            tenant_id=world.tenant_id, entity=Entity.STATION, record_id=station_id, action="add"
        )
        directory.announce(connection, change)
    return station_id


def add_city(world: World, name: str) -> tuple[UUID, UUID]:
    """Add a city with one station; return both."""
    city_id = new_id()
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "INSERT INTO cities (tenant_id, id, code, name, time_zone, lon, lat, west, south, "
            "east, north) VALUES (%s, %s, %s, %s, 'Asia/Kolkata', 78.1, 9.9, 78, 9.8, 78.2, 10)",
            [world.tenant_id, city_id, name[:3].upper(), name],
        )
        connection.execute("INSERT INTO feed_counters (city_id) VALUES (%s)", [city_id])
    return city_id, add_station(world, name, city_id)


def give_scope(admin: Client, desk: SyncedDesk, **wanted: object) -> None:
    """Give a desk another scope as an administrator does."""
    with desk.session.store.reading() as connection:
        home_city_id = facts.home_city_id(connection)
    body = {"city_ids": [str(home_city_id)], **wanted}
    answer = admin.send("PUT", f"/devices/{desk.session.device_id}/scope", body)
    assert answer.status_code == 204, answer.text
