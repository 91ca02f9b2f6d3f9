"""Two desks that tell of the steps of one assignment, and had not heard of each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.domain.merge import Clashed, Incoming, Merged, merge
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity

Row = dict[str, object]
SENT: Row = {"assigned_ms": 100}
STEPS = ("acknowledged_ms", "en_route_ms", "arrived_ms")
ENDS = ("cleared_ms", "withdrawn_ms")


def told(row: Row, action: str, **times: int | None) -> Row:
    """Return the assignment with what somebody tells who saw nothing but that it was sent."""
    changes = [FieldChange(name, SENT.get(name), at) for name, at in times.items()]
    merged = merge(Incoming(Entity.ASSIGNMENT, action, changes), row)
    assert isinstance(merged, Merged)
    is_as_told = {each.field: each.new for each in merged.changes} == times
    assert merged.is_exact is is_as_told
    return {**row, **{each.field: each.new for each in merged.changes}}


@pytest.mark.parametrize(
    ("first", "then", "stands"),
    [
        ({"arrived_ms": 300}, {"en_route_ms": 400}, 300),  # it had arrived by then
        ({"en_route_ms": 400}, {"arrived_ms": 300}, 400),
        ({"withdrawn_ms": 300}, {"en_route_ms": 400}, 300),  # it was called back before it left
        ({"arrived_ms": 300}, {"en_route_ms": 200}, 200),
        ({"cleared_ms": 300}, {"withdrawn_ms": 200}, 200),
    ],
)
def test_a_step_is_put_between_those_that_stand(
    first: dict[str, int], then: dict[str, int], stands: int
) -> None:
    row = told(told(SENT, "arrive", **first), "set_out", **then)
    assert row == {**SENT, **first, **dict.fromkeys(then, stands)}


def test_what_fits_is_as_it_was_told_and_a_correction_moves_several() -> None:
    row: Row = {"assigned_ms": 100, "en_route_ms": 200, "arrived_ms": 300, "cleared_ms": None}
    changes = [FieldChange("en_route_ms", 200, 310), FieldChange("arrived_ms", 300, 320)]
    merged = merge(Incoming(Entity.ASSIGNMENT, "correct_times", changes), row)
    assert merged == Merged(tuple(changes), is_exact=True)
    back = merge(
        Incoming(Entity.ASSIGNMENT, "undo_arrive", [FieldChange("arrived_ms", 300, None)]), row
    )
    assert back == Merged((FieldChange("arrived_ms", 300, None),), is_exact=True)


@given(
    st.lists(
        st.tuples(st.sampled_from((*STEPS, *ENDS)), st.none() | st.integers(101, 200)), max_size=12
    )
)
def test_the_times_are_in_order_whatever_is_told(operations: list[tuple[str, int | None]]) -> None:
    row = dict(SENT)
    for name, at in operations:
        change = FieldChange(name, None if at else row.get(name), at)
        merged = merge(Incoming(Entity.ASSIGNMENT, "step", [change]), row)
        assert not isinstance(merged, Clashed)
        row |= {each.field: each.new for each in merged.changes}
    for end in ENDS:
        times = [ms for each in (*SENT, *STEPS, end) if isinstance(ms := row.get(each), int)]
        assert times == sorted(times), row
