"""Desks read in bulk: of each session, city and kind of page the day's first is noted.

So is a page of the feed that begins before all that were noted that day.
"""

import re
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sync_server.accounts.service.people import Caller
from sync_server.audit.reads import Read, What, note_daily
from sync_server.server import Server
from sync_server.sync.scope import SnapshotPlace
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.exchange import PushAnswer, Scope

# Kinds of records that tell of nobody.
_PLAIN: Final = frozenset(
    {Entity.CITY, Entity.STATION, Entity.WARD, Entity.VIOLATION_TYPE, Entity.GEOFENCE}
)
# A page is made by PostgreSQL and handed on unread; its numbers stand at its beginning.
_NUMBER: Final = re.compile(rb'"(after|upto|total)" ?: ?(\d+)')
_NO_RECORDS: Final = re.compile(rb'"records" ?: ?\[\]')
_NO_HISTORY: Final = re.compile(rb'"upto" ?: ?\d+, ?"events" ?: ?\[\]')
_HEAD_BYTES: Final = 512


def note_stretch(server: Server, caller: Caller, city_id: UUID, of: str, page: bytes) -> None:
    """Note that a page of a city's feed is handed to a desk: from which number up to which."""
    if _NO_HISTORY.search(page, 0, _HEAD_BYTES):
        return
    found = _numbers(page)
    after, upto = found["after"], found["upto"]
    count = max(0, upto - after)
    _note(server, caller, (city_id, of), {"after": after, "upto": upto}, count)


def note_snapshot(server: Server, caller: Caller, place: SnapshotPlace, page: bytes) -> None:
    """Note that a desk takes a city's records of a kind; how many there were in all is told.

    They were counted for its first page: those of a later one may have come since.
    """
    if place.entity not in _PLAIN and not _NO_RECORDS.search(page, 0, _HEAD_BYTES):
        asked = place.city_id, f"snapshot of {place.entity}"
        _note(server, caller, asked, {}, _numbers(page)["total"] or None)


def note_push(server: Server, caller: Caller, answer: PushAnswer) -> None:
    """Note that a push is answered with records as they stand after it."""
    count = sum(outcome.record is not None for outcome in answer.outcomes)
    _note(server, caller, (None, "push"), {}, count)


def filter_of(scope: Scope) -> dict[str, object]:
    """Return what a device sees, for the entry: which stations of the city, and how far back."""
    stations = [str(station_id) for station_id in scope.station_ids]
    return {"scope": str(scope.id), "stations": stations, "days": scope.window_days}


def _note(
    server: Server,
    caller: Caller,
    page: tuple[UUID | None, str],
    numbers: Mapping[str, int],
    count: int | None,
) -> None:
    city_id, of = page
    if caller.device is None:
        raise AssertionError("only a device syncs")
    asked = {"of": of, **filter_of(caller.device.scope), **numbers}
    subject = "" if city_id is None else str(city_id)
    read = Read(what=What.SYNC, count=count, subject=subject, asked=asked)
    note_daily(server, caller, read, of, numbers.get("after", 0))


def _numbers(page: bytes) -> dict[str, int]:
    return {name.decode(): int(told) for name, told in _NUMBER.findall(page, 0, _HEAD_BYTES)}
