"""What a device may see: moved to other stations or cities, or to another window."""

from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

import msgspec

from sync_server.accounts.queries import devices
from sync_server.accounts.service.people import Caller
from sync_server.accounts.service.signing_in import deed
from sync_server.audit import service as audit
from sync_server.db.engine import Connection
from sync_server.problems import RefusedError
from sync_server.server import Server
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.wire.codes import Code

Days = Annotated[int, msgspec.Meta(ge=1, le=3660)]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewScope:
    """What a device is to see. No stations are whole cities; None leaves a value as it is.

    A desk keeps its home city, whose records its references are told apart in.
    """

    city_ids: list[UUID]
    station_ids: list[UUID] = field(default_factory=list)
    home_station_id: UUID | None = None
    window_days: Days | None = None


def change_scope(server: Server, caller: Caller, device_id: UUID, wanted: NewScope) -> None:
    """Give a device at home in the caller's cities another scope within the tenant."""
    caller.require(Permission.OFFICER_MANAGE)
    cities = list({*wanted.city_ids, *caller.city_ids})
    with server.database.transaction(caller.tenant_id, cities) as connection:
        device = devices.find(connection, device_id)
        if device is None or device["home_city_id"] not in caller.city_ids:
            raise RefusedError(Code.NOT_FOUND, "There is no such device.")
        put_scope(connection, device, wanted)
        audit.append(connection, deed(caller, "device.scope_changed", subject=str(device_id)))


def put_scope(connection: Connection, device: dict[str, Any], wanted: NewScope) -> None:
    """Give a device another scope in the present transaction. Raises ``RefusedError``.

    The desk notices at its next page, and reads its cities anew.
    """
    home_id = wanted.home_station_id or device["home_station_id"]
    _check(connection, device["home_city_id"], wanted, home_id)
    changed = devices.set_scope(
        connection,
        {
            "id": device["id"],
            "homes": [device["home_city_id"]],
            "scope_id": new_id(),
            "city_ids": sorted(set(wanted.city_ids)),
            "station_ids": sorted(set(wanted.station_ids)),
            "home_station_id": home_id,
            "window_days": wanted.window_days or device["window_days"],
        },
    )
    if not changed:
        raise RefusedError(Code.NOT_FOUND, "There is no such device.")


def find_named(connection: Connection, wanted: str) -> dict[str, Any]:
    """Return the device of an id or a CITY/CODE. Raises ``RefusedError``."""
    found = devices.find_named(connection, wanted)
    if len(found) != 1:
        raise RefusedError(Code.NOT_FOUND, "Name one device by its id or as CITY/CODE (CBE/D3).")
    return found[0]


def _check(connection: Connection, home_city_id: UUID, wanted: NewScope, home_id: UUID) -> None:
    cities, stations = set(wanted.city_ids), set(wanted.station_ids)
    if home_city_id not in cities:
        raise RefusedError(Code.BAD_REQUEST, "A desk keeps its home city: enrol it anew there.")
    if cities - set(devices.find_cities(connection, sorted(cities))):
        raise RefusedError(Code.NOT_FOUND, "There is no such city.")
    if stations - set(devices.find_stations(connection, sorted(cities), sorted(stations))):
        raise RefusedError(Code.NOT_FOUND, "There is no such station in these cities.")
    if not devices.find_stations(connection, [home_city_id], [home_id]):
        raise RefusedError(Code.NOT_FOUND, "There is no such station in the desk's home city.")
    if stations and home_id not in stations:
        raise RefusedError(Code.BAD_REQUEST, "The desk must see the station it stands in.")
