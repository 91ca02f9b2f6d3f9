"""What follows when a unit is dragged onto an incident, an incident onto a unit, and back."""

from typing import TYPE_CHECKING
from uuid import UUID

from PySide6.QtCore import QObject

from trafficdesk.qt.dispatch.board_list import INCIDENT_MIME, UNIT_MIME
from trafficdesk.qt.dispatch.board_rows import Heading
from trafficdesk.qt.dispatch.lines import UnitGroup
from trafficdesk.qt.dispatch.words import say

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace


class Dropping(QObject):
    """Listens to both boards and the map of one workspace."""

    def __init__(self, desk: "DispatchWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        desk.incidents.list.dropped.connect(self._on_incident)
        desk.units.list.dropped.connect(self._on_units)
        desk.map.sent.connect(self.send)

    def send(self, unit_id: UUID, incident_id: UUID) -> None:
        """Send a unit to an incident, unless it is out already."""
        unit = self._desk.lines.by_unit.get(unit_id)
        line = self._desk.lines.by_incident.get(incident_id)
        if unit is None or line is None:
            return
        self._desk.incidents.list.choose(incident_id)
        self._desk.units.list.choose(unit_id)
        reason = self._desk.reasons.send_chosen()
        if reason:
            self._desk.writing.refused.emit(reason)
        else:
            self._desk.doing.send(unit, line)

    def _on_incident(self, _kind: str, unit_id: UUID, target: object) -> None:
        if isinstance(target, UUID):
            self.send(unit_id, target)

    def _on_units(self, kind: str, record_id: UUID, target: object) -> None:
        if kind == INCIDENT_MIME and isinstance(target, UUID):
            self.send(target, record_id)
        elif kind == UNIT_MIME:
            self._call_back(record_id, target)

    def _call_back(self, unit_id: UUID, target: object) -> None:
        """Call a unit back that was dropped among the available ones."""
        unit = self._desk.lines.by_unit.get(unit_id)
        onto = target.key if isinstance(target, Heading) else self._group_of(target)
        if unit is None or onto is not UnitGroup.AVAILABLE:
            return
        if unit.row.assignment is None:
            self._desk.writing.refused.emit(say("It is not out: nothing to withdraw"))
            return
        self._desk.doing.withdraw(unit)

    def _group_of(self, unit_id: object) -> UnitGroup | None:
        line = self._desk.lines.by_unit.get(unit_id) if isinstance(unit_id, UUID) else None
        return None if line is None else line.group
