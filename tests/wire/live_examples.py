"""The golden examples of what is said over the live WebSocket."""

from typing import Final
from uuid import UUID

import msgspec

from trafficdesk.wire import live

_AT_MS: Final = 1_795_000_000_000
_CITY, _UNIT, _INCIDENT, _REPORT = (
    UUID(f"01900000-0000-7000-8000-{number:012d}") for number in (1, 31, 32, 5)
)
_ROOM: Final = str(live.room_of(live.RoomKind.CITY, _CITY))

LIVE_MESSAGES: Final[dict[str, msgspec.Struct]] = {
    "live-subscribe": live.Subscribe(room=_ROOM, events=["feed", "incident.created"], since=41),
    "live-subscribe-cell": live.Subscribe(room=str(live.cell_of(76.97, -0.02))),
    "live-unsubscribe": live.Unsubscribe(room=_ROOM),
    "live-positions-sent": live.PositionsSent(
        positions=[
            live.UnitPosition(
                unit_id=_UNIT,
                lon=76.97,
                lat=11.02,
                at_ms=_AT_MS,
                accuracy_m=4.5,
                speed_mps=11.0,
                heading=270.0,
            )
        ]
    ),
    "live-greeting": live.Greeting(
        server_time_ms=_AT_MS, expires_ms=_AT_MS + 900_000, events=["feed", "incident.created"]
    ),
    "live-subscribed": live.Subscribed(room=_ROOM, seq=44, pull=True),
    "live-unsubscribed": live.Unsubscribed(room=_ROOM),
    "live-refused": live.Refused(code=live.Refusal.NOT_PERMITTED, room=_ROOM),
    "live-feed": live.FeedGrown(city=_CITY, seq=45),
    "live-missed": live.Missed(city=_CITY),
    "live-incident": live.IncidentTold(
        event=live.EventName.INCIDENT_CREATED,
        city=_CITY,
        seq=45,
        at_ms=_AT_MS,
        id=_INCIDENT,
        reference="INC-2026-D7-000004",
        kind="car_crash",
        severity=4,
        score=80,
        status="active",
        lon=76.97,
        lat=11.02,
        place="Avinashi Road",
    ),
    "live-escalated": live.IncidentTold(
        event=live.EventName.INCIDENT_ESCALATED,
        city=_CITY,
        seq=46,
        at_ms=_AT_MS + 120_000,
        id=_INCIDENT,
        reference="INC-2026-D7-000004",
        kind="car_crash",
        severity=4,
        score=80,
        status="active",
        lon=76.97,
        lat=11.02,
        place="Avinashi Road",
        is_escalated=True,
    ),
    "live-report": live.ReportTold(
        event=live.EventName.REPORT_UPDATED,
        city=_CITY,
        seq=46,
        id=_REPORT,
        reference="CBE-2026-D7-000012",
        status="approved",
        severity=2,
    ),
    "live-positions": live.PositionsTold(
        city=_CITY,
        positions=[live.UnitPosition(unit_id=_UNIT, lon=76.97, lat=11.02, at_ms=_AT_MS)],
    ),
}
