"""What must hold of incidents, units and assignments when nothing waits any more."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sync_server.db.engine import Crossing
from sync_server.sync.assignments import assignment_of
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.holdings import INCIDENTS, Kind, Rows, at_desk, at_server
from trafficdesk.domain.dispatch import (
    TIME_OF,
    incident_status,
    is_open,
    response_of,
    severity_score,
    unit_status,
)
from trafficdesk.domain.records import Assignment
from trafficdesk.domain.times import from_ms, to_ms, utc_now
from trafficdesk.domain.vocabulary import Duty, LanesBlocked, SyncState, UnitStatus
from trafficdesk.services.dispatch_board import board

FOLLOWING = Kind(
    "incidents", ("status", "severity_score", "report_count", "dispatched_ms", "arrived_ms")
)
_LONG_AGO = timedelta(days=365)
_ASSIGNMENTS = """
SELECT id, json_build_object('incident_id', incident_id, 'unit_id', unit_id, 'role', role,
  'assigned_ms', assigned_ms, 'acknowledged_ms', acknowledged_ms, 'en_route_ms', en_route_ms,
  'arrived_ms', arrived_ms, 'cleared_ms', cleared_ms, 'withdrawn_ms', withdrawn_ms) AS row
FROM assignments WHERE city_id = %s ORDER BY assigned_ms, id
"""
# Each open assignment that its unit does not hold, with the open conflicts in which it is.
_UNCLAIMED = """
SELECT a.id, a.unit_id, u.call_sign, u.assignment_id, (
  SELECT count(*) FROM conflicts c WHERE c.city_id = a.city_id AND c.record_entity = 'unit'
    AND c.record_id = u.id AND c.status = 'open' AND EXISTS (
      SELECT FROM jsonb_array_elements(c.operations) o
      WHERE o -> 'changes' -> 'assignment_id' ->> 1 = a.id::text)) AS n
FROM assignments a JOIN units u ON u.city_id = a.city_id AND u.id = a.unit_id
WHERE a.city_id = %s AND a.cleared_ms IS NULL AND a.withdrawn_ms IS NULL
  AND u.assignment_id IS DISTINCT FROM a.id
"""
_STORY = """
SELECT e.seq, e.entity, right(e.entity_id::text, 4), e.action, right(e.device_id::text, 4),
  e.changes
FROM events e WHERE e.city_id = %s AND (e.entity_id = '%u' OR e.entity_id IN
  (SELECT id FROM assignments WHERE unit_id = '%u' UNION
   SELECT id FROM conflicts WHERE record_id = '%u')) ORDER BY e.seq
"""
_MADE = "SELECT entity_id FROM events WHERE city_id = %s AND action = 'dispatch'"
# What a desk sent out, but for what came to an end untaken.
_SENT_OUT = """
SELECT e.entity_id FROM events e JOIN outbox b ON b.seq = e.seq
WHERE e.action = 'dispatch' AND e.device_id = ?
  AND NOT (b.state = 'settled' AND b.result IN ('rejected', 'withdrawn'))
"""


def check_dispatch(world: World, desks: Sequence[SyncedDesk]) -> None:
    """Fail with what does not hold of what is dispatched."""
    check_claims(world)
    check_times(world)
    check_once(world, desks)
    check_boards(desks)
    follows = _what_follows(world)
    status_of = _statuses_of_units(world)
    for desk in desks:
        kept = at_desk(desk, FOLLOWING)
        wrong = {key: (row, follows[key]) for key, row in kept.items() if row != follows[key]}
        assert not wrong, f"L4: an incident stands elsewhere than follows: {wrong}"
        shown = {each.unit.id: each.status for each in board(desk.session).units}
        assert shown == status_of, f"L4: units stand elsewhere: {shown} {status_of}"


def check_claims(world: World) -> None:
    """Fail unless each open assignment is its unit's own, or in an open conflict about it.

    It may be in two: another desk that takes its withdrawal back claims the unit for it once more.
    """
    loose = [row for row in _server_rows(world, _UNCLAIMED) if row["n"] < 1]
    if loose:
        story = _server_rows(world, _STORY.replace("%u", str(loose[0]["unit_id"])))
        told = "\n".join(str(tuple(row.values())) for row in story)
        raise AssertionError(f"L6: a unit is out for what it does not hold: {loose}\n{told}")


def check_times(world: World) -> None:
    """Fail unless the times of steps are in the order of the steps."""
    ends = {"cleared_ms", "withdrawn_ms"}  # two desks may each end it in its way
    for row in _server_rows(world, _ASSIGNMENTS):
        for left_out in ends:
            names = [name for name in TIME_OF.values() if name != left_out]
            times = [at for name in names if (at := row["row"][name]) is not None]
            assert times == sorted(times), f"L4: times are out of order: {row}"


def check_once(world: World, desks: Sequence[SyncedDesk]) -> None:
    """Fail unless each assignment that a desk wrote is there, and made once."""
    there = [row["id"] for row in _server_rows(world, _ASSIGNMENTS)]
    made = Counter(row["entity_id"] for row in _server_rows(world, _MADE))
    assert made == Counter(there), f"L2: assignments were made {made}, and are {there}"
    for desk in desks:
        with desk.session.store.reading() as connection:
            rows = connection.exec_driver_sql(_SENT_OUT, (desk.session.device_id.bytes,)).all()
        lost = {UUID(bytes=row[0]) for row in rows} - set(there)
        assert not lost, f"L1: assignments are lost: {lost}"


def count_dispatched(world: World) -> dict[str, int]:
    """Return how many records of each kind the server has."""
    kinds = ("incidents", "units", "assignments")
    return {
        kind: len(_server_rows(world, f"SELECT FROM {kind} WHERE city_id = %s")) for kind in kinds
    }


def check_boards(desks: Sequence[SyncedDesk]) -> None:
    """Fail unless every desk's board shows the same, and shows it as confirmed."""
    first, *others = [_board_of(each) for each in desks]
    for other in others:
        assert first.keys() == other.keys(), f"L4: boards: {first.keys() ^ other.keys()}"
        for key, row in first.items():
            assert row == other[key], f"L4: boards differ:\n{row}\n{other[key]}"


