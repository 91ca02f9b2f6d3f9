"""Reports that another screen asked for: listed here, and Esc leads back to where one came from."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.qt.review.queue_choice import QueueChoice

if TYPE_CHECKING:
    from trafficdesk.qt.review.workspace import ReviewWorkspace


class WayBack(QObject):
    """Stands open while the list shows what was asked for."""

    def __init__(self, desk: "ReviewWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        self._wanted: ReportFilter | None = None
        self._go: Callable[[], object] | None = None
        desk.column.chosen.connect(self._follow)

    @property
    def is_open(self) -> bool:
        """Tell whether there is a way back."""
        return self._go is not None

    def show(self, wanted: ReportFilter, words: str, go: Callable[[], object]) -> None:
        """List the reports of a filter; ``go`` leads back, and ``words`` say where to."""
        column = self._desk.column
        self._wanted, self._go = wanted, go
        column.show_filter_result(wanted)
        column.list.setFocus()
        key = self._desk.gear.commands.first_key("review.leave")
        column.tell(words, key, can_undo=False)

    def take(self) -> None:
        """Go back."""
        go, self._go = self._go, None
        if go is not None:
            go()

    def _follow(self, choice: QueueChoice) -> None:
        if choice.own != self._wanted:
            self._go = None
