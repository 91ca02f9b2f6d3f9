"""Incidents, units and assignments as desks push them: two that act at once, and what follows."""

from uuid import UUID, uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync_server.sync.scope import Device
from tests.server.sync.crews import Crews, conflicts_of, results
from tests.server.sync.town import AT_MS
from trafficdesk.domain.identity import new_id
from trafficdesk.wire.operations import Operation

STEPS = {
    "acknowledge": "acknowledged_ms",
    "set_out": "en_route_ms",
    "arrive": "arrived_ms",
    "finish": "cleared_ms",
}


def test_two_desks_that_send_one_unit_meet_in_a_conflict_and_both_assignments_stand(
    crews: Crews, one: Device, other: Device
) -> None:
    town = crews.town
    unit, incidents = crews.made(one, "unit"), [crews.made(one, "incident") for _ in range(2)]
    first = crews.sent(one, unit, incidents[0])
    second, claim = crews.send(other, unit, incidents[1])
    outcomes = town.push(other, second, claim)
    assert results(outcomes) == ["applied", "conflict"]
    assert crews.row(unit)["assignment_id"] == first[1]
    open_ones = [first, ("assignment", second.entity_id)]
    assert all(crews.row(each)["withdrawn_ms"] is None for each in open_ones)
    (conflict,) = conflicts_of(town, unit)
    assert conflict["fields"] == [
        {
            "field": "assignment_id",
            "base": None,
            "mine": str(second.entity_id),
            "theirs": str(first[1]),
        }
    ]
    assert (conflict["theirs_actor_id"], conflict["theirs_at_ms"]) == (
        town.people["dispatcher"],
        AT_MS,
    )


@pytest.mark.parametrize("wins", ["mine", "theirs"])
def test_a_dispatcher_on_any_desk_settles_who_gets_the_unit(
    crews: Crews, one: Device, other: Device, wins: str
) -> None:
    town = crews.town
    unit, incidents = crews.made(one, "unit"), [crews.made(one, "incident") for _ in range(2)]
    first = crews.sent(one, unit, incidents[0])
    second, claim = crews.send(other, unit, incidents[1])
    conflict_id = town.push(other, second, claim)[1].conflict_id
    assert conflict_id is not None
    lost = first if wins == "mine" else ("assignment", second.entity_id)
    choice = {
        "status": ("open", "settled"),
        "choices": (None, {"assignment_id": wins}),
        "settle_note": ("", "The nearer one"),
    }
    frame = {"action_id": new_id()}
    settling = [
        crews.write(one, lost, "withdraw", {"withdrawn_ms": (None, AT_MS + 9)}, **frame),
        crews.write(one, ("conflict", conflict_id), "settle", choice, **frame),
    ]
    if wins == "mine":
        taken = {"assignment_id": (str(first[1]), str(second.entity_id))}
        settling.insert(0, crews.write(one, unit, "settle", taken, base_version=2, **frame))
    assert set(results(town.push(one, *settling))) == {"applied"}
    winner = first[1] if wins == "theirs" else second.entity_id
    assert crews.row(unit)["assignment_id"] == winner
    assert crews.row(lost)["withdrawn_ms"] == AT_MS + 9
    assert [each["status"] for each in conflicts_of(town, unit)] == ["settled"]


def test_who_frees_a_unit_does_not_end_what_another_desk_sent_it_to(
    crews: Crews, one: Device, other: Device
) -> None:
    town, unit = crews.town, crews.made(one, "unit")
    first = crews.sent(one, unit, crews.made(one, "incident"))
    freeing = crews.write(one, unit, "free", {"assignment_id": (str(first[1]), None)})
    assert results(town.push(one, freeing)) == ["applied"]
    second = crews.sent(one, unit, crews.made(one, "incident"))
    late = crews.write(other, unit, "free", {"assignment_id": (str(first[1]), None)})
    assert results(town.push(other, late)) == ["duplicate"]
    assert crews.row(unit)["assignment_id"] == second[1]


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_steps_from_two_desks_in_any_order_never_conflict_and_stay_in_their_order(
    crews: Crews, data: st.DataObject
) -> None:
    town = crews.town
    desks = [town.add_device(), town.add_device()]
    unit, incident = crews.made(desks[0], "unit"), crews.made(desks[0], "incident")
    assignment = crews.sent(desks[0], unit, incident)
    orders = [data.draw(st.permutations(list(STEPS)), label=f"desk {n}") for n in range(2)]
    turns = data.draw(st.permutations([0] * len(STEPS) + [1] * len(STEPS)), label="turns")
    waiting = [iter(order) for order in orders]
    told = dict[str, int]()
    for turn in turns:
        step, at_ms = next(waiting[turn]), AT_MS + data.draw(st.integers(0, 9), label="minute")
        operation = crews.write(desks[turn], assignment, step, {STEPS[step]: (None, at_ms)})
        (outcome,) = town.push(desks[turn], operation)
        is_news = step not in told
        assert outcome.result in ({"applied", "merged"} if is_news else {"duplicate"})
        row = crews.row(assignment)
        times = {
            name: int(str(row[field])) for name, field in STEPS.items() if row[field] is not None
        }
        assert times.items() >= told.items()  # what was said first stands
        assert list(times.values()) == sorted(times.values())
        told = times
    assert list(told) == list(STEPS)
    assert conflicts_of(town, assignment) == []


