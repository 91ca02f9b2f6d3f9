"""A new record made whole: what a desk wrote, what it left out, and what follows from others."""

from collections.abc import Mapping
from typing import Final

from sync_server.sync.batch import Row, Sender, Verdict, refused
from trafficdesk.domain.vocabulary import Duty, Entity, LanesBlocked, VehicleType
from trafficdesk.wire.exchange import Reason
from trafficdesk.wire.fields import FIELDS
from trafficdesk.wire.operations import Operation
from trafficdesk.wire.values import find_missing

# What a creation need not name because it is empty.
EMPTY: Final[Mapping[Entity, Row]] = {
    Entity.REPORT: {
        "media": [],
        "address": "",
        "area": "",
        "plate": "",
        "vehicle_type": str(VehicleType.UNKNOWN),
        "vehicle_text": "",
        "description": "",
        "decision_note": "",
        "score": 0,
        "escalated": False,
        "second_look": False,
    },
    Entity.CITATION: {},
    Entity.GEOFENCE: {},
    Entity.UNIT: {"crew": "", "skills": [], "duty": str(Duty.ON)},
    Entity.INCIDENT: {
        "address": "",
        "area": "",
        "vehicle_count": 1,
        "injuries": False,
        "injury_count": 0,
        "lanes_blocked": str(LanesBlocked.NONE),
        "needs": {},
        "accounts": [],
        "verifications": 0,
        "description": "",
        "weather": "",
        "traffic_volume": "",
        "media": [],
    },
    Entity.ASSIGNMENT: {},
}
# What a record is before anybody wrote into it, and which of its fields are the time it was made.
_BLANK: Final[Mapping[Entity, Row]] = {
    entity: {**dict.fromkeys(FIELDS[entity]), **empty} for entity, empty in EMPTY.items()
}
_STAMPED: Final = {
    entity: [name for name in ("created_ms", "updated_ms") if name in FIELDS[entity]]
    for entity in EMPTY
}


def new_row(
    operation: Operation, entity: Entity, sender: Sender, report: Row | None
) -> Row | Verdict:
    """Return the whole row of a record that an operation makes, or why it may not.

    ``report`` is the one a citation names: it belongs to that report's city and station.
    """
    row = dict(_BLANK[entity])
    for name, (_, new) in operation.changes.items():
        row[name] = new
    if entity is Entity.CITATION:
        if report is None or not sender.sees(Entity.REPORT, report):
            return refused(Reason.UNKNOWN_RECORD, "report_id")
        row["city_id"], row["station_id"] = report["city_id"], report["station_id"]
        _fill(row, "issued_ms", operation.at_ms)
    elif entity is Entity.GEOFENCE:
        _fill(row, "city_id", sender.home_city_id)
    for name in _STAMPED[entity]:
        _fill(row, name, operation.at_ms)
    missing = find_missing(entity, row)
    return row if missing is None else refused(Reason.BAD_VALUE, missing)


def _fill(row: Row, field: str, value: object) -> None:
    if row.get(field) is None:
        row[field] = value
