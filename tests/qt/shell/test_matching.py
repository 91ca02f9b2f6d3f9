"""The palette finds what people mean by a few letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trafficdesk.qt.shell.matching import find_match

TITLES = (
    "Approve",
    "Reject",
    "Needs info",
    "Mark as duplicate",
    "Next report",
    "Previous report",
    "Map",
)


def _best(query: str) -> str:
    scored = [(m.score, title) for title in TITLES if (m := find_match(query, title)) is not None]
    return max(scored)[1] if scored else ""


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("app", "Approve"),
        ("rej", "Reject"),
        ("dup", "Mark as duplicate"),
        ("mad", "Mark as duplicate"),
        ("nr", "Next report"),
        ("prev", "Previous report"),
        ("NEEDS", "Needs info"),
        ("next rep", "Next report"),
        ("xyz", ""),
    ],
)
def test_a_few_letters_find_the_command(query: str, title: str) -> None:
    assert _best(query) == title


def test_the_matched_letters_are_shown_where_they_stand() -> None:
    match = find_match("dup", "Mark as duplicate")
    assert match is not None
    assert match.at == (8, 9, 10)


@given(st.text(max_size=12), st.text(max_size=30))
def test_matched_letters_are_those_asked_for_in_their_order(query: str, title: str) -> None:
    match = find_match(query, title)
    if match is None:
        return
    assert list(match.at) == sorted(set(match.at))
    assert all(0 <= place < len(title) for place in match.at)


@given(st.text(alphabet="abcdefghij ", min_size=1, max_size=20))
def test_every_title_is_found_by_itself(title: str) -> None:
    assert find_match(title, title) is not None
