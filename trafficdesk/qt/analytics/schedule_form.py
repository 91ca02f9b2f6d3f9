"""Asking for a report that comes round: how often, as what, and where it is to go."""

from typing import Final

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.reporting.asked import Form
from trafficdesk.domain.reporting.catalogue import Template
from trafficdesk.domain.schedules import About, Every, Rhythm, Wish
from trafficdesk.qt.analytics.choosing import Subject
from trafficdesk.qt.analytics.report_language import LanguageChoice
from trafficdesk.qt.analytics.report_words import say, template_title
from trafficdesk.qt.widgets.asking_path import FolderPicker, SystemFolderPicker
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.choices import Choice
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Label

_ABOUT: Final = {
    Every.DAY: About.YESTERDAY,
    Every.WEEK: About.LAST_WEEK,
    Every.MONTH: About.LAST_MONTH,
}
_WEEKDAYS: Final = range(1, 8)
_LAST_DAY: Final = 31


class ScheduleForm(QWidget):
    """``wished`` carries a ``Wish``."""

    wished = Signal(object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.folders: FolderPicker = SystemFolderPicker()
        self._template: Template | None = None
        self._subject = Subject()
        self.title = Label("", 15, 600).set_wrapped()
        self.told = Label("", 12, 400, "text2").set_wrapped()
        self.every = Choice(
            say("How often"),
            (
                (Every.DAY, say("Every day")),
                (Every.WEEK, say("Every week")),
                (Every.MONTH, say("Every month")),
            ),
        )
        names = [(str(n), QLocale().dayName(n, QLocale.FormatType.ShortFormat)) for n in _WEEKDAYS]
        self.weekday = Choice(say("Weekday"), tuple(names))
        self.monthday = InputField(say("Day of the month, 1 to 31"))
        self.time = InputField(say("Time of day, HH:MM"))
        self.form = Choice(say("Format"), tuple((form, form.upper()) for form in Form))
        self.language = LanguageChoice()
        self.folder = InputField(say("Into a folder"))
        self.browse = ActionButton(say("Choose…"), "", Kind.PLAIN, height_px=36)
        self.mail = InputField(say("By mail to, with commas"))
        self.fault = Label("", 12, 500, "critical").set_wrapped()
        self.begin_button = ActionButton(say("Let it come round"), "Enter", Kind.PRIMARY)
        self.close_button = ActionButton(say("Close"), "Esc", Kind.GHOST)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        when = QHBoxLayout()
        when.setSpacing(12)
        when.addWidget(self.time, 1)
        when.addWidget(self.monthday, 1)
        into = QHBoxLayout()
        into.setSpacing(8)
        into.addWidget(self.folder, 1)
        into.addWidget(self.browse, 0, Qt.AlignmentFlag.AlignBottom)
        foot = QHBoxLayout()
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.begin_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(10)
        for part in (
            self.title,
            self.told,
            self.every,
            self.weekday,
            when,
            self.form,
            self.language,
            into,
            self.mail,
            self.fault,
        ):
            if isinstance(part, QWidget):
                column.addWidget(part)
            else:
                column.addLayout(part)
        column.addStretch(1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.every.chosen.connect(self._show_rhythm)
        self.browse.clicked.connect(self._choose_folder)
        self.begin_button.clicked.connect(self._wish)
        self.close_button.clicked.connect(self.left)
        for field in (self.time, self.monthday, self.folder, self.mail):
            field.submitted.connect(self._wish)

    def begin(self, template: Template, subject: Subject, city: str) -> None:
        """Ask for a report of a template about a subject; what was typed before stays."""
        self._template, self._subject = template, subject
        is_first = not self.time.text()
        if is_first:
            self.time.set_text("06:00")
            self.monthday.set_text("1")
            self.weekday.choose("1")
            self.form.choose(Form.PDF)
        if is_first or template.is_of_a_shift:
            self.every.choose(Every.DAY if template.is_of_a_shift else Every.MONTH)
        self.every.setVisible(not template.is_of_a_shift)
        name = subject.name if subject.part is not Part.CITY else city
        title = say("{report}, {place}")
        self.title.setText(title.format(report=template_title(template.id), place=name))
        self.show_fault("")
        self._show_rhythm()
        self.time.edit.setFocus(Qt.FocusReason.PopupFocusReason)

    def _show_rhythm(self, _every: str = "") -> None:
        every = self._every()
        self.weekday.setVisible(every is Every.WEEK)
        self.monthday.setVisible(every is Every.MONTH)
        if self._template is not None and self._template.is_of_a_shift:
            told = say("Every day, about the shift that ended last.")
        else:
            told = {
                Every.DAY: say("Each is about the day before."),
                Every.WEEK: say("Each is about the week before, Monday to Sunday."),
                Every.MONTH: say("Each is about the month before."),
            }[every]
        rest = say("What is missed while the desk is closed is made up for when it opens.")
        self.told.setText(f"{told} {rest}")

    def _every(self) -> Every:
        return Every(self.every.chosen_id() or Every.MONTH)

    def _choose_folder(self) -> None:
        chosen = self.folders.to_use(self, say("Folder for the reports"))
        if chosen is not None:
            self.folder.set_text(str(chosen))

    def show_fault(self, words: str) -> None:
        """Say why it cannot be had so; "" takes that away."""
        self.fault.setText(words)
        self.fault.setVisible(bool(words))

    def _wish(self) -> None:
        rhythm, template = self._rhythm(), self._template
        if rhythm is None or template is None:
            self.show_fault(say("Give the time as HH:MM and the day as a number from 1 to 31"))
            return
        subject = self._subject
        self.wished.emit(
            Wish(
                template.id,
                Form(self.form.chosen_id()),
                About.LAST_SHIFT if template.is_of_a_shift else _ABOUT[rhythm.every],
                rhythm,
                subject.id if subject.part is Part.STATION else None,
                subject.id if subject.part is Part.WARD else None,
                subject.id if subject.part is Part.OFFICER else None,
                self.folder.text().strip(),
                tuple(filter(None, (each.strip() for each in self.mail.text().split(",")))),
                self.language.language(),
            )
        )

    def _rhythm(self) -> Rhythm | None:
        every = self._every()
        hour, _, minute = self.time.text().strip().partition(":")
        day = {Every.DAY: "1", Every.WEEK: self.weekday.chosen_id() or "1"}.get(
            every, self.monthday.text().strip()
        )
        if not all(part.isdecimal() and len(part) <= 2 for part in (hour, minute, day)):
            return None
        try:
            return Rhythm(every, int(hour) * 60 + int(minute), int(day))
        except ValueError:
            return None
