"""The store's two doors: snapshots for readers, one writer, nothing after closing."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_disks import fill, small_disk
from trafficdesk.store import facts
from trafficdesk.store.engine import Store
from trafficdesk.store.errors import (
    StoreClosedError,
    StoreFullError,
    StoreMissingError,
    StoreNotWritableError,
)

KEY = "ab" * 32


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store.create(tmp_path / "desk.db", KEY)
    yield made
    made.close()


def test_a_reader_keeps_its_snapshot_while_the_writer_commits(store: Store) -> None:
    with store.reading() as reader:
        assert facts.find(reader, "shift") is None
        with store.writing() as writer:
            facts.put(writer, "shift", "night")
        assert facts.find(reader, "shift") is None
    with store.reading() as reader:
        assert facts.find(reader, "shift") == "night"


def test_a_write_that_fails_leaves_nothing_behind(store: Store) -> None:
    def write_half() -> None:
        with store.writing() as writer:
            facts.put(writer, "shift", "night")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        write_half()
    with store.reading() as reader:
        assert facts.find(reader, "shift") is None


def test_a_writer_that_failed_or_gave_up_writes_again(store: Store) -> None:
    with store.writing() as writer:
        facts.put(writer, "shift", "night")
        writer.rollback()
    with pytest.raises(LookupError), store.writing() as writer:
        facts.desk_code(writer)
    with store.writing() as writer:
        assert facts.find(writer, "shift") is None
        facts.put(writer, "shift", "late")
    with store.reading() as reader:
        assert facts.find(reader, "shift") == "late"


def test_two_writers_wait_for_each_other(store: Store) -> None:
    def count_up() -> None:
        for _ in range(50):
            with store.writing() as writer:
                facts.put(writer, "n", str(int(facts.find(writer, "n") or 0) + 1))

    threads = [threading.Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with store.reading() as reader:
        assert facts.find(reader, "n") == "150"


def test_a_reader_cannot_write(store: Store) -> None:
    with pytest.raises(StoreNotWritableError), store.reading() as reader:
        facts.put(reader, "shift", "night")


def test_nothing_opens_after_closing(store: Store) -> None:
    store.close()
    with pytest.raises(StoreClosedError), store.reading():
        pass
    with pytest.raises(StoreClosedError), store.writing():
        pass


def test_an_existing_store_is_never_made_over_and_a_missing_one_is_named(
    store: Store, tmp_path: Path
) -> None:
    with pytest.raises(StoreNotWritableError):
        Store.create(store.database, KEY)
    with pytest.raises(StoreMissingError):
        Store.open(tmp_path / "nowhere.db", KEY)


def test_a_disk_without_room_at_the_opening_is_full_and_not_damage(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", "12m") as folder:
        Store.create(folder / "desk.db", KEY).close()
        filler = fill(folder)
        with pytest.raises(StoreFullError):
            Store.open(folder / "desk.db", KEY)
        filler.unlink()
        Store.open(folder / "desk.db", KEY).close()
