"""The review workspace: queue, report, decisions, put together."""

from typing import Final

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.queues import QueueName, ReportFilter
from trafficdesk.domain.records import Place, QueueRow
from trafficdesk.qt.ages import number
from trafficdesk.qt.commands import Command
from trafficdesk.qt.key_hints import KeyHints
from trafficdesk.qt.later import later
from trafficdesk.qt.review.action_bar import ActionBar
from trafficdesk.qt.review.deciding import Deciding
from trafficdesk.qt.review.detail import DetailPane, DetailTools, Proportions
from trafficdesk.qt.review.detail_source import DetailSource
from trafficdesk.qt.review.empty_desk import EmptyDesk
from trafficdesk.qt.review.enlarged import EnlargedPhoto
from trafficdesk.qt.review.file_form import FileForm
from trafficdesk.qt.review.gear import ReviewGear
from trafficdesk.qt.review.panel_slot import CONTEXT, PanelSlot
from trafficdesk.qt.review.photos import Photos
from trafficdesk.qt.review.queue_choice import QueueChoice
from trafficdesk.qt.review.queue_column import QueueColumn, QueueFacts
from trafficdesk.qt.review.reading import Reading
from trafficdesk.qt.review.review_commands import BAR, MORE, review_commands
from trafficdesk.qt.review.review_hints import review_hints
from trafficdesk.qt.review.triage import Triage
from trafficdesk.qt.review.way_back import WayBack
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.messages import InlineMessage, boxed
from trafficdesk.qt.widgets.panels import Panel, StackedPage
from trafficdesk.services.board import ReportDetail
from trafficdesk.services.changes import Changed
from trafficdesk.services.choices import Choices, load_choices

ID: Final = "review"
_WIDE_FROM_PX: Final = 1500  # of this workspace, at a text scale of 100 %
_MIDDLE_FROM_PX: Final = 1040


