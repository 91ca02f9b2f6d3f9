"""What operations come to: each outcome and each reason, with what commits for it."""

from uuid import UUID

import pytest

from sync_server.db.engine import Crossing
from sync_server.db.ledger import find_break
from tests.server.sync.town import AT_MS, Town
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.exchange import Result


def test_a_new_report_is_written_whole_with_its_event_and_its_place(town: Town) -> None:
    desk = town.add_device()
    report_id = town.filed(desk, plate="TN66AC0918")
    row = town.row(report_id)
    assert (row["plate"], row["version"], row["description"]) == ("TN66AC0918", 1, "")
    (event,) = town.ask("SELECT * FROM events WHERE entity_id = %s", report_id)
    assert (event["seq"], event["version"], event["action"]) == (1, 1, "file")
    (place,) = town.ask("SELECT ST_X(geom) AS x FROM reports WHERE id = %s", report_id)
    assert place["x"] == 76.97


def test_an_operation_on_what_nobody_moved_is_applied(town: Town) -> None:
    desk = town.add_device()
    report_id = town.filed(desk)
    (done,) = town.push(
        desk, town.operation(desk, report_id, "escalate", {"escalated": (False, True)})
    )
    assert (done.result, done.version, done.seq, done.record) == (Result.APPLIED, 2, 2, None)
    assert town.row(report_id)["escalated"] is True


def test_an_operation_that_moved_more_than_it_says_brings_its_record(town: Town) -> None:
    desk, actor = town.add_device(), town.people["officer"]
    report_id = town.filed(desk)
    town.push(desk, town.operation(desk, report_id, "assign", {"assignee_id": (None, str(actor))}))
    (done,) = town.push(
        desk, town.operation(desk, report_id, "approve", {"status": ("pending", "approved")})
    )
    assert done.result is Result.APPLIED
    assert done.record is not None
    assert done.record.row["assignee_id"] is None


def test_an_operation_sent_again_brings_its_record_as_it_is_by_now(town: Town) -> None:
    desk = town.add_device()
    report_id = town.filed(desk)
    escalation = town.operation(desk, report_id, "escalate", {"escalated": (False, True)})
    (first,) = town.push(desk, escalation)
    town.push(desk, town.operation(desk, report_id, "correct", {"severity": (2, 4)}))
    (again,) = town.push(desk, escalation)
    assert first.record is None
    assert (again.result, again.version, again.seq) == (Result.APPLIED, 2, 2)
    assert again.record is not None
    assert (again.record.version, again.record.row["severity"]) == (3, 4)


def test_operations_on_one_record_are_folded_in_their_order(town: Town) -> None:
    desk = town.add_device()
    new = town.file(desk)
    plates = ["A1", "A2", "A3"]
    corrections = [
        town.operation(desk, new.entity_id, "correct", {"plate": (old, after)}, base_version=0)
        for old, after in zip(["TN37BZ4412", *plates], plates, strict=False)
    ]
    outcomes = town.push(desk, new, *corrections)
    assert [each.result for each in outcomes] == ["applied"] * 4
    assert [each.version for each in outcomes] == [1, 2, 3, 4]
    assert [each.seq for each in outcomes] == [1, 2, 3, 4]
    row = town.row(new.entity_id)
    assert (row["plate"], row["version"]) == ("A3", 4)


def test_what_two_desks_changed_apart_is_merged(town: Town) -> None:
    one, two = town.add_device(), town.add_device()
    report_id = town.filed(one)
    town.push(one, town.operation(one, report_id, "correct", {"severity": (2, 4)}))
    (done,) = town.push(
        two,
        town.operation(
            two, report_id, "correct", {"severity": (2, 3), "plate": ("TN37BZ4412", "TN1")}
        ),
    )
    assert done.result is Result.MERGED
    assert done.record is not None
    assert (done.record.row["severity"], done.record.row["plate"]) == (4, "TN1")
    assert done.record.version == 3


