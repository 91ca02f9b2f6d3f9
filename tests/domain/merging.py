"""Rows, and operations on them, as Hypothesis draws them for the merge's laws."""

from hypothesis import assume
from hypothesis import strategies as st

from trafficdesk.domain.lifecycle import RULES, Move
from trafficdesk.domain.merge import PLACE, Incoming
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.vocabulary import Entity, ReportStatus

Row = dict[str, object]
STATUSES = st.sampled_from([str(each) for each in ReportStatus])
PEOPLE = st.sampled_from([None, "meena", "ravi", "anil"])
WORDS = st.sampled_from(["", "A", "B", "C"])
FIELD_VALUES: dict[str, st.SearchStrategy[object]] = {
    "severity": st.integers(1, 4),
    "violations": st.lists(st.sampled_from(["speed", "no_helmet", "other"]), unique=True),
    "media": st.lists(st.sampled_from(["1f", "2f", "3f"]), unique=True),
    "verifications": st.integers(0, 9),
    "status": STATUSES,
    "lon": st.sampled_from([76.97, 76.970_01, 77.5]),
    "lat": st.sampled_from([11.02, 11.020_01, 11.5]),
    "reviewer_id": PEOPLE,
    "decided_ms": st.sampled_from([None, 100, 200]),
    "decision_note": WORDS,
    "lease_until_ms": st.sampled_from([None, 100, 200]),
    "score": st.integers(0, 3),
    "ward_id": PEOPLE,
    "assignee_id": PEOPLE,
    "deleted_ms": st.sampled_from([None, None, None, 5, 6]),
    "plate": WORDS,
    "escalated": st.booleans(),
    "lanes_blocked": st.sampled_from(["none", "partial", "all"]),
    "injuries": st.booleans(),
    "needs": st.dictionaries(st.sampled_from(["police", "fire"]), st.integers(1, 3)),
    "checked_ms": st.sampled_from([None, 100, 200]),
    "arrived_ms": st.sampled_from([None, 100, 200]),
    "duty": st.sampled_from(["on", "busy", "off"]),
    "assignment_id": st.sampled_from([None, "first", "second"]),
}
ROWS = st.fixed_dictionaries(FIELD_VALUES)


@st.composite
def operations(draw: st.DrawFn, base: Row | None = None) -> tuple[Row, Incoming]:
    """Return a row and an operation made on it; its status, if it has one, is a real move."""
    row = draw(ROWS) if base is None else base
    names = draw(st.sets(st.sampled_from(sorted(FIELD_VALUES)), min_size=1, max_size=5))
    if names & set(PLACE):
        names |= set(PLACE)
    action, values = "correct", {name: draw(FIELD_VALUES[name]) for name in sorted(names)}
    if "status" in values:
        moves = [move for move in Move if row["status"] in RULES[move].starts]
        assume(moves)
        action = str(draw(st.sampled_from(moves)))
        values["status"] = str(RULES[Move(action)].ends)
    changes = [
        FieldChange(name, row[name], value)
        for name, value in values.items()
        if row[name] != value or name in PLACE
    ]
    assume(changes)
    return row, Incoming(Entity.REPORT, action, changes, has_moved=draw(st.booleans()))
