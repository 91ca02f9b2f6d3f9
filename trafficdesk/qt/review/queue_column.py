"""The queue at the leading edge: tabs, filters, list, and the note of what was just done."""

from dataclasses import dataclass, replace
from datetime import tzinfo
from functools import partial

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.queues import QueueName, ReportFilter, Sort, queue_filter
from trafficdesk.qt.ages import number
from trafficdesk.qt.exporting.list_export import ListExport
from trafficdesk.qt.review.action_bar import BAR_PX
from trafficdesk.qt.review.empty_desk import DeskState, clash_words
from trafficdesk.qt.review.filter_panel import FilterPanel
from trafficdesk.qt.review.filter_words import chip_words, queue_word, sort_word, type_word
from trafficdesk.qt.review.queue_bar import TABS, QueueBar
from trafficdesk.qt.review.queue_choice import EVERYTHING, QueueChoice
from trafficdesk.qt.review.report_columns import reports_taken
from trafficdesk.qt.review.report_list import ReportList
from trafficdesk.qt.review.report_list_model import ReportListModel
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline
from trafficdesk.qt.widgets.menus import Menu, MenuHeading, MenuItem
from trafficdesk.qt.widgets.messages import EmptyState
from trafficdesk.qt.widgets.panels import Panel, StackedPage
from trafficdesk.qt.widgets.toast import Toast
from trafficdesk.services import board, searches
from trafficdesk.services.choices import Choices
from trafficdesk.services.searches import Search
from trafficdesk.services.session import Session

_OTHERS = (QueueName.SECOND_LOOK, QueueName.ALL)


@dataclass(frozen=True, slots=True)
class QueueFacts:
    """Live counts of the queues, of what was done, of what waits; the officer's searches."""

    queues: dict[QueueName, int]
    violations: dict[str, int]
    done: dict[str, int]
    waiting: int
    searches: tuple[Search, ...]


def load_facts(session: Session) -> QueueFacts:
    """Return what the queue's bar and the empty desk tell."""
    unassigned = queue_filter(QueueName.UNASSIGNED, session.officer.id)
    return QueueFacts(
        board.count_queues(session),
        board.count_violations(session, unassigned),
        board.count_done(session),
        board.count_waiting(session),
        tuple(searches.find(session)),
    )


