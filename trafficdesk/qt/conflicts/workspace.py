"""The conflict desk: the list at the leading side, one conflict beside it."""

from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.conflicts import Side
from trafficdesk.qt.conflicts import words
from trafficdesk.qt.conflicts.acts import Acts
from trafficdesk.qt.conflicts.bar import ConflictBar
from trafficdesk.qt.conflicts.column import ConflictColumn
from trafficdesk.qt.conflicts.conflict_commands import conflict_commands
from trafficdesk.qt.conflicts.conflict_export import ConflictExport
from trafficdesk.qt.conflicts.conflict_hints import conflict_hints
from trafficdesk.qt.conflicts.listing import (
    OPEN,
    PARKED,
    SETTLED,
    Chosen,
    Eyes,
    Listed,
    entries,
    load,
)
from trafficdesk.qt.conflicts.page import ConflictPage
from trafficdesk.qt.conflicts.parked_page import ParkedPage
from trafficdesk.qt.conflicts.reach import Reach
from trafficdesk.qt.conflicts.view import ConflictView
from trafficdesk.qt.conflicts.words import Reader, say
from trafficdesk.qt.conflicts.writing import Writing
from trafficdesk.qt.key_hints import KeyHints
from trafficdesk.qt.later import Soon
from trafficdesk.qt.review.gear import ReviewGear
from trafficdesk.qt.sync.need_you import Ways
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.messages import EmptyState
from trafficdesk.qt.widgets.panels import Panel, StackedPage
from trafficdesk.services import conflicts
from trafficdesk.services.changes import Changed
from trafficdesk.services.conflicts import ConflictDetail, Surroundings

_SOON_MS: Final = 120
_OFFERED: Final = {
    OPEN: frozenset(
        {"conflicts.mine", "conflicts.theirs", "conflicts.edit", "conflicts.save", "conflicts.undo"}
    ),
    SETTLED: frozenset({"conflicts.reopen", "conflicts.undo"}),
    PARKED: frozenset({"conflicts.retry", "conflicts.edit", "conflicts.withdraw"}),
}


