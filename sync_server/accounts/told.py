"""What accounts tell of users, sessions and devices to those who may know."""

from datetime import datetime
from uuid import UUID

import msgspec


class ListedUser(msgspec.Struct, frozen=True, kw_only=True):
    """A user as those see them who manage officers."""

    id: UUID
    version: int
    login: str
    name: str
    initials: str
    rank: str
    role: str
    city_id: UUID
    station_id: UUID


class ListedSession(msgspec.Struct, frozen=True, kw_only=True):
    """A session that goes on; ``device_name`` is empty for one that is on no desk."""

    id: UUID
    device_id: UUID | None
    device_name: str
    started_at: datetime
    rotated_at: datetime
    expires_at: datetime


class ListedDevice(msgspec.Struct, frozen=True, kw_only=True):
    """A device, also one that is revoked."""

    id: UUID
    name: str
    desk_code: str
    home_city_id: UUID
    home_station_id: UUID
    program: str
    enrolled_at: datetime
    seen_at: datetime | None
    revoked_at: datetime | None
