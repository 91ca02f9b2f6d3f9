"""The laws of PROTOCOL.md, asked of desks and server when nothing waits any more."""

from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from uuid import UUID

from sqlalchemy import Connection

from sync_server.db import ledger
from sync_server.db.engine import Crossing
from sync_server.media.service import folder_of
from tests.server.world import World
from tests.system.sync.albums import file_of
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.dispatch_laws import check_dispatch
from tests.system.sync.holdings import (
    AREAS,
    ASSIGNMENTS,
    CITATIONS,
    CONFLICTS,
    INCIDENTS,
    REPORTS,
    UNITS,
    Row,
    Rows,
    Scope,
    at_desk,
    at_server,
    scope_of,
)
from trafficdesk.domain.authority import is_creation
from trafficdesk.domain.merge import Clashed, Incoming, Merged, Policy, merge, policy_of
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.services.intent import field_value
from trafficdesk.store import dispatch_rows, outbox, reports
from trafficdesk.store.history import Operation
from trafficdesk.store.upkeep import check
from trafficdesk.sync import link


def check_laws(
    world: World, desks: list[SyncedDesk], acknowledged: AbstractSet[UUID] = frozenset()
) -> None:
    """Fail with what does not hold.

    ``acknowledged`` are operations that the server had taken before it was put back to a backup.
    """
    for desk in desks:
        _check_rows(world, desk)
        broken = [found for found in check(desk.session.store) if not found.ok]
        assert not broken, f"counts or indexes differ: {broken}"
    taken, heard = _ledger(world)
    lost = acknowledged - heard
    assert not lost, f"L1: the server had answered for {lost}"
    for desk in desks:
        missing = _written(desk) - heard
        assert not missing, f"L1: the server never heard of {missing}"
        feigned = _confirmed(desk) - taken
        assert not feigned, f"L7: shown as confirmed, and never taken: {feigned}"
    _check_feed(world)
    _check_photos(world, desks)
    check_dispatch(world, desks)


def _check_rows(world: World, desk: SyncedDesk) -> None:
    """A desk holds what is in its scope as the server does (L4), and nothing else (L8)."""
    scope = scope_of(world, desk)
    with desk.session.store.reading() as connection:
        assert link.get_marks(connection).scope_id == scope.id, "L8: a desk is of another scope"
    every = at_server(world, REPORTS)
    seen = {key: row for key, row in every.items() if scope.sees_report(row)}
    _compare(at_desk(desk, REPORTS), seen, every)
    conflicts = at_server(world, CONFLICTS)
    of_conflicts = {key: row for key, row in conflicts.items() if scope.sees_conflict(row)}
    _compare(at_desk(desk, CONFLICTS), of_conflicts, conflicts)
    areas = _seen_areas(world, scope)
    _compare(at_desk(desk, AREAS), areas, at_server(world, AREAS))
    report_of = _reports_of_citations(world)
    citations = at_server(world, CITATIONS)
    of_citations = {key: row for key, row in citations.items() if report_of[key] in seen}
    _compare(at_desk(desk, CITATIONS), of_citations, citations)
    dispatched = _compare_dispatch(world, desk, scope)
    # An old case was out of sight while it was closed; what happened then is told by no page.
    young = {key for key, row in seen.items() if scope.is_young(row)}
    young |= {key for key in of_citations if report_of[key] in young}
    _check_no_gap(world, desk, {*young, *of_conflicts, *areas, *dispatched})


def _compare_dispatch(world: World, desk: SyncedDesk, scope: Scope) -> set[str]:
    """Compare what is the whole city's; return the records of which all is told."""
    units, sent = at_server(world, UNITS), at_server(world, ASSIGNMENTS)
    _compare(at_desk(desk, UNITS), units, units)
    every, of_incident = at_server(world, INCIDENTS), dict[object, list[Row]]()
    for row in sent.values():
        of_incident.setdefault(row["incident_id"], []).append(row)
    seen = {
        key: row for key, row in every.items() if scope.sees_incident(row, of_incident.get(key, ()))
    }
    _compare(at_desk(desk, INCIDENTS), seen, every)
    out = {key: row for key, row in sent.items() if row["incident_id"] in seen}
    _compare(at_desk(desk, ASSIGNMENTS), out, sent)
    young = {key for key, row in seen.items() if scope.is_young(row)}
    return {*units, *young, *(key for key, row in out.items() if row["incident_id"] in young)}


def _compare(mine: Rows, seen: Rows, every: Rows) -> None:
    beyond = [(key, every[key]) for key in mine.keys() & every.keys() - seen.keys()]
    assert not beyond, f"L8: a desk holds what is out of its scope: {beyond}"
    unknown = [mine[key] for key in mine.keys() - every.keys()]
    assert not unknown, f"L4: a desk holds what the server does not: {unknown}"
    lacking = [seen[key] for key in seen.keys() - mine.keys()]
    assert not lacking, f"L4: a desk lacks what the server has: {lacking}"
    for key, row in seen.items():
        assert mine[key] == row, f"L4: {key} differs: {_differences(mine[key], row)}"


