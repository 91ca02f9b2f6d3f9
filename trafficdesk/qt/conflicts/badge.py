"""How many conflicts wait, as a badge on the rail."""

from PySide6.QtCore import QCoreApplication, QObject, Slot

from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.rail import Rail
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import conflicts
from trafficdesk.services.session import Session


class WaitingBadge(QObject):
    """Counts again whenever something has changed."""

    def __init__(
        self, equipment: Equipment, session: Session, rail: Rail, workspace_id: str, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._lanes = equipment.lanes.owned_by(self)
        self._session = session
        self._rail = rail
        self._workspace_id = workspace_id
        equipment.changes.changed.connect(self._count)
        self._count()

    @Slot()
    @Slot(object)
    def _count(self, _changed: object = None) -> None:
        session = self._session
        self._lanes.run(
            Lane.READER, lambda: conflicts.count_open(session), self._show, key="waiting"
        )

    def _show(self, count: int) -> None:
        words = QCoreApplication.translate("Conflicts", "%n conflicts to settle", "", count)
        self._rail.set_badge(self._workspace_id, count, words)
