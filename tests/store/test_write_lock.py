"""Who writes for long is told that somebody else waits to."""

import threading
import time

from trafficdesk.store.engine import Store


def _is_awaited(store: Store) -> bool:
    return store.is_awaited


def test_the_store_tells_the_one_who_writes_that_another_waits(store: Store) -> None:
    begun = threading.Event()

    def write() -> None:
        begun.set()
        with store.writing() as connection:
            connection.exec_driver_sql("UPDATE facts SET value = value")

    with store.writing():
        assert not _is_awaited(store)
        other = threading.Thread(target=write)
        other.start()
        begun.wait()
        while not _is_awaited(store):
            time.sleep(0.001)
    other.join()
    assert not _is_awaited(store)
