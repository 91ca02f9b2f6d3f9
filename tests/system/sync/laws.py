"""The laws of PROTOCOL.md, asked of desks and server when nothing waits any more."""

from uuid import UUID

from sqlalchemy import Connection

from sync_server.db.engine import Crossing
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.authority import is_creation
from trafficdesk.domain.merge import Clashed, Incoming, Merged, merge
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services.intent import field_value
from trafficdesk.store import outbox, reports
from trafficdesk.store.history import Operation
from trafficdesk.store.upkeep import check

_REPORTS = (
    "reference, status, severity, lon, lat, address, area, plate, vehicle_type, description, "
    "source, decision_note, rejection_reason, score, escalated, second_look, lease_until_ms, "
    "occurred_ms, reported_ms, deleted_ms, version, lower(hex(id)), lower(hex(ward_id)), "
    "lower(hex(station_id)), lower(hex(reviewer_id)), lower(hex(duplicate_of)), "
    "lower(hex(assignee_id))"
)
_SERVER_REPORTS = (
    "reference, status, severity, lon, lat, address, area, plate, vehicle_type, description, "
    "source, decision_note, rejection_reason, score, escalated::int, second_look::int, "
    "lease_until_ms, occurred_ms, reported_ms, deleted_ms, version, "
    + ", ".join(
        f"replace({name}::text, '-', '') AS {name}"
        for name in ("id", "ward_id", "station_id", "reviewer_id", "duplicate_of", "assignee_id")
    )
)


def check_laws(world: World, desks: list[SyncedDesk]) -> None:
    """Fail with what does not hold."""
    server = _server_reports(world)
    for desk in desks:
        mine = _desk_reports(desk)
        others = [(key, (mine.get(key) or server[key])[:3]) for key in mine.keys() ^ server.keys()]
        assert not others, f"L4: a desk holds other reports than the server: {others}"
        for key, row in server.items():
            assert mine[key] == row, f"L4: {key} differs: {_differences(mine[key], row)}"
        assert _areas(desk) == _server_areas(world), "L4: areas differ"
        broken = [found for found in check(desk.session.store) if not found.ok]
        assert not broken, f"counts or indexes differ: {broken}"
    known, numbered = _ledger(world)
    for desk in desks:
        missing = _written(desk) - known
        assert not missing, f"L1: the server never heard of {missing}"
        unseen = numbered - _heard(desk)
        assert not unseen, f"L3: a desk has a gap: {sorted(unseen)[:5]}"
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        doubled = connection.execute(
            "SELECT id FROM events WHERE city_id = %s AND entity <> 'conflict' "
            "GROUP BY id HAVING count(*) > 1",
            [world.city_id],
        ).fetchall()
        assert not doubled, f"L2: took effect twice: {doubled}"


def check_own_work(desk: SyncedDesk) -> None:
    """Fail unless every unsettled operation is in its row here, or clashes with what is there.

    Holds at any moment, also when nothing is quiet. What the server refused waits for a person.
    """
    with desk.session.store.reading() as connection:
        for entity, record_id in outbox.find_records_with_open_work(connection):
            report = reports.find_by_id(connection, record_id)
            if entity is not Entity.REPORT or report is None:
                continue
            row = {name: field_value(report, name) for name in reports.CHANGEABLE}
            for each in outbox.find_unsettled_of(connection, record_id):
                if is_creation(each.action):
                    continue
                has_moved = each.base_version < report.version
                merged = merge(Incoming(entity, each.action, each.changes, has_moved), row)
                is_in = isinstance(merged, Clashed) or _is_later(connection, each, merged)
                assert is_in, f"L1: {each.action} is not in the desk's own row: {merged}"
        silent = connection.exec_driver_sql(
            "SELECT count(*) FROM outbox b LEFT JOIN conflicts c ON c.id = b.conflict_id "
            "WHERE b.state = 'settled' AND (b.result = 'rejected' "
            "OR (b.result = 'conflict' AND c.status = 'open'))"
        ).scalar_one()
        assert not silent, f"L7: {silent} refused operations went without a word"


def _is_later(connection: Connection, operation: Operation, merged: Merged) -> bool:
    """Tell whether what is missing of an operation was changed again by a later one."""
    later = outbox.find_unsettled_of(connection, operation.entity_id)
    after = later[[each.op_id for each in later].index(operation.op_id) + 1 :]
    again = {change.field for each in after for change in each.changes}
    return {change.field for change in merged.changes} <= again


def _differences(one: tuple[object, ...], other: tuple[object, ...]) -> list[object]:
    names = [name.strip() for name in _REPORTS.split(",")]
    return [
        (name, mine, theirs)
        for name, mine, theirs in zip(names, one, other, strict=True)
        if mine != theirs
    ]


def _desk_reports(desk: SyncedDesk) -> dict[str, tuple[object, ...]]:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql(f"SELECT {_REPORTS} FROM reports").all()
    return {str(row[21]): tuple(value or None for value in row) for row in rows}


def _server_reports(world: World) -> dict[str, tuple[object, ...]]:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        rows = connection.execute(
            f"SELECT {_SERVER_REPORTS} FROM reports WHERE city_id = %s",
            [world.city_id],
        ).fetchall()
    found = [tuple(value or None for value in row.values()) for row in rows]
    return {str(row[21]): row for row in found}


def _areas(desk: SyncedDesk) -> set[tuple[str, str, bool]]:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id, name, deleted_ms FROM geofences").all()
    return {(str(UUID(bytes=row[0])), row[1], row[2] is None) for row in rows}


def _server_areas(world: World) -> set[tuple[str, str, bool]]:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        rows = connection.execute(
            "SELECT id, name, deleted_ms FROM geofences WHERE city_id = %s", [world.city_id]
        ).fetchall()
    return {(str(row["id"]), row["name"], row["deleted_ms"] is None) for row in rows}


def _written(desk: SyncedDesk) -> set[UUID]:
    """Return every operation a desk ever wrote and did not withdraw before it was sent."""
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT e.id FROM events e JOIN outbox b ON b.seq = e.seq WHERE e.device_id = ?",
            (desk.session.device_id.bytes,),
        ).all()
    return {UUID(bytes=row[0]) for row in rows}


def _heard(desk: SyncedDesk) -> set[UUID]:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql("SELECT id FROM events").all()
    return {UUID(bytes=row[0]) for row in rows}


def _ledger(world: World) -> tuple[set[UUID], set[UUID]]:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        known = connection.execute(
            "SELECT op_id FROM operations WHERE tenant_id = %s", [world.tenant_id]
        ).fetchall()
        # People that an operator added before a desk joined came with its first snapshot.
        numbered = connection.execute(
            "SELECT id FROM events WHERE city_id = %s AND entity <> 'officer'", [world.city_id]
        ).fetchall()
    return {row["op_id"] for row in known}, {row["id"] for row in numbered}


def count_results(world: World) -> dict[str, int]:
    """Return how often the server came to each result, with the reason of a rejection."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        rows = connection.execute(
            "SELECT result || CASE reason WHEN '' THEN '' ELSE ' ' || reason END AS result, "
            "count(*) AS n FROM operations WHERE tenant_id = %s GROUP BY 1 ORDER BY 1",
            [world.tenant_id],
        ).fetchall()
    return {str(row["result"]): int(row["n"]) for row in rows}