def test_asking_for_what_stands_already_is_a_duplicate(town: Town) -> None:
    one, two = town.add_device(), town.add_device()
    report_id = town.filed(one)
    changes: dict[str, tuple[object, object]] = {"escalated": (False, True)}
    town.push(one, town.operation(one, report_id, "escalate", changes))
    (done,) = town.push(two, town.operation(two, report_id, "escalate", changes))
    assert (done.result, done.version, done.seq) == (Result.DUPLICATE, 0, 0)
    assert done.record is not None
    assert town.row(report_id)["version"] == 2


@pytest.mark.parametrize("action", ["correct", "approve", "escalate"])
def test_what_changes_nothing_is_a_duplicate_and_no_event(town: Town, action: str) -> None:
    desk = town.add_device()
    report_id = town.filed(desk)
    (outcome,) = town.push(desk, town.operation(desk, report_id, action, {}))
    assert (outcome.result, outcome.version, outcome.seq) == ("duplicate", 0, 0)
    assert town.row(report_id)["version"] == 1
    assert len(town.ask("SELECT FROM events")) == 1


def _clash(town: Town) -> tuple[UUID, UUID]:
    """Make two desks write different plates; return the report and the conflict."""
    one, two = town.add_device(), town.add_device()
    report_id = town.filed(one)
    town.push(one, town.operation(one, report_id, "correct", {"plate": ("TN37BZ4412", "A")}))
    (done,) = town.push(
        two, town.operation(two, report_id, "correct", {"plate": ("TN37BZ4412", "B")})
    )
    assert done.result is Result.CONFLICT
    assert done.conflict_id is not None
    return report_id, done.conflict_id


def test_what_only_people_can_settle_is_kept_as_a_conflict_with_all_three_sides(
    town: Town,
) -> None:
    report_id, conflict_id = _clash(town)
    (conflict,) = town.ask("SELECT * FROM conflicts WHERE id = %s", conflict_id)
    assert conflict["fields"] == [
        {"field": "plate", "base": "TN37BZ4412", "mine": "B", "theirs": "A"}
    ]
    assert conflict["record_id"] == report_id
    assert conflict["theirs_actor_id"] == town.people["officer"]
    assert conflict["theirs_version"] == 2
    assert town.row(report_id)["plate"] == "A"
    (kept,) = town.ask("SELECT content FROM operations WHERE result = 'conflict'")
    content = kept["content"]
    assert isinstance(content, dict)
    assert content["changes"] == {"plate": ["TN37BZ4412", "B"]}
    (event,) = town.ask("SELECT * FROM events WHERE entity = 'conflict'")
    assert (event["action"], event["entity_id"]) == ("open", conflict_id)


def test_theirs_is_whoever_changed_the_field_in_question_be_it_on_the_same_desk(town: Town) -> None:
    """A desk that was put back to a backup meets its own work; another's is beside the point."""
    desk, other, people = town.add_device(), town.add_device(), town.people
    report_id = town.filed(desk)
    edits = [
        (desk, "plate", "TN37BZ4412", "A", people["supervisor"]),
        (other, "address", "", "Main Road", people["officer"]),
        (desk, "plate", "TN37BZ4412", "B", people["officer"]),
    ]
    for turn, (device, field, old, new, actor_id) in enumerate(edits):
        frame = {"actor_id": actor_id, "at_ms": AT_MS + turn}
        change = {field: (old, new)}
        (done,) = town.push(device, town.operation(device, report_id, "correct", change, **frame))
    (conflict,) = town.ask("SELECT * FROM conflicts WHERE id = %s", done.conflict_id)
    assert conflict["theirs_actor_id"] == people["supervisor"]
    assert conflict["theirs_at_ms"] == AT_MS


def test_theirs_may_be_of_the_same_push(town: Town) -> None:
    desk, people = town.add_device(), town.people
    report_id = town.filed(desk)
    edits = [
        town.operation(
            desk, report_id, "correct", {"plate": ("TN37BZ4412", new)}, actor_id=people[who]
        )
        for new, who in (("A", "supervisor"), ("B", "officer"))
    ]
    assert [each.result for each in town.push(desk, *edits)] == ["applied", "conflict"]
    (conflict,) = town.ask("SELECT * FROM conflicts WHERE record_id = %s", report_id)
    assert conflict["theirs_actor_id"] == people["supervisor"]


