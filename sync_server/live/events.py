"""What happened, as messages: made of the feed after its commit, and of nothing else."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from sync_server.db.engine import Connection
from sync_server.live import queries
from sync_server.live.authority import Listener, may_hear_incident, may_hear_report, people_of
from sync_server.sync.assignments import assignment_of
from trafficdesk.domain.authority import CALL_FOR_HELP, ESCALATE
from trafficdesk.domain.dispatch import incident_status, severity_score
from trafficdesk.domain.times import from_ms, to_ms, utc_now
from trafficdesk.domain.vocabulary import Entity, IncidentStatus, LanesBlocked
from trafficdesk.wire.live import (
    EventName,
    IncidentTold,
    ReportTold,
    Room,
    RoomKind,
    cell_of,
    room_of,
)

# What a server tells of, as it says so itself: what its product holds the facts of.
FEED: Final = "feed"
POSITIONS: Final = "positions"
AVAILABLE: Final = (FEED, POSITIONS, *EventName)
_GROUPS: Final = frozenset(name.partition(".")[0] for name in AVAILABLE)
_INCIDENT_NAMES: Final[Mapping[tuple[str, str], EventName]] = {
    (Entity.INCIDENT, "file"): EventName.INCIDENT_CREATED,
    (Entity.INCIDENT, CALL_FOR_HELP): EventName.INCIDENT_CREATED,
    (Entity.INCIDENT, ESCALATE): EventName.INCIDENT_ESCALATED,
    (Entity.INCIDENT, "verify"): EventName.INCIDENT_VERIFIED,
    (Entity.ASSIGNMENT, "dispatch"): EventName.INCIDENT_DISPATCHED,
    (Entity.ASSIGNMENT, "arrive"): EventName.INCIDENT_ARRIVED,
}
_CLEARING: Final = frozenset({"clear", "merge", "finish", "withdraw"})
_FILING: Final = frozenset({"file", "import"})


class Told(NamedTuple):
    """A message with the rooms it is for, and what says whether a listener may hear it."""

    message: IncidentTold | ReportTold
    rooms: tuple[Room, ...]
    may_hear: Callable[[Listener], bool]


def is_available(wish: str) -> bool:
    """Tell whether a wish names an event that is told, or a group of such."""
    return wish in AVAILABLE or wish in _GROUPS


def is_wished(name: str, wishes: tuple[str, ...]) -> bool:
    """Tell whether an event is among those wished for; no wishes are all."""
    return not wishes or name in wishes or name.partition(".")[0] in wishes


def read_told(connection: Connection, city_id: UUID, after: int, upto: int) -> list[Told]:
    """Return what to tell of a stretch of a city's feed: incidents first, for they are urgent.

    Of several events of one record by one name the newest is told.
    """
    told = dict[tuple[UUID, EventName], Told]()
    for row in queries.find_incident_events(connection, city_id, after, upto):
        new = _incident_told(city_id, row)
        if new.message.event is EventName.INCIDENT_ESCALATED:
            new = new._replace(rooms=(*new.rooms, *_rooms_of_dispatch(connection, city_id)))
        _put(told, new)
    for row in queries.find_report_events(connection, city_id, after, upto):
        _put(told, _report_told(city_id, row))
    return list(told.values())


def _put(told: dict[tuple[UUID, EventName], Told], new: Told) -> None:
    told[new.message.id, new.message.event] = new


def _incident_told(city_id: UUID, found: Mapping[str, Any]) -> Told:
    row = found["row"]
    status = incident_status(
        None if row["cleared_ms"] is None else from_ms(row["cleared_ms"]),
        [assignment_of(UUID(each["id"]), each["row"]) for each in found["assignments"]],
    )
    message = IncidentTold(
        event=_incident_name(found, status),
        city=city_id,
        seq=found["seq"],
        at_ms=found["received_ms"],
        id=found["id"],
        reference=row["reference"],
        kind=row["type"],
        severity=row["severity"],
        score=severity_score(
            vehicles=row["vehicle_count"],
            injuries=row["injuries"],
            lanes=LanesBlocked(row["lanes_blocked"]),
            merged_reports=len(row["accounts"]),
            calls_for_help=row["unit_id"] is not None,
        ),
        status=status,
        lon=row["lon"],
        lat=row["lat"],
        place=row["address"] or row["area"],
        calls_for_help=row["unit_id"] is not None,
        is_acknowledged=row["acknowledged_ms"] is not None,
        is_escalated=row["escalated_ms"] is not None,
        is_removed=row["deleted_ms"] is not None,
    )
    rooms = (
        room_of(RoomKind.CITY, city_id),
        room_of(RoomKind.RESPONDERS, city_id),
        cell_of(row["lon"], row["lat"]),
        *_rooms_of_people(row),
    )
    is_open = status is not IncidentStatus.CLEARED
    now_ms = to_ms(utc_now())
    return Told(message, rooms, lambda who: may_hear_incident(who, row, now_ms, is_open=is_open))


def _incident_name(found: Mapping[str, Any], status: IncidentStatus) -> EventName:
    if found["action"] in _CLEARING and status is IncidentStatus.CLEARED:
        return EventName.INCIDENT_CLEARED
    return _INCIDENT_NAMES.get((found["entity"], found["action"]), EventName.INCIDENT_UPDATED)


def _report_told(city_id: UUID, found: Mapping[str, Any]) -> Told:
    row = found["row"]
    is_new = found["action"] in _FILING
    message = ReportTold(
        event=EventName.REPORT_CREATED if is_new else EventName.REPORT_UPDATED,
        city=city_id,
        seq=found["seq"],
        id=found["id"],
        reference=row["reference"],
        status=row["status"],
        severity=row["severity"],
    )
    rooms = (
        room_of(RoomKind.CITY, city_id),
        cell_of(row["lon"], row["lat"]),
        *_rooms_of_people(row),
    )
    now_ms = to_ms(utc_now())
    return Told(message, rooms, lambda who: may_hear_report(who, row, now_ms))


def _rooms_of_dispatch(connection: Connection, city_id: UUID) -> list[Room]:
    people = queries.find_dispatchers(connection, city_id)
    return [room_of(RoomKind.USER, person_id) for person_id in people]


def _rooms_of_people(row: Mapping[str, Any]) -> list[Room]:
    return [Room(RoomKind.USER, person_id) for person_id in sorted(people_of(row))]
