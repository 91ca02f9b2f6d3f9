"""The window of days stays inside what there is, whatever is pressed."""

from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.maps.time_window import (
    Span,
    bar_days,
    bars,
    frame_of,
    latest,
    moved,
    shown_around,
    stretched,
)

TODAY = 20_779
_FRAMES = st.integers(90, 6_000).map(lambda days: Span(TODAY + 1 - days, TODAY + 1))
_SPANS = st.tuples(_FRAMES, st.integers(1, 6_000), st.integers(0, 6_000)).map(
    lambda t: (t[0], moved(latest(t[0], t[1]), -t[2], t[0]))
)


@given(_SPANS, st.integers(-400, 400))
def test_moving_keeps_the_length_and_stays_in_the_frame(given_: tuple[Span, Span], by: int) -> None:
    frame, span = given_
    after = moved(span, by, frame)

    assert after.days == span.days
    assert frame.first <= after.first < after.past <= frame.past


@given(_SPANS, st.integers(-400, 400))
def test_stretching_stays_in_the_frame_and_keeps_a_day(given_: tuple[Span, Span], by: int) -> None:
    frame, span = given_
    after = stretched(span, by, frame)

    assert after.days == max(1, min(frame.days, span.days + by))
    assert frame.first <= after.first < after.past <= frame.past


@given(_SPANS)
def test_the_bar_always_shows_the_span_whole(given_: tuple[Span, Span]) -> None:
    frame, span = given_
    shown = shown_around(span, frame)

    assert shown.first <= span.first
    assert span.past <= shown.past
    assert frame.first <= shown.first < shown.past <= frame.past


@given(_FRAMES, st.dictionaries(st.integers(TODAY - 6_000, TODAY), st.integers(1, 9), max_size=30))
def test_every_report_is_in_one_bar(frame: Span, counts: dict[int, int]) -> None:
    days = bar_days(frame, 120)
    drawn = bars(counts, frame, days)

    assert len(drawn) <= 121
    assert sum(n for _, n in drawn) == sum(
        n for day, n in counts.items() if frame.first <= day < frame.past
    )


def test_old_data_has_its_own_end_and_fresh_data_ends_today() -> None:
    assert frame_of((TODAY - 4_000, TODAY - 3_000), TODAY).past == TODAY - 2_999
    assert frame_of((TODAY - 20, TODAY - 3), TODAY) == Span(TODAY - 89, TODAY + 1)
    assert frame_of(None, TODAY) == Span(TODAY - 89, TODAY + 1)
