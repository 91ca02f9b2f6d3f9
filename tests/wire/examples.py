"""The golden examples: what each message of version 1 looks like on the wire, kept for ever.

``python -m tests.wire.examples`` writes those that are missing and leaves the others as they are.
"""

import sys
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from tests.wire.live_examples import LIVE_MESSAGES
from trafficdesk.wire import accounts, exchange, positions
from trafficdesk.wire.live import UnitPosition
from trafficdesk.wire.operations import Operation

FOLDER: Final = Path(__file__).parent / "golden"
_AT_MS: Final = 1_795_000_000_000


def _id(number: int) -> UUID:
    return UUID(f"01900000-0000-7000-8000-{number:012d}")


CITY, STATION, DEVICE, OFFICER, REPORT = (_id(number) for number in range(1, 6))
SCOPE: Final = exchange.Scope(id=_id(6), city_ids=[CITY], station_ids=[STATION], window_days=90)
APPROVAL: Final = Operation(
    op_id=_id(10),
    action_id=_id(11),
    entity="report",
    entity_id=REPORT,
    action="approve",
    base_version=3,
    revision=5,
    changes={"status": ("pending", "approved"), "reviewer_id": (None, str(OFFICER))},
    note="Clear photo — பார்த்தேன்",
    actor_id=OFFICER,
    device_id=DEVICE,
    at_ms=_AT_MS,
)
CORRECTION: Final = Operation(
    op_id=_id(12),
    action_id=_id(13),
    entity="report",
    entity_id=REPORT,
    action="correct",
    base_version=3,
    revision=6,
    changes={
        "lon": (76.97, 76.9712),
        "lat": (11.02, 11.02),
        "violations": (["no_helmet"], ["no_helmet", "speed"]),
        "escalated": (False, True),
    },
    note="",
    actor_id=OFFICER,
    device_id=DEVICE,
    at_ms=_AT_MS + 1,
)
INCIDENT, UNIT, ASSIGNMENT = (_id(number) for number in range(50, 53))


def _sent(number: int, entity: str, record: UUID, action: str, **changes: object) -> Operation:
    return Operation(
        op_id=_id(number),
        action_id=_id(60),
        entity=entity,
        entity_id=record,
        action=action,
        base_version=0,
        revision=1,
        changes={name: (None, value) for name, value in changes.items()},
        note="",
        actor_id=OFFICER,
        device_id=DEVICE,
        at_ms=_AT_MS,
    )


_PLACED: Final = {"city_id": str(CITY), "station_id": str(STATION)}
_ACCOUNT: Final = {
    "id": str(_id(59)),
    "at_ms": _AT_MS + 60_000,
    "source": "web",
    "text": "பேருந்தும் — a bus, too",
    "lon": 76.9701,
    "lat": 11.0201,
}
_INCIDENT_ROW: Final = {
    **_PLACED,
    "reference": "INC-2026-D7-000012",
    "type": "car_crash",
    "severity": 3,
    "lon": 76.97,
    "lat": 11.02,
    "vehicle_count": 2,
    "injuries": True,
    "injury_count": 1,
    "lanes_blocked": "partial",
    "needs": {"police": 1, "ambulance": 1},
    "source": "officer",
    "occurred_ms": _AT_MS,
    "reported_ms": _AT_MS,
}
_ASSIGNMENT_ROW: Final = {
    **_PLACED,
    "incident_id": str(INCIDENT),
    "unit_id": str(UNIT),
    "role": "police",
    "assigned_ms": _AT_MS,
}
DISPATCH: Final = [
    _sent(61, "incident", INCIDENT, "file", **_INCIDENT_ROW),
    _sent(62, "assignment", ASSIGNMENT, "dispatch", **_ASSIGNMENT_ROW),
    _sent(63, "unit", UNIT, "send", assignment_id=str(ASSIGNMENT)),
    _sent(64, "incident", _id(65), "call_for_help", **_INCIDENT_ROW, unit_id=str(UNIT)),
]
DISPATCH_ROWS: Final[dict[str, dict[str, object]]] = {
    "incident": {**_INCIDENT_ROW, "accounts": [_ACCOUNT], "verifications": 3, "cleared_ms": None},
    "unit": {
        **_PLACED,
        "call_sign": "P12",
        "kind": "patrol_car",
        "crew": "Meena K, Ravi S",
        "skills": ["first aid"],
        "duty": "on",
        "assignment_id": str(ASSIGNMENT),
        "checked_ms": _AT_MS,
        "created_ms": _AT_MS,
        "deleted_ms": None,
    },
    "assignment": {**_ASSIGNMENT_ROW, "arrived_ms": _AT_MS + 300_000, "cleared_ms": None},
}
_POSITION: Final = UnitPosition(
    unit_id=UNIT, lon=76.97, lat=11.02, at_ms=_AT_MS, accuracy_m=8.5, speed_mps=12.0, heading=271.5
)
RECORD: Final = exchange.Record(
    entity="report",
    id=REPORT,
    version=4,
    row={
        "city_id": str(CITY),
        "station_id": str(STATION),
        "status": "rejected",
        "severity": 2,
        "violations": ["no_helmet"],
        "lon": 76.97,
        "lat": 11.02,
        "escalated": False,
        "deleted_ms": None,
    },
)
_PAGE: Final = {
    "epoch": _id(7),
    "scope_id": SCOPE.id,
    "city_id": CITY,
    "window_from_ms": _AT_MS - 90 * 86_400_000,
    "server_time_ms": _AT_MS + 2,
}
_EVENT: Final = exchange.FeedEvent(
    seq=42,
    id=_id(20),
    action_id=_id(21),
    entity="report",
    entity_id=REPORT,
    version=4,
    action="reject",
    changes={"status": ("pending", "rejected")},
    note="",
    actor_id=OFFICER,
    device_id=_id(22),
    at_ms=_AT_MS,
    received_ms=_AT_MS + 3,
)


