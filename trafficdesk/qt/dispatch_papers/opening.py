"""The ways to the papers of dispatch: two commands that act in every workspace."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QCoreApplication, QObject

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.times import from_ms
from trafficdesk.qt.commands import Command
from trafficdesk.qt.dispatch_papers.gear import PapersGear
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.shell.overlays import OverlayPanel
from trafficdesk.qt.sitting import Sitting
from trafficdesk.qt.widgets.mini_map import FindPack
from trafficdesk.services.patrol_plan import Counting

_Row = tuple[str, str, Callable[[], object], str, str]
HANDOVER, PATROL = "handover_sheet", "patrol_plan"


def _say(source: str) -> str:
    return QCoreApplication.translate("Papers", source)


class Papers(QObject):
    """Opens a paper over whatever workspace is on screen; each is made when it is opened."""

    def __init__(
        self, equipment: Equipment, sitting: Sitting, find_pack: FindPack, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._equipment = equipment
        self._sitting = sitting
        self._find_pack = find_pack
        self._counting = Counting()
        rows: tuple[_Row, ...] = (
            ("handover", _say("Hand-over sheet"), self.open_handover, "clipboard-list", "O"),
            ("patrol", _say("Patrol plan"), self.open_patrol, "route", "P"),
        )
        equipment.commands.add([self._command(row) for row in rows], owner=self)

    def _command(self, row: _Row) -> Command:
        name, title, act, icon, letter = row
        return Command(
            f"papers.{name}",
            title,
            _say("Dispatch papers"),
            act,
            (f"Ctrl+Shift+{letter}",),
            refusal=self._why_not,
            icon=icon,
        )

    def _why_not(self) -> str:
        can = self._sitting.session.may(Permission.INCIDENT_RESPOND)
        return "" if can else _say("Your role may not see what was dispatched")

    def open_handover(self) -> None:
        """Open the hand-over sheet of this shift."""
        from trafficdesk.qt.dispatch_papers.handover_page import HandoverPage

        self._open(HandoverPage(self._gear()), HANDOVER)

    def open_patrol(self) -> None:
        """Open the patrol plan; reports are counted once in a sitting, and anew as they change."""
        from trafficdesk.qt.dispatch_papers.patrol_page import PatrolPage

        self._open(PatrolPage(self._gear(), self._counting), PATROL)

    def _open(self, page: OverlayPanel, context: str) -> None:
        self._sitting.view.open_overlay(page, context)

    def _gear(self) -> PapersGear:
        kit, sitting = self._equipment, self._sitting
        return PapersGear(
            sitting.session, kit.lanes, kit.changes, sitting.zone, self._find_pack, self._heard_at
        )

    def _heard_at(self) -> datetime | None:
        sync = self._sitting.sync
        contact_ms = None if sync is None else sync.status.last_contact_ms
        return None if contact_ms is None else from_ms(contact_ms)