def test_a_unit_sent_while_another_desk_cleared_stands_beside_the_clearing(
    crews: Crews, one: Device, other: Device
) -> None:
    town, incident = crews.town, crews.made(one, "incident")
    unit = crews.made(one, "unit")
    clearing = crews.write(one, incident, "clear", {"cleared_ms": (None, AT_MS)})
    assert results(town.push(one, clearing)) == ["applied"]
    assignment = crews.sent(other, unit, incident)
    assert crews.row(incident)["cleared_ms"] == AT_MS
    assert crews.row(assignment)["cleared_ms"] is None
    again = crews.write(other, incident, "clear", {"cleared_ms": (None, AT_MS + 5)})
    assert results(town.push(other, again)) == ["duplicate"]
    assert crews.row(incident)["cleared_ms"] == AT_MS


def test_an_assignment_needs_an_incident_and_a_unit_of_its_city(crews: Crews, one: Device) -> None:
    town = crews.town
    unit, incident = crews.made(one, "unit"), crews.made(one, "incident")
    far = town.add_device(city_ids=(town.city_id, town.other_city_id), people=("admin",))
    there = {
        "city_id": str(town.other_city_id),
        "station_id": str(town.other_citys_station_id),
    }
    made = [crews.make(far, kind, **there) for kind in ("unit", "incident")]
    made = [by_admin(crews, each) for each in made]
    assert results(town.push(far, *made)) == ["applied", "applied"]
    nobody, strangers = str(uuid4()), [str(each.entity_id) for each in made]
    right = {"incident_id": str(incident[1]), "unit_id": str(unit[1])}
    for name, value in (
        ("incident_id", nobody),
        ("unit_id", nobody),
        ("unit_id", strangers[0]),
        ("incident_id", strangers[1]),
    ):
        operation = crews.make(far, "assignment", **{**right, name: value})
        (outcome,) = town.push(far, by_admin(crews, operation))
        assert (outcome.reason, outcome.detail) == ("unknown_record", name)
    claim = crews.write(one, unit, "send", {"assignment_id": (None, nobody)})
    (outcome,) = town.push(one, claim)
    assert (outcome.reason, outcome.detail) == ("unknown_record", "assignment_id")


def by_admin(crews: Crews, operation: Operation) -> Operation:
    return msgspec.structs.replace(operation, actor_id=crews.town.people["admin"])


def test_what_a_batch_makes_may_be_named_in_it(crews: Crews, one: Device) -> None:
    incident, unit = crews.make(one, "incident"), crews.make(one, "unit")
    assignment, claim = crews.send(one, ("unit", unit.entity_id), ("incident", incident.entity_id))
    outcomes = crews.town.push(one, incident, unit, assignment, claim)
    assert set(results(outcomes)) == {"applied"}


def test_an_assignment_moves_only_to_an_incident_that_is_there(crews: Crews, one: Device) -> None:
    unit, incidents = crews.made(one, "unit"), [crews.made(one, "incident") for _ in range(2)]
    assignment = crews.sent(one, unit, incidents[0])
    for target, result in ((uuid4(), "rejected"), (incidents[1][1], "applied")):
        moved = {"incident_id": (str(incidents[0][1]), str(target))}
        (outcome,) = crews.town.push(one, crews.write(one, assignment, "move", moved))
        assert outcome.result == result
    assert crews.row(assignment)["incident_id"] == incidents[1][1]


def test_a_call_for_help_waits_for_no_unit_to_be_known(crews: Crews, one: Device) -> None:
    call = crews.make(one, "incident", unit_id=str(uuid4()))
    (outcome,) = crews.town.push(
        one,
        crews.town.operation(
            one, call.entity_id, "call_for_help", call.changes, entity="incident", base_version=0
        ),
    )
    assert outcome.result == "applied"


