"""What can be done now at the conflict desk, and why not."""

from typing import TYPE_CHECKING

from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.listing import OPEN, PARKED, SETTLED
from trafficdesk.qt.conflicts.sheet import sides_alike
from trafficdesk.qt.conflicts.words import say
from trafficdesk.services import conflicts
from trafficdesk.services.conflicts import ConflictDetail
from trafficdesk.services.parked import may_be_edited

if TYPE_CHECKING:
    from trafficdesk.qt.conflicts.workspace import ConflictsWorkspace


class Reach:
    """Each refusal is a reason as a sentence, "" where nothing stands against it."""

    def __init__(self, desk: "ConflictsWorkspace") -> None:
        self._desk = desk

    def refusal_to_choose(self, *, is_whole: bool = False) -> str:
        """Return why nothing can be chosen now."""
        if self._desk.tab() != OPEN or self._desk.page.view is None:
            return say("Choose an open conflict first")
        return self._desk.page.refusal_to_choose(is_whole=is_whole)

    def refusal_to_edit(self) -> str:
        """Return why the line can't be written by hand, or done anew."""
        if self._desk.tab() == PARKED:
            return self.refusal_to_move_on() or self._refusal_to_do_anew()
        return self.refusal_to_choose() or self._desk.page.refusal_to_edit()

    def refusal_to_place(self) -> str:
        """Return why no place can be put on the map."""
        return self.refusal_to_choose(is_whole=True) or self._desk.page.refusal_to_place()

    def refusal_to_note(self) -> str:
        """Return why there is no note to write."""
        return self.refusal_to_choose(is_whole=True)

    def refusal_to_save(self) -> str:
        """Return why it can't be saved yet."""
        if self._desk.lost is not None or self._desk.page.map.is_walking:
            return ""
        refusal = self.refusal_to_choose(is_whole=True)
        view = self._desk.page.view
        if refusal or view is None:
            return refusal
        if self._desk.writing.is_busy:
            return say("It is being saved")
        return words.answers_left(view.sheet)

    def many(self) -> list[ConflictDetail]:
        """Return what the same answer fits: what is marked, else what asks the same."""
        view, session = self._desk.page.view, self._desk.gear.session
        if view is None or self._desk.tab() != OPEN or view.is_settled:
            return []
        entries, here = self._desk.column.list.entries, view.detail.conflict
        marked = entries.marked
        return [
            each
            for each in self._desk.listed.open
            if entries.place_of(each.conflict.id) is not None
            and conflicts.may_settle(session, each.conflict)
            and (each.conflict.id in marked if marked else sides_alike(each.conflict, here))
        ]

    def bulk_words(self) -> str:
        """Return what settles many at once, "" if nothing does."""
        view = self._desk.page.view
        side = None if view is None else view.sheet.one_side()
        found = self.many() if side is not None else []
        is_marked = bool(self._desk.column.list.entries.marked)
        if side is None or len(found) < (1 if is_marked else 2):
            return ""
        return words.bulk_words(side, len(found), is_marked=is_marked)

    def refusal_to_many(self) -> str:
        """Return why the answer can't be given to many."""
        view = self._desk.page.view
        refusal = self.refusal_to_choose(is_whole=True)
        if refusal or view is None:
            return refusal
        if view.sheet.one_side() is None:
            return say("Choose one side for this one first")
        return "" if self.bulk_words() else say("No other conflict asks the same")

    def refusal_to_undo(self) -> str:
        """Return why nothing can be taken back here."""
        return "" if self._desk.writing.can_undo else say("Nothing was settled here since you came")

    def refusal_to_reopen(self) -> str:
        """Return why it can't be opened again."""
        view = self._desk.page.view
        if self._desk.tab() != SETTLED or view is None:
            return say("Choose a settled conflict first")
        return view.refusal

    def refusal_to_filter(self) -> str:
        """Return why the list can't be filtered."""
        return say("Only conflicts are filtered") if self._desk.tab() == PARKED else ""

    def refusal_to_need(self) -> str:
        """Return why the list can't be cut down to what needs the officer."""
        return "" if self._desk.tab() == OPEN else say("Only open conflicts need anybody")

    def report_pk(self) -> int:
        """Return the number of the report on screen, 0 for none."""
        found = self._desk.parked.parked if self._desk.tab() == PARKED else None
        if found is not None:
            return found.report.pk if found.report else 0
        view = self._desk.page.view
        return view.detail.report.pk if view is not None and view.detail.report else 0

    def refusal_to_open(self) -> str:
        """Return why there is no report to open."""
        return "" if self.report_pk() else say("There is no report on this desk to open")

    def _refusal_to_do_anew(self) -> str:
        found = self._desk.parked.parked
        if found is None or found.report is None:
            return say("There is no report on this desk to do it on")
        is_editable = may_be_edited(found.operation)
        return "" if is_editable else say("Do it anew where it was done, and withdraw this")

    def refusal_to_move_on(self) -> str:
        """Return why nothing can be retried or withdrawn."""
        is_there = self._desk.tab() == PARKED and self._desk.column.list.entries.current is not None
        return "" if is_there else say("Choose what was set aside first")
