"""The header that says which requests belong together is read as W3C says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.wire.traces import Trace, begin, read

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
GIVEN = f"00-{TRACE}-{SPAN}"


def test_what_is_written_is_read() -> None:
    begun = begin()
    assert read(begun.header) == begun
    assert read(f"{GIVEN}-01") == Trace(TRACE, SPAN)
    assert read(f"{GIVEN}-00") == Trace(TRACE, SPAN, is_sampled=False)


def test_a_later_version_is_read_as_far_as_it_is_known() -> None:
    assert read(f"01-{TRACE}-{SPAN}-01-what-the-future-will-be-like") == Trace(TRACE, SPAN)
    assert read(f"{GIVEN}-03") == Trace(TRACE, SPAN)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "nothing",
        GIVEN,
        f"{GIVEN}-01-more",
        f"{GIVEN}-1",
        f"{GIVEN}-01 ",
        f"{GIVEN}-01\n",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE[1:]}-{SPAN}-01",
        f"01-{TRACE}-{SPAN}-01more",
    ],
)
def test_what_is_none_is_none(header: str) -> None:
    assert read(header) is None


@given(st.text(max_size=80))
def test_any_text_is_read_or_refused(header: str) -> None:
    found = read(header)
    assert found is None or read(found.header) == found


def test_spans_of_a_trace_differ_and_traces_do() -> None:
    begun = begin()
    spans = {begun.span() for _ in range(100)} | {begun}
    assert {each.trace_id for each in spans} == {begun.trace_id}
    assert len({each.span_id for each in spans}) == 101
    assert begin().trace_id != begun.trace_id
