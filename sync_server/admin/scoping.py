"""Desks listed, and moved to other stations, cities or windows, from the server's machine."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sync_server.accounts.service import scopes
from sync_server.admin import queries
from sync_server.audit import service as audit
from sync_server.db.engine import Connection, Crossing
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.wire.codes import Code


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Where a desk is moved: CITY/STATION names, the first its own, or whole cities by CODE.

    ``days`` is its window; 0 leaves that as it is.
    """

    device: str
    stations: list[str]
    cities: list[str]
    days: int = 0


@dataclass(frozen=True, slots=True)
class Moved:
    """What the desk sees from now on; no stations are whole cities."""

    device_id: UUID
    city_ids: list[UUID]
    station_ids: list[UUID]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A desk as operators see it; ``behind`` is how many numbers it has yet to be given."""

    code: str
    station: str
    id: UUID
    program: str
    seen_at: datetime | None
    is_revoked: bool
    behind: int


def list_desks(server: Server) -> list[Listed]:
    """Return every desk, those that are furthest behind first, revoked ones last."""
    with server.database.crossing(Crossing.OPERATOR) as connection:
        return [Listed(**row) for row in queries.find_desks(connection)]


def move_desk(server: Server, move: Move) -> Moved:
    """Give a desk another scope. Raises ``RefusedError``."""
    with server.database.crossing(Crossing.OPERATOR) as connection:
        device = scopes.find_named(connection, move.device)
        wanted = _wanted(connection, device, move)
        scopes.put_scope(connection, device, wanted)
        done = audit.Deed(
            action="device.scope_changed",
            tenant_id=device["tenant_id"],
            subject=str(device["id"]),
        )
        audit.append(connection, done)
    return Moved(device["id"], wanted.city_ids, wanted.station_ids)


def _wanted(connection: Connection, device: dict[str, Any], move: Move) -> scopes.NewScope:
    tenant_id, days = device["tenant_id"], move.days or None
    if move.stations and move.cities:
        raise RefusedError(Code.BAD_REQUEST, "Name stations or whole cities, not both.")
    if move.cities:
        cities = [_city(connection, tenant_id, code) for code in move.cities]
        return scopes.NewScope(city_ids=cities, window_days=days)
    if not move.stations:  # only the window
        cities, stations = device["city_ids"], device["station_ids"]
        return scopes.NewScope(city_ids=cities, station_ids=stations, window_days=days)
    found = [_station(connection, tenant_id, name) for name in move.stations]
    return scopes.NewScope(
        city_ids=sorted({each["city_id"] for each in found}),
        station_ids=[each["id"] for each in found],
        home_station_id=found[0]["id"],
        window_days=days,
    )


def _station(connection: Connection, tenant_id: UUID, name: str) -> dict[str, Any]:
    found = [each for each in queries.find_stations(connection, name) if name]
    mine = [each for each in found if each["tenant_id"] == tenant_id]
    if len(mine) != 1:
        raise RefusedError(Code.NOT_FOUND, f"There is no such station: {name}.")
    return mine[0]


def _city(connection: Connection, tenant_id: UUID, code: str) -> UUID:
    city_id = queries.find_city(connection, tenant_id, code)
    if city_id is None:
        raise RefusedError(Code.NOT_FOUND, f"There is no such city: {code}.")
    return city_id
