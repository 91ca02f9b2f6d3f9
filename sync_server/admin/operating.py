"""What operators do on the server's own machine: places, the first administrator, checks."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from sync_server.accounts.service.enrolment import Enrolment, make_token
from sync_server.accounts.service.users import NewUser, Place, put_user
from sync_server.admin import queries
from sync_server.admin.places import CityFile
from sync_server.audit import service as audit
from sync_server.db.engine import Connection, Crossing
from sync_server.db.ledger import find_break
from sync_server.db.migrate import newest
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.codes import Code


@dataclass(frozen=True, slots=True)
class Added:
    """What was added."""

    tenant_id: UUID
    city_id: UUID
    city: str
    stations: dict[str, UUID]


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at."""

    what: str
    ok: bool
    seen: str = ""


def add_city(server: Server, content: bytes) -> Added:
    """Add a city with its stations; its agency is made if there is none of that name."""
    try:
        wanted = msgspec.json.decode(content, type=CityFile)
    except msgspec.DecodeError as error:
        raise RefusedError(Code.BAD_REQUEST, f"The file is not understood: {error}.") from error
    with server.database.crossing(Crossing.OPERATOR) as connection:
        return put_city(connection, wanted)


def put_city(connection: Connection, wanted: CityFile) -> Added:
    """Add a city with its stations in the present transaction. Raises ``RefusedError``."""
    tenant_id = queries.find_or_add_tenant(connection, wanted.tenant, new_id())
    city_id = new_id()
    try:
        queries.add_city(connection, tenant_id, city_id, wanted)
    except psycopg.errors.UniqueViolation:
        raise RefusedError(Code.TAKEN, "The agency has a city of this code.") from None
    stations = {}
    for station in wanted.stations:
        stations[station.name] = new_id()
        row = (tenant_id, city_id, stations[station.name], station.name)
        queries.add_station(connection, row, (station.lon, station.lat))
    _note(connection, tenant_id, "city.added", city_id)
    return Added(tenant_id, city_id, wanted.name, stations)


def create_admin(server: Server, station: str, login: str, name: str, password: str) -> UUID:
    """Add somebody who may do everything."""
    with server.database.crossing(Crossing.OPERATOR) as connection:
        at = _station(connection, station)
        wanted = NewUser(
            login=login,
            password=password,
            name=name,
            initials="".join(word[0] for word in name.split())[:3].upper() or "A",
            rank="Inspector",
            role=Role.ADMIN,
            station_id=at["id"],
        )
        user_id = put_user(server, connection, Place(at["tenant_id"], at["city_id"]), wanted)
        _note(connection, at["tenant_id"], "user.added", user_id)
    return user_id


def enrol_token(server: Server, station: str, hours: int) -> str:
    """Make a one-time token for a desk of a station."""
    with server.database.crossing(Crossing.OPERATOR) as connection:
        at = _station(connection, station)
        wanted = Enrolment(
            tenant_id=at["tenant_id"], city_id=at["city_id"], station_id=at["id"], hours=hours
        )
        token = make_token(connection, wanted)
        _note(connection, at["tenant_id"], "device.token_made", at["id"])
    return token


def check(server: Server) -> list[Checked]:
    """Look at schema, walls, audit chains and feeds. The settings and keys were read before."""
    with server.database.crossing(Crossing.OPERATOR) as connection:
        schema = queries.ask_database(connection)
        done = [Checked("the schema is this program's", schema == newest(), schema)]
        if not done[0].ok:
            return done
        bare = queries.find_unwalled(connection)
        done.append(Checked("every table of records has its wall", not bare, ", ".join(bare)))
        may = queries.find_walkers(connection)
        done.append(Checked("the server's role is held by the walls", not may, ", ".join(may)))
        lost = queries.find_lost(connection)
        done.append(
            Checked("what is sent is a unit of the city, to an incident of it", not lost, lost)
        )
        return done + check_histories(connection)


def check_histories(connection: Connection) -> list[Checked]:
    """Walk the audit's chains and every city's feed."""
    faults = [f"{fault.chain} from {fault.seq}" for fault in audit.verify(connection)]
    breaks = [
        f"{city_id} from {seq}"
        for city_id in queries.city_ids(connection)
        if (seq := find_break(connection, city_id)) is not None
    ]
    return [
        Checked("the audit is as it was written", not faults, "; ".join(faults)),
        Checked("every city's feed is as it was written", not breaks, "; ".join(breaks)),
    ]


def _station(connection: Connection, wanted: str) -> dict[str, Any]:
    found = queries.find_stations(connection, wanted)
    if len(found) == 1:
        return found[0]
    names = ", ".join(f"{one['code']}/{one['name']}" for one in queries.find_stations(connection))
    detail = f"Name one station with --station: {names}." if names else "Add a city first."
    raise RefusedError(Code.NOT_FOUND, detail)


def _note(connection: Connection, tenant_id: UUID, action: str, subject: UUID) -> None:
    audit.append(connection, audit.Deed(action=action, tenant_id=tenant_id, subject=str(subject)))