class ReviewWorkspace(QWidget):
    """Queue, report and decisions.

    ``current_changed`` carries the pk on screen (0: none); ``map_wanted`` a place and its pk;
    ``units_wanted`` a pk; ``report_painted`` the pk of a report once it is on screen.
    """

    current_changed = Signal(int)
    map_wanted = Signal(object, int)
    units_wanted = Signal(int)
    report_painted = Signal(int)

    def __init__(self, gear: ReviewGear) -> None:
        super().__init__()
        self.gear = gear
        self.session = gear.session
        self.choices: Choices | None = None
        self._insisted = 0
        self.photos = Photos(gear.session, gear.lanes, self)
        self.source = DetailSource(gear.session, gear.lanes, self.photos, self)
        self.column = QueueColumn(gear.session, gear.lanes, gear.zone)
        tools = DetailTools(gear.session, gear.lanes, self.photos, gear.zone, gear.find_pack)
        self.detail = DetailPane(tools)
        self.enlarged = EnlargedPhoto(self.detail.viewer)
        self.enlarged.setParent(self)
        self.slot = PanelSlot(gear.commands, ID)
        self.message = InlineMessage()
        self.deciding = Deciding(gear, self)
        self.triage = Triage(self)
        self.way_back = WayBack(self)
        self.form = FileForm(gear.session, gear.lanes, gear.zone, gear.find_places)
        gear.commands.add(review_commands(self), owner=self)
        self.bar = ActionBar(gear.commands, BAR, MORE)
        self.empty = EmptyDesk()
        self.pages = StackedPage()
        self._refresh = later(self, 0, self._refresh_now)
        self._reading = Reading(gear.session, gear.lanes, self.column, self.source)
        self._lay_out()
        self._connect()
        KeyHints(gear.commands, review_hints(self), self)
        self._load_choices()
        self.column.choose(QueueChoice())
        self.column.load_facts()

    def _lay_out(self) -> None:
        self._work = Panel()
        work = QVBoxLayout(self._work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(0)
        work.addWidget(self.detail, 1)
        self._message_box = boxed(self.message)
        self._message_box.hide()
        work.addWidget(self._message_box)
        work.addWidget(self.slot)
        work.addWidget(Hairline())
        work.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.column)
        row.addWidget(Hairline(Qt.Orientation.Vertical))
        row.addWidget(self.pages, 1)
        self.pages.show_page(self._work)
        self.pages.keep(self.form, self.empty)
        self.detail.setProperty("pane", True)
        self.setFocusProxy(self.column.list)

    def _connect(self) -> None:
        column, detail = self.column, self.detail
        column.list.current_changed.connect(self._current_changed)
        column.list.pointed.connect(self.close_message)
        column.list.marked_changed.connect(self._tell_state)
        column.list.marked_changed.connect(self._show_position)
        column.model.counted.connect(self._show_position)
        column.model.refreshed.connect(self._after_refresh)
        column.model.found.connect(self._found)
        column.facts_loaded.connect(self._facts_loaded)
        column.chosen.connect(lambda _choice: self.close_message())
        column.toast.undone.connect(self.triage.undo)
        self.source.loaded.connect(self._detail_loaded)
        detail.painted.connect(self.report_painted)
        detail.painted.connect(self.deciding.flush)
        detail.head.copied.connect(self.copy_reference)
        detail.text.asked.connect(self.triage.reveal_identity)
        detail.viewer.enlarged.connect(self.toggle_enlarged)
        detail.side.report_chosen.connect(self.show_report)
        detail.side.duplicate_chosen.connect(self.triage.open_duplicate)
        detail.side.map_opened.connect(self.open_map)
        detail.place.opened.connect(self.open_map)
        self.enlarged.closed.connect(self.close_enlarged)
        self.slot.changed.connect(self._panel_changed)
        self.message.acted.connect(self.close_message)
        self.empty.queue_chosen.connect(lambda q: column.open_queue(QueueName(q)))
        self.empty.filters_cleared.connect(column.widen)
        self.form.closed.connect(self.close_form)
        self.form.filed.connect(self.triage.filed)
        self.form.changed.connect(self.gear.changes.tell)
        self.gear.changes.changed.connect(self._on_changed)
        self.gear.changes.changed.connect(self.photos.news.look)
        self.photos.news.asked.connect(self.gear.changes.tell)
        self.gear.commands.ran.connect(self._ran)

    def _load_choices(self) -> None:
        session = self.session
        self.gear.lanes.owned_by(self).run(
            Lane.READER, lambda: load_choices(session), self._take_choices, key="choices"
        )

    def _take_choices(self, choices: Choices) -> None:
        self.choices = choices
        self.column.set_choices(choices)
        self.detail.set_choices(choices)
        self.form.set_choices(choices)

    # what is on screen

    def subject(self) -> str:
        """Return what commands act on now, for the palette."""
        count = self.column.list.marked_count()
        if count:
            return QCoreApplication.translate("ReviewWorkspace", "on %n reports", None, count)
        row = self.column.list.current_row()
        if row is None:
            return ""
        return self.tr("on {reference}").format(reference=row.reference)

    def shown_detail(self) -> ReportDetail | None:
        """Return the report on screen in full, once it has come."""
        return self.detail.detail if self.pages.currentWidget() is self._work else None

    def show_report(self, pk: int) -> None:
        """Go to a report: in this list if it is there, else among all."""
        self._insisted = pk
        self.column.list.go_to(pk)

    def show_text(self, text: str) -> None:
        """List what a search has: plate, reference, words or place."""
        self.column.show_filter_result(ReportFilter(text=text))
        self.column.list.setFocus()

    def show_same_vehicle(self) -> None:
        """List every report of this vehicle."""
        detail = self.shown_detail()
        if detail is not None and detail.report.plate:
            plate = detail.report.plate
            self.column.show_filter_result(ReportFilter(plate=plate, is_whole_plate=True))

    def _found(self, pk: int, place: int) -> None:
        if pk != self._insisted:
            return
        self._insisted = 0
        if place < 0:
            self.column.choose(QueueChoice(QueueName.ALL))
            self.column.list.seek(pk)

    def _current_changed(self, row: QueueRow | None) -> None:
        if row is None:
            self._show_empty()
            return
        self._show_work()
        known = self.source.find(row.pk)
        if known is not None and known.report.revision >= row.revision:
            self.detail.show_detail(known)
        else:
            self.detail.show_row(row)
            self.source.ask(row.pk)
        self._reading.follow(row.pk)
        self._tell_state()
        self._show_position()
        self.enlarged.set_title(row.reference)
        self.current_changed.emit(row.pk)

    def _detail_loaded(self, detail: ReportDetail) -> None:
        if detail.report.pk == self.detail.pk:
            self.detail.show_detail(detail)
            self._tell_state()

    def _show_work(self) -> None:
        if self.pages.currentWidget() is not self.form:
            self.pages.show_page(self._work)

    def _show_empty(self) -> None:
        self.slot.close_panel()
        self.close_enlarged()
        self._reading.stop()
        self.current_changed.emit(0)
        if self.pages.currentWidget() is not self.form:
            self._fill_empty()
            self.pages.show_page(self.empty)

    def _fill_empty(self) -> None:
        self.empty.show_state(self.column.desk_state())

    def _facts_loaded(self, _facts: QueueFacts) -> None:
        if self.pages.currentWidget() is self.empty:
            self._fill_empty()

    def _show_position(self) -> None:
        marked = self.column.list.marked_count()
        if marked:
            words = QCoreApplication.translate("ReviewWorkspace", "%n marked", None, marked)
            self.bar.show_position(words)
            return
        count, place = self.column.model.count(), self.column.list.place + 1
        words = self.tr("{place} of {count}").format(
            place=number(min(place, count)), count=number(count)
        )
        self.bar.show_position(words if count else "")

    @Slot()
    def _tell_state(self) -> None:
        """Have buttons and commands ask again what may be done."""
        self.bar.show_panel(self.slot.opener)
        self.bar.show_open(self.triage.primary())

    @Slot(object)
    def _ran(self, command: Command) -> None:
        """A message is read by the next thing the officer does."""
        if command.context in {ID, CONTEXT}:
            self.close_message()

    def _panel_changed(self) -> None:
        self._tell_state()
        if self.slot.panel is None and self.isVisible():
            self.column.list.setFocus()

    # what changed

    @Slot(object)
    def _on_changed(self, changed: Changed) -> None:
        self.source.forget(changed.reports)
        if self.detail.pk in changed.reports:
            self.source.ask(self.detail.pk)
        self._refresh.start()
        if changed.overtaken:
            self.column.tell_overtaken(len(changed.overtaken))

    def _refresh_now(self) -> None:
        """Ask again for what is on screen, when no decision of ours is on its way."""
        if not self.deciding.pending:
            self.column.list.refresh()
            self.column.load_facts()

    def _after_refresh(self) -> None:
        self._show_position()
        self._reading.prefetch()

    # over and beside the report

    def toggle_enlarged(self) -> None:
        """Show the photo over the whole workspace, or put it back."""
        if self.enlarged.isVisible():
            self.close_enlarged()
        elif self.detail.viewer.media():
            self._place_enlarged()
            self.enlarged.open()

    def close_enlarged(self) -> None:
        """Put the photo back in its place."""
        self.enlarged.hide()

    def _place_enlarged(self) -> None:
        self.enlarged.setGeometry(0, 0, self.width(), self.height() - self.bar.height() - 1)

    def open_map(self) -> None:
        """Ask for the map around this report."""
        detail = self.shown_detail()
        if detail is not None:
            place: Place = detail.report.place
            self.map_wanted.emit(place, detail.report.pk)

    def copy_reference(self) -> None:
        """Put the reference on the clipboard."""
        row = self.column.list.current_row()
        if row is not None:
            QGuiApplication.clipboard().setText(row.reference)
            self.column.tell(self.tr("Copied"), row.reference, can_undo=False)

    def tell_problem(self, title: str, detail: str = "") -> None:
        """Say above the action bar what was not done."""
        self.message.tell(title, detail, self.tr("Close"), "Esc")
        self._message_box.show()

    def close_message(self) -> None:
        """Take the message away."""
        self.message.clear()
        self._message_box.hide()

    def open_form(self) -> None:
        """Open the form for a new report in the report's place."""
        self.slot.close_panel()
        self.form.start()
        self.pages.show_page(self.form)
        self.form.take_focus()

    def close_form(self) -> None:
        """Show the report again."""
        if self.pages.currentWidget() is not self.form:
            return
        is_empty = self.column.list.current_row() is None
        self.pages.show_page(self.empty if is_empty else self._work)
        if is_empty:
            self._fill_empty()
        self.column.list.setFocus()

    def leave(self) -> None:
        """Step back by one: photo, message, filter, form, marks; then the list has the keys."""
        column = self.column
        steps = (
            (self.enlarged.isVisible(), self.close_enlarged),
            (self._message_box.isVisible(), self.close_message),
            (column.is_filter_open(), column.close_filter),
            (self.pages.currentWidget() is self.form, self.close_form),
            (bool(column.list.marked_count()), column.list.clear_marks),
            (self.way_back.is_open, self.way_back.take),
            (not column.model.count() and column.choice.is_narrowed, column.widen),
        )
        for is_there, act in steps:
            if is_there:
                act()
                return
        column.list.setFocus()

    # the window

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.restyle()

    def restyle(self) -> None:
        """Take the proportions for this width and text size."""
        width = self.width()
        is_wide, is_narrow = width >= px(_WIDE_FROM_PX), width < px(_MIDDLE_FROM_PX)
        self.column.setFixedWidth(min(px(424 if is_wide else 380), round(width * 0.36)))
        usual = Proportions.NARROW if is_narrow else Proportions.MIDDLE
        self.detail.set_proportions(Proportions.WIDE if is_wide else usual, self.height())
        if not is_narrow:
            self.detail.side.setFixedWidth(px(360 if is_wide else 260))
        if self.enlarged.isVisible():
            self._place_enlarged()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._tell_state()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.slot.abandon()
        self.deciding.flush()
        self._reading.stop()
        self._refresh.stop()
