"""The merge's laws: whole or not at all, no side lost in silence, and the page's own table."""

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.domain.merging import FIELD_VALUES, ROWS, Row, operations
from trafficdesk import wire
from trafficdesk.domain.merge import (
    POLICIES,
    Clash,
    Clashed,
    Incoming,
    Merged,
    Policy,
    is_as_found,
    join,
    merge,
    policy_of,
)
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.wire.fields import FIELDS

PAGE = Path(wire.__file__).parent / "PROTOCOL.md"


def after(row: Row, merged: Merged) -> Row:
    """Return the row with a merge's changes in it."""
    return {**row, **{change.field: change.new for change in merged.changes}}


def listed(value: object) -> set[object]:
    """Return a list's members."""
    assert isinstance(value, list)
    return set(value)


def whole(value: object) -> int:
    """Return a whole number."""
    assert isinstance(value, int)
    return value


def test_the_pages_table_is_the_table_of_policies() -> None:
    told = dict[str, str]()
    lines = PAGE.read_text("utf-8").split("| Policy | Fields | Rule |")[1].split("\n\n")[0]
    for policy, fields in re.findall(r"^\| (\w+) \| ([^|]+) \|", lines, re.MULTILINE):
        told |= dict.fromkeys(re.findall(r"`(\w+)`", fields), policy)
    assert told == {name: str(policy) for name, policy in POLICIES.items()}
    assert set(re.findall(r"^\| (\w+) \|", lines, re.MULTILINE)) == {str(each) for each in Policy}


def test_every_policy_is_of_a_field_that_travels() -> None:
    travelling = {name for fields in FIELDS.values() for name in fields}
    assert set(POLICIES) <= travelling


@given(operations())
def test_what_nobody_moved_becomes_exactly_what_was_asked(made: tuple[Row, Incoming]) -> None:
    row, incoming = made[0], made[1]._replace(has_moved=False)
    merged = merge(incoming, row)
    is_edit_of_deleted = row["deleted_ms"] is not None and not any(
        change.field == "deleted_ms" for change in incoming.changes
    )
    if is_edit_of_deleted:
        assert isinstance(merged, Clashed)
        return
    assert isinstance(merged, Merged)
    assert merged.is_exact
    stands = after(row, merged)
    idle = {"lease_until_ms", "assignee_id"}
    for change in incoming.changes:
        if change.field not in idle:
            assert stands[change.field] == change.new


@given(operations(), st.sampled_from(sorted(FIELD_VALUES)), ROWS)
def test_what_is_as_it_was_found_takes_the_operation_as_it_is(
    made: tuple[Row, Incoming], moved: str, others: Row
) -> None:
    incoming = made[1]
    changes = {each.field: (each.old, each.new) for each in incoming.changes}
    for theirs in (made[0], made[0] | {moved: others[moved]}):
        if is_as_found(incoming.entity, changes, theirs):
            assert merge(incoming, theirs) == Merged(tuple(incoming.changes), is_exact=True)


def test_a_plain_decision_finds_its_record_as_it_was_found() -> None:
    row = {"status": "pending", "reviewer_id": None, "plate": "A"}
    changes = {"status": ("pending", "approved"), "reviewer_id": (None, "first")}
    assert is_as_found(Entity.REPORT, changes, row)
    assert is_as_found(Entity.REPORT, changes, {**row, "plate": "B"})
    assert not is_as_found(Entity.REPORT, {}, row)
    assert not is_as_found(Entity.REPORT, changes, {**row, "status": "rejected"})
    assert not is_as_found(Entity.REPORT, changes, {**row, "deleted_ms": 5})
    assert not is_as_found(Entity.REPORT, changes, {**row, "assignee_id": "second"})


@given(operations(), ROWS, st.sets(st.sampled_from(sorted(FIELD_VALUES)), max_size=4))
def test_merging_twice_is_merging_once_but_for_sums(
    made: tuple[Row, Incoming], others: Row, moved: set[str]
) -> None:
    row, incoming = made
    changes = [change for change in incoming.changes if change.field != "verifications"]
    incoming = incoming._replace(changes=changes)
    theirs = row | {name: others[name] for name in moved}
    once = merge(incoming, theirs)
    assume(isinstance(once, Merged))
    assert isinstance(once, Merged)
    stands = after(theirs, once)
    again = merge(Incoming(incoming.entity, incoming.action, incoming.changes), stands)
    if isinstance(again, Merged):
        # Where each took out what the other kept, the union is what both began from.
        begun = {each.field for each in incoming.changes if stands[each.field] == each.old}
        united = {field for field in begun if policy_of(field) is Policy.UNION}
        assert {each.field for each in again.changes} <= united
    else:  # a field where mine gave way to theirs may be in question when it is asked for anew
        lost = {change.field for change in incoming.changes if stands[change.field] != change.new}
        assert {clash.field for clash in again.clashes} <= lost | {"deleted_ms"}


