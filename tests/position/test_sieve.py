"""Which fixes are believed, and how many of them are told."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.position.drives import fix_at
from trafficdesk.domain.geometry import distance_m
from trafficdesk.position.fix import Fix
from trafficdesk.position.sieve import (
    FASTEST_MPS,
    UNTOLD_ACCURACY_M,
    WORST_ACCURACY_M,
    Sieve,
    Verdict,
)

TAKEN, THINNED = Verdict.TAKEN, Verdict.THINNED


def weigh(*fixes: Fix) -> list[Verdict]:
    sieve = Sieve()
    return [sieve.weigh(fix) for fix in fixes]


def test_while_moving_one_a_second_is_taken() -> None:
    ten_a_second = [fix_at(n / 10, n * 1.5, speed_mps=15.0) for n in range(31)]
    taken = [n for n, verdict in enumerate(weigh(*ten_a_second)) if verdict is TAKEN]
    assert taken == [0, 10, 20, 30]


def test_a_receiver_that_is_early_by_a_little_loses_no_second() -> None:
    times = [0.0, 0.98, 1.96, 2.95]
    assert weigh(*(fix_at(t, t * 15, speed_mps=15.0) for t in times)) == [TAKEN] * 4


def test_at_rest_one_in_fifteen_seconds_is_taken() -> None:
    verdicts = weigh(*(fix_at(t, speed_mps=0.2) for t in range(46)))
    assert [t for t, verdict in enumerate(verdicts) if verdict is TAKEN] == [0, 15, 30, 45]


def test_stopping_and_starting_are_told_at_once() -> None:
    stopping = [fix_at(t, 15.0 * min(t, 3), speed_mps=15.0 if t < 3 else 0.0) for t in range(6)]
    starting = [fix_at(6, 45, speed_mps=5.0), fix_at(7, 50, speed_mps=5.0)]
    assert weigh(*stopping, *starting) == [
        *[TAKEN] * 4,  # the last of them at rest: where it stopped
        *[THINNED] * 2,
        *[TAKEN] * 2,
    ]


def test_a_receiver_that_tells_no_speed_is_judged_by_its_way() -> None:
    moving = weigh(*(fix_at(t, t * 30.0, accuracy_m=5.0) for t in range(4)))
    assert moving == [TAKEN] * 4
    resting = weigh(*(fix_at(t, 4.0 * (t % 2), accuracy_m=5.0) for t in range(15)))
    assert resting == [TAKEN, *[THINNED] * 14]


@pytest.mark.parametrize("accuracy", [WORST_ACCURACY_M + 1, 5000.0])
def test_a_guess_is_no_position(accuracy: float) -> None:
    assert weigh(fix_at(0, accuracy_m=accuracy), fix_at(1, accuracy_m=WORST_ACCURACY_M)) == [
        Verdict.INACCURATE,
        TAKEN,
    ]


def test_a_jump_is_thrown_away_and_the_way_goes_on() -> None:
    assert weigh(
        fix_at(0, speed_mps=15.0),
        fix_at(1, 300_000, speed_mps=15.0),
        fix_at(2, 30, speed_mps=15.0),
        fix_at(3, 45, speed_mps=15.0),
    ) == [TAKEN, Verdict.JUMPED, TAKEN, TAKEN]


def test_a_fast_pursuit_is_no_jump() -> None:
    verdicts = weigh(*(fix_at(t, t * 65.0, speed_mps=65.0, accuracy_m=3.0) for t in range(9)))
    assert set(verdicts) == {TAKEN}


def test_after_a_long_tunnel_the_place_may_be_far_away() -> None:
    assert weigh(fix_at(0), fix_at(120, 3000, accuracy_m=8.0)) == [TAKEN, TAKEN]


def test_time_does_not_go_back_and_the_same_moment_counts_once() -> None:
    assert weigh(fix_at(0), fix_at(20), fix_at(10), fix_at(20)) == [
        TAKEN,
        TAKEN,
        Verdict.STALE,
        THINNED,
    ]


@pytest.mark.parametrize("wrong", [fix_at(0, 300_000), fix_at(86_400 * 365)])
def test_one_wrong_fix_at_first_does_not_keep_out_all_the_right_ones(wrong: Fix) -> None:
    verdicts = weigh(wrong, *(fix_at(t, speed_mps=15.0) for t in range(1, 12)))
    assert verdicts[0] is TAKEN
    assert not any(verdict.is_believed for verdict in verdicts[1:5])
    assert all(verdict is TAKEN for verdict in verdicts[5:])


def test_wrong_fixes_that_contradict_each_other_are_never_believed() -> None:
    mad = [fix_at(t, 300_000 * (1 + t % 3)) for t in range(1, 60)]
    assert TAKEN not in weigh(fix_at(0), *mad)[1:]


def test_wrong_fixes_between_right_ones_are_never_believed() -> None:
    right = [fix_at(t, 15.0 * t, speed_mps=15.0) for t in range(30)]
    wrong = [fix_at(t + 0.5, 300_000, speed_mps=0.0) for t in range(30)]
    verdicts = weigh(*(fix for pair in zip(right, wrong, strict=True) for fix in pair))
    assert verdicts == [TAKEN, Verdict.JUMPED] * 30


def test_a_burst_of_wrong_fixes_within_a_moment_is_never_believed() -> None:
    burst = [fix_at(1 + n / 100, 300_000) for n in range(100)]
    assert not any(verdict.is_believed for verdict in weigh(fix_at(0), *burst)[1:])


@given(
    st.lists(
        st.tuples(st.floats(0.05, 30), st.floats(-2e6, 2e6), st.floats(0, 300) | st.none()),
        max_size=60,
    )
)
def test_two_fixes_that_are_told_one_after_the_other_are_never_a_jump_apart(
    steps: list[tuple[float, float, float | None]],
) -> None:
    """Unless the way since then was started anew, which needs several that agree."""
    sieve, elapsed, told, refused = Sieve(), 0.0, [], 0
    for wait_s, east_m, accuracy in steps:
        elapsed += wait_s
        fix = fix_at(elapsed, east_m, accuracy_m=accuracy)
        verdict = sieve.weigh(fix)
        refused = 0 if verdict.is_believed else refused + 1
        if verdict is TAKEN:
            told.append(fix)
        if refused >= 4:
            return
    for a, b in pairwise(told):
        slack = sum(UNTOLD_ACCURACY_M if f.accuracy_m is None else f.accuracy_m for f in (a, b))
        seconds = (b.at - a.at).total_seconds()
        # What was believed between two that are told is no more exact than they are.
        assert distance_m(a.place, b.place) <= FASTEST_MPS * seconds + slack + 20 * WORST_ACCURACY_M
