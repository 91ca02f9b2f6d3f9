"""What a desk and the server hold, read straight from their tables and spelled alike."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sync_server.db.engine import Crossing
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.vocabulary import ReportStatus

Row = Mapping[str, object]
Rows = dict[str, Row]  # by the record's id

_DAY_MS = 86_400_000
_DECIDED = frozenset(
    str(each)
    for each in set(ReportStatus)
    - {
        ReportStatus.PENDING,
        ReportStatus.UNDER_REVIEW,
        ReportStatus.NEEDS_INFO,
        ReportStatus.APPROVED,
    }
)


@dataclass(frozen=True)
class Kind:
    """Columns that both sides have of a kind of record."""

    table: str
    plain: Sequence[str]
    ids: Sequence[str] = ()
    flags: Sequence[str] = ()
    lists: Sequence[str] = ()

    def at_desk(self) -> str:
        """Return the query of a desk's rows."""
        ids = [f"lower(hex({name})) AS {name}" for name in self.ids]
        return f"SELECT lower(hex(id)) AS id, {self._all(ids, list(self.flags))} FROM {self.table}"

    def at_server(self) -> str:
        """Return the query of the rows of the city that is bound."""
        ids = [f"replace({name}::text, '-', '') AS {name}" for name in ("id", *self.ids)]
        flags = [f"{name}::integer AS {name}" for name in self.flags]
        return f"SELECT {self._all(ids, flags)} FROM {self.table} WHERE city_id = %s"

    def _all(self, ids: list[str], flags: list[str]) -> str:
        return ", ".join((*ids, *self.plain, *self.lists, *flags))


REPORTS = Kind(
    "reports",
    (
        *("version", "reference", "status", "severity", "lon", "lat", "address", "area", "plate"),
        *("vehicle_type", "description", "source", "decision_note", "rejection_reason", "score"),
        "decided_ms",
        *("lease_until_ms", "occurred_ms", "reported_ms", "deleted_ms"),
    ),
    ("ward_id", "station_id", "reviewer_id", "duplicate_of", "assignee_id"),
    ("escalated", "second_look"),
)
CONFLICTS = Kind(
    "conflicts",
    ("version", "status", "record_entity", "opened_ms", "settle_note"),
    ("record_id", "station_id", "device_id", "actor_id", "settled_by"),
)
AREAS = Kind("geofences", ("version", "name", "deleted_ms"))
CITATIONS = Kind("citations", ("version", "number", "status", "amount_minor", "issued_ms"))
INCIDENTS = Kind(
    "incidents",
    (
        *("version", "reference", "type", "severity", "lon", "lat", "address", "area"),
        *("vehicle_count", "injury_count", "lanes_blocked", "verifications", "description"),
        *("weather", "traffic_volume", "source", "acknowledged_ms", "occurred_ms"),
        *("reported_ms", "cleared_ms", "created_ms", "updated_ms", "deleted_ms"),
    ),
    (
        *("city_id", "station_id", "ward_id", "reporter_id"),
        *("unit_id", "merged_into", "acknowledged_by"),
    ),
    ("injuries",),
    ("needs", "accounts", "media"),
)
UNITS = Kind(
    "units",
    ("version", "call_sign", "kind", "crew", "duty", "checked_ms", "created_ms", "deleted_ms"),
    ("city_id", "station_id", "assignment_id"),
    lists=("skills",),
)
ASSIGNMENTS = Kind(
    "assignments",
    (
        *("version", "role", "assigned_ms", "acknowledged_ms", "en_route_ms", "arrived_ms"),
        *("cleared_ms", "withdrawn_ms"),
    ),
    ("city_id", "station_id", "incident_id", "unit_id"),
)


def at_desk(desk: SyncedDesk, kind: Kind) -> Rows:
    """Return a desk's records of a kind."""
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql(kind.at_desk()).mappings().all()
    return _by_id([{name: _decoded(kind, name, row[name]) for name in row} for row in rows])


def _decoded(kind: Kind, name: str, value: object) -> object:
    return json.loads(str(value)) if name in kind.lists else value


def at_server(world: World, kind: Kind, more: str = "") -> Rows:
    """Return the records of a kind that the server has of the agency's city."""
    query = kind.at_server().replace(" FROM ", f"{more} FROM ")
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        return _by_id(connection.execute(query.encode(), [world.city_id]).fetchall())


def _by_id(rows: Sequence[Row]) -> Rows:
    """Return rows by their id; what is empty is None, however it is spelled."""
    return {str(row["id"]): {name: value or None for name, value in row.items()} for row in rows}


@dataclass(frozen=True)
class Scope:
    """What a desk may see now: no ``stations`` mean the whole city."""

    id: UUID
    stations: frozenset[str]
    window_from_ms: int

    def sees_report(self, row: Row) -> bool:
        """Tell whether a report is in scope: at its stations, and young or open."""
        return self._is_at(row) and (self.is_young(row) or row["status"] not in _DECIDED)

    def is_young(self, row: Row) -> bool:
        """Tell whether a report is in the window whatever it comes to."""
        return _number(row["reported_ms"]) >= self.window_from_ms

    def sees_conflict(self, row: Row) -> bool:
        """Tell whether a conflict is in scope, as what it is of."""
        is_young = _number(row["opened_ms"]) >= self.window_from_ms
        is_here = row["record_entity"] in {"incident", "unit", "assignment"} or self._is_at(row)
        return is_here and (is_young or row["status"] == "open")

    def sees_incident(self, row: Row, sent: Sequence[Row]) -> bool:
        """Tell whether an incident is in scope, whatever its station: young, or not over."""
        is_over = row["cleared_ms"] is not None or row["deleted_ms"] is not None
        is_out = any(each["cleared_ms"] is None and each["withdrawn_ms"] is None for each in sent)
        return self.is_young(row) or not is_over or is_out

    def sees_area(self, row: Row) -> bool:
        """Tell whether an area is in scope: the city's own are everybody's."""
        return row["station_id"] is None or self._is_at(row)

    def _is_at(self, row: Row) -> bool:
        return not self.stations or row["station_id"] in self.stations


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0


def scope_of(world: World, desk: SyncedDesk) -> Scope:
    """Return what the server lets a desk see."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        row = connection.execute(
            "SELECT scope_id, station_ids, window_days, "
            "(extract(epoch FROM now()) * 1000)::bigint AS now_ms FROM devices WHERE id = %s",
            [desk.session.device_id],
        ).fetchone()
    assert row is not None
    window_from_ms = (row["now_ms"] // _DAY_MS - row["window_days"]) * _DAY_MS
    stations = frozenset(each.hex for each in row["station_ids"])
    return Scope(row["scope_id"], stations, window_from_ms)