def test_who_worked_on_what_is_deleted_is_theirs_of_the_conflict(town: Town) -> None:
    desk, other, people = town.add_device(), town.add_device(), town.people
    report_id = town.filed(desk)
    edit = {"plate": ("TN37BZ4412", "A")}
    town.push(other, town.operation(other, report_id, "correct", edit))
    deleting = {"deleted_ms": (None, AT_MS)}
    frame = {"actor_id": people["supervisor"]}
    (done,) = town.push(desk, town.operation(desk, report_id, "undo_file", deleting, **frame))
    (conflict,) = town.ask("SELECT * FROM conflicts WHERE id = %s", done.conflict_id)
    assert conflict["theirs_actor_id"] == people["officer"]


def test_further_work_on_the_fields_in_question_joins_the_conflict_and_other_work_goes_on(
    town: Town,
) -> None:
    one, two = town.add_device(), town.add_device()
    report_id = town.filed(one)
    town.push(one, town.operation(one, report_id, "correct", {"plate": ("TN37BZ4412", "A")}))
    outcomes = town.push(
        two,
        town.operation(two, report_id, "correct", {"plate": ("TN37BZ4412", "B")}),
        town.operation(two, report_id, "correct", {"plate": ("B", "C")}),
        town.operation(two, report_id, "escalate", {"escalated": (False, True)}),
    )
    assert [each.result for each in outcomes] == ["conflict", "conflict", "applied"]
    (later,) = town.push(two, town.operation(two, report_id, "correct", {"plate": ("C", "D")}))
    assert later.conflict_id == outcomes[0].conflict_id == outcomes[1].conflict_id
    (conflict,) = town.ask("SELECT * FROM conflicts")
    assert conflict["fields"] == [
        {"field": "plate", "base": "TN37BZ4412", "mine": "D", "theirs": "A"}
    ]
    operations = conflict["operations"]
    assert isinstance(operations, list)
    assert len(operations) == conflict["version"] == 3


def test_a_settlement_writes_the_record_and_ends_the_conflict(town: Town) -> None:
    report_id, conflict_id = _clash(town)
    third = town.add_device()
    action_id = new_id()
    settle = {"actor_id": town.people["supervisor"], "action_id": action_id}
    outcomes = town.push(
        third,
        town.operation(third, report_id, "settle", {"plate": ("A", "B")}, base_version=2, **settle),
        town.operation(
            third,
            conflict_id,
            "settle",
            {"status": ("open", "settled"), "choices": (None, {"plate": "mine"})},
            entity="conflict",
            **settle,
        ),
    )
    assert [each.result for each in outcomes] == ["applied", "applied"]
    assert town.row(report_id)["plate"] == "B"
    (conflict,) = town.ask("SELECT * FROM conflicts")
    assert (conflict["status"], conflict["settled_by"]) == ("settled", town.people["supervisor"])


def test_a_conflict_settled_twice_is_settled_by_the_first(town: Town) -> None:
    _, conflict_id = _clash(town)
    desks = [town.add_device(), town.add_device()]
    results = [
        town.push(
            desk,
            town.operation(
                desk,
                conflict_id,
                "settle",
                {"status": ("open", "settled"), "choices": (None, {"plate": side})},
                entity="conflict",
                actor_id=town.people["supervisor"],
            ),
        )[0].result
        for desk, side in zip(desks, ("mine", "theirs"), strict=True)
    ]
    assert results == [Result.APPLIED, Result.DUPLICATE]
    (conflict,) = town.ask("SELECT choices FROM conflicts")
    assert conflict["choices"] == {"plate": "mine"}