def _board_of(desk: SyncedDesk) -> dict[UUID, object]:
    """Return what a desk's board shows, without what is counted for the desk alone."""
    session = desk.session
    shown = board(session, utc_now() - _LONG_AGO - session.skew)
    rows: dict[UUID, object] = {
        each.incident.id: (
            replace(each.incident, pk=0, revision=0),
            [
                (replace(one.assignment, revision=0), one.mark, one.steps)
                for one in each.assignments
            ],
            (each.mark, each.is_alert, each.group, each.steps),
        )
        for each in shown.incidents
    }
    for unit in shown.units:
        held = unit.assignment and replace(unit.assignment.assignment, revision=0)
        rows[unit.unit.id] = replace(unit.unit, revision=0), held, unit.mark, unit.welfare_due_at
        assert unit.mark is SyncState.CONFIRMED, f"L7: {unit}"
    return rows


def _server_rows(world: World, query: str) -> list[dict[str, Any]]:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        return [dict(row) for row in connection.execute(query.encode(), [world.city_id]).fetchall()]


def _assignments_at(world: World) -> list[Assignment]:
    return [assignment_of(row["id"], row["row"]) for row in _server_rows(world, _ASSIGNMENTS)]


def _what_follows(world: World) -> Rows:
    """Return what follows of each incident from the server's rows."""
    sent = dict[UUID, list[Assignment]]()
    for each in _assignments_at(world):
        sent.setdefault(each.incident_id, []).append(each)
    found = at_server(world, INCIDENTS)
    return {key: _follows(row, sent.get(UUID(key), [])) for key, row in found.items()}


def _follows(row: Mapping[str, Any], sent: Sequence[Assignment]) -> dict[str, object]:
    cleared_at = None if row["cleared_ms"] is None else from_ms(row["cleared_ms"])
    response = response_of(from_ms(row["reported_ms"]), cleared_at, sent)
    told = len(row["accounts"] or ())
    score = severity_score(
        vehicles=row["vehicle_count"] or 0,
        injuries=bool(row["injuries"]),
        lanes=LanesBlocked(row["lanes_blocked"]),
        merged_reports=told,
        calls_for_help=row["unit_id"] is not None,
    )
    return {
        "id": row["id"],
        "status": str(incident_status(cleared_at, sent)),
        "severity_score": score or None,
        "report_count": 1 + told,
        "dispatched_ms": response.dispatched_at and to_ms(response.dispatched_at),
        "arrived_ms": response.arrived_at and to_ms(response.arrived_at),
    }


def _statuses_of_units(world: World) -> dict[UUID, UnitStatus]:
    """Return what each unit does: a claim in conflict counts while its own side is over."""
    sent = {each.id: each for each in _assignments_at(world)}
    out = {each.unit_id: each for each in sent.values() if is_open(each)}
    query = "SELECT id, duty, assignment_id FROM units WHERE city_id = %s AND deleted_ms IS NULL"
    return {
        row["id"]: unit_status(Duty(row["duty"]), held if held and is_open(held) else disputed)
        for row in _server_rows(world, query)
        for held, disputed in [(sent.get(row["assignment_id"]), out.get(row["id"]))]
    }
