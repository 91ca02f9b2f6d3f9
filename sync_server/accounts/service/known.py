"""Devices that did not call by themselves: those that a file names."""

from dataclasses import dataclass
from uuid import UUID

from sync_server.accounts.queries import devices
from sync_server.accounts.service.people import scope_of
from sync_server.db.engine import Crossing
from sync_server.server import Server
from trafficdesk.wire.exchange import Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownDevice:
    """A device by what the server keeps of it; nothing was proved yet."""

    id: UUID
    tenant_id: UUID
    name: str
    desk_code: str
    home_city_id: UUID
    public_key: bytes
    scope: Scope
    is_revoked: bool
    former_ids: frozenset[UUID]


def find_device(
    server: Server, device_id: UUID, tenant_id: UUID | None = None
) -> KnownDevice | None:
    """Return a device of a tenant, from behind its walls; for an operator's command, of any."""
    database = server.database
    with (
        database.crossing(Crossing.OPERATOR)
        if tenant_id is None
        else database.reading(tenant_id, ())
    ) as connection:
        row = devices.find(connection, device_id)
    if row is None:
        return None
    return KnownDevice(
        id=row["id"],
        tenant_id=row["tenant_id"],
        name=row["name"],
        desk_code=row["desk_code"],
        home_city_id=row["home_city_id"],
        public_key=row["public_key"],
        scope=scope_of(row),
        is_revoked=row["revoked_at"] is not None,
        former_ids=frozenset(row["former_ids"]),
    )
