"""What is shown of the chosen incident beside its row: whom to send, ways, the panel in full."""

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from trafficdesk.domain.records import Event, Media
from trafficdesk.qt.dispatch.lines import IncidentLine
from trafficdesk.qt.dispatch.map_symbols import Way
from trafficdesk.qt.dispatch.suggestions import Suggestion
from trafficdesk.qt.dispatch.suggestions import suggest as find_suggestion
from trafficdesk.qt.dispatch.words import place, title, travel
from trafficdesk.qt.review.enlarged import EnlargedPhoto
from trafficdesk.qt.tasks import Lane
from trafficdesk.services.incident_timeline import find_timeline
from trafficdesk.services.media import find_of_incident

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace


class Showing(QObject):
    """Reads off the GUI thread and shows, if it is still what is chosen."""

    def __init__(self, desk: "DispatchWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        self._lanes = desk.gear.lanes.owned_by(self)
        self.enlarged = EnlargedPhoto(desk.detail.viewer)
        self.enlarged.setParent(desk)
        self.enlarged.closed.connect(self.leave_photo)
        desk.detail.viewer.enlarged.connect(self._enlarge)
        news = desk.photos.news
        desk.gear.changes.changed.connect(news.look)
        news.asked.connect(desk.gear.changes.tell)

    def suggest(self, line: IncidentLine | None) -> None:
        """Ask whom to send to an incident."""
        if line is None:
            self._show_suggestion(None, None)
            return
        lines, gear = self._desk.lines, self._desk.gear
        self._lanes.run(
            Lane.READER,
            lambda: find_suggestion(line, lines, gear.travel, gear.session.lease_clock()),
            partial(self._show_suggestion, line),
            key="suggest",
        )

    def _show_suggestion(self, line: IncidentLine | None, found: Suggestion | None) -> None:
        if line is None or found is None:
            self._desk.strip.show_nothing()
            self._show_estimates(None)
            return
        self._desk.strip.show_suggestion(line, found, self._desk.gear.session.lease_clock())
        self._desk.strip.refuse(self._desk.reasons.send())
        self._show_estimates(found)
        self._desk.gear.commands.state_changed.emit()

    def _show_estimates(self, found: Suggestion | None) -> None:
        by_unit = {} if found is None else found.by_unit
        self._desk.units.delegate.estimates = {unit: travel(s) for unit, s in by_unit.items()}
        self._desk.units.list.viewport().update()
        options = () if found is None else found.options[:2]
        ways = [
            Way(each.line, f"{each.call_sign}  {travel(each.seconds)}", rank)
            for rank, each in enumerate(options)
            if each.line
        ]
        ways += [
            Way((line.place, line.incident.place), "", 0, is_under_way=True)
            for line in self._desk.lines.units
            if line.incident is not None and line.place is not None and line.is_under_way
        ]
        self._desk.map.show_ways(ways)

    def show_detail(self, line: IncidentLine) -> None:
        """Show an incident in full, with what happened to it."""
        signs: dict[object, str] = {each.id: each.unit.call_sign for each in self._desk.lines.units}
        by_assignment: dict[object, str] = {
            row.assignment.id: signs.get(row.assignment.unit_id, "") for row in line.row.assignments
        }
        detail, session = self._desk.detail, self._desk.gear.session
        if detail.line is None or detail.line.id != line.id:
            detail.show_photos(())
        detail.show_incident(line, signs)

        def show(found: tuple[tuple[Event, ...], tuple[Media, ...]]) -> None:
            events, photos = found
            if detail.line is not None and detail.line.id == line.id:
                detail.show_events(events, {**signs, **by_assignment})
                detail.show_photos(photos)

        self._lanes.run(
            Lane.READER,
            lambda: (tuple(find_timeline(session, line.id)), find_of_incident(session, line.id)),
            show,
            key="timeline",
        )

    def _enlarge(self) -> None:
        line = self._desk.detail.line
        self.enlarged.set_title("" if line is None else f"{title(line)} · {place(line)}")
        self.enlarged.setGeometry(self._desk.rect())
        self.enlarged.open()

    def leave_photo(self) -> bool:
        """Close the large photo; False when none is open."""
        was_open = not self.enlarged.isHidden()
        self.enlarged.hide()
        return was_open
