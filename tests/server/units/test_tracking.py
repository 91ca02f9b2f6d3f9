"""Which positions of a unit are believed, whatever its receiver and its line do."""

import itertools
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from sync_server.units.queries import Written
from sync_server.units.tracking import AHEAD_MS, Judged, Known, judge
from trafficdesk.wire.live import UnitPosition

NOW = 1_795_000_000_000
UNIT = UUID(int=7)
HERE = (76.97, 11.02)
FAR = (79.9, 12.9)  # 380 km away


def at(seconds: float, place: tuple[float, float] = HERE) -> UnitPosition:
    """Return a position so many seconds before now."""
    return UnitPosition(unit_id=UNIT, lon=place[0], lat=place[1], at_ms=NOW - int(seconds * 1000))


def reasons(judged: Judged) -> list[str]:
    return [str(each.reason) for each in judged.refused]


def test_what_comes_late_is_of_the_track_and_moves_nobody_back() -> None:
    known = Known(last=at(10))
    judged = judge(known, [at(70, (76.975, 11.02))], NOW)
    assert (judged.known, judged.is_moved, reasons(judged)) == (known, False, ["late"])
    assert len(judged.track) == 1


def test_a_time_after_the_servers_holds_a_unit_nowhere() -> None:
    ahead = at(-AHEAD_MS / 1000 - 1)
    judged = judge(Known(last=at(10)), [ahead, at(5)], NOW)
    assert (judged.known.last, reasons(judged)) == (at(5), ["future"])


def test_a_clock_a_little_ahead_counts_as_the_servers() -> None:
    judged = judge(Known(), [at(-20)], NOW)
    assert judged.known.last == at(0)
    assert judge(judged.known, [at(-1)], NOW + 2_000).is_moved


def test_a_jump_is_believed_when_the_next_position_says_the_same() -> None:
    jumped = judge(Known(last=at(30)), [at(20, FAR)], NOW)
    assert (jumped.known.last, jumped.is_moved, reasons(jumped)) == (at(30), False, ["jump"])
    assert jumped.is_changed
    again = judge(jumped.known, [at(10, FAR)], NOW)
    assert (again.known, reasons(again)) == (Known(last=at(10, FAR)), [])


def test_one_wrong_fix_among_right_ones_moves_nothing() -> None:
    judged = judge(Known(last=at(30)), [at(20, FAR), at(10)], NOW)
    assert (judged.known, reasons(judged)) == (Known(last=at(10)), ["jump"])


def test_who_was_away_for_hours_may_be_far_away() -> None:
    assert judge(Known(last=at(2 * 3600)), [at(0, FAR)], NOW).is_moved


@given(st.lists(st.integers(0, 600), unique=True, max_size=8).flatmap(st.permutations))
def test_however_positions_come_in_the_newest_stands(seconds: list[int]) -> None:
    known = Known()
    for each in seconds:
        known = judge(known, [at(each)], NOW).known
    assert known.last == (at(min(seconds)) if seconds else None)
    whole = judge(Known(), [at(each) for each in seconds], NOW)
    assert whole.known == known
    assert all(one.at_ms < other.at_ms for one, other in itertools.pairwise(whole.track))


def test_a_way_has_no_second_point_in_the_stretch_where_the_unit_was_last() -> None:
    """Five seconds are a stretch: four of five moves of a unit write nothing of its way."""
    points = [at(seconds) for seconds in range(12, -1, -1)]
    known, kept = Known(), list[int]()
    for each in points:
        judged = judge(known, [each], NOW)
        written = Written(UUID(int=1), judged, known).new_track()
        kept += [one.at_ms // 5_000 for one in written]
        known = judged.known
    assert kept == sorted({each.at_ms // 5_000 for each in points})
