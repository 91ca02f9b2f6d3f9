"""Work leaves the GUI thread and comes home in order, once, and only to who still wants it."""

import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.store.errors import StoreClosedError


class Screen(QObject):
    def __init__(self) -> None:
        super().__init__()
        self.got: list[object] = []
        self.threads: list[threading.Thread] = []

    def take(self, result: object) -> None:
        self.got.append(result)
        self.threads.append(threading.current_thread())


def _hold(gate: threading.Event, result: object) -> Callable[[], object]:
    def work() -> object:
        gate.wait(5)
        return result

    return work


def test_a_result_comes_home_on_the_gui_thread(lanes: Lanes, qtbot: QtBot) -> None:
    screen = Screen()
    worked_on: list[threading.Thread] = []

    def work() -> int:
        worked_on.append(threading.current_thread())
        return 7

    lanes.run(Lane.READER, work, screen.take)
    qtbot.waitUntil(lambda: screen.got == [7])
    assert screen.threads == [threading.main_thread()]
    assert worked_on[0] is not threading.main_thread()


def test_a_newer_task_with_the_same_key_supersedes_the_older_ones_delivery(
    lanes: Lanes, qtbot: QtBot
) -> None:
    screen, gate = Screen(), threading.Event()
    lanes.run(Lane.READER, _hold(gate, "old"), screen.take, key="page")
    lanes.run(Lane.READER, lambda: "new", screen.take, key="page")
    qtbot.waitUntil(lambda: screen.got == ["new"])
    gate.set()
    lanes.run(Lane.READER, lambda: "last", screen.take)
    qtbot.waitUntil(lambda: "last" in screen.got)
    qtbot.wait(20)
    assert screen.got == ["new", "last"]


def test_a_superseded_write_still_happens(lanes: Lanes, qtbot: QtBot) -> None:
    screen, gate, written = Screen(), threading.Event(), list[int]()
    lanes.run(Lane.WRITER, _hold(gate, None))
    for number in range(3):
        lanes.run(Lane.WRITER, partial(written.append, number), screen.take, key="note")
    gate.set()
    qtbot.waitUntil(lambda: len(screen.got) == 1)
    assert written == [0, 1, 2]


def test_the_writer_is_one_thread_and_keeps_order(lanes: Lanes, qtbot: QtBot) -> None:
    seen: list[tuple[int, str]] = []

    def note(number: int) -> None:
        seen.append((number, threading.current_thread().name))

    for number in range(50):
        lanes.run(
            Lane.WRITER,
            partial(note, number),
        )
    qtbot.waitUntil(lambda: len(seen) == 50)
    assert [number for number, _ in seen] == list(range(50))
    assert len({name for _, name in seen}) == 1


def test_nothing_is_delivered_to_a_destroyed_screen(lanes: Lanes, qtbot: QtBot) -> None:
    screen, witness, gate = Screen(), Screen(), threading.Event()
    got = screen.got
    lanes.run(Lane.IO, _hold(gate, "late"), screen.take)
    lanes.owned_by(screen).run(Lane.IO, _hold(gate, "late"), got.append)
    shiboken6.delete(screen)
    gate.set()
    lanes.run(Lane.IO, lambda: "after", witness.take)
    qtbot.waitUntil(lambda: witness.got == ["after"])
    qtbot.wait(20)
    assert got == []


def test_a_cancelled_task_delivers_nothing(lanes: Lanes, qtbot: QtBot) -> None:
    screen, gate = Screen(), threading.Event()
    lanes.run(Lane.READER, _hold(gate, "late"), screen.take).cancel()
    gate.set()
    lanes.run(Lane.READER, lambda: "after", screen.take)
    qtbot.waitUntil(lambda: "after" in screen.got)
    qtbot.wait(20)
    assert screen.got == ["after"]


def test_a_failure_goes_to_its_own_handler_or_else_to_everybody(lanes: Lanes, qtbot: QtBot) -> None:
    screen, everybody = Screen(), Screen()
    lanes.failed.connect(everybody.take)

    def fail() -> None:
        raise ValueError("no such page")

    lanes.run(Lane.READER, fail, None, screen.take)
    qtbot.waitUntil(lambda: len(screen.got) == 1)
    lanes.run(Lane.READER, fail)
    qtbot.waitUntil(lambda: len(everybody.got) == 1)
    assert [type(screen.got[0]), type(everybody.got[0])] == [ValueError, ValueError]


def test_progress_comes_home_before_the_result(lanes: Lanes, qtbot: QtBot) -> None:
    screen = Screen()

    def work() -> str:
        for step in (1, 2, 3):
            lanes.call_home(partial(screen.take, step), screen)
        return "done"

    lanes.run(Lane.IO, work, screen.take)
    qtbot.waitUntil(lambda: "done" in screen.got)
    assert screen.got == [1, 2, 3, "done"]


@pytest.mark.usefixtures("qapp")
def test_shutting_down_ends_what_was_to_be_written_and_joins_the_threads() -> None:
    lanes, written = Lanes(), list[int]()
    before = threading.active_count()
    lanes.run(Lane.WRITER, lambda: time.sleep(0.02))
    for number in range(5):
        lanes.run(Lane.WRITER, partial(written.append, number))
    lanes.shut_down()
    assert written == [0, 1, 2, 3, 4]
    assert threading.active_count() < before
    with pytest.raises(RuntimeError, match="closed"):
        lanes.run(Lane.READER, lambda: None)


@pytest.mark.parametrize(
    ("fault", "is_told"),
    [(StoreClosedError(Path("desk.db")), False), (RuntimeError("a bug"), True)],
)
def test_a_read_that_a_lock_cut_off_is_no_fault_once_its_screen_is_gone(
    lanes: Lanes, qtbot: QtBot, fault: Exception, *, is_told: bool
) -> None:
    told: list[Exception] = []
    lanes.failed.connect(told.append)
    screen = QObject()
    begun, go_on = threading.Event(), threading.Event()

    def read() -> None:
        begun.set()
        assert go_on.wait(10)
        raise fault

    lanes.owned_by(screen).run(Lane.WRITER, read)  # of one thread: what follows comes home later
    assert begun.wait(10)
    shiboken6.delete(screen)
    go_on.set()
    done: list[None] = []
    lanes.run(Lane.WRITER, lambda: None, done.append)
    qtbot.waitUntil(lambda: bool(done))
    assert bool(told) == is_told
