"""A unit that is out for two things at once lies in a conflict, also where a claim never came."""

from functools import partial
from uuid import UUID

import pytest

from sync_server.sync.scope import Device
from tests.server.sync.crews import Crews, Record, conflicts_of, results
from tests.server.sync.test_races import at_once, push_in_time
from tests.server.sync.town import AT_MS, Town
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.operations import Operation

Sent = tuple[Operation, Operation]


def sides(mine: Sent, theirs: Sent) -> list[dict[str, object]]:
    ids = [str(each[0].entity_id) for each in (mine, theirs)]
    return [{"field": "assignment_id", "base": None, "mine": ids[0], "theirs": ids[1]}]


def both_sent(crews: Crews, one: Device, other: Device) -> tuple[Record, Sent, Sent]:
    """Return a unit, and what either device would push to send it to another incident."""
    unit, first, second = (crews.made(one, each) for each in ("unit", "incident", "incident"))
    return unit, crews.send(one, unit, first), crews.send(other, unit, second)


def told(town: Town) -> list[object]:
    query = "SELECT action FROM events WHERE entity = 'conflict' AND city_id = %s ORDER BY seq"
    return [each["action"] for each in town.ask(query, town.city_id)]


def test_what_a_lost_desk_sent_and_never_claimed_is_a_side_of_the_conflict_when_another_claims(
    crews: Crews, one: Device, other: Device
) -> None:
    town, (unit, lost, here) = crews.town, both_sent(crews, one, other)
    assert results(town.push(one, lost[0])) == ["applied"]
    assert conflicts_of(town, unit) == []  # nobody claims it yet: nothing is in question
    assert results(town.push(other, *here)) == ["applied", "applied"]
    (conflict,) = conflicts_of(town, unit)
    assert (conflict["device_id"], conflict["fields"]) == (one.id, sides(lost, here))
    assert (conflict["theirs_actor_id"], conflict["theirs_at_ms"]) == (here[1].actor_id, AT_MS)
    assert crews.row(unit)["assignment_id"] == here[0].entity_id
    assert told(town) == ["open"]


def test_what_comes_without_its_claim_while_the_unit_is_out_opens_the_conflict_itself(
    crews: Crews, one: Device, other: Device
) -> None:
    town, (unit, late, here) = crews.town, both_sent(crews, one, other)
    assert results(town.push(other, *here)) == ["applied", "applied"]
    assert results(town.push(one, late[0])) == ["applied"]
    (conflict,) = conflicts_of(town, unit)
    assert (conflict["device_id"], conflict["fields"]) == (one.id, sides(late, here))
    assert town.push(one, late[0])[0].result == "applied"  # a repeat is answered as it was
    assert len(conflicts_of(town, unit)) == 1


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_claim_that_comes_in_the_next_push_joins_the_conflict(
    crews: Crews, one: Device, other: Device, when: str
) -> None:
    town, (unit, cut, here) = crews.town, both_sent(crews, one, other)
    pushes: list[tuple[Device, tuple[Operation, ...]]] = [(one, cut[:1]), (other, here)]
    for device, operations in pushes if when == "before" else reversed(pushes):
        assert set(results(town.push(device, *operations))) == {"applied"}
    (outcome,) = town.push(one, cut[1])
    (conflict,) = conflicts_of(town, unit)
    assert (outcome.result, outcome.conflict_id) == ("conflict", UUID(str(conflict["id"])))
    assert conflict["fields"] == sides(cut, here)
    assert told(town) == ["open", "join"]


def test_whoever_settles_it_calls_back_what_lost_and_nothing_opens_again(
    crews: Crews, one: Device, other: Device
) -> None:
    town, (unit, lost, here) = crews.town, both_sent(crews, one, other)
    town.push(one, lost[0])
    town.push(other, *here)
    (conflict,) = conflicts_of(town, unit)
    frame = {"action_id": new_id()}
    claim = {"assignment_id": (str(here[0].entity_id), str(lost[0].entity_id))}
    choice = {"status": ("open", "settled"), "choices": (None, {"assignment_id": "mine"})}
    ended = {"withdrawn_ms": (None, AT_MS + 9)}
    settling = [
        crews.write(other, unit, "settle", claim, base_version=2, **frame),
        crews.write(other, ("assignment", here[0].entity_id), "withdraw", ended, **frame),
        crews.write(other, ("conflict", UUID(str(conflict["id"]))), "settle", choice, **frame),
    ]
    assert set(results(town.push(other, *settling))) == {"applied"}
    assert crews.row(unit)["assignment_id"] == lost[0].entity_id
    assert [each["status"] for each in conflicts_of(town, unit)] == ["settled"]


