"""Analytics: what is looked at on top, pages of figures below, each with its reports behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from trafficdesk.domain.analytics.periods import Period, last_months
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.analytics.ages_of_data import age_words
from trafficdesk.qt.analytics.analytics_commands import PAGES, analytics_commands, page_word
from trafficdesk.qt.analytics.analytics_hints import analytics_hints
from trafficdesk.qt.analytics.asking import Asking
from trafficdesk.qt.analytics.choosing import Choice
from trafficdesk.qt.analytics.choosing_menus import ChoosingMenus
from trafficdesk.qt.analytics.frame import Frame, load_frame
from trafficdesk.qt.analytics.gear import AnalyticsGear
from trafficdesk.qt.analytics.page import Page, Sight, say
from trafficdesk.qt.analytics.page_book import PageBook
from trafficdesk.qt.analytics.page_makers import page_makers
from trafficdesk.qt.analytics.places_page import PlacesPage
from trafficdesk.qt.analytics.plotting import is_loaded, load_library
from trafficdesk.qt.analytics.reports_page import ReportsPage
from trafficdesk.qt.analytics.scope_bar import AgeLine, ScopeBar
from trafficdesk.qt.analytics.second_looking import SecondLooking
from trafficdesk.qt.analytics.section_export import SectionExport
from trafficdesk.qt.key_hints import KeyHints
from trafficdesk.qt.later import Soon
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.messages import InlineMessage, boxed
from trafficdesk.qt.widgets.panels import BusyBar, Panel
from trafficdesk.qt.widgets.tab_strip import Tab, TabStrip
from trafficdesk.services.changes import Changed

_CHANGED_MS: Final = 1500
_ROOMY_PX: Final = 1500
_KINDS: Final = frozenset(
    {Entity.INCIDENT, Entity.CITATION, Entity.WARD, Entity.STATION, Entity.SCHEDULE}
)


class AnalyticsWorkspace(Panel):
    """``drilled`` carries a figure's ``ReportFilter``, ``mapped`` a hotspot's place or None."""

    drilled = Signal(object)
    mapped = Signal(object)

    def __init__(self, gear: AnalyticsGear) -> None:
        super().__init__("surface")
        self.gear = gear
        self.frame: Frame | None = None
        self.choice: Choice | None = None
        self._lanes = gear.lanes.owned_by(self)
        self._stale = False
        self._is_loading = False
        self._answers: dict[str, object] = {}
        self._keys: dict[str, str] = {}
        self.looking = SecondLooking(self)
        self._awaits_focus = False
        self.bar = ScopeBar()
        self.age = AgeLine()
        self.tabs = TabStrip(tuple(Tab(page, page_word(page)) for page in PAGES))
        self.busy = BusyBar()
        self.message = InlineMessage()
        self._message_box = boxed(self.message)
        self.book = PageBook(page_makers(self), self._prepare, self._give_kept)
        self.menus = ChoosingMenus(self)
        self.asking = Asking(gear.session, gear.lanes, self)
        self._again = Soon(self, _CHANGED_MS, self._count_changed)
        self.export = SectionExport(self)
        self._lay_out()
        self._connect()
        self._load()
        self.book.open(PAGES[0])

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.tabs, 1)
        row.addWidget(self.age)
        column.addWidget(self.bar)
        column.addLayout(row)
        for widget in (self.busy, Hairline(), self._message_box, self.export.writing.strip):
            column.addWidget(widget)
        column.addWidget(self.book, 1)
        self._message_box.hide()
        self.tabs.open(PAGES[0])

    def _connect(self) -> None:
        gear = self.gear
        self.tabs.opened.connect(self.open_page)
        self.book.opened.connect(self._take_page)
        self.age.stopped.connect(self.stop)
        self.bar.period.clicked.connect(self.open_periods)
        self.bar.subject.clicked.connect(self.open_subjects)
        self.bar.against.clicked.connect(self.open_rivals)
        self.bar.tables.clicked.connect(self._show_tables)
        self.message.acted.connect(self._close_message)
        self.asking.answered.connect(self._take)
        self.asking.failed.connect(self._take_fault)
        self.asking.counted.connect(self._show_progress)
        gear.commands.add(analytics_commands(self), owner=self)
        KeyHints(gear.commands, analytics_hints(self), self)
        gear.changes.changed.connect(self._note_change)

    # beginning

    def _load(self) -> None:
        session = self.gear.session
        self._lanes.run(Lane.READER, lambda: load_frame(session), self._begin, key="frame")

    def _load_library(self) -> None:
        """Load what charts are drawn with, when all else stands: it takes half a second.

        In the writer's line, as everything that is loaded late: never in two threads.
        """
        if not (self._is_loading or is_loaded()):
            self._is_loading = True
            self._lanes.run(Lane.WRITER, load_library, self._draw)

    def _draw(self, _library: object) -> None:
        for page in self.pages.values():
            page.draw_charts()

    def _begin(self, frame: Frame) -> None:
        self.frame = frame
        if self.choice is None:
            self.choose(Choice(last_months(frame.today, 12)))

    # what is looked at

    def choose(self, choice: Choice) -> None:
        """Look at something else."""
        self.choice = choice
        self.menus.close()
        self._count()

    def _date_choice(self) -> None:
        if self.choice is not None and self.frame is not None:
            now = self.frame.calendar.day_time(to_ms(self.gear.session.lease_clock()))
            self.choice = self.asking.dated(self.choice, now)
            self.bar.show_choice(self.choice)

    def choose_period(self, period: Period) -> None:
        """Look at other days."""
        if self.choice is not None:
            self.choose(replace(self.choice, period=period))

    def step_period(self, by: int) -> None:
        """Look at the period before or after this one."""
        if self.choice is not None and self.frame is not None:
            self.choose(self.choice.moved(by, self.frame.today))

    def open_periods(self) -> None:
        """Offer periods."""
        self.menus.open_periods()

    def open_months(self) -> None:
        """Offer months."""
        self.menus.open_months()

    def open_subjects(self) -> None:
        """Offer stations, wards and officers."""
        self.menus.open_subjects()

    def open_rivals(self) -> None:
        """Offer what to compare with."""
        self.menus.open_rivals()

    # pages

    @property
    def pages(self) -> Mapping[str, Page]:
        """The pages that were opened."""
        return self.book.pages

    @property
    def page(self) -> Page:
        """The page on screen; one that is still being made is made whole now."""
        return self.book.get(self.tabs.open_id())

    def _prepare(self, page: Page) -> None:
        page.drilled.connect(self.drilled)
        page.refused.connect(self.tell)
        page.mapped.connect(self.mapped)
        page.again.connect(self.count_again)
        page.asked.connect(self._count)
        self.export.watch(page)
        page.show_keys(self._keys)
        page.show_tables(self.bar.tables.isChecked())

    def _give_kept(self, page: Page) -> Iterator[None]:
        """Give a new page what was counted before, one answer after the other."""
        for question_id in page.takers:
            sight = self._sight()
            if sight is not None and question_id in self._answers:
                page.take(question_id, self._answers[question_id], sight)
                yield

    def set_key(self, name: str, key: str) -> None:
        """Show a command's key on the pages that have a button for it."""
        self._keys[name] = key
        for page in self.pages.values():
            page.show_keys(self._keys)

    def _sight(self) -> Sight | None:
        if self.frame is None or self.choice is None:
            return None
        return Sight(self.frame, self.choice, self.gear.session.officer.role)

    def open_page(self, page_id: str) -> None:
        """Show a page and count what it has not counted."""
        self.tabs.open(page_id)
        self._awaits_focus = True
        self.book.open(page_id)

    def _take_page(self) -> None:
        """Fit the page that was opened, give it the keyboard and count what it has not counted."""
        self._fit()
        if self._awaits_focus:
            self._awaits_focus = False
            self.page.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)
        self._count()

    def toggle_tables(self) -> None:
        """Show charts as tables, or as pictures again."""
        self.bar.tables.setChecked(not self.bar.tables.isChecked())
        self._show_tables()

    def _show_tables(self) -> None:
        for page in self.pages.values():
            page.show_tables(self.bar.tables.isChecked())

    def show_on_map(self) -> None:
        """Show the hotspots on the map, and the chosen one if there is one."""
        page = self.page
        if isinstance(page, PlacesPage):
            page.show_on_map()
        else:
            self.mapped.emit(None)

    def act_on_reports(self, name: str) -> None:
        """Open the page of reports and do something there."""
        if self.tabs.open_id() != "reports":
            self.open_page("reports")
        elif isinstance(page := self.page, ReportsPage):
            page.act(name)

    # counting

    @property
    def is_settled(self) -> bool:
        """Tell whether all that is on screen was counted."""
        return not (self.asking.is_busy or self._stale or self.book.is_making)

    @Slot()
    def _count(self) -> None:
        self._date_choice()
        page = self.pages.get(self.tabs.open_id())
        if page is None or self.choice is None or not self.isVisible():
            self._stale = True
            return
        self._stale = False
        self.asking.ask(page.questions, self.choice)

    @Slot()
    def _count_changed(self) -> None:
        """Count what changed, but let what is being counted end, or nothing ever would."""
        (self._again.start if self.asking.is_busy else self._count)()

    def count_again(self) -> None:
        """Count afresh what is on screen."""
        self.asking.forget()
        self._count()

    def stop(self) -> None:
        """Stop counting; what was counted before stays."""
        if self.asking.is_busy:
            self.asking.stop()
            self._show_progress(0, 0)
            self.tell(say("Counting was stopped: what stands here may be from before."))

    def _take(self, question_id: str, answer: object) -> None:
        sight = self._sight()
        if sight is None:
            return
        self._answers[question_id] = answer
        for page in self.pages.values():
            page.take(question_id, answer, sight)
        as_of = getattr(answer, "as_of", None)
        if isinstance(as_of, datetime):
            words, is_live = age_words(as_of, self.gear.session.lease_clock(), self.gear.zone)
            self.age.show_age(words, is_live=is_live)

    def _take_fault(self, question_id: str, fault: object) -> None:
        self.page.take_fault(question_id)
        if isinstance(fault, Exception):
            self.gear.lanes.failed.emit(fault)

    def _show_progress(self, done: int, total: int) -> None:
        is_busy = done < total
        if done and not is_busy:
            self._load_library()
        self.busy.set_busy(is_busy)
        told = say("Counting, {done} of {total}").format(done=done, total=total)
        self.age.show_busy(told if is_busy else "")

    @Slot(object)
    def _note_change(self, changed: Changed) -> None:
        if changed.reports or changed.kinds & _KINDS:
            self.asking.forget()
            self._stale = True
            if self.isVisible():
                self._again.start()

    # messages and leaving

    def tell(self, words: str) -> None:
        """Say something above the page until it is closed."""
        self.message.note(words, "", say("Close"), "Esc")
        self._message_box.show()

    def _close_message(self) -> None:
        self.message.clear()
        self._message_box.hide()

    def set_stop_key(self, key: str) -> None:
        """Show the key that stops and closes."""
        self.age.stop.set_key(key)
        self.menus.set_close_key(key)

    def leave(self) -> None:
        """Close the top thing: a choice, a file, a message, counting; else go to the page."""
        page = self.page
        if self.menus.close() or (isinstance(page, ReportsPage) and page.close_form()):
            return
        if self.export.writing.stop():
            return
        if self._message_box.isVisible():
            self._close_message()
        elif self.asking.is_busy:
            self.stop()
        else:
            self.page.first_focus().setFocus(Qt.FocusReason.OtherFocusReason)

    # the window

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Give the keyboard to the page, to whatever had it there last."""
        if self.book.is_making:
            self._awaits_focus = True
            super().setFocus(reason)
            return
        last = self.page.focusWidget()
        target = last if last is not None and last.isVisible() else self.page.first_focus()
        target.setFocus(reason)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._count()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.menus.close()
        self.looking.abandon()
        self._again.stop()
        if self.asking.is_busy:
            self.asking.stop()
            self._show_progress(0, 0)
            self._stale = True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Take the proportions for this width and text size."""
        super().restyle()
        self._fit()

    def _fit(self) -> None:
        page = self.pages.get(self.tabs.open_id())
        if page is not None:
            page.fit(self.width(), self.width() >= px(_ROOMY_PX))
        self.menus.place()
        self.looking.place()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(600), px(400))
