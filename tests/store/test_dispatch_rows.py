"""Incidents, units and assignments: what follows from them is kept by whatever writes them."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from tests.store.conftest import CITY, STATION
from tests.wire.examples import DISPATCH_ROWS
from trafficdesk.domain import dispatch
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place, Position
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.domain.vocabulary import Entity, IncidentStatus, SyncState, UnitStatus
from trafficdesk.store import (
    arriving,
    assignments,
    dispatch_rows,
    incidents,
    references,
    unit_positions,
    units,
)
from trafficdesk.store.arriving import Arrival
from trafficdesk.store.engine import Store
from trafficdesk.store.rows import fetch_all
from trafficdesk.store.upkeep import Check, check, recount

NOW_MS = 1_790_000_000_000
_BELONGS = {"city_id": str(CITY.id), "station_id": str(STATION.id)}


def incident_values(**values: object) -> dict[str, object]:
    given: dict[str, object] = {
        **_BELONGS,
        "reference": f"INC-{new_id().hex[-6:]}",
        "type": "car_crash",
        "severity": 2,
        "lon": 76.96,
        "lat": 11.01,
        "vehicle_count": 2,
        "lanes_blocked": "partial",
        "source": "officer",
        "occurred_ms": NOW_MS,
        "reported_ms": NOW_MS,
        "created_ms": NOW_MS,
        "updated_ms": NOW_MS,
    }
    return given | values


def assignment_values(incident_id: UUID, unit_id: UUID, **values: object) -> dict[str, object]:
    given = {**_BELONGS, "incident_id": str(incident_id), "unit_id": str(unit_id)}
    return {**given, "role": "police", "assigned_ms": NOW_MS + 60_000, **values}


def unit_values(**values: object) -> dict[str, object]:
    given = {**_BELONGS, "call_sign": "P01", "kind": "patrol_car", "duty": "on"}
    return {**given, "created_ms": NOW_MS, **values}


def change(
    connection: Connection, entity: Entity, record_id: UUID, values: Mapping[str, object]
) -> None:
    kept = dispatch_rows.find(connection, entity, record_id)
    assert kept is not None
    assert dispatch_rows.update(connection, entity, kept, values) == kept.revision + 1


def follows(connection: Connection, incident_id: UUID) -> None:
    """Compare what is kept of an incident with what the domain says of it."""
    kept = incidents.find(connection, incident_id)
    assert kept is not None
    sent = assignments.find_of_incident(connection, incident_id)
    response = dispatch.response_of(kept.reported_at, kept.cleared_at, sent)
    assert kept.status is dispatch.incident_status(kept.cleared_at, sent)
    assert (kept.dispatched_at, kept.arrived_at) == (response.dispatched_at, response.arrived_at)
    assert kept.report_count == 1 + len(kept.accounts)
    assert kept.severity_score == dispatch.severity_score(
        vehicles=kept.vehicle_count,
        injuries=kept.injuries,
        lanes=kept.lanes_blocked,
        merged_reports=len(kept.accounts),
        calls_for_help=kept.unit_id is not None,
    )


def _account(number: int) -> dict[str, object]:
    about = {"id": str(UUID(int=number)), "at_ms": NOW_MS, "source": "app", "text": "smoke"}
    return {**about, "lon": 76.96, "lat": 11.01}


_maybe_ms = st.none() | st.integers(NOW_MS, NOW_MS + 3_600_000)
_of_incident = st.fixed_dictionaries(
    {},
    optional={
        "vehicle_count": st.integers(1, 20),
        "injuries": st.booleans(),
        "lanes_blocked": st.sampled_from(["none", "partial", "all"]),
        "cleared_ms": _maybe_ms,
        "accounts": st.lists(st.integers(1, 5).map(_account), max_size=4),
        "unit_id": st.none() | st.just(str(UUID(int=9))),
    },
)
_STEPS = ("acknowledged_ms", "en_route_ms", "arrived_ms", "cleared_ms", "withdrawn_ms")
_of_assignment = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(_STEPS, _maybe_ms)
    | {"assigned_ms": st.integers(NOW_MS, NOW_MS + 3_600_000), "incident_id": st.integers(0, 1)},
)
_deeds = st.lists(
    st.tuples(st.sampled_from(["change", "arrive", "drop"]), st.integers(0, 4), _of_assignment)
    | st.tuples(st.just("incident"), st.integers(0, 1), _of_incident),
    max_size=14,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(deeds=_deeds)
def test_where_an_incident_stands_follows_whatever_happens_to_it_and_its_assignments(
    shared_store: Store, deeds: list[tuple[str, int, dict[str, Any]]]
) -> None:
    with shared_store.writing() as connection:
        made = [new_id(), new_id()]
        for incident_id in made:
            dispatch_rows.insert(connection, Entity.INCIDENT, incident_id, incident_values())
        sent = [new_id() for _ in range(5)]
        for number, (deed, which, given_values) in enumerate(deeds, 2):
            _do(connection, (made, sent), (deed, which, number), given_values)
            for incident_id in made:
                follows(connection, incident_id)
        assert incidents.faults(connection, 5) == ()
        connection.rollback()


def _do(
    connection: Connection,
    records: tuple[list[UUID], list[UUID]],
    deed: tuple[str, int, int],
    given_values: dict[str, Any],
) -> None:
    (made, sent), (what, which, number) = records, deed
    if what == "incident":
        change(connection, Entity.INCIDENT, made[which], given_values)
        return
    values = dict(given_values)
    if "incident_id" in values:
        values["incident_id"] = str(made[values["incident_id"]])
    record_id = sent[which]
    is_there = assignments.find(connection, record_id) is not None
    if what == "drop":
        arriving.drop(connection, Entity.ASSIGNMENT, record_id)
    elif what == "arrive":
        whole = assignment_values(made[0], UUID(int=7)) | values
        arriving.put(connection, Arrival(Entity.ASSIGNMENT, record_id, number, whole))
    elif is_there:
        change(connection, Entity.ASSIGNMENT, record_id, values)
    else:
        whole = assignment_values(made[0], UUID(int=7)) | values
        dispatch_rows.insert(connection, Entity.ASSIGNMENT, record_id, whole)


def test_an_assignment_may_come_before_its_incident(store: Store) -> None:
    incident_id, unit_id = new_id(), new_id()
    with store.writing() as connection:
        values = assignment_values(incident_id, unit_id)
        arriving.put(connection, Arrival(Entity.ASSIGNMENT, new_id(), 1, values))
        arriving.put(connection, Arrival(Entity.INCIDENT, incident_id, 1, incident_values()))
        found = incidents.find(connection, incident_id)
    assert found is not None
    assert found.status is IncidentStatus.DISPATCHED
    assert found.dispatched_at == from_ms(NOW_MS + 60_000)
    assert found.sync_state is SyncState.CONFIRMED


def test_what_is_kept_wrongly_is_found_and_put_right(store: Store) -> None:
    with store.writing() as connection:
        dispatch_rows.insert(connection, Entity.INCIDENT, new_id(), incident_values())
    assert all(one.ok for one in check(store))
    for name, value in (("status", "'cleared'"), ("severity_score", "3"), ("arrived_ms", "5")):
        with store.writing() as connection:
            connection.exec_driver_sql(f"UPDATE incidents SET {name} = {value}")
        assert [one.check for one in check(store) if not one.ok] == [Check.DISPATCH]
        recount(store)
        assert all(one.ok for one in check(store))


def test_an_older_version_does_not_go_over_a_newer_one(store: Store) -> None:
    unit_id = new_id()
    with store.writing() as connection:
        for version, crew in ((2, "new"), (1, "old")):
            values = unit_values(crew=crew)
            arriving.put(connection, Arrival(Entity.UNIT, unit_id, version, values))
        unit = units.find(connection, unit_id)
    assert unit is not None
    assert (unit.crew, unit.version, unit.revision) == ("new", 2, 1)


def test_a_row_raises_the_revision_only_with_what_people_see(store: Store) -> None:
    incident_id, seen = new_id(), list[int]()
    values = incident_values()
    rows = (values, {**values, "updated_ms": 5}, {**values, "address": "NH 544"})
    with store.writing() as connection:
        for version, row in enumerate(rows, 1):
            arriving.put(connection, Arrival(Entity.INCIDENT, incident_id, version, row))
            kept = dispatch_rows.find(connection, Entity.INCIDENT, incident_id)
            assert kept is not None
            seen.append(kept.revision)
    assert seen == [1, 1, 2]


def test_a_row_that_lacks_fields_can_be_read(store: Store) -> None:
    ids = {entity: new_id() for entity in dispatch_rows.TABLES}
    with store.writing() as connection:
        for entity, record_id in ids.items():
            arriving.put(connection, Arrival(entity, record_id, 1, {}))
        assert incidents.find(connection, ids[Entity.INCIDENT]) is not None
        assert units.find(connection, ids[Entity.UNIT]) is not None
        assert assignments.find(connection, ids[Entity.ASSIGNMENT]) is not None


def test_rows_are_kept_as_version_1_of_the_protocol_says_them(store: Store) -> None:
    with store.writing() as connection:
        for kind, row in DISPATCH_ROWS.items():
            entity, record_id = Entity(kind), new_id()
            arriving.put(connection, Arrival(entity, record_id, 2, row))
            kept = dispatch_rows.find(connection, entity, record_id)
            assert kept is not None
            assert {name: kept.values[name] for name in row} == row


def test_what_was_confirmed_and_then_distrusted_is_written_over(store: Store) -> None:
    incident_id = new_id()
    with store.writing() as connection:
        dispatch_rows.insert(connection, Entity.INCIDENT, incident_id, incident_values())
        arriving.confirm(connection, Entity.INCIDENT, [(incident_id, 4)], NOW_MS + 9)
        found = incidents.find(connection, incident_id)
        assert found is not None
        assert (found.version, found.sync_state) == (4, SyncState.CONFIRMED)
        assert to_ms(found.updated_at) == NOW_MS + 9
        arriving.distrust_versions(connection)
        arriving.put(
            connection, Arrival(Entity.INCIDENT, incident_id, 1, incident_values(area="Ukkadam"))
        )
        found = incidents.find(connection, incident_id)
    assert found is not None
    assert (found.version, found.area) == (1, "Ukkadam")


def test_an_incident_that_moved_is_found_where_it_is(store: Store) -> None:
    incident_id = new_id()
    with store.writing() as connection:
        dispatch_rows.insert(connection, Entity.INCIDENT, incident_id, incident_values())
        change(connection, Entity.INCIDENT, incident_id, {"lon": 77.0, "lat": 11.1})
        at = fetch_all(connection, "SELECT ST_X(geom), ST_Y(geom) FROM incidents")
    assert at == [(77.0, 11.1)]
    assert all(one.ok for one in check(store))


def test_what_a_unit_does_follows_from_its_duty_and_its_assignment(store: Store) -> None:
    incident_id, unit_id, assignment_id = new_id(), new_id(), new_id()
    with store.writing() as connection:
        dispatch_rows.insert(connection, Entity.UNIT, unit_id, unit_values(skills=["first aid"]))
        (found,) = units.find_now(connection)
        assert (found.status, found.unit.skills) == (UnitStatus.AVAILABLE, ("first aid",))
        sent = assignment_values(incident_id, unit_id)
        dispatch_rows.insert(connection, Entity.ASSIGNMENT, assignment_id, sent)
        change(connection, Entity.UNIT, unit_id, {"assignment_id": str(assignment_id)})
        assert units.find_now(connection)[0].status is UnitStatus.EN_ROUTE
        change(connection, Entity.ASSIGNMENT, assignment_id, {"arrived_ms": NOW_MS + 90_000})
        assert units.find_now(connection)[0].status is UnitStatus.ON_SCENE
        change(connection, Entity.ASSIGNMENT, assignment_id, {"cleared_ms": NOW_MS + 99_000})
        assert units.find_now(connection)[0].status is UnitStatus.AVAILABLE
        change(connection, Entity.UNIT, unit_id, {"deleted_ms": NOW_MS})
        assert units.find_now(connection) == []


def test_a_position_that_comes_late_is_no_news(store: Store) -> None:
    unit_id = new_id()
    told = [
        Position(unit_id, Place(76.9, 11.0), from_ms(NOW_MS + 5), 8.0, 3.5, 90.0),
        Position(unit_id, Place(76.8, 11.0), from_ms(NOW_MS)),
    ]
    with store.writing() as connection:
        unit_positions.put(connection, told)
        assert unit_positions.find_all(connection) == {unit_id: told[0]}


_OPEN = (
    "SELECT reference FROM incidents WHERE status <> 'cleared' AND deleted_ms IS NULL "
    "ORDER BY severity_score DESC, occurred_ms"
)


def test_the_open_board_is_walked_along_its_index(store: Store) -> None:
    with store.reading() as connection:
        of_board, of_incident = (
            " ".join(str(row[3]) for row in fetch_all(connection, f"EXPLAIN QUERY PLAN {query}"))
            for query in (_OPEN, "SELECT role FROM assignments WHERE incident_id = x'00'")
        )
    assert "incidents_open" in of_board
    assert "TEMP B-TREE" not in of_board
    assert "assignments_of_incident" in of_incident


def test_an_incident_s_number_that_was_met_is_stepped_over(store: Store) -> None:
    with store.writing() as connection:
        values = incident_values(reference="INC-2026-D1-00002")
        dispatch_rows.insert(connection, Entity.INCIDENT, new_id(), values)
        assert references.take_next(connection, "INC-2026-D1") == 1
        assert references.take_next(connection, "INC-2026-D1") == 3