@given(operations(), ROWS)
def test_no_side_is_lost_in_silence(made: tuple[Row, Incoming], theirs: Row) -> None:
    _, incoming = made
    merged = merge(incoming, theirs)
    if isinstance(merged, Clashed):
        assert merged.clashes
        for clash in merged.clashes:
            assert clash.theirs == theirs.get(clash.field)
        return
    stands = after(theirs, merged)
    for change in incoming.changes:
        there, now = theirs[change.field], stands[change.field]
        if now in (there, change.new):
            if now == there and there not in (change.old, change.new):
                assert policy_of(change.field) is not Policy.ASK
            continue
        match policy_of(change.field):
            case Policy.UNION:
                assert listed(there) | listed(change.new) == listed(now)
            case Policy.SUM:
                assert whole(now) - whole(there) == whole(change.new) - whole(change.old)
            case Policy.MOST:  # of each service the more
                assert isinstance(there, dict)
                assert isinstance(change.new, dict)
                names = {*there, *change.new}
                assert now == {n: max(there.get(n, 0), change.new.get(n, 0)) for n in names}
            case Policy.FOLLOW | Policy.LEASE:
                assert now is None  # what follows from the status
            case policy:
                raise AssertionError(f"{change.field} by {policy}: {there} and {change} to {now}")


@given(operations(), ROWS)
def test_nothing_but_what_was_asked_and_what_follows_from_it_changes(
    made: tuple[Row, Incoming], theirs: Row
) -> None:
    _, incoming = made
    merged = merge(incoming, theirs)
    if isinstance(merged, Merged):
        asked = {change.field for change in incoming.changes}
        assert {change.field for change in merged.changes} <= asked | {
            "lease_until_ms",
            "assignee_id",
        }
        for change in merged.changes:
            assert change.old == theirs[change.field]
            assert change.old != change.new


@given(ROWS, st.data())
def test_where_the_table_promises_it_the_order_does_not_matter(
    base: Row, data: st.DataObject
) -> None:
    base["deleted_ms"] = None
    names = ("severity", "lanes_blocked", "injuries", "violations", "media", "verifications")
    sides = []
    for _ in range(2):
        changes = [
            FieldChange(name, base[name], value)
            for name in names
            if (value := data.draw(FIELD_VALUES[name])) != base[name]
        ]
        # Taking a code away meets another who keeps it: then the latter adds it again, or not.
        changes = [
            change
            for change in changes
            if not isinstance(change.old, list) or listed(change.old) <= listed(change.new)
        ]
        sides.append(Incoming(Entity.REPORT, "correct", changes))
    ends = []
    for first, second in ((0, 1), (1, 0)):
        row = dict(base)
        for side in (sides[first], sides[second]):
            merged = merge(side, row)
            assert isinstance(merged, Merged)
            row = after(row, merged)
        ends.append(row)
    one, other = ends
    assert listed(one["violations"]) == listed(other["violations"])
    assert listed(one["media"]) == listed(other["media"])
    assert one["verifications"] == other["verifications"]
    moved = [
        whole(change.new) for side in sides for change in side.changes if change.field == "severity"
    ]
    if len(moved) == len(sides):
        assert one["severity"] == other["severity"] == max(moved)


@pytest.mark.parametrize(
    ("field", "base", "mine", "theirs", "stands"),
    [
        ("lanes_blocked", "none", "partial", "all", "all"),
        ("injuries", None, False, True, True),
        ("needs", {}, {"police": 2}, {"police": 1, "fire": 1}, {"police": 2, "fire": 1}),
        ("checked_ms", None, 5, 9, 9),
        ("arrived_ms", None, 5, 9, 9),
        ("arrived_ms", 5, None, 9, 9),
        ("duty", "on", "busy", "off", "busy"),
        ("assignment_id", "done", "mine", None, "mine"),
        ("assignment_id", "done", None, "theirs", "theirs"),
    ],
)
def test_what_two_sides_say_of_an_incident_comes_to(
    field: str, base: object, mine: object, theirs: object, stands: object
) -> None:
    incoming = Incoming(Entity.INCIDENT, "correct", [FieldChange(field, base, mine)])
    merged = merge(incoming, {field: theirs})
    assert isinstance(merged, Merged)
    assert after({field: theirs}, merged)[field] == stands


@pytest.mark.parametrize(
    ("field", "base", "mine", "theirs"),
    [("arrived_ms", 5, 6, 7), ("assignment_id", None, "mine", "theirs")],
)
def test_two_corrections_of_a_time_and_a_unit_sent_twice_are_asked(
    field: str, base: object, mine: object, theirs: object
) -> None:
    incoming = Incoming(Entity.UNIT, "send", [FieldChange(field, base, mine)])
    merged = merge(incoming, {field: theirs})
    assert isinstance(merged, Clashed)
    assert merged.clashes == (Clash(field, base, mine, theirs),)


