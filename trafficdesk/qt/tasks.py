"""Where slow work runs: one writer, a few readers, a small I/O pool, and one signal home."""

import threading
from collections import deque
from collections.abc import Callable, Hashable
from enum import StrEnum
from functools import partial
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from trafficdesk.qt.main_end import when_main_ends

Result = TypeVar("Result")
READERS = 3
IO_WORKERS = 2


class Lane(StrEnum):
    """Which threads a task runs on."""

    WRITER = "writer"
    READER = "reader"
    IO = "io"


class Task:
    """One piece of work on its way through a lane and home; ``cancel`` drops its delivery."""

    def __init__(
        self,
        function: Callable[[], Any],
        on_done: Callable[[Any], None] | None,
        on_failed: Callable[[Exception], None] | None,
        owner: QObject | None,
    ) -> None:
        self.function = function
        self.on_done = on_done
        self.on_failed = on_failed
        self.owner = owner
        self.key: Hashable | None = None
        self.result: Any = None
        self.failure: Exception | None = None
        self.is_cancelled = False

    def cancel(self) -> None:
        """Deliver nothing any more; work that has begun still ends by itself."""
        self.is_cancelled = True

    @property
    def is_wanted(self) -> bool:
        """Tell whether somebody still waits for the result."""
        return not self.is_cancelled and (self.owner is None or shiboken6.isValid(self.owner))

    def work(self) -> None:
        """Run in the lane's thread and keep what came of it."""
        try:
            self.result = self.function()
        except Exception as error:  # noqa: BLE001 - task delivery: the failure travels home
            self.failure = error


class _Workers:
    """The threads of one lane and the line of tasks before them."""

    def __init__(self, name: str, count: int, send_home: Callable[[Task], None]) -> None:
        self._line: deque[Task] = deque()
        self._ready = threading.Condition()
        self._is_open = True
        self._send_home = send_home
        self._threads = [
            threading.Thread(target=self._serve, name=f"{name}-{index}") for index in range(count)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, task: Task) -> None:
        with self._ready:
            if not self._is_open:
                raise RuntimeError("the lanes are closed")
            self._line.append(task)
            self._ready.notify()

    def close(self, *, drain: bool) -> None:
        """Let nothing in any more; ``drain`` ends what waits, else it is dropped."""
        with self._ready:
            self._is_open = False
            dropped = [] if drain else list(self._line)
            if not drain:
                self._line.clear()
            self._ready.notify_all()
        dropped.clear()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        while True:
            with self._ready:
                while self._is_open and not self._line:
                    self._ready.wait()
                if not self._line:
                    return
                task = self._line.popleft()
            self._send_home(task)
            # The last reference to a task must fall in the GUI thread: it may hold widgets.
            del task


def _find_owner(callback: Callable[..., None] | None) -> QObject | None:
    while isinstance(callback, partial):
        callback = callback.func
    owner = getattr(callback, "__self__", None)
    return owner if isinstance(owner, QObject) else None


class Lanes(QObject):
    """Runs work off the GUI thread and brings results home through one queued signal.

    ``failed`` carries the exception of a task that has no ``on_failed`` of its own.
    """

    failed = Signal(object)
    _came_home = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._newest: dict[Hashable, Task] = {}
        self._is_open = True
        self._came_home.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._workers = {
            Lane.WRITER: _Workers("writer", 1, self._work_always),
            Lane.READER: _Workers("reader", READERS, self._work_if_wanted),
            Lane.IO: _Workers("io", IO_WORKERS, self._work_if_wanted),
        }
        self._forget_main = when_main_ends(self._close)

    def run(
        self,
        lane: Lane,
        function: Callable[[], Result],
        on_done: Callable[[Result], None] | None = None,
        on_failed: Callable[[Exception], None] | None = None,
        *,
        key: Hashable | None = None,
    ) -> Task:
        """Run ``function`` on a lane and hand its result to ``on_done`` on the GUI thread.

        A newer task with the same ``key`` supersedes an older one: its result is dropped, and on
        the reader and I/O lanes it is not even begun. A written task always runs. When
        ``on_done`` is a method of a QObject that is destroyed meanwhile, the result is dropped.
        """
        owner = _find_owner(on_done) or _find_owner(on_failed)
        return self._start(lane, Task(function, on_done, on_failed, owner), key)

    def owned_by(self, owner: QObject) -> "OwnedLanes":
        """Return the lanes for callbacks that are no methods of ``owner`` but end with it."""
        return OwnedLanes(self, owner)

    def call_home(self, function: Callable[[], None], owner: QObject | None = None) -> None:
        """Call ``function`` on the GUI thread soon; from any thread, for progress."""
        task = Task(lambda: None, lambda _none: function(), None, owner)
        if self._is_open:
            self._came_home.emit(task)

    def shut_down(self) -> None:
        """End the writer's line, drop what only would be read, and wait for the threads."""
        self._forget_main()
        self._close()
        for workers in self._workers.values():
            workers.join()
        self._newest.clear()

    def _close(self) -> None:
        self._is_open = False
        for lane, workers in self._workers.items():
            workers.close(drain=lane is Lane.WRITER)

    def _start(self, lane: Lane, task: Task, key: Hashable | None) -> Task:
        if key is not None:
            task.key = key
            self._newest[key] = task
        self._workers[lane].put(task)
        return task

    def _is_newest(self, task: Task) -> bool:
        return task.key is None or self._newest.get(task.key) is task

    def _work_always(self, task: Task) -> None:
        task.work()
        self._send_home(task)

    def _work_if_wanted(self, task: Task) -> None:
        if self._is_newest(task) and task.is_wanted:
            task.work()
        else:
            task.is_cancelled = True
        self._send_home(task)

    def _send_home(self, task: Task) -> None:
        # After a main thread that ended in a bug there may be no home any more.
        if shiboken6.isValid(self):
            self._came_home.emit(task)

    @Slot(object)
    def _deliver(self, task: Task) -> None:
        is_newest = self._is_newest(task)
        if is_newest and task.key is not None:
            self._newest.pop(task.key, None)
        if not self._is_open or not is_newest:
            return
        if task.failure is not None:
            self._deliver_failure(task, task.failure)
        elif task.is_wanted and task.on_done is not None:
            task.on_done(task.result)

    def _deliver_failure(self, task: Task, failure: Exception) -> None:
        if not task.is_wanted and _is_cut_off(failure):
            return
        if task.on_failed is None:
            self.failed.emit(failure)
        elif task.is_wanted:
            task.on_failed(failure)


def _is_cut_off(failure: Exception) -> bool:
    """Tell whether the desk was locked while something was read for one of its screens."""
    from trafficdesk.store.errors import StoreClosedError

    return isinstance(failure, StoreClosedError)


class OwnedLanes:
    """The lanes as one widget sees them: results are dropped when the widget is gone."""

    def __init__(self, lanes: Lanes, owner: QObject) -> None:
        self._lanes = lanes
        self._owner = owner

    def run(
        self,
        lane: Lane,
        function: Callable[[], Result],
        on_done: Callable[[Result], None] | None = None,
        on_failed: Callable[[Exception], None] | None = None,
        *,
        key: Hashable | None = None,
    ) -> Task:
        """Run as ``Lanes.run`` does; ``key`` is this owner's own."""
        task = Task(function, on_done, on_failed, self._owner)
        return self._lanes._start(lane, task, key and (id(self._owner), key))  # noqa: SLF001 - its other half

    def call_home(self, function: Callable[[], None]) -> None:
        """Call ``function`` on the GUI thread soon, unless the owner is gone by then."""
        self._lanes.call_home(function, self._owner)