class ConflictsWorkspace(QWidget):
    """``report_opened`` carries a report's number."""

    report_opened = Signal(int)

    def __init__(self, gear: ReviewGear) -> None:
        super().__init__()
        self.gear = gear
        self._lanes = gear.lanes.owned_by(self)
        self._reader = Reader(gear.session.officer.id, gear.zone)
        self.listed = Listed()
        self.is_loaded = False
        self.lost: UUID | None = None
        self._wanted: UUID | None = None
        self.writing = Writing(gear, self)
        self.reach = Reach(self)
        self.acts = Acts(self)
        self._make_parts()
        self._lay_out()
        self._soon = Soon(self, _SOON_MS, self.load)
        self._connect()
        self.load()

    def _make_parts(self) -> None:
        gear = self.gear
        self.export = ConflictExport(self)
        self.column = ConflictColumn(self.export.writing.strip)
        self.page = ConflictPage(gear)
        self.parked = ParkedPage(Ways(self.report_opened.emit, None, gear.zone))
        self.empty = EmptyState()
        self.pages = StackedPage()
        self.bar = ConflictBar(gear.commands)

    def _lay_out(self) -> None:
        side = Panel()
        main = QVBoxLayout(side)
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(0)
        main.addWidget(self.pages, 1)
        main.addWidget(Hairline())
        main.addWidget(self.bar)
        self.pages.keep(self.page, self.parked)
        self.pages.show_page(self.empty)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.column)
        row.addWidget(Hairline(Qt.Orientation.Vertical))
        row.addWidget(side, 1)
        self.setFocusProxy(self.column)

    def _connect(self) -> None:
        gear = self.gear
        self.column.tab_opened.connect(self._open_tab)
        self.column.list.opened.connect(self._open)
        self.column.list.marked_changed.connect(lambda _count: self.show_state())
        self.column.filters.changed.connect(self._filter)
        self.column.empty.acted.connect(self.column.filters.clear)
        self.column.toast.undone.connect(self.writing.undo)
        self.page.changed.connect(self.show_state)
        self.page.table.moved.connect(self.show_state)
        self.page.saved.connect(lambda: gear.commands.run("conflicts.save"))
        self.page.bulk_wanted.connect(lambda: gear.commands.run("conflicts.bulk"))
        self.parked.retried.connect(self.writing.retry)
        self.parked.withdrawn.connect(self.writing.withdraw)
        self.parked.edited.connect(self.writing.do_anew)
        self.parked.bulk.retried.connect(self.acts.retry)
        self.parked.bulk.withdrawn.connect(self.acts.withdraw_marked)
        self.parked.form.left.connect(self.column.list.setFocus)
        self.writing.told.connect(self._tell)
        self.writing.refused.connect(self._tell_refused)
        self.writing.finished.connect(self._finished)
        gear.commands.add(conflict_commands(self), owner=self)
        KeyHints(gear.commands, conflict_hints(self), self)
        gear.changes.changed.connect(self._follow)

    # reading

    @Slot(object)
    def _follow(self, changed: Changed) -> None:
        if changed.outdone:
            self.column.tell_outdone()
        if self.isVisible():
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.load()

    def load(self) -> None:
        """Read what the tabs list."""
        session, view = self.gear.session, self.page.view
        shown = None if view is None or self.tab() != OPEN else view.detail.conflict.id
        look_for = self._wanted or shown
        self._lanes.run(Lane.READER, lambda: load(session, look_for), self._take, key="listed")

    def _take(self, listed: Listed) -> None:
        self.listed, self.is_loaded = listed, True
        lost = self._find_lost(listed)
        if lost is not None:
            self.lost = lost.conflict.id
        self._show_list()
        if self._wanted is not None:
            self._go_to(self._wanted)
        elif lost is not None:
            self._show_lost(lost)

    def _find_lost(self, listed: Listed) -> ConflictDetail | None:
        """Return the conflict before our eyes if somebody else has settled it meanwhile."""
        view, found = self.page.view, listed.looked_for
        if view is None or found is None or self.tab() != OPEN or self._wanted is not None:
            return None
        is_other = found.conflict.id == view.detail.conflict.id and not view.is_settled
        is_settled = ConflictView(found, self._reader).is_settled
        return (
            found if is_other and is_settled and found.conflict.id not in self.writing.own else None
        )

    def _show_list(self) -> None:
        session, filters = self.gear.session, self.column.filters
        eyes = Eyes(self._reader, session.clock(), partial(conflicts.may_settle, session))
        chosen = Chosen(self.tab(), filters.filters, is_newest_first=filters.is_newest_first)
        self.column.list.blockSignals(self.lost is not None)
        self.column.show_listed(self.listed, entries(self.listed, chosen, eyes), eyes)
        self.column.list.blockSignals(False)
        if self.lost is None:
            self._refresh_shown()
        self.show_state()

    def _refresh_shown(self) -> None:
        """Show anew what has changed under our eyes."""
        view, current = self.page.view, self.column.list.entries.current
        found = self.listed.find(current)
        is_other = view is None or view.detail.conflict.id != current
        if self.tab() == PARKED or found is None or view is None or is_other:
            self._open(current)
        elif view.detail.conflict.revision != found.conflict.revision:
            was_open = not view.is_settled
            self._open(current)
            if was_open and self.tab() == OPEN:
                self.page.message.note(
                    say("It has changed while you looked"),
                    say("More was changed on one side. Look again, then choose."),
                )
        elif view.detail.conflict.sync_state != found.conflict.sync_state:
            self._open(current)

    def tab(self) -> str:
        """Return the id of the open tab."""
        return self.column.tabs.open_id()

    # showing

    def show_conflict(self, conflict_id: UUID) -> None:
        """Show a conflict, open or settled."""
        self._wanted = conflict_id
        self.load()

    def _go_to(self, conflict_id: UUID) -> None:
        self._wanted = None
        is_open = any(each.conflict.id == conflict_id for each in self.listed.open)
        tab = OPEN if is_open else SETTLED
        if tab != self.tab():
            self.column.tabs.open(tab)
            self._show_list()
        if not self.column.list.open(conflict_id):  # the filters leave it out
            self.column.filters.clear()
            self.column.list.open(conflict_id)

    def open_tab(self, tab: str) -> None:
        """Open a tab."""
        self.column.tabs.open(tab)
        self._open_tab(tab)
        self.column.list.setFocus()

    @Slot()
    def _filter(self) -> None:
        self.lost = None
        self._show_list()
        self.column.list.setFocus()

    def _open_tab(self, _tab: str) -> None:
        self.lost = None
        self.page.view = None
        self.column.list.clear_marks()
        self._show_list()

    def _open(self, entry_id: object) -> None:
        self.lost = None
        if entry_id is None:
            self._show_empty()
        elif self.tab() == PARKED:
            found = self.listed.find_parked(entry_id)
            if found is not None and found != self.parked.parked:
                self.parked.show_parked(found, self.listed.names)
            self.pages.show_page(self.parked)
        else:
            detail = self.listed.find(entry_id)
            if detail is not None:
                self._show(detail)
        self.show_state()

    def _show_empty(self) -> None:
        self.page.view = None
        if self.column.is_filtered():
            self.empty.tell(say("No match"), say("Esc clears the filters"))
            self.pages.show_page(self.empty)
            return
        done = self.listed.progress.settled
        told = say("Settled since you signed in: {count}").format(count=done) if done else ""
        if self.tab() == OPEN:
            self.empty.tell(say("Nothing here needs you"), told)
        else:  # the list says it
            self.empty.tell("")
        self.pages.show_page(self.empty)

    def _show(self, detail: ConflictDetail) -> None:
        session = self.gear.session
        may = conflicts.may_settle(session, detail.conflict)
        refusal = "" if may else self._why_not(detail)
        view = ConflictView(detail, self._reader, refusal)
        self.page.show_view(view)
        self.pages.show_page(self.page)
        self._lanes.run(
            Lane.READER,
            lambda: conflicts.look_around(session, detail),
            partial(self._take_around, view),
            key="around",
        )

    def _take_around(self, view: ConflictView, around: Surroundings) -> None:
        if view is self.page.view:
            self.page.show_around(around)

    def _why_not(self, detail: ConflictDetail) -> str:
        mine = words.people(detail, self._reader)[0]
        told = say("{name}'s change met another. It is settled at their desk, or by a supervisor.")
        return told.format(name=mine)

    def _show_lost(self, detail: ConflictDetail) -> None:
        self._show(detail)
        self.lost = detail.conflict.id
        self.page.message.note(
            words.settled_line(detail, self._reader, meanwhile=True),
            say("Your choice was not written. This is theirs; press {key} to go on.").format(
                key=self.gear.commands.first_key("conflicts.next")
            ),
        )
        self.show_state()

    def step(self, by: int) -> None:
        """Go to the next or the previous row; from one that was lost, to where it stood."""
        was_lost, self.lost = self.lost is not None, None
        self.column.list.step(0 if was_lost and by > 0 else by)

    def step_line(self, by: int) -> None:
        """Go to the next or the previous line of the table."""
        self.page.table.go_to(self.page.table.table.current + by)

    def leave(self) -> None:
        """Close what is open on top: the line being written, the marks, the note."""
        if not (self.page.leave() or self.parked.leave()) and self.column.list.entries.marked:
            self.column.list.clear_marks()
        elif not self.column.list.entries.entries and self.column.is_filtered():
            self.column.filters.clear()
        self.column.list.setFocus()

    def show_state(self) -> None:
        """Offer what can be done now."""
        view, tab = self.page.view, self.tab()
        left = ""
        if view is not None and tab == OPEN and not view.is_settled and not view.refusal:
            left = words.answers_left(view.sheet)
        self.bar.show_state(_OFFERED[tab], left)
        self.page.show_bulk(self.reach.bulk_words())
        self.parked.bulk.tell(len(self.column.list.entries.marked) if tab == PARKED else 0)
        self.gear.commands.state_changed.emit()

    # choosing

    def choose(self, side: Side) -> None:
        """Choose a side for the current line."""
        self.page.choose(side)

    def choose_all(self, side: Side) -> None:
        """Choose a side for the whole conflict."""
        self.page.choose_all(side)

    # what was written

    def _tell(self, told: str, detail: str, can_undo: bool) -> None:
        self.column.tell(told, detail, can_undo=can_undo)

    def _tell_refused(self, sentences: str) -> None:
        self.page.message.tell(say("Not all was settled"), sentences)

    def _finished(self, conflict_id: UUID | None) -> None:
        self.column.list.clear_marks()
        if conflict_id is not None:
            self._wanted = conflict_id
        self.load()

    def open_report(self) -> None:
        """Open the report in the review."""
        self.report_opened.emit(self.reach.report_pk())

    # sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Take the list's width from the look that holds now."""
        self._fit()

    def _fit(self) -> None:
        wide = self.width() >= px(1500)
        wanted = px(400 if wide else 308)
        self.column.setFixedWidth(max(280, min(wanted, round(self.width() * 0.29))))
