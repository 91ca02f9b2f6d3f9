"""How much is written at once follows from how long the last took."""

from trafficdesk.sync.arrivals import Pace


def test_what_took_too_long_is_less_the_next_time_and_never_too_little() -> None:
    pace = Pace(500, 50, 2_000, 0.2)
    pace.note(500, 0.4)
    assert pace.size == 250
    pace.note(250, 60.0)
    assert pace.size == 50


def test_what_was_quick_is_more_the_next_time_but_not_all_at_once() -> None:
    pace = Pace(500, 50, 2_000, 0.2)
    pace.note(500, 0.0)
    assert pace.size == 1_500
    pace.note(1_500, 0.01)
    assert pace.size == 2_000