def _outcome(number: int, result: exchange.Result, **rest: object) -> exchange.Outcome:
    given = {"op_id": _id(number), "result": result, **rest}
    return msgspec.convert(given, exchange.Outcome)


OUTCOMES: Final = [
    _outcome(30, exchange.Result.APPLIED, version=4, seq=42),
    _outcome(31, exchange.Result.MERGED, version=5, seq=43, record=RECORD),
    _outcome(32, exchange.Result.DUPLICATE, record=RECORD),
    _outcome(33, exchange.Result.CONFLICT, seq=44, conflict_id=_id(8), record=RECORD),
    *(
        _outcome(40 + number, exchange.Result.REJECTED, reason=reason, detail="plate")
        for number, reason in enumerate(exchange.Reason)
    ),
]
MESSAGES: Final[dict[str, msgspec.Struct]] = {
    "hello": exchange.Hello(speaks=(1, 1), program="trafficdesk 0.1.0", epoch=_id(7)),
    "welcome": exchange.Welcome(
        protocol=1,
        program="sync-server 0.1.0",
        epoch=_id(7),
        scope=SCOPE,
        heads={str(CITY): 44},
        restored_at={str(CITY): 40},
        server_time_ms=_AT_MS,
    ),
    "push-request": exchange.PushRequest(protocol=1, operations=[APPROVAL, CORRECTION]),
    "push-answer": exchange.PushAnswer(
        epoch=_id(7), turn="next-turn", server_time_ms=_AT_MS, outcomes=OUTCOMES
    ),
    "changes-page": msgspec.convert(
        {
            **_PAGE,
            "after": 41,
            "upto": 44,
            "head": 90,
            "records": [RECORD],
            "left": [exchange.Gone(entity="report", id=_id(9))],
            "events": [_EVENT],
        },
        exchange.ChangesPage,
    ),
    "history-page": msgspec.convert(
        {**_PAGE, "after": 0, "upto": 41, "events": [_EVENT]}, exchange.HistoryPage
    ),
    "snapshot-page": msgspec.convert(
        {**_PAGE, "at_seq": 44, "total": 100_000, "records": [RECORD], "next_after": REPORT},
        exchange.SnapshotPage,
    ),
    "snapshot-page-newest-first": msgspec.convert(
        {
            **_PAGE,
            "at_seq": 44,
            "total": 100_000,
            "records": [RECORD],
            "next_after": REPORT,
            "newest_first": True,
        },
        exchange.SnapshotPage,
    ),
    "dispatch-push-request": exchange.PushRequest(protocol=1, operations=DISPATCH),
    "dispatch-changes-page": msgspec.convert(
        {
            **_PAGE,
            "after": 44,
            "upto": 48,
            "head": 90,
            "records": [
                exchange.Record(entity=entity, id=record, version=2, row=DISPATCH_ROWS[entity])
                for entity, record in zip(DISPATCH_ROWS, (INCIDENT, UNIT, ASSIGNMENT), strict=True)
            ],
            "left": [],
            "events": [],
        },
        exchange.ChangesPage,
    ),
    "positions-request": positions.PositionsRequest(
        positions=[_POSITION, UnitPosition(unit_id=UNIT, lon=-0.5, lat=0.0, at_ms=_AT_MS + 1)]
    ),
    "positions-taken": positions.PositionsTaken(
        taken=1,
        doubted=[
            positions.Doubted(unit_id=UNIT, at_ms=_AT_MS, reason=reason)
            for reason in positions.Doubt
        ],
    ),
    **LIVE_MESSAGES,
    "enrol-request": accounts.EnrolRequest(
        token="one-time", device_id=DEVICE, public_key=bytes(32), name="Front desk", program="t"
    ),
    "enrolled": accounts.Enrolled(
        device_id=DEVICE,
        tenant_id=_id(23),
        desk_code="D7",
        home_city_id=CITY,
        home_station_id=STATION,
        scope=SCOPE,
        server_public_key=bytes(range(32)),
        turn="first-turn",
    ),
    "tokens": accounts.Tokens(
        access_token="access",
        access_lasts_s=900,
        access_expires_ms=_AT_MS + 900_000,
        refresh_token="refresh",
        refresh_expires_ms=_AT_MS + 604_800_000,
        user=accounts.User(
            id=OFFICER,
            login="meena",
            name="Meena K",
            initials="MK",
            rank="SI",
            role="officer",
            station_id=STATION,
        ),
    ),
    "sign-in-request": accounts.SignInRequest(login="meena", password="lamp-river-42"),
    "refresh-request": accounts.RefreshRequest(refresh_token="refresh"),
    "problem": accounts.Problem(
        status=409, code="device_copied", title="This device must be enrolled anew"
    ),
}


def example(name: str) -> bytes:
    """Return a golden example's bytes."""
    return (FOLDER / f"{name}.json").read_bytes()


def write_missing() -> list[str]:
    """Write the examples that are not there yet; what was once written never changes."""
    written = []
    for name, message in MESSAGES.items():
        file = FOLDER / f"{name}.json"
        if not file.exists():
            pretty = msgspec.json.format(msgspec.json.encode(message), indent=1)
            file.write_bytes(pretty + b"\n")
            written.append(name)
    return written


if __name__ == "__main__":
    sys.stdout.write(f"written: {', '.join(write_missing()) or 'nothing'}\n")
