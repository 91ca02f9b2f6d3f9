"""Who listens, which rooms they may be in, and which messages they may hear there."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, Self
from uuid import UUID

from sync_server.accounts.service.people import Caller
from sync_server.sync.pages import OPEN_STATUSES, window_from_ms
from sync_server.sync.scope import Device
from trafficdesk.domain.permissions import Permission, may
from trafficdesk.domain.vocabulary import Role
from trafficdesk.wire.live import Refusal, Room, RoomKind

# What a room tells of, a caller must be allowed to read.
_NEEDS: Final[Mapping[RoomKind, Permission]] = {
    RoomKind.CITY: Permission.REPORT_READ,
    RoomKind.GRID: Permission.REPORT_READ,
    RoomKind.RESPONDERS: Permission.INCIDENT_RESPOND,
}


class Listener(NamedTuple):
    """Whose a WebSocket is, as it was proved when it was opened.

    What of this no longer holds ends the WebSocket: it is proved anew.
    """

    tenant_id: UUID
    session_id: UUID
    user_id: UUID
    role: Role
    city_ids: frozenset[UUID]
    device: Device | None

    @classmethod
    def of(cls, caller: Caller) -> Self:
        """Return who was proved."""
        return cls(
            caller.tenant_id,
            caller.session_id,
            caller.user.id,
            caller.role,
            frozenset(caller.city_ids),
            None if caller.device is None else Device.of(caller.device),
        )

    @property
    def ids(self) -> frozenset[UUID]:
        """What can end the access: session, user, device."""
        device_id = self.session_id if self.device is None else self.device.id
        return frozenset((self.session_id, self.user_id, device_id))

    def is_as(self, standing: Mapping[UUID, tuple[str, UUID | None]]) -> bool:
        """Tell whether the session still goes on with the same role and scope."""
        scope_id = None if self.device is None else self.device.scope_id
        return standing.get(self.session_id) == (self.role, scope_id)

    def may(self, permission: Permission) -> bool:
        """Tell whether the role holds a permission."""
        return may(self.role, permission)


def refusal_to_enter(who: Listener, room: Room) -> Refusal | None:
    """Return why somebody may not be in a room, or None.

    Whether there is another agency's city or user of this name is told to nobody.
    """
    if room.kind is RoomKind.USER:
        return None if room.key == str(who.user_id) else Refusal.NOT_PERMITTED
    is_in_scope = room.kind is RoomKind.GRID or UUID(room.key) in who.city_ids
    may_read = who.may(_NEEDS[room.kind])
    return None if is_in_scope and may_read else Refusal.NOT_PERMITTED


def may_hear_report(who: Listener, row: Mapping[str, Any], now_ms: int) -> bool:
    """Tell whether a report is the listener's to see: of a desk's stations, and in its window."""
    if who.device is None or not who.may(Permission.REPORT_READ):
        return str(who.user_id) in people_of(row)
    stations = who.device.station_ids
    if stations and row["station_id"] is not None and row["station_id"] not in stations:
        return False
    is_recent = row["reported_ms"] >= window_from_ms(who.device, now_ms)
    return is_recent or row["status"] in OPEN_STATUSES


def may_hear_incident(who: Listener, row: Mapping[str, Any], now_ms: int, *, is_open: bool) -> bool:
    """Tell whether an incident is the listener's to see: their city's, or one they reported."""
    if not who.may(Permission.REPORT_READ):
        return str(who.user_id) in people_of(row)
    return is_open or who.device is None or row["reported_ms"] >= window_from_ms(who.device, now_ms)


def people_of(row: Mapping[str, Any]) -> set[str]:
    """Return the ids of those whom a record concerns by name."""
    fields = ("assignee_id", "reviewer_id", "reporter_id")
    return {row[field] for field in fields if row.get(field)}