def test_a_send_cut_from_its_claim_is_no_conflict_where_nobody_else_sent_the_unit(
    crews: Crews, one: Device
) -> None:
    town, unit = crews.town, crews.made(one, "unit")
    assignment, claim = crews.send(one, unit, crews.made(one, "incident"))
    assert results(town.push(one, assignment)) == ["applied"]
    assert results(town.push(one, claim)) == ["applied"]
    assert conflicts_of(town, unit) == []


def test_a_side_of_an_open_conflict_opens_no_second_one(
    crews: Crews, one: Device, other: Device
) -> None:
    town, (unit, first, second) = crews.town, both_sent(crews, one, other)
    assert results(town.push(one, *first)) == ["applied", "applied"]
    assert results(town.push(other, *second)) == ["applied", "conflict"]
    done = crews.write(
        one, ("assignment", first[0].entity_id), "finish", {"cleared_ms": (None, AT_MS + 9)}
    )
    free = crews.write(one, unit, "free", {"assignment_id": (str(first[0].entity_id), None)})
    third = crews.send(one, unit, crews.made(one, "incident"))
    assert set(results(town.push(one, done, free, *third))) == {"applied"}
    assert len(conflicts_of(town, unit)) == 1


def test_of_two_at_once_whichever_is_second_opens_the_one_conflict(
    crews: Crews, one: Device, other: Device
) -> None:
    """Two connections: neither may miss what the other is about to commit."""
    town = crews.town
    for _ in range(10):
        unit, lost, here = both_sent(crews, one, other)
        answered = at_once(
            partial(push_in_time, town, one, lost[0]),
            partial(push_in_time, town, other, *here),
        )
        assert [results(each) for each in answered] == [["applied"], ["applied", "applied"]]
        (conflict,) = conflicts_of(town, unit)
        assert (conflict["device_id"], conflict["fields"]) == (one.id, sides(lost, here))


@pytest.mark.parametrize("is_lost", [True, False])
def test_what_stands_again_while_the_unit_is_out_for_another_is_a_question_again(
    crews: Crews, one: Device, other: Device, *, is_lost: bool
) -> None:
    """Who takes a settlement back opens what it called back, whatever the unit does by then."""
    town, (unit, lost, here) = crews.town, both_sent(crews, one, other)
    town.push(other, *here)
    town.push(one, lost[0]) if is_lost else town.push(one, *lost)
    (conflict,) = conflicts_of(town, unit)
    first, second = (("assignment", each[0].entity_id) for each in (lost, here))
    back, over = {"withdrawn_ms": (None, AT_MS + 9)}, {"cleared_ms": (None, AT_MS + 9)}
    choice = {"status": ("open", "settled"), "choices": (None, {"assignment_id": "theirs"})}
    free = {"assignment_id": (str(second[1]), None)}
    done = [
        crews.write(other, first, "withdraw", back),
        crews.write(other, ("conflict", UUID(str(conflict["id"]))), "settle", choice),
        crews.write(other, second, "finish", over),
        crews.write(other, unit, "free", free),
    ]
    assert set(results(town.push(other, *done))) == {"applied"}
    third = crews.send(other, unit, crews.made(one, "incident"))
    assert set(results(town.push(other, *third))) == {"applied"}
    again = crews.write(one, first, "undo_withdraw", {"withdrawn_ms": (AT_MS + 9, None)})
    assert results(town.push(one, again)) == ["applied"]
    found = [each for each in conflicts_of(town, unit) if each["status"] == "open"]
    assert [(each["device_id"], each["fields"]) for each in found] == [(one.id, sides(lost, third))]
