"""Tools on the map: measuring, and areas drawn, named, given another shape and removed."""

import json
from functools import partial

from PySide6.QtCore import QObject, Signal

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import Geofence
from trafficdesk.domain.vocabulary import GeofenceKind
from trafficdesk.maps.surroundings import find_geofence
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.map.frame import MapFrame
from trafficdesk.qt.map.things import KEEP, REMOVE, REMOVE_NOW, RENAME, RESHAPE, area_thing
from trafficdesk.qt.map.tools import DRAW
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import areas
from trafficdesk.services.outcomes import Outcome
from trafficdesk.services.session import Session


class Drawing(QObject):
    """Starts and ends the page's tools; ``told`` carries a sentence about what was done."""

    told = Signal(str)
    closed = Signal()
    placed = Signal()

    def __init__(self, session: Session, equipment: Equipment, frame: MapFrame) -> None:
        super().__init__(frame)
        self._session = session
        self._lanes = equipment.lanes.owned_by(self)
        self._changes = equipment.changes
        self._view = view = frame.view
        self._side = frame.side
        self.form = frame.form
        self._geometry = ""
        self._area: Geofence | None = None
        self.tool = ""
        self.form.saved.connect(self._save)
        self.form.cancelled.connect(self.cancel)
        view.channel.area_drawn.connect(self._take_shape)
        view.channel.tool_started.connect(self._note_started)
        view.channel.tool_ended.connect(self._note_ended)

    def draw_refusal(self) -> str:
        """Return why no area can be drawn, "" if it can."""
        if self._session.may(Permission.GEOFENCE_EDIT):
            return ""
        return self.tr("Your role may not draw areas")

    def toggle(self, tool: str) -> None:
        """Take up a tool, or put it away if it is in hand."""
        self.form.hide()
        if self.tool == tool:
            self._view.run("cancelTool")
            return
        if tool == DRAW and (refusal := self.draw_refusal()):
            self.told.emit(refusal)
            return
        self.tool = tool
        self._view.setFocus()
        self._view.run("startTool", tool)

    def _note_started(self, tool: str) -> None:
        """Follow the page's own buttons, which know nothing of permissions."""
        self.form.hide()
        self.tool = tool
        if tool == DRAW and (refusal := self.draw_refusal()):
            self._view.run("cancelTool")
            self.told.emit(refusal)

    def _note_ended(self, tool: str, how: str) -> None:
        if self.tool == tool:
            self.tool = ""

    def cancel(self) -> bool:
        """Put away what is in hand; False when nothing is."""
        if self.form.isVisible():
            self.form.hide()
            self._geometry = ""
            self._view.run("cancelTool")
            self._view.setFocus()
            return True
        if self.tool:
            self._view.run("cancelTool")
            return True
        return False

    def add_point(self) -> None:
        """Set a point in the middle of the map."""
        self._view.run("addPoint")

    def undo_point(self) -> None:
        """Take the last point back."""
        self._view.run("undoPoint")

    def finish(self) -> None:
        """Finish the line or area."""
        self._view.run("finishTool")

    def _take_shape(self, geometry: str, area_id: str) -> None:
        """Keep a new area's shape until it has a name; write that of one that is there."""
        if self.draw_refusal():
            return
        area = self._area
        if area_id and area is not None and area_id == str(area.id):
            work = partial(areas.reshape, self._session, area.id, area.revision, geometry)
            self._lanes.run(Lane.WRITER, work, partial(self._reshaped, area))
            return
        self._geometry = geometry
        self.form.ask(self.tr("Name the new area"), asks_kind=True)
        self.placed.emit()

    def _save(self, name: str, kind: str) -> None:
        area = self._area
        if self._geometry or area is None:
            work = partial(areas.draw, self._session, name, GeofenceKind(kind), self._geometry)
        else:
            work = partial(areas.rename, self._session, area.id, area.revision, name)
        self._lanes.run(Lane.WRITER, work, partial(self._saved, name.strip()))

    def _saved(self, name: str, outcome: Outcome) -> None:
        if outcome.refused:
            self.form.refuse(refusal_sentence(outcome.refused[0].code))
            return
        self.form.hide()
        area, self._geometry = self._area if not self._geometry else None, ""
        self._view.run("cancelTool")
        self._view.setFocus()
        self._changes.tell(outcome.changed)
        self.told.emit(self.tr("Kept: {name}").format(name=name))
        if area is not None:
            self.show_area(str(area.id))

    def show_area(self, area_id: str) -> None:
        """Show a drawn area's card."""
        self._lanes.run(
            Lane.READER,
            partial(find_geofence, self._session.store, area_id),
            self._show_found,
            key="area",
        )

    def _show_found(self, found: Geofence | None) -> None:
        self._area = found
        if found is None:
            self.closed.emit()
            return
        self._side.show_thing(*area_thing(found, self._edit_refusal()))

    def _edit_refusal(self) -> str:
        if self._session.may(Permission.GEOFENCE_EDIT):
            return ""
        return self.tr("Your role may not change areas")

    def take_offer(self, offer: str) -> None:
        """Do what the card of an area offers."""
        area = self._area
        if area is None:
            return
        if offer == RESHAPE:
            shape = {"id": str(area.id), "geometry": json.loads(area.geometry)}
            self._view.setFocus()
            self._view.run("startTool", DRAW, shape)
        elif offer == RENAME:
            self.form.ask(self.tr("Rename the area"), area.name, asks_kind=False)
            self.placed.emit()
        elif offer in {REMOVE, KEEP}:
            asks = offer == REMOVE
            self._side.show_thing(*area_thing(area, self._edit_refusal(), asks=asks))
        elif offer == REMOVE_NOW:
            work = partial(areas.remove, self._session, area.id, area.revision)
            self._lanes.run(Lane.WRITER, work, partial(self._removed, area))

    def _reshaped(self, area: Geofence, outcome: Outcome) -> None:
        self._view.run("cancelTool")
        if outcome.refused:
            self.told.emit(refusal_sentence(outcome.refused[0].code))
        else:
            self._changes.tell(outcome.changed)
            self.told.emit(self.tr("Kept: {name}").format(name=area.name))
        self.show_area(str(area.id))

    def _removed(self, area: Geofence, outcome: Outcome) -> None:
        if outcome.refused:
            self.told.emit(refusal_sentence(outcome.refused[0].code))
            return
        self._area = None
        self._changes.tell(outcome.changed)
        self.told.emit(self.tr("Removed: {name}").format(name=area.name))
        self.closed.emit()