def _differences(mine: Row, theirs: Row) -> list[object]:
    return [(name, mine[name], theirs[name]) for name in mine if mine[name] != theirs[name]]


def _seen_areas(world: World, scope: Scope) -> Rows:
    with_station = at_server(world, AREAS, ", replace(station_id::text, '-', '') AS station_id")
    seen = {key for key, row in with_station.items() if scope.sees_area(row)}
    return {key: row for key, row in at_server(world, AREAS).items() if key in seen}


def _reports_of_citations(world: World) -> dict[str, object]:
    found = at_server(world, CITATIONS, ", replace(report_id::text, '-', '') AS report_id")
    return {key: row["report_id"] for key, row in found.items()}


def _check_no_gap(world: World, desk: SyncedDesk, seen: set[str]) -> None:
    """A desk has every event of what it sees; people came with its first snapshot."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        rows = connection.execute(
            "SELECT seq, id, entity, action FROM events WHERE city_id = %s "
            "AND replace(entity_id::text, '-', '') = ANY (%s)",
            [world.city_id, list(seen)],
        ).fetchall()
    heard = _ids(desk, "SELECT id FROM events")
    unseen = [tuple(row.values()) for row in rows if row["id"] not in heard]
    assert not unseen, f"L3: a desk has a gap: {sorted(unseen)[:5]}"


def _check_feed(world: World) -> None:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        twice = connection.execute(
            "SELECT id FROM events WHERE city_id = %s GROUP BY id HAVING count(*) > 1",
            [world.city_id],
        ).fetchall()
        assert not twice, f"L2: took effect twice: {twice}"
        twice = connection.execute(
            "SELECT op_id FROM operations WHERE tenant_id = %s AND result <> 'rejected' "
            "GROUP BY op_id HAVING count(*) > 1",
            [world.tenant_id],
        ).fetchall()
        assert not twice, f"L2: was taken twice: {twice}"
        broken_at = ledger.find_break(connection, world.city_id)
        assert broken_at is None, f"L3: the feed is broken at {broken_at}"


def _check_photos(world: World, desks: list[SyncedDesk]) -> None:
    """Every photo that a record names is on the server, or waits on a desk that has it."""
    folder = folder_of(world.live.server)
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        named = connection.execute(
            "SELECT m ->> 'sha256' AS sha256 FROM reports, jsonb_array_elements(media) m "
            "WHERE city_id = %(city)s UNION SELECT m ->> 'sha256' FROM incidents, "
            "jsonb_array_elements(media) m WHERE city_id = %(city)s",
            {"city": world.city_id},
        ).fetchall()
        stored = connection.execute(
            "SELECT sha256 FROM media WHERE city_id = %s", [world.city_id]
        ).fetchall()
    there = {row["sha256"] for row in stored if folder.has(world.city_id, row["sha256"])}
    for desk in desks:
        there |= {name for name in _waiting_photos(desk) if file_of(desk, name).exists()}
    lost = {row["sha256"] for row in named} - there
    assert not lost, f"L1: photos are neither on the server nor to be sent: {lost}"


def _waiting_photos(desk: SyncedDesk) -> set[str]:
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT sha256 FROM media_transfers WHERE direction = 'up' AND state <> 'sent'"
        ).all()
    return {row[0] for row in rows}


# A conflict that somebody here works on is open or settled for this desk alone, until that is
# answered.
_SILENT = """
SELECT count(*) FROM outbox b LEFT JOIN conflicts c ON c.id = b.conflict_id
WHERE b.state = 'settled' AND (b.result = 'rejected' AND b.reason <> 'overtaken'
  OR b.result = 'conflict' AND c.status = 'open' AND NOT EXISTS
    (SELECT 1 FROM outbox q JOIN events e ON e.seq = q.seq
     WHERE q.state IN ('queued', 'sent') AND e.entity_id = c.id))
"""


def check_own_work(desk: SyncedDesk) -> None:
    """Fail unless every unsettled operation is in its row here, or clashes with what is there.

    Holds at any moment, also when nothing is quiet. What the server refused waits for a person.
    """
    with desk.session.store.reading() as connection:
        for entity, record_id in outbox.find_records_with_open_work(connection):
            found = _find_record(connection, entity, record_id)
            if found is None:
                continue
            version, row = found
            for each in outbox.find_unsettled_of(connection, record_id):
                if is_creation(each.action) or _is_of_before(connection, each, version):
                    continue
                # After a restore a record is of no version until the server tells it anew.
                has_moved = each.base_version != version
                merged = merge(Incoming(entity, each.action, each.changes, has_moved), row)
                is_in = (
                    isinstance(merged, Clashed)
                    or _is_later(connection, each, merged)
                    or _is_counted_anew(connection, each, merged, row)
                )
                later = [one.action for one in outbox.find_unsettled_of(connection, record_id)]
                told = f"{entity} {each.action} of {each.base_version} at {version}, {later}"
                assert is_in, f"L1: not in the desk's own row: {told}: {merged}"
        silent = connection.exec_driver_sql(_SILENT).scalar_one()
        assert not silent, f"L7: {silent} refused operations went without a word"


def _find_record(
    connection: Connection, entity: Entity, record_id: UUID
) -> tuple[int, Mapping[str, object]] | None:
    """Return a record's version and fields, if it is here and one of those that are merged."""
    if entity in dispatch_rows.TABLES:
        kept = dispatch_rows.find(connection, entity, record_id)
        return None if kept is None else (kept.version, kept.values)
    report = reports.find_by_id(connection, record_id) if entity is Entity.REPORT else None
    if report is None:
        return None
    return report.version, {name: field_value(report, name) for name in reports.CHANGEABLE}


