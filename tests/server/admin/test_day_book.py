"""What goes on all day is noted once a day: the book of it forgets with the day, and is bounded."""

from datetime import UTC, datetime, timedelta

import pytest

from sync_server import day_book
from sync_server.day_book import DayBook


def test_a_key_is_kept_until_the_day_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    now = datetime(2026, 11, 23, 23, 59, tzinfo=UTC)
    monkeypatch.setattr(day_book, "utc_now", lambda: now)
    book = DayBook()
    book.keep("a pull")
    assert book.has("a pull")
    assert not book.has("another")
    now += timedelta(minutes=2)
    assert not book.has("a pull")


def test_what_begins_earlier_than_all_that_was_kept_is_not_there() -> None:
    book = DayBook()
    book.keep("a feed", 7)
    assert book.has("a feed", 8)
    assert not book.has("a feed", 6)
    book.keep("a feed", 6)
    book.keep("a feed", 9)  # of a request that was slow
    assert [book.has("a feed", begin) for begin in (5, 6, 7)] == [False, True, True]


def test_the_oldest_makes_room() -> None:
    book = DayBook(most=2)
    for key in range(3):
        book.keep(key)
    assert [book.has(key) for key in range(3)] == [False, True, True]