def test_deleting_what_another_desk_changed_is_a_conflict_but_not_what_one_changed_oneself(
    town: Town,
) -> None:
    one, two = town.add_device(), town.add_device()
    theirs, own = town.filed(one), town.filed(one)
    gone: dict[str, tuple[object, object]] = {"deleted_ms": (None, 5)}
    town.push(two, town.operation(two, theirs, "escalate", {"escalated": (False, True)}))
    outcomes = town.push(
        one,
        town.operation(one, own, "escalate", {"escalated": (False, True)}, base_version=0),
        town.operation(one, own, "undo_file", gone, base_version=0),
        town.operation(one, theirs, "undo_file", gone, base_version=1),
    )
    assert [each.result for each in outcomes] == ["applied", "applied", "conflict"]
    assert town.row(theirs)["deleted_ms"] is None
    (late,) = town.push(two, town.operation(two, own, "calm", {"escalated": (True, False)}))
    assert late.result is Result.CONFLICT


def test_two_who_approve_the_same_report_agree_and_the_first_is_its_reviewer(town: Town) -> None:
    one, two = town.add_device(), town.add_device()
    report_id = town.filed(one)
    me, other = town.people["officer"], town.people["other_officer"]
    first, second = (
        town.operation(
            desk,
            report_id,
            "approve",
            {
                "status": ("pending", "approved"),
                "reviewer_id": (None, str(who)),
                "decision_note": ("", note),
            },
            actor_id=who,
        )
        for desk, who, note in ((one, me, ""), (two, other, "clear photo"))
    )
    town.push(one, first)
    (done,) = town.push(two, second)
    assert done.result is Result.DUPLICATE
    row = town.row(report_id)
    assert (row["reviewer_id"], row["decision_note"]) == (me, "")


def test_a_citation_belongs_where_its_report_does_also_from_one_batch(town: Town) -> None:
    desk = town.add_device()
    new = town.file(desk)
    citation = town.operation(
        desk,
        new_id(),
        "issue",
        {
            "number": (None, "D1-C2026-00001"),
            "report_id": (None, str(new.entity_id)),
            "offence": (None, "177"),
            "amount_minor": (None, 50_000),
            "currency": (None, "INR"),
            "status": (None, "cancelled"),
        },
        entity="citation",
        base_version=0,
    )
    outcomes = town.push(desk, new, citation)
    assert [each.result for each in outcomes] == ["applied", "applied"]
    (row,) = town.ask("SELECT * FROM citations")
    assert (row["city_id"], row["station_id"]) == (town.city_id, town.station_id)


SQUARE = {"type": "Polygon", "coordinates": [[[77, 11], [77.1, 11], [77.1, 11.1], [77, 11]]]}


def test_an_area_is_drawn_in_the_desks_own_city(town: Town) -> None:
    desk = town.add_device()
    drawn = town.operation(
        desk,
        new_id(),
        "draw",
        {"name": (None, "Market"), "kind": (None, "geofence"), "geometry": (None, SQUARE)},
        entity="geofence",
        base_version=0,
    )
    (done,) = town.push(desk, drawn)
    assert done.result is Result.APPLIED
    (row,) = town.ask("SELECT city_id, ST_Area(geom) > 0 AS has_area FROM geofences")
    assert row == {"city_id": town.city_id, "has_area": True}


def test_the_chain_of_the_feed_verifies_and_says_where_it_was_broken(town: Town) -> None:
    _clash(town)
    for _ in range(5):
        town.filed(town.add_device())
    with town.database.transaction(town.tenant_id, [town.city_id]) as connection:
        assert find_break(connection, town.city_id) is None
    with town.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("ALTER TABLE events DISABLE TRIGGER events_keep")
        connection.execute("UPDATE events SET note = 'forged' WHERE seq = 3")
    with town.database.transaction(town.tenant_id, [town.city_id]) as connection:
        assert find_break(connection, town.city_id) == 3


@pytest.mark.parametrize("table", ["events", "operations"])
def test_history_cannot_be_rewritten(town: Town, table: str) -> None:
    town.filed(town.add_device())
    with pytest.raises(Exception, match="append-only"):
        town.ask(f"DELETE FROM {table} RETURNING 1")