def _is_of_before(connection: Connection, operation: Operation, version: int) -> bool:
    """Tell whether a server answered for it that was restored since, and told nothing yet.

    The row stands as that server left it, with what others did since, until the next one tells it.
    """
    feed_seq, conflict_id = connection.exec_driver_sql(
        "SELECT e.feed_seq, b.conflict_id FROM outbox b JOIN events e ON e.seq = b.seq "
        "WHERE e.id = ?",
        (operation.op_id.bytes,),
    ).one()
    return version == 0 and bool(feed_seq or conflict_id)


def _is_later(connection: Connection, operation: Operation, merged: Merged) -> bool:
    """Tell whether what is missing of an operation was changed again by a later one."""
    later = outbox.find_unsettled_of(connection, operation.entity_id)
    after = later[[each.op_id for each in later].index(operation.op_id) + 1 :]
    again = {change.field for each in after for change in each.changes}
    return {change.field for change in merged.changes} <= again


def _is_counted_anew(
    connection: Connection, operation: Operation, merged: Merged, row: Mapping[str, object]
) -> bool:
    """Tell whether only a count is in question of which a restored server knew less.

    It stands at what that server has and what waits here, which may be what it was before.
    """
    told = "SELECT version FROM events WHERE entity_id = ? AND version > 0 ORDER BY seq"
    rows = connection.exec_driver_sql(told, (operation.entity_id.bytes,)).all()
    versions = [each[0] for each in rows]
    waiting = Counter[str]()
    for each in outbox.find_unsettled_of(connection, operation.entity_id):
        for change in each.changes:
            if policy_of(change.field) is Policy.SUM:
                waiting[change.field] += _count(change.new) - _count(change.old)
    counts = {change.field for change in merged.changes}
    is_whole = counts <= waiting.keys() and all(_count(row[f]) >= waiting[f] for f in counts)
    return versions != sorted(versions) and is_whole


def _count(value: object) -> int:
    assert value is None or isinstance(value, int)
    return value or 0


def _ids(desk: SyncedDesk, query: str, *values: object) -> set[UUID]:
    with desk.session.store.reading() as connection:
        return {UUID(bytes=row[0]) for row in connection.exec_driver_sql(query, values).all()}


def _written(desk: SyncedDesk) -> set[UUID]:
    """Return every operation a desk ever wrote, but for those that came to an end untaken."""
    query = (
        "SELECT e.id FROM events e JOIN outbox b ON b.seq = e.seq WHERE e.device_id = ? "
        "AND NOT (b.state = 'settled' AND b.result IN ('rejected', 'withdrawn'))"
    )
    return _ids(desk, query, desk.session.device_id.bytes)


def _confirmed(desk: SyncedDesk) -> set[UUID]:
    query = (
        "SELECT e.id FROM events e JOIN outbox b ON b.seq = e.seq "
        "WHERE e.device_id = ? AND e.sync_state = ?"
    )
    return _ids(desk, query, desk.session.device_id.bytes, int(SyncState.CONFIRMED))


def _ledger(world: World) -> tuple[set[UUID], set[UUID]]:
    """Return the operations that the server took, and all that it answered."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        rows = connection.execute(
            "SELECT op_id, result FROM operations WHERE tenant_id = %s", [world.tenant_id]
        ).fetchall()
    taken = {row["op_id"] for row in rows if row["result"] != "rejected"}
    return taken, {row["op_id"] for row in rows}


def find_taken(world: World) -> set[UUID]:
    """Return the operations that the server has taken so far."""
    return _ledger(world)[0]


def count_results(world: World) -> dict[str, int]:
    """Return how often the server came to each result, with the reason of a rejection."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        rows = connection.execute(
            "SELECT result || CASE reason WHEN '' THEN '' ELSE ' ' || reason END AS result, "
            "count(*) AS n FROM operations WHERE tenant_id = %s GROUP BY 1 ORDER BY 1",
            [world.tenant_id],
        ).fetchall()
    return {str(row["result"]): int(row["n"]) for row in rows}