def test_where_an_incident_lies_travels_whole(crews: Crews, one: Device) -> None:
    incident = crews.made(one, "incident")
    half = crews.write(one, incident, "correct", {"lon": (76.97, 76.98)})
    (outcome,) = crews.town.push(one, half)
    assert (outcome.reason, outcome.detail) == ("bad_value", "lat")


@pytest.mark.parametrize("note", ["", "  "])
def test_what_the_server_holds_is_not_corrected_without_a_reason(
    crews: Crews, one: Device, note: str
) -> None:
    incident = crews.made(one, "incident")
    four = {"vehicle_count": (1, 4)}
    (outcome,) = crews.town.push(one, crews.write(one, incident, "correct", four, note=note))
    assert (outcome.reason, outcome.detail) == ("bad_value", "note")
    sent = crews.sent(one, crews.made(one, "unit"), incident)
    times = {"assigned_ms": (crews.row(sent)["assigned_ms"], AT_MS - 1)}
    (outcome,) = crews.town.push(one, crews.write(one, sent, "correct_times", times, note=note))
    assert (outcome.reason, outcome.detail) == ("bad_value", "note")
    (outcome,) = crews.town.push(one, crews.write(one, incident, "correct", four, note="counted"))
    assert outcome.result == "applied"


def test_a_correction_that_overtook_its_filing_needs_no_reason(crews: Crews, one: Device) -> None:
    made = crews.make(one, "incident")
    four = {"vehicle_count": (1, 4)}
    record = ("incident", made.entity_id)
    correction = crews.write(one, record, "correct", four, base_version=0, revision=2, note="")
    outcomes = crews.town.push(one, made, correction)
    assert [each.result for each in outcomes] == ["applied", "applied"]


def test_nobody_acknowledges_in_anothers_name(crews: Crews, one: Device) -> None:
    incident, people = crews.made(one, "incident"), crews.town.people
    for who, result in ((people["officer"], "rejected"), (people["dispatcher"], "applied")):
        seen = {"acknowledged_ms": (None, AT_MS), "acknowledged_by": (None, str(who))}
        (outcome,) = crews.town.push(one, crews.write(one, incident, "acknowledge", seen))
        assert outcome.result == result


def test_two_units_on_duty_are_never_called_alike(crews: Crews, one: Device, other: Device) -> None:
    town, sign = crews.town, f"P{uuid4().hex[:6]}"
    first = crews.made(one, "unit", call_sign=sign)
    second = crews.make(other, "unit", call_sign=sign)
    (outcome,) = town.push(other, second)
    other_sign = f"{sign}-{second.entity_id.hex[-4:].upper()}"
    assert (outcome.result, outcome.record and outcome.record.row["call_sign"]) == (
        "merged",
        other_sign,
    )
    later, renaming = ("unit", second.entity_id), {"call_sign": (other_sign, sign)}
    (outcome,) = town.push(other, crews.write(other, later, "edit", renaming))
    assert outcome.result == "duplicate"  # it is that one's still
    retiring = crews.write(one, first, "retire", {"deleted_ms": (None, AT_MS)})
    assert results(town.push(one, retiring)) == ["applied"]
    (outcome,) = town.push(other, crews.write(other, later, "edit", renaming))
    assert outcome.result == "applied"
    back = crews.write(one, first, "undo_retire", {"deleted_ms": (AT_MS, None)}, base_version=2)
    (outcome,) = town.push(one, back)
    assert outcome.result == "merged"
    assert crews.row(first)["call_sign"] == f"{sign}-{first[1].hex[-4:].upper()}"


def test_a_retired_units_call_sign_is_free_in_the_same_batch(crews: Crews, one: Device) -> None:
    town, sign, other_sign = crews.town, f"P{uuid4().hex[:6]}", f"P{uuid4().hex[:6]}"
    units = [crews.made(one, "unit", call_sign=each) for each in (sign, other_sign)]
    outcomes = town.push(
        one,
        crews.write(one, units[0], "retire", {"deleted_ms": (None, AT_MS)}),
        crews.make(one, "unit", call_sign=sign),
        crews.write(one, units[1], "edit", {"call_sign": (other_sign, "T-9")}),
        crews.make(one, "unit", call_sign=other_sign),
    )
    assert results(outcomes) == ["applied"] * 4


