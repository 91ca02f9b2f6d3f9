"""The leading column: how far we are, three tabs, the list, and the note of what was done."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.ages import number
from trafficdesk.qt.conflicts.bar import BAR_PX
from trafficdesk.qt.conflicts.entry_list import Entry, EntryList
from trafficdesk.qt.conflicts.filter_bar import FilterBar
from trafficdesk.qt.conflicts.listing import OPEN, PARKED, SETTLED, Eyes, Listed, counted
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, Label
from trafficdesk.qt.widgets.messages import EmptyState
from trafficdesk.qt.widgets.panels import Panel, StackedPage, _Bar
from trafficdesk.qt.widgets.tab_strip import Tab, TabStrip
from trafficdesk.qt.widgets.toast import Toast

TABS = (OPEN, SETTLED, PARKED)


class ConflictColumn(Panel):
    """``tab_opened`` carries the tab's id. ``strip`` stands above the foot while it is shown."""

    tab_opened = Signal(str)

    def __init__(self, strip: QWidget) -> None:
        super().__init__()
        self._heading = Label(say("Conflicts"), 15, 600)
        self.progress = Label("", 13, 600).set_numeric()
        self.bar = _Bar()
        self._tabs: tuple[Tab, ...] = (
            Tab(OPEN, say("Open")),
            Tab(SETTLED, say("Settled")),
            Tab(PARKED, say("Set aside")),
        )
        self.tabs = TabStrip(self._tabs)
        self.filters = FilterBar()
        self._filters_end = Hairline()
        self.list = EntryList()
        self.empty = EmptyState()
        self.pages = StackedPage()
        self.toast = Toast()
        self.marks = ElidedLabel("", 13, 500, "text2")
        self._lay_out(strip)
        self.tabs.opened.connect(self.tab_opened)
        self.list.marked_changed.connect(self._show_marks)
        self.toast.expired.connect(self.marks.show)

    def _lay_out(self, strip: QWidget) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(12, 10, 12, 0)
        head.addWidget(self._heading)
        head.addStretch(1)
        head.addWidget(self.progress)
        line = QHBoxLayout()
        line.setContentsMargins(12, 6, 12, 4)
        line.addWidget(self.bar)
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(8, 8, 8, 8)
        foot.addWidget(self.toast, 1)
        foot.addWidget(self.marks, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(line)
        column.addWidget(self.tabs)
        column.addWidget(Hairline())
        column.addWidget(self.filters)
        column.addWidget(self._filters_end)
        column.addWidget(self.pages, 1)
        column.addWidget(Hairline())
        column.addWidget(strip)
        column.addWidget(self._foot)
        self.pages.show_page(self.list)
        self.pages.keep(self.empty)
        self.setFocusProxy(self.list)
        self.restyle()

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self._foot.setFixedHeight(px(BAR_PX))
        super().restyle()

    def set_tab_key(self, tab_id: str, key: str) -> None:
        """Show another key for a tab."""
        self._tabs = tuple(
            replace(each, key=key) if each.id == tab_id else each for each in self._tabs
        )
        self.tabs.set_tabs(self._tabs)

    def is_filtered(self) -> bool:
        """Tell whether the open tab lists less than it has."""
        tab, filters = self.tabs.open_id(), self.filters.filters
        return tab != PARKED and (bool(filters.active()) or (tab == OPEN and filters.needs_me))

    def show_listed(self, listed: Listed, rows: list[Entry], eyes: Eyes) -> None:
        """Show the rows of the open tab, and the counts of all."""
        done, waiting = listed.progress.settled, listed.progress.open
        total = done + waiting
        words = say("{done} of {total} settled").format(done=number(done), total=number(total))
        self.progress.setText(words if total else "")
        self.bar.set_done(done / total if total else 0.0)
        self.bar.setVisible(bool(total))
        self.tabs.set_count(OPEN, number(waiting) if waiting else "")
        self.tabs.set_count(PARKED, number(len(listed.parked)) if listed.parked else "")
        tab = self.tabs.open_id()
        for part in (self.filters, self._filters_end):
            part.setVisible(tab != PARKED)
        self.filters.show_counts(counted(listed, tab, eyes))
        self.list.tell(rows)
        self._show_page(is_empty=not rows)

    def _show_page(self, *, is_empty: bool) -> None:
        if is_empty and self.is_filtered():
            self.empty.tell(say("No match"), "", say("Clear the filters"), "Esc")
        elif is_empty:
            self.empty.tell(*_empty_words(self.tabs.open_id()))
        self.pages.show_page(self.empty if is_empty else self.list)

    def tell(self, text: str, detail: str = "", *, can_undo: bool = True) -> None:
        """Note in the foot what was just done."""
        self.marks.hide()
        self.toast.tell(text, detail, can_undo=can_undo)

    def tell_outdone(self) -> None:
        """Note in the foot that somebody else was first, and chose otherwise."""
        self.marks.hide()
        told = say("Somebody else had settled a conflict otherwise: see Settled for what holds now")
        self.toast.tell_news(told)

    def _show_marks(self, count: int) -> None:
        words = QCoreApplication.translate("QueueColumn", "%n marked · Esc clears", "", count)
        self.marks.setText(words if count else "")
        if count:
            self.toast.dismiss()
        self.marks.setVisible(not self.toast.isVisible())


def _empty_words(tab: str) -> tuple[str, str]:
    if tab == OPEN:
        return say("No conflicts"), say("When two desks change the same thing, you settle it here.")
    if tab == SETTLED:
        return say("Nothing settled yet"), say("What was settled stays here and can be reopened.")
    return say("Nothing set aside"), say("The server took everything that was sent.")
