"""What the choices of a conflict come to: no choice is lost, and nothing stands by halves."""

from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.conflicts import (
    Choice,
    Conflict,
    ConflictField,
    ConflictStatus,
    HeldOperation,
    Side,
    chosen_values,
    fields_of,
    is_settled_by,
    mixed_status,
)
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity, SyncState

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NAMES = (
    "status",
    "reviewer_id",
    "decided_ms",
    "decision_note",
    "rejection_reason",
    "duplicate_of",
    "plate",
    "address",
    "severity",
    "lon",
    "lat",
    "ward_id",
    "score",
    "deleted_ms",
)
VALUES = st.one_of(st.none(), st.integers(0, 9), st.text(max_size=3))


def conflict_of(*fields: ConflictField) -> Conflict:
    return Conflict(
        id=new_id(),
        version=1,
        revision=1,
        record_entity=Entity.REPORT,
        record_id=new_id(),
        device_id=new_id(),
        actor_id=new_id(),
        status=ConflictStatus.OPEN,
        fields=fields,
        operations=(),
        theirs_version=2,
        theirs_actor_id=None,
        theirs_at=None,
        opened_at=NOW,
        choices={},
        settle_note="",
        settled_by=None,
        settled_at=None,
        sync_state=SyncState.CONFIRMED,
    )


@st.composite
def conflicts(draw: st.DrawFn) -> Conflict:
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, min_size=1))
    in_question = draw(st.integers(1, len(names)))
    made = []
    for place, name in enumerate(names):
        base, mine = draw(VALUES), draw(VALUES)
        theirs = draw(VALUES) if place < in_question else base
        made.append(ConflictField(name, base, mine, theirs, place < in_question))
    return conflict_of(*made)


@st.composite
def settled(draw: st.DrawFn) -> tuple[Conflict, dict[str, Choice]]:
    conflict = draw(conflicts())
    choices = {
        each.field: Choice(side, draw(VALUES) if side is Side.EDITED else None)
        for each in conflict.in_question
        if (side := draw(st.sampled_from(Side)))
    }
    return conflict, choices


@given(settled())
def test_no_choice_is_lost(drawn: tuple[Conflict, dict[str, Choice]]) -> None:
    conflict, choices = drawn
    assert is_settled_by(conflict, choices)
    values = chosen_values(conflict, choices)
    for each in conflict.in_question:
        choice = choices[each.field]
        if choice.side is Side.THEIRS:
            assert each.field not in values
        else:
            wanted = each.mine if choice.side is Side.MINE else choice.value
            assert values[each.field] == wanted


@given(conflicts())
def test_mine_for_all_replays_mine(conflict: Conflict) -> None:
    choices = {each.field: Choice(Side.MINE) for each in conflict.in_question}
    assert chosen_values(conflict, choices) == {each.field: each.mine for each in conflict.fields}


@given(conflicts())
def test_theirs_for_all_changes_nothing(conflict: Conflict) -> None:
    choices = {each.field: Choice(Side.THEIRS) for each in conflict.in_question}
    assert chosen_values(conflict, choices) == {}


@given(settled())
def test_what_was_not_named_in_the_conflict_is_never_written(
    drawn: tuple[Conflict, dict[str, Choice]],
) -> None:
    conflict, choices = drawn
    assert set(chosen_values(conflict, choices)) <= {each.field for each in conflict.fields}


def _field(name: str, mine: object, theirs: object = None, *, asked: bool = False) -> ConflictField:
    return ConflictField(name, None, mine, theirs, is_in_question=asked)


def _taken(conflict: Conflict, **sides: Side) -> Mapping[str, object]:
    return chosen_values(conflict, {name: Choice(side) for name, side in sides.items()})


def test_the_reason_of_a_rejection_goes_with_the_rejection_alone() -> None:
    conflict = conflict_of(
        _field("status", "rejected", "approved", asked=True),
        _field("plate", "TN37A1", "TN37A2", asked=True),
        _field("rejection_reason", "no_offence"),
        _field("decision_note", "a turban"),
    )
    assert _taken(conflict, status=Side.THEIRS, plate=Side.MINE) == {"plate": "TN37A1"}
    assert _taken(conflict, status=Side.MINE, plate=Side.THEIRS) == {
        "status": "rejected",
        "rejection_reason": "no_offence",
        "decision_note": "a turban",
    }


def test_the_ward_goes_with_my_place_and_with_no_other() -> None:
    conflict = conflict_of(
        _field("lon", 76.9, 77.0, asked=True),
        _field("lat", 11.0, 11.1, asked=True),
        _field("plate", "TN37A1", "TN37A2", asked=True),
        _field("ward_id", "north"),
    )
    mine = _taken(conflict, lon=Side.MINE, lat=Side.MINE, plate=Side.THEIRS)
    assert mine == {"lon": 76.9, "lat": 11.0, "ward_id": "north"}
    for side in (Side.THEIRS, Side.EDITED):
        assert "ward_id" not in _taken(conflict, lon=side, lat=side, plate=Side.MINE)


def test_a_report_that_is_not_rejected_loses_the_reason_and_a_decided_one_its_holder() -> None:
    record = {
        "status": "approved",
        "rejection_reason": "no_offence",
        "duplicate_of": "another",
        "lease_until_ms": 5,
        "assignee_id": "kumar",
    }
    assert mixed_status(record) == dict.fromkeys(
        ("rejection_reason", "duplicate_of", "lease_until_ms", "assignee_id")
    )
    undecided = {"status": "pending", "decided_ms": 5}
    assert mixed_status(undecided) == {"decided_ms": None}
    held = {"status": "under_review", "lease_until_ms": 5, "assignee_id": "kumar"}
    assert mixed_status(held) == {}
    assert mixed_status({"status": "rejected", "rejection_reason": "no_offence"}) == {}


def test_what_the_same_operations_changed_stands_beside_from_first_to_last() -> None:
    def held(*changes: FieldChange) -> HeldOperation:
        return HeldOperation(new_id(), "correct", changes, "", new_id(), NOW)

    clash = ConflictField("plate", "A", "C", "B", is_in_question=True)
    operations = (
        held(FieldChange("plate", "A", "C"), FieldChange("area", "old", "middle")),
        held(FieldChange("area", "middle", "new")),
    )
    found = fields_of((clash,), operations)
    assert found == (clash, ConflictField("area", "old", "new", "old", is_in_question=False))