class QueueColumn(Panel):
    """``chosen`` carries the new ``QueueChoice``; ``facts_loaded`` the ``QueueFacts``."""

    chosen = Signal(object)
    facts_loaded = Signal(object)

    def __init__(self, session: Session, lanes: Lanes, zone: tzinfo) -> None:
        super().__init__()
        self._session = session
        self._lanes = lanes
        self._choices: Choices | None = None
        self.choice = QueueChoice()
        self.facts = QueueFacts({}, {}, {}, 0, ())
        self.bar = QueueBar(zone)
        self.model = ReportListModel(session, lanes, self)
        self.list = ReportList(self.model, session)
        self.list.setProperty("pane", True)
        self.filter = FilterPanel(zone, session.clock())
        self.empty = EmptyState()
        self.pages = StackedPage()
        self.toast = Toast()
        self.marks = ElidedLabel("", 13, 500, "text2")
        self.export = ListExport(session, lanes, self)
        self._zone = zone
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._foot = QWidget()
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(8, 8, 8, 8)
        foot.addWidget(self.toast, 1)
        foot.addWidget(self.marks, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.pages, 1)
        column.addWidget(Hairline())
        column.addWidget(self.export.writing.strip)
        column.addWidget(self._foot)
        self.pages.show_page(self.list)
        self.pages.keep(self.filter, self.empty)
        self.setFocusProxy(self.list)
        self.restyle()

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self._foot.setFixedHeight(px(BAR_PX))
        super().restyle()

    def _connect(self) -> None:
        bar, panel = self.bar, self.filter
        bar.queue_chosen.connect(self._tab_opened)
        bar.condition_removed.connect(lambda name: self.choose(self.choice.without(name)))
        bar.filter_opened.connect(self.open_filter)
        bar.more_opened.connect(self.open_more)
        bar.sort_opened.connect(self.open_sort)
        panel.changed.connect(self._filter_changed)
        panel.saved.connect(self._save_search)
        panel.closed.connect(self.close_filter)
        self.model.counted.connect(self._counted)
        self.model.refreshed.connect(self._show_page)
        self.list.marked_changed.connect(self._show_marks)
        self.toast.expired.connect(self._show_foot)
        self.export.told.connect(self._tell_export)
        self.empty.acted.connect(self.widen)

    # what is listed

    def choose(self, choice: QueueChoice) -> None:
        """List something else, from its start."""
        self.choice = choice
        self.bar.show_choice(choice, self._choices)
        self.filter.show_filter(choice.own)
        self.model.show(choice.listing(self._session.officer.id))
        self._show_counts()
        self.chosen.emit(choice)

    def export_list(self) -> None:
        """Take the list that is shown out as a file."""
        choice, now = self.choice, self._session.clock().astimezone(self._zone)
        words = [queue_word(choice.queue), sort_word(choice.sort)]
        words += [words for _, words in chip_words(choice.own, self._choices, self._zone)]
        as_of = self.tr("As of {time}").format(time=now.isoformat(timespec="minutes"))
        listing = choice.listing(self._session.officer.id)
        notes = (" · ".join(words), as_of)
        self.export.start(reports_taken(self._session, listing, self.model.count(), notes))

    def _tell_export(self, words: str) -> None:
        self.tell(words, can_undo=False)

    def open_queue(self, queue: QueueName) -> None:
        """List a queue, with no further conditions."""
        self.choose(QueueChoice(queue, sort=self.choice.sort))
        self.list.setFocus()

    def show_filter_result(self, wanted: ReportFilter) -> None:
        """List everything a filter has, whatever its queue (search, same vehicle)."""
        self.choose(QueueChoice(QueueName.ALL, wanted, self.choice.sort))

    def clear_filters(self) -> None:
        """Take every condition of the officer away."""
        self.choose(replace(self.choice, own=EVERYTHING, search=""))

    def widen(self) -> None:
        """Drop the conditions that leave nothing in any case, else every one of the officer."""
        found = self.choice.clashes(self._session.officer.id)
        choice = self.choice
        for name in found:
            choice = choice.without(name)
        if found:
            self.choose(choice)
        else:
            self.clear_filters()

    def set_choices(self, choices: Choices) -> None:
        """Take the desk's own lists."""
        self._choices = choices
        self.filter.set_choices(choices)
        self.bar.show_choice(self.choice, choices)

    def _tab_opened(self, tab: str) -> None:
        if tab in {str(queue) for queue in QueueName}:
            self.open_queue(QueueName(tab))

    def open_tab(self, index: int) -> None:
        """Open one of the four tabs."""
        self.open_queue(TABS[index])

    # filter, order, saved searches

    def open_filter(self) -> None:
        """Show the filter in the list's place."""
        self.filter.show_filter(self.choice.own)
        self.filter.show_matching(self.model.count())
        self.pages.show_page(self.filter)
        self.filter.text.setFocus()

    def close_filter(self) -> None:
        """Show the list again."""
        self._show_page(is_closing=True)
        self.list.setFocus()

    def is_filter_open(self) -> bool:
        """Tell whether the filter lies in the list's place."""
        return self.pages.currentWidget() is self.filter

    def _filter_changed(self, wanted: ReportFilter) -> None:
        self.choose(replace(self.choice, own=wanted, search=""))

    def _save_search(self, name: str) -> None:
        session = self._session
        listing = self.choice.listing(session.officer.id)
        if listing.is_void:
            self.filter.refuse_saving()
            return
        wanted = listing.filter
        self._lanes.owned_by(self).run(
            Lane.WRITER, lambda: searches.save(session, name, wanted), self._saved
        )

    def _saved(self, _search: object) -> None:
        self.filter.show_saved()
        self.load_facts()

    def open_sort(self) -> None:
        """Offer the orders."""
        items = tuple(
            MenuItem(
                sort_word(sort),
                partial(self._sort_by, sort),
                is_checked=sort is self.choice.sort,
            )
            for sort in Sort
        )
        Menu(items, self).open_below(self.bar.sort)

    def _sort_by(self, sort: Sort) -> None:
        self.choose(replace(self.choice, sort=sort))

    def open_more(self) -> None:
        """Offer the other queues, each violation type, and the saved searches."""
        items: list[MenuItem | MenuHeading | None] = []
        counts = self.facts.queues
        for queue in (*TABS, *_OTHERS):
            words = f"{queue_word(queue)}  {number(counts.get(queue, 0))}"
            is_open = queue is self.choice.queue and not self.choice.search
            items.append(MenuItem(words, partial(self.open_queue, queue), is_checked=is_open))
        by_count = sorted(self.facts.violations.items(), key=lambda each: -each[1])
        if by_count:
            items.append(MenuHeading(self.tr("Unassigned, by main violation")))
        for code, count in by_count[:8]:
            words = f"{type_word(code, self._choices)}  {number(count)}"
            items.append(MenuItem(words, partial(self._open_violation, code)))
        if self.facts.searches:
            items.append(MenuHeading(self.tr("Saved searches")))
        items += [
            MenuItem(search.name, partial(self._open_search, search), icon="search")
            for search in self.facts.searches
        ]
        if self.choice.search:
            items.append(
                MenuItem(self.tr("Forget this search"), self._forget_search, icon="trash-2")
            )
        Menu(tuple(items), self).open_below(self.bar.more)

    def _open_violation(self, code: str) -> None:
        own = ReportFilter(violations=frozenset({code}))
        self.choose(QueueChoice(QueueName.UNASSIGNED, own, self.choice.sort))

    def _open_search(self, search: Search) -> None:
        self.choose(QueueChoice(QueueName.ALL, search.filter, self.choice.sort, search.name))

    def _forget_search(self) -> None:
        session = self._session
        gone = [s.id for s in self.facts.searches if s.name == self.choice.search]

        def forget() -> None:
            for search_id in gone:
                searches.remove(session, search_id)

        self._lanes.owned_by(self).run(Lane.WRITER, forget, lambda _none: self.load_facts())
        self.open_queue(QueueName.UNASSIGNED)

    # counts

    def load_facts(self) -> None:
        """Ask again for the counts."""
        session = self._session
        self._lanes.owned_by(self).run(
            Lane.READER, lambda: load_facts(session), self._take_facts, key="facts"
        )

    def _take_facts(self, facts: QueueFacts) -> None:
        self.facts = facts
        self._show_counts()
        self.facts_loaded.emit(facts)

    def _counted(self, count: int) -> None:
        if self.is_filter_open():
            self.filter.show_matching(count)
        self._show_counts()

    def _show_counts(self) -> None:
        counts = dict(self.facts.queues)
        if not self.choice.is_narrowed and self.model.is_loaded:
            counts[self.choice.queue] = self.model.count()
        self.bar.show_counts(counts, self.model.count() if self.model.is_loaded else None)

    # list or nothing, and the foot

    def _show_page(self, *, is_closing: bool = False) -> None:
        if self.is_filter_open() and not is_closing:
            return
        if self.model.count() or not self.model.is_loaded:
            self.pages.show_page(self.list)
            return
        clash = self._clash_words()
        if clash:
            self.empty.tell(*clash_words(queue_word(self.choice.queue), clash), "Esc")
        elif self.choice.is_narrowed:
            self.empty.tell(
                self.tr("No match"),
                self.tr("Try fewer conditions."),
                self.tr("Clear filters"),
                "Esc",
            )
        else:
            self.empty.tell(self.tr("No reports here"), self.tr("New ones appear by themselves."))
        self.pages.show_page(self.empty)

    def _clash_words(self) -> str:
        names = self.choice.clashes(self._session.officer.id)
        return ", ".join(self.bar.words_of(name) for name in names)

    def desk_state(self) -> DeskState:
        """Return what the empty desk tells of this list, which has no report left."""
        choice, facts = self.choice, self.facts
        return DeskState(
            choice.search or queue_word(choice.queue),
            choice.is_narrowed,
            facts.done,
            facts.queues,
            None if choice.is_narrowed else choice.queue,
            facts.waiting,
            self._clash_words(),
        )

    def tell(self, text: str, detail: str = "", *, can_undo: bool = True) -> None:
        """Note in the foot what was just done."""
        self.marks.hide()
        self.toast.tell(text, detail, can_undo=can_undo)

    def tell_overtaken(self, count: int) -> None:
        """Note in the foot that others were first; each history tells who."""
        self.marks.hide()
        words = QCoreApplication.translate(
            "QueueColumn", "Somebody else was first with %n reports you took", None, count
        )
        self.toast.tell_news(words)

    def _show_marks(self, count: int) -> None:
        words = QCoreApplication.translate("QueueColumn", "%n marked · Esc clears", None, count)
        self.marks.setText(words if count else "")
        if count:
            self.toast.dismiss()
        self._show_foot()

    def _show_foot(self) -> None:
        self.marks.setVisible(not self.toast.isVisible())
