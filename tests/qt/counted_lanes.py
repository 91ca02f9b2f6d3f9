"""Lanes that know what is still on its way: a test waits for that, and never for a while."""

from PySide6.QtCore import QObject

from trafficdesk.qt.tasks import Lane, Lanes, Task


class CountedLanes(Lanes):
    """The desk's own lanes, which count the tasks that have not come home yet."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._on_their_way: set[Task] = set()

    @property
    def is_idle(self) -> bool:
        """Tell whether every task that was begun has been delivered or dropped."""
        return not self._on_their_way

    def _start(self, lane: Lane, task: Task, key: object | None) -> Task:
        self._on_their_way.add(task)
        return super()._start(lane, task, key)

    def _deliver(self, task: Task) -> None:
        try:
            super()._deliver(task)
        finally:
            self._on_their_way.discard(task)