def test_two_units_swap_their_call_signs_in_one_batch(crews: Crews, one: Device) -> None:
    signs = [f"P{uuid4().hex[:6]}" for _ in range(3)]
    units = [crews.made(one, "unit", call_sign=sign) for sign in signs[:2]]
    outcomes = crews.town.push(
        one,
        crews.write(one, units[0], "edit", {"call_sign": (signs[0], signs[2])}),
        crews.write(one, units[1], "edit", {"call_sign": (signs[1], signs[0])}),
        crews.write(one, units[0], "edit", {"call_sign": (signs[2], signs[1])}, base_version=2),
    )
    assert results(outcomes) == ["applied"] * 3
    assert [crews.row(unit)["call_sign"] for unit in units] == [signs[1], signs[0]]


def test_an_incident_that_is_called_like_another_gets_a_reference_of_its_own(
    crews: Crews, one: Device, other: Device
) -> None:
    reference = f"INC-{uuid4().hex[:8]}"
    crews.made(one, "incident", reference=reference)
    second = crews.make(other, "incident", reference=reference)
    assert results(crews.town.push(other, second)) == ["merged"]
    row = crews.row(("incident", second.entity_id))
    assert row["reference"] == f"{reference}-{second.entity_id.hex[-4:].upper()}"


def test_a_desk_of_one_station_works_on_what_is_another_stations(crews: Crews, one: Device) -> None:
    town = crews.town
    narrow = town.add_device(station_ids=(town.other_station_id,))
    unit, incident = crews.made(one, "unit"), crews.made(one, "incident")
    assignment = crews.sent(narrow, unit, incident)
    arriving = crews.write(narrow, assignment, "arrive", {"arrived_ms": (None, AT_MS)})
    assert results(town.push(narrow, arriving)) == ["applied"]
    nowhere = crews.make(narrow, "incident", station_id=str(town.other_citys_station_id))
    (outcome,) = town.push(narrow, nowhere)
    assert (outcome.reason, outcome.detail) == ("out_of_scope", "station_id")


def test_sightings_and_worse_facts_of_two_desks_are_kept(
    crews: Crews, one: Device, other: Device
) -> None:
    incident = crews.made(one, "incident")
    accounts = [
        {
            "id": str(UUID(int=n)),
            "at_ms": AT_MS,
            "source": "web",
            "text": "",
            "lon": 1.0,
            "lat": 1.0,
        }
        for n in (1, 2)
    ]
    for desk, account, facts in (
        (one, accounts[0], {"vehicle_count": (1, 4), "lanes_blocked": ("none", "partial")}),
        (other, accounts[1], {"vehicle_count": (1, 3), "lanes_blocked": ("none", "all")}),
    ):
        changes = {"accounts": ([], [account]), **facts}
        operation = crews.write(desk, incident, "absorb", changes)
        assert crews.town.push(desk, operation)[0].result in {"applied", "merged"}
    row = crews.row(incident)
    assert row["accounts"] == accounts
    assert (row["vehicle_count"], row["lanes_blocked"]) == (4, "all")


def test_a_unit_sent_on_from_what_still_stands_is_in_a_conflict_also_by_one_desk(
    crews: Crews, one: Device
) -> None:
    """A desk that did not see its first assignment, set aside after a restore, sent it on."""
    town, unit = crews.town, crews.made(one, "unit")
    first = crews.sent(one, unit, crews.made(one, "incident"))
    second, _ = crews.send(one, unit, crews.made(one, "incident"))
    sides = str(first[1]), str(second.entity_id)
    claim = crews.write(one, unit, "send", {"assignment_id": sides})
    assert results(town.push(one, second, claim)) == ["applied", "conflict"]
    assert crews.row(unit)["assignment_id"] == first[1]
    (conflict,) = conflicts_of(town, unit)
    assert conflict["fields"] == [
        {"field": "assignment_id", "base": sides[0], "mine": sides[1], "theirs": sides[0]}
    ]


@pytest.mark.parametrize("how", ["before", "in one push"])
def test_a_unit_may_go_on_from_what_has_ended(crews: Crews, one: Device, how: str) -> None:
    town, unit = crews.town, crews.made(one, "unit")
    first = crews.sent(one, unit, crews.made(one, "incident"))
    second, _ = crews.send(one, unit, crews.made(one, "incident"))
    sides = str(first[1]), str(second.entity_id)
    ending = crews.write(one, first, "finish", {"cleared_ms": (None, AT_MS + 9)})
    going = [second, crews.write(one, unit, "send", {"assignment_id": sides})]
    if how == "before":
        assert results(town.push(one, ending)) == ["applied"]
    else:
        going.insert(0, ending)
    assert set(results(town.push(one, *going))) == {"applied"}
    assert crews.row(unit)["assignment_id"] == second.entity_id
    assert conflicts_of(town, unit) == []