@given(operations(), ROWS)
def test_a_decided_report_is_nobodys_and_only_a_reviewed_one_is_leased(
    made: tuple[Row, Incoming], theirs: Row
) -> None:
    merged = merge(made[1], theirs)
    if isinstance(merged, Merged):
        row = after(theirs, merged)
        if row["status"] != "under_review":
            assert row["lease_until_ms"] is None
        if row["status"] not in {"pending", "under_review", "needs_info"}:
            assert row["assignee_id"] is None


def correction(**changes: tuple[object, object]) -> Incoming:
    """Return a correction of a report."""
    fields = [FieldChange(name, old, new) for name, (old, new) in changes.items()]
    return Incoming(Entity.REPORT, "correct", fields)


def test_one_field_in_question_keeps_the_whole_operation_out() -> None:
    incoming = correction(plate=("", "B"), severity=(2, 4))
    assert merge(incoming, {"plate": "A", "severity": 2}) == Clashed(
        (Clash("plate", "", "B", "A"),)
    )


@pytest.mark.parametrize(
    ("theirs", "clashes"),
    [
        ((76.97, 11.02), False),  # nobody moved it
        ((77.00, 11.00), False),  # moved to the same place
        ((77.00003, 11.00), False),  # 3 m away
        ((77.0001, 11.00), True),  # 11 m away
        ((76.97, 11.00), True),  # half a move is another place
    ],
)
def test_a_place_is_one_thing_within_five_metres(
    theirs: tuple[float, float], clashes: object
) -> None:
    incoming = correction(lon=(76.97, 77.0), lat=(11.02, 11.0))
    merged = merge(incoming, {"lon": theirs[0], "lat": theirs[1]})
    assert isinstance(merged, Clashed) is clashes
    if isinstance(merged, Merged):
        stands = after({"lon": theirs[0], "lat": theirs[1]}, merged)
        assert (stands["lon"], stands["lat"]) == (77.0, 11.0)


@pytest.mark.parametrize(
    ("old", "new", "theirs", "has_moved", "stands"),
    [
        (None, 9, None, False, 9),  # deleted
        (None, 9, None, True, "clash"),  # somebody worked on it meanwhile
        (None, 9, 5, True, 5),  # both deleted it: the first time stands
        (5, None, 5, False, None),  # brought back
        (5, None, None, True, None),  # both brought it back
        (5, None, 7, True, "clash"),  # brought back, and deleted anew
    ],
)
def test_deleting_and_bringing_back(
    old: object, new: object, theirs: object, has_moved: object, stands: object
) -> None:
    change = [FieldChange("deleted_ms", old, new)]
    incoming = Incoming(Entity.REPORT, "undo_file", change, bool(has_moved))
    merged = merge(incoming, {"deleted_ms": theirs})
    if isinstance(merged, Clashed):
        assert stands == "clash"
    else:
        assert after({"deleted_ms": theirs}, merged)["deleted_ms"] == stands


def test_an_edit_of_what_was_deleted_is_a_question_about_the_deletion() -> None:
    merged = merge(correction(plate=("", "A")), {"plate": "", "deleted_ms": 5})
    assert merged == Clashed((Clash("deleted_ms", None, None, 5),))


def test_what_follows_a_decision_follows_the_one_that_stands() -> None:
    decided = [
        FieldChange("status", "pending", "approved"),
        FieldChange("reviewer_id", None, "ravi"),
        FieldChange("decision_note", "", "clear photo"),
    ]
    incoming = Incoming(Entity.REPORT, "approve", decided)
    same = {"status": "approved", "reviewer_id": "meena", "decision_note": ""}
    assert merge(incoming, same) == Merged((), is_exact=False)
    claimed = {"status": "under_review", "assignee_id": "meena", "lease_until_ms": 100}
    merged = merge(incoming, {**claimed, "reviewer_id": None, "decision_note": ""})
    assert isinstance(merged, Merged)
    stands = after(dict(claimed), merged)
    assert (stands["status"], stands["reviewer_id"]) == ("approved", "ravi")
    assert (stands["assignee_id"], stands["lease_until_ms"]) == (None, None)
    rejected = {"status": "rejected", "reviewer_id": "meena", "decision_note": "no"}
    assert isinstance(merge(incoming, rejected), Clashed)


def test_an_assignment_alone_is_asked_and_beside_a_status_follows_it() -> None:
    alone = Incoming(Entity.REPORT, "assign", [FieldChange("assignee_id", None, "ravi")])
    assert isinstance(merge(alone, {"status": "pending", "assignee_id": "meena"}), Clashed)


def test_later_clashes_join_with_the_first_base() -> None:
    first = (Clash("plate", "", "A", "X"), Clash("score", 1, 2, 3))
    later = (Clash("plate", "A", "B", "Y"), Clash("area", "", "m", "t"))
    assert join(first, later) == (
        Clash("plate", "", "B", "Y"),
        Clash("score", 1, 2, 3),
        Clash("area", "", "m", "t"),
    )
