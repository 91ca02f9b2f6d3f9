"""What was not delivered, as a badge on the rail, and the key that leads to it."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Slot

from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.commands import Command
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.tasks import Lane
from trafficdesk.services.changes import Changed
from trafficdesk.services.undelivered import count_undelivered

if TYPE_CHECKING:
    from trafficdesk.qt.sitting import Sitting


def _say(source: str) -> str:
    return QCoreApplication.translate("Undelivered", source)


class Undelivered(QObject):
    """Counts again whenever something of what comes round has changed."""

    def __init__(
        self, equipment: Equipment, sitting: "Sitting", workspace_id: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._lanes = equipment.lanes.owned_by(self)
        self._session = sitting.session
        self._view = sitting.view
        self._workspace_id = workspace_id
        self._count_now = 0
        equipment.changes.changed.connect(self._hear)
        command = Command(
            "analytics.undelivered",
            _say("Reports that were not delivered"),
            _say("Analytics"),
            self.open,
            ("Ctrl+Shift+R",),
            refusal=self._why_not,
            icon="mail-warning",
        )
        equipment.commands.add([command], owner=self)
        self._count()

    def _why_not(self) -> str:
        return "" if self._count_now else _say("No undelivered report is new")

    @Slot(object)
    def _hear(self, changed: Changed) -> None:
        if Entity.SCHEDULE in changed.kinds:
            self._count()

    def _count(self) -> None:
        count = partial(count_undelivered, self._session)
        self._lanes.run(Lane.READER, count, self._show, key="undelivered")

    def _show(self, count: int) -> None:
        self._count_now = count
        words = QCoreApplication.translate(
            "Undelivered", "%n reports were not delivered", "", count
        )
        self._view.rail.set_badge(self._workspace_id, count, words)

    def open(self) -> None:
        """Show the page of reports, with what failed."""
        self._view.act_in(self._workspace_id, self._open_page)

    def _open_page(self) -> None:
        from trafficdesk.qt.analytics.workspace import AnalyticsWorkspace

        made = self._view.find_made(self._workspace_id)
        if isinstance(made, AnalyticsWorkspace):
            made.open_page("reports")
