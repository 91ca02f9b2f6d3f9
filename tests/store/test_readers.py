"""Lending readers: always a fresh snapshot, never more than there are, none after closing."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from trafficdesk.store import facts
from trafficdesk.store.engine import READERS, Store
from trafficdesk.store.errors import StoreClosedError, StoreNotWritableError
from trafficdesk.store.rows import fetch_all


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path / "desk.db", "cd" * 32)
    yield made
    made.close()


def test_a_reader_that_failed_is_lent_again_with_a_new_snapshot(store: Store) -> None:
    for number in range(READERS + 1):
        with pytest.raises(StoreNotWritableError), store.reading() as reader:
            facts.put(reader, "shift", "night")
        with store.writing() as writer:
            facts.put(writer, "shift", str(number))
        with store.reading() as reader:
            assert facts.find(reader, "shift") == str(number)


def test_plain_rows_come_from_the_same_snapshot(store: Store) -> None:
    with store.reading() as reader:
        assert fetch_all(reader, "SELECT value FROM facts WHERE name = ?", ("shift",)) == []
        with store.writing() as writer:
            facts.put(writer, "shift", "night")
            assert fetch_all(writer, "SELECT value FROM facts WHERE name = 'shift'") == [("night",)]
        assert fetch_all(reader, "SELECT value FROM facts WHERE name = 'shift'") == []


def test_more_threads_than_readers_take_turns(store: Store) -> None:
    inside, most, lock = 0, 0, threading.Lock()

    def read_often() -> None:
        nonlocal inside, most
        for _ in range(20):
            with store.reading() as reader:
                with lock:
                    inside += 1
                    most = max(most, inside)
                facts.find(reader, "shift")
                with lock:
                    inside -= 1

    threads = [threading.Thread(target=read_often) for _ in range(3 * READERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 1 <= most <= READERS


def test_a_reader_lent_at_closing_may_finish_and_is_closed_then(store: Store) -> None:
    with store.reading() as reader:
        store.close()
        assert facts.find(reader, "shift") is None
    with pytest.raises(StoreClosedError), store.reading():
        pass
