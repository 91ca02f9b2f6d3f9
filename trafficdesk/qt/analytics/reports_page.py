"""Reports for people: what there is, made now or coming round, and what became of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.reporting.asked import Asked, ReportFault
from trafficdesk.domain.reporting.catalogue import BY_ID, TEMPLATES, Template
from trafficdesk.domain.schedules import Wish
from trafficdesk.domain.shifts import shift_of
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.exports.documents.writing import form_of
from trafficdesk.languages import words_in
from trafficdesk.qt.analytics.asking import Question
from trafficdesk.qt.analytics.choosing import Choice, period_words
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.gear import AnalyticsGear
from trafficdesk.qt.analytics.page import Page, Sight
from trafficdesk.qt.analytics.panel_over import PanelOver
from trafficdesk.qt.analytics.report_offer import ReportOffer
from trafficdesk.qt.analytics.report_preview import ReportPreview
from trafficdesk.qt.analytics.report_rows import (
    delivery_columns,
    delivery_rows,
    schedule_columns,
    schedule_rows,
)
from trafficdesk.qt.analytics.report_words import (
    fault_words,
    of_words,
    say,
)
from trafficdesk.qt.analytics.schedule_form import ScheduleForm
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.widgets.asking_path import FilePicker, SystemFilePicker
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.services import schedule_runs, schedules
from trafficdesk.services.changes import Changed
from trafficdesk.services.reporting.looking import look_at_report
from trafficdesk.services.reporting.making import Made, make_report, may_have
from trafficdesk.services.schedules import Scheduled
from trafficdesk.services.session import Session
from trafficdesk.services.undelivered import count_undelivered, see_undelivered
from trafficdesk.store.deliveries import Delivery

REPORTS = "reports"
_FORM = QSize(460, 480)
_TOLD = Changed(kinds=frozenset({Entity.SCHEDULE}))


@dataclass(frozen=True, slots=True)
class Standing:
    """What comes round at this desk, what is on its way, and of how much the rail tells."""

    scheduled: tuple[Scheduled, ...]
    deliveries: tuple[Delivery, ...]
    untold: int = 0


def ask_reports(session: Session, _choice: Choice) -> Standing:
    """Return what comes round; on a reader's thread."""
    scheduled = tuple(schedules.find(session))
    deliveries = tuple(schedules.find_deliveries(session))
    return Standing(scheduled, deliveries, count_undelivered(session))


