"""The invented Coimbatore on a server: places, people and units. Desks bring the reports."""

import itertools
import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass

from psycopg.types.json import Jsonb

from sync_server.accounts.service.users import NewUser, Place, put_user
from sync_server.admin.operating import Added, put_city
from sync_server.admin.places import CityFile, StationFile
from sync_server.db.engine import Connection, Crossing
from sync_server.server import Server
from sync_server.sync import own
from trafficdesk.domain.demo import people, town
from trafficdesk.domain.demo.units import SKILLS, UNITS
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.shipped import shipped


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the demo city has. ``is_new`` is false for one that was there already.

    Officers have the demo's password only where the settings allow weak secrets; elsewhere one
    that nobody knows, until an administrator gives them theirs.
    """

    city: str
    stations: int
    wards: int
    officers: int
    citizens: int
    units: int
    is_new: bool
    password_is_known: bool


def seed_demo(server: Server) -> Seeded:
    """Add the demo city in one transaction, unless it is there."""
    is_known = server.settings.development
    features = _wards()
    with server.database.crossing(Crossing.OPERATOR) as connection:
        is_new = not _is_there(connection)
        if is_new:
            added = put_city(connection, _city())
            _put_wards(connection, added, features)
            _put_citizens(connection, added)
            for wanted in _officers(added, is_known=is_known):
                put_user(server, connection, Place(added.tenant_id, added.city_id), wanted)
            _enlist_units(connection, added)
    return Seeded(
        city=town.CITY_NAME,
        stations=len(people.STATIONS),
        wards=len(features),
        officers=len(people.OFFICERS),
        citizens=people.CITIZENS,
        units=len(UNITS),
        is_new=is_new,
        password_is_known=is_known,
    )


def _is_there(connection: Connection) -> bool:
    found = connection.execute(
        "SELECT FROM cities c JOIN tenants t ON t.id = c.tenant_id "
        "WHERE t.name = %s AND c.code = %s",
        [town.AGENCY, town.CITY_CODE],
    )
    return found.rowcount == 1


def _city() -> CityFile:
    centre, bounds = town.CENTRE, town.BOUNDS
    return CityFile(
        tenant=town.AGENCY,
        code=town.CITY_CODE,
        name=town.CITY_NAME,
        time_zone=town.TIME_ZONE,
        lon=centre.lon,
        lat=centre.lat,
        bounds=(bounds.west, bounds.south, bounds.east, bounds.north),
        stations=[StationFile(s.name, s.place.lon, s.place.lat) for s in people.STATIONS],
    )


def _wards() -> list[tuple[str, object]]:
    text = shipped("basemaps", "coimbatore", "wards.geojson").read_text("utf-8")
    return [(f["properties"]["name"], f["geometry"]) for f in json.loads(text)["features"]]


def _put_wards(connection: Connection, added: Added, features: list[tuple[str, object]]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO wards (tenant_id, city_id, id, name, geometry) "
            "VALUES (%s, %s, %s, %s, %s)",
            [
                (added.tenant_id, added.city_id, new_id(), name, Jsonb(geometry))
                for name, geometry in features
            ],
        )


def _put_citizens(connection: Connection, added: Added) -> None:
    """Add the citizens by their pseudonyms: a server knows no name of theirs."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO citizens (tenant_id, city_id, id, pseudonym, decided, approved) "
            "VALUES (%s, %s, %s, %s, %s, %s)",
            [
                (added.tenant_id, added.city_id, new_id(), c.pseudonym, c.decided, c.approved)
                for c in people.citizens()
            ],
        )


def _enlist_units(connection: Connection, added: Added) -> None:
    """Enlist the units, at one station after the other, as an operation of the server's own."""
    act = own.Act.of(None, to_ms(utc_now()))
    station_ids = itertools.cycle(added.stations.values())
    operations = []
    for unit, station_id in zip(UNITS, station_ids, strict=False):
        row: dict[str, object] = {
            "city_id": str(added.city_id),
            "station_id": str(station_id),
            "call_sign": unit.call_sign,
            "kind": str(unit.kind),
            "crew": unit.crew,
            "skills": list(SKILLS.get(unit.kind, ())),
            "duty": str(unit.duty),
        }
        changes = {name: (None, value) for name, value in row.items()}
        operations.append(act.operation((Entity.UNIT, new_id()), 0, "enlist", changes))
    own.write_own(connection, own.Place(added.tenant_id, added.city_id), operations)


def _officers(added: Added, *, is_known: bool) -> Iterator[NewUser]:
    station_ids = list(added.stations.values())
    for officer in people.OFFICERS:
        yield NewUser(
            login=officer.login,
            password=people.PASSWORD if is_known else secrets.token_urlsafe(24),
            name=officer.name,
            initials=officer.initials,
            rank=officer.rank,
            role=officer.role,
            station_id=station_ids[officer.station],
        )
