"""Taking the boards of dispatch out as files: the incidents, and the units."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.exporting.list_export import ListExport, Taken
from trafficdesk.services.board_exports import INCIDENTS, UNITS, export_incidents, export_units
from trafficdesk.services.list_exports import Shape

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace

_COLUMNS: Final[dict[str, object]] = {
    "reference": QT_TRANSLATE_NOOP("Dispatch", "Reference"),
    "standing": QT_TRANSLATE_NOOP("Dispatch", "Standing"),
    "status": QT_TRANSLATE_NOOP("Dispatch", "Status"),
    "severity": QT_TRANSLATE_NOOP("Dispatch", "Severity, 1 to 4"),
    "severity_score": QT_TRANSLATE_NOOP("Dispatch", "Severity score"),
    "kind": QT_TRANSLATE_NOOP("Dispatch", "Kind"),
    "occurred_at": QT_TRANSLATE_NOOP("Dispatch", "Happened at"),
    "reported_at": QT_TRANSLATE_NOOP("Dispatch", "Reported at"),
    "acknowledged_at": QT_TRANSLATE_NOOP("Dispatch", "Acknowledged at"),
    "dispatched_at": QT_TRANSLATE_NOOP("Dispatch", "Dispatched at"),
    "arrived_at": QT_TRANSLATE_NOOP("Dispatch", "Arrived at"),
    "cleared_at": QT_TRANSLATE_NOOP("Dispatch", "Cleared at"),
    "longitude": QT_TRANSLATE_NOOP("Dispatch", "Longitude"),
    "latitude": QT_TRANSLATE_NOOP("Dispatch", "Latitude"),
    "address": QT_TRANSLATE_NOOP("Dispatch", "Address"),
    "area": QT_TRANSLATE_NOOP("Dispatch", "Area"),
    "ward": QT_TRANSLATE_NOOP("Dispatch", "Ward"),
    "station": QT_TRANSLATE_NOOP("Dispatch", "Station"),
    "units": QT_TRANSLATE_NOOP("Dispatch", "Units"),
    "needs": QT_TRANSLATE_NOOP("Dispatch", "Needs"),
    "vehicles": QT_TRANSLATE_NOOP("Dispatch", "Vehicles"),
    "injuries": QT_TRANSLATE_NOOP("Dispatch", "Injuries"),
    "injured": QT_TRANSLATE_NOOP("Dispatch", "Injured"),
    "lanes": QT_TRANSLATE_NOOP("Dispatch", "Lanes blocked"),
    "weather": QT_TRANSLATE_NOOP("Dispatch", "Weather"),
    "traffic": QT_TRANSLATE_NOOP("Dispatch", "Traffic"),
    "description": QT_TRANSLATE_NOOP("Dispatch", "Description"),
    "accounts": QT_TRANSLATE_NOOP("Dispatch", "What others said"),
    "reports": QT_TRANSLATE_NOOP("Dispatch", "Reports"),
    "source": QT_TRANSLATE_NOOP("Dispatch", "Came by"),
    "call_sign": QT_TRANSLATE_NOOP("Dispatch", "Call sign"),
    "duty": QT_TRANSLATE_NOOP("Dispatch", "Duty"),
    "crew": QT_TRANSLATE_NOOP("Dispatch", "Crew"),
    "skills": QT_TRANSLATE_NOOP("Dispatch", "Skills"),
    "incident": QT_TRANSLATE_NOOP("Dispatch", "Incident"),
    "sent_at": QT_TRANSLATE_NOOP("Dispatch", "Sent at"),
    "well_due_at": QT_TRANSLATE_NOOP("Dispatch", "Crew asked by"),
    "accuracy_m": QT_TRANSLATE_NOOP("Dispatch", "Accuracy, m"),
    "position_at": QT_TRANSLATE_NOOP("Dispatch", "Position at"),
    "position_age_s": QT_TRANSLATE_NOOP("Dispatch", "Age of the position, s"),
}


class BoardExport(ListExport):
    """Writes what the boards show, in their order; the desk tells what came of it."""

    def __init__(self, desk: "DispatchWorkspace") -> None:
        super().__init__(desk.gear.session, desk.gear.lanes, desk)
        self._desk = desk
        self.told.connect(self._tell)

    def _tell(self, words: str) -> None:
        self._desk.middle.tell(words, "", can_undo=False)

    def take_incidents(self) -> None:
        """Take the board of incidents out."""
        rows = tuple(line.row for line in self._desk.lines.incidents)
        export = partial(export_incidents, self._desk.gear.session, rows)
        title = say("Incidents")
        notes, titles = self._notes(), _titles(INCIDENTS)
        self.start(Taken("incidents", title, len(rows), export, notes, titles))

    def take_units(self) -> None:
        """Take the board of units out."""
        rows = tuple(line.row for line in self._desk.lines.units)
        export = partial(export_units, self._desk.gear.session, rows)
        notes, titles = self._notes(), _titles(UNITS)
        self.start(Taken("units", say("Units"), len(rows), export, notes, titles))

    def _notes(self) -> tuple[str, ...]:
        gear = self._desk.gear
        now = gear.session.clock().astimezone(gear.zone)
        return (say("As of {time}").format(time=now.isoformat(timespec="minutes")),)


def _titles(shape: Shape) -> dict[str, str]:
    # QT_TRANSLATE_NOOP gives its text back, typed as an object.
    return {name: say(str(_COLUMNS[name])) for name, _ in shape.columns}