class ReportsPage(Page):
    """Templates with what they contain at the left; what comes round and is on its way beside."""

    def __init__(self, gear: AnalyticsGear) -> None:
        super().__init__(say("Reports"))
        self._gear = gear
        self._lanes = gear.lanes.owned_by(self)
        self._sight: Sight | None = None
        self.files: FilePicker = SystemFilePicker()
        self.questions = (Question(REPORTS, ask_reports),)
        self.offer = ReportOffer()
        self.scheduled = FactsTable(say("Comes round"), schedule_columns(), is_dense=True)
        self.deliveries = FactsTable(say("On its way"), delivery_columns(), is_dense=True)
        self.end_button = ActionButton(say("End"), "", Kind.GHOST, height_px=24)
        self.again_button = ActionButton(say("Try again"), "", Kind.GHOST, height_px=24)
        self.seen_button = ActionButton(say("Seen"), "", Kind.GHOST, height_px=24)
        self.seen_button.set_hint(say("Tell no more of what was not delivered until now"))
        self.form = ScheduleForm()
        self.over = PanelOver(self)
        self.form.setParent(self.over)
        self.form.hide()
        self.preview = ReportPreview(self, gear.lanes)
        self.template_section = Section(say("Reports"), self.offer)
        self.schedule_section = Section(say("Comes round"), self.scheduled)
        self.delivery_section = Section(say("On its way"), self.deliveries)
        self.takers = {REPORTS: self._take}
        self.sections = {REPORTS: (self.schedule_section, self.delivery_section)}
        self._lay_out()
        self._connect()
        self.offer.show_templates(tuple(each for each in TEMPLATES if self._may(each)))
        self.template_section.show_content()

    def _may(self, template: Template) -> bool:
        me = self._gear.session.officer.id
        return may_have(self._gear.session, template, me)

    def _lay_out(self) -> None:
        self.schedule_section.add_button(self.end_button)
        self.delivery_section.add_button(self.seen_button)
        self.delivery_section.add_button(self.again_button)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.schedule_section, 1)
        right.addWidget(Hairline())
        right.addWidget(self.delivery_section, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.template_section, 4)
        row.addWidget(Hairline(Qt.Orientation.Vertical))
        row.addLayout(right, 6)
        self.column.addLayout(row, 1)

    def _connect(self) -> None:
        self.watch(self.schedule_section, self.delivery_section)
        self.offer.chosen.connect(self._show_template)
        self.scheduled.selectionModel().currentChanged.connect(self._show_ends)
        self.offer.opened.connect(self.look)
        self.offer.look_button.clicked.connect(self.look)
        self.offer.make_button.clicked.connect(self.make)
        self.offer.plan_button.clicked.connect(self.plan)
        self.preview.closed.connect(self._focus_offer)
        self.end_button.clicked.connect(self.end)
        self.again_button.clicked.connect(self.try_again)
        self.seen_button.clicked.connect(self.see)
        self.form.wished.connect(self._wish)
        self.form.left.connect(self.close_form)

    # what there is

    @Slot()
    def _show_template(self) -> None:
        template, sight = self.offer.template(), self._sight
        if template is not None:
            refusal = "" if sight is None else _unfit(template, sight)
            self.offer.tell("" if sight is None else _about(template, sight), refusal)

    def _take(self, answer: object, sight: Sight) -> None:
        found = cast("Standing", answer)
        zone = self._gear.zone
        self._sight = sight
        self._show_template()
        self.scheduled.show_rows(schedule_rows(found.scheduled, zone))
        self.deliveries.show_rows(delivery_rows(found.deliveries, zone))
        if found.scheduled:
            self.schedule_section.show_content()
        else:
            told = say("Choose a report at the left and let it come round by itself.")
            self.schedule_section.show_nothing(say("No report comes round"), told)
        if found.deliveries:
            self.delivery_section.show_content()
        else:
            told = say("What is brought to folders and by mail is told of here.")
            self.delivery_section.show_nothing(say("Nothing is on its way"), told)
        self.again_button.setEnabled(any(each.done_ms is None for each in found.deliveries))
        self.seen_button.setEnabled(found.untold > 0)
        self._show_ends()

    @Slot()
    def _show_ends(self, *_index: object) -> None:
        row = self.scheduled.current_row()
        is_own = row is not None and cast("Scheduled", row.subject).is_own
        self.end_button.setEnabled(is_own)

    # making one now

    def _wanted(self) -> Asked | None:
        """Return what the chosen report would be about; None while it cannot be had."""
        template, sight = self.offer.template(), self._sight
        is_ready = self.offer.make_button.isEnabled()
        return (
            None
            if template is None or sight is None or not is_ready
            else self._asked(template, sight)
        )

    @Slot()
    def look(self) -> None:
        """Make the chosen report of what is looked at, and show it without keeping it."""
        session, asked = self._gear.session, self._wanted()
        if asked is None:
            return
        self.offer.refuse(say("A report is being made"))
        title = words_in(asked.language).say(BY_ID[asked.template_id].title)
        done, failed = partial(self._show_made, title), partial(self._tell_unmade, title)
        self._lanes.run(Lane.IO, lambda: look_at_report(session, asked), done, failed)

    def _show_made(self, title: str, made: bytes | ReportFault) -> None:
        self._show_template()
        if isinstance(made, ReportFault):
            self.refused.emit(fault_words(made))
        else:
            self.preview.look(title, made)

    @Slot()
    def _focus_offer(self) -> None:
        self.offer.templates.setFocus(Qt.FocusReason.PopupFocusReason)

    @Slot()
    def make(self) -> None:
        """Ask for a file and make the chosen report of what is looked at."""
        asked = self._wanted()
        if asked is None:
            return
        kinds = say("PDF (*.pdf);;Web page (*.html);;Workbook (*.xlsx)")
        path = self.files.to_save(self, say("Save the report"), f"{asked.template_id}.pdf", kinds)
        if path is None:
            return
        form = form_of(path)
        if form is None:
            self.refused.emit(say("The ending of the file must be pdf, html or xlsx"))
            return
        session = self._gear.session
        self.offer.refuse(say("A report is being made"))
        done = partial(self._tell_made, path)
        failed = partial(self._tell_unmade, path.name)
        self._lanes.run(Lane.IO, lambda: make_report(session, asked, form, path), done, failed)

    def _asked(self, template: Template, sight: Sight) -> Asked:
        scope = sight.choice.scope
        calendar = sight.frame.calendar
        now = shift_of(calendar, to_ms(self._gear.session.lease_clock()))
        return Asked(
            template.id,
            scope.period,
            scope.station_id,
            scope.ward_id,
            scope.officer_id,
            now - 1 if template.is_of_a_shift else None,
            self.offer.language.language(),
        )

    def _tell_made(self, path: Path, made: Made | ReportFault) -> None:
        self._show_template()
        if isinstance(made, ReportFault):
            self.refused.emit(fault_words(made))
            return
        masked = (
            say("Personal data is masked in it.")
            if made.document.is_masked
            else say("It holds personal data: keep it as the law asks.")
        )
        self.refused.emit(f"{say('Saved {name}.').format(name=path.name)} {masked}")

    def _tell_unmade(self, name: str, error: Exception) -> None:
        self._show_template()
        if not isinstance(error, OSError):
            self._gear.lanes.failed.emit(error)
            return
        told = say("{name} could not be written, and nothing of it is left. Choose another place.")
        self.refused.emit(told.format(name=name))

    # coming round

    @Slot()
    def plan(self) -> None:
        """Ask how the chosen report is to come round."""
        template, sight = self.offer.template(), self._sight
        if template is not None and sight is not None and self.offer.plan_button.isEnabled():
            self.over.open_below(self.offer.plan_button, self.form, _FORM)
            self.form.begin(template, sight.choice.subject, sight.frame.choices.city.name)

    @Slot()
    def close_form(self) -> bool:
        """Close what is looked at or what asks; False when nothing is."""
        return self.preview.leave() or self.over.close_panel()

    def _wish(self, wish: Wish) -> None:
        session = self._gear.session
        self._lanes.run(Lane.WRITER, lambda: schedules.add(session, wish), self._tell_wished)

    def _tell_wished(self, made: UUID | str) -> None:
        if isinstance(made, str):
            self.form.show_fault(fault_words(made))
            return
        self.close_form()
        self._gear.changes.tell(_TOLD)

    @Slot()
    def end(self) -> None:
        """End the chosen schedule."""
        row = self.scheduled.current_row()
        if row is None or not self.end_button.isEnabled():
            return
        session, schedule_id = self._gear.session, cast("Scheduled", row.subject).id
        work = partial(schedules.remove, session, schedule_id)
        self._lanes.run(Lane.WRITER, work, self._tell_changed)

    @Slot()
    def try_again(self) -> None:
        """Try what waits or failed at once."""
        session = self._gear.session

        def work() -> None:
            schedule_runs.try_again(session)
            schedule_runs.run_all(session)

        if self.again_button.isEnabled():
            self.again_button.setEnabled(False)
            self._lanes.run(Lane.IO, work, self._tell_changed)

    @Slot()
    def see(self) -> None:
        """Take what was not delivered until now as seen: the rail tells of it no more."""
        if self.seen_button.isEnabled():
            self.seen_button.setEnabled(False)
            work = partial(see_undelivered, self._gear.session)
            self._lanes.run(Lane.WRITER, work, self._gear.changes.tell)

    def _tell_changed(self, _done: object) -> None:
        self._gear.changes.tell(_TOLD)

    # the page

    def act(self, name: str) -> None:
        """Do what a command names."""
        acts = {"look": self.look, "make": self.make, "plan": self.plan, "end": self.end}
        (acts | {"again": self.try_again, "seen": self.see})[name]()

    def show_keys(self, keys: Mapping[str, str]) -> None:
        buttons = {
            "report_look": self.offer.look_button,
            "report_make": self.offer.make_button,
            "report_plan": self.offer.plan_button,
            "report_end": self.end_button,
            "report_again": self.again_button,
            "report_seen": self.seen_button,
        }
        for name, button in buttons.items():
            button.set_key(keys.get(name, ""))

    def first_focus(self) -> QWidget:
        return self.offer.templates

    def fit(self, width: int, is_roomy: bool) -> None:
        del width, is_roomy
        if self.over.isVisible():
            self.over.place()
        if self.preview.isVisible():
            self.preview.place()


def _unfit(template: Template, sight: Sight) -> str:
    """Return why the chosen scope does not suit a template; "" if it does."""
    if sight.choice.subject.part in template.of:
        return ""
    told = say("This report is of: {kinds}. Choose another place or officer above.")
    return told.format(kinds=of_words(template))


def _about(template: Template, sight: Sight) -> str:
    subject = sight.choice.subject
    name = sight.frame.choices.city.name if subject.part is Part.CITY else subject.name
    if template.is_of_a_shift:
        return say("About the shift that ended last, {place}").format(place=name)
    days = period_words(sight.choice.period)
    return say("About {place}, {days}").format(place=name, days=days)
