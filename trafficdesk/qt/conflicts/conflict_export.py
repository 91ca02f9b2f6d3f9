"""Taking the conflicts that are listed out as a file."""

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QT_TRANSLATE_NOOP

from trafficdesk.qt.conflicts.listing import OPEN, PARKED
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.exporting.list_export import ListExport, Taken
from trafficdesk.services.conflict_exports import CONFLICTS, count_rows, export_conflicts

if TYPE_CHECKING:
    from trafficdesk.qt.conflicts.workspace import ConflictsWorkspace

_COLUMNS: Final[dict[str, object]] = {
    "record": QT_TRANSLATE_NOOP("Conflicts", "Record"),
    "kind": QT_TRANSLATE_NOOP("Conflicts", "Kind"),
    "status": QT_TRANSLATE_NOOP("Conflicts", "Status"),
    "field": QT_TRANSLATE_NOOP("Conflicts", "Field"),
    "base": QT_TRANSLATE_NOOP("Conflicts", "Before"),
    "mine": QT_TRANSLATE_NOOP("Conflicts", "Mine"),
    "theirs": QT_TRANSLATE_NOOP("Conflicts", "Theirs"),
    "in_question": QT_TRANSLATE_NOOP("Conflicts", "In question"),
    "chosen": QT_TRANSLATE_NOOP("Conflicts", "Chosen"),
    "mine_by": QT_TRANSLATE_NOOP("Conflicts", "Mine by"),
    "mine_at": QT_TRANSLATE_NOOP("Conflicts", "Mine at"),
    "theirs_by": QT_TRANSLATE_NOOP("Conflicts", "Theirs by"),
    "theirs_at": QT_TRANSLATE_NOOP("Conflicts", "Theirs at"),
    "opened_at": QT_TRANSLATE_NOOP("Conflicts", "Open since"),
    "settled_by": QT_TRANSLATE_NOOP("Conflicts", "Settled by"),
    "settled_at": QT_TRANSLATE_NOOP("Conflicts", "Settled at"),
    "note": QT_TRANSLATE_NOOP("Conflicts", "Note"),
    "station": QT_TRANSLATE_NOOP("Conflicts", "Station"),
    "longitude": QT_TRANSLATE_NOOP("Conflicts", "Longitude"),
    "latitude": QT_TRANSLATE_NOOP("Conflicts", "Latitude"),
}


class ConflictExport(ListExport):
    """Writes what the open tab lists, in its order; the desk's column tells what came of it."""

    def __init__(self, desk: "ConflictsWorkspace") -> None:
        super().__init__(desk.gear.session, desk.gear.lanes, desk)
        self._desk = desk
        self.told.connect(self._tell)

    def _tell(self, words: str) -> None:
        self._desk.column.tell(words, can_undo=False)

    def refusal(self) -> str:
        """Return why the list can't be taken out, "" if it can."""
        if self._desk.tab() == PARKED:
            return say("Open the conflicts or those settled first")
        return super().refusal()

    def take(self) -> None:
        """Take the open tab's conflicts out."""
        desk = self._desk
        listed = (*desk.listed.open, *desk.listed.settled)
        place = {entry.id: at for at, entry in enumerate(desk.column.list.entries.entries)}
        shown = (each for each in listed if each.conflict.id in place)
        details = tuple(sorted(shown, key=lambda each: place[each.conflict.id]))
        export = partial(export_conflicts, desk.gear.session, details)
        titles = {name: say(_COLUMNS[name]) for name, _ in CONFLICTS.columns}
        total, notes = count_rows(details), self._notes()
        self.start(Taken("conflicts", say("Conflicts"), total, export, notes, titles))

    def _notes(self) -> tuple[str, ...]:
        """Return which conflicts they are, in what order, and as of when."""
        desk, filters = self._desk, self._desk.column.filters
        words = [say("Open")] if desk.tab() == OPEN else [say("Settled")]
        if desk.tab() == OPEN:
            words.append(say("Newest first") if filters.is_newest_first else say("Oldest first"))
            words += [say("Only what needs me")] * filters.filters.needs_me
        now = desk.gear.session.clock().astimezone(desk.gear.zone)
        as_of = say("As of {time}").format(time=now.isoformat(timespec="minutes"))
        return (" · ".join([*words, *filters.words()]), as_of)
