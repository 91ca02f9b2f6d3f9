"""When a unit's steps were really taken: corrected with a note, once others know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Final
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.domain.dispatch import times_of
from trafficdesk.domain.records import Assignment
from trafficdesk.domain.vocabulary import Step
from trafficdesk.qt.ages import clock
from trafficdesk.qt.dispatch.form_frame import frame_form
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.incident_words import step_word
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import Panel

_STEPS: Final = (Step.ASSIGNED, Step.ACKNOWLEDGED, Step.EN_ROUTE, Step.ARRIVED, Step.CLEARED)
_NOTE_LENGTH: Final = 280
_HALF_A_DAY: Final = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class TimesCorrection:
    """The times of an assignment that are others, and why."""

    assignment_id: UUID
    times: Mapping[Step, datetime]
    note: str


class TimesForm(Panel):
    """``corrected`` carries a ``TimesCorrection``; ``closed`` on leaving."""

    corrected = Signal(object)
    closed = Signal()

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        self._assignment: Assignment | None = None
        self.title = Label("", 15, 600).set_wrapped()
        self.fields = {step: InputField(step_word(step), icon="clock") for step in _STEPS}
        self.note = InputField(say("Why it is corrected"))
        self.note.edit.setMaxLength(_NOTE_LENGTH)
        self.message = InlineMessage()
        self.submit_button = ActionButton(say("Correct"), "Ctrl Enter", Kind.PRIMARY)
        self.cancel = IconButton("x", say("Close the form"), "Esc")
        self._lay_out()
        self.cancel.clicked.connect(self.closed)
        self.submit_button.clicked.connect(self.submit)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        for field in (*self.fields.values(), self.note):
            column.addWidget(field)
        column.addStretch(1)
        frame_form(self, (self.title, self.cancel), content, (self.message, self.submit_button))

    def begin(self, assignment: Assignment, call_sign: str) -> None:
        """Show the times of an assignment as they stand."""
        self._assignment = assignment
        self.title.setText(say("Times of {unit}").format(unit=call_sign))
        self.message.clear()
        self.note.clear()
        self.note.set_error("")
        times = times_of(assignment)
        furthest = max((_STEPS.index(step) for step in times if step in _STEPS), default=0)
        for number, (step, field) in enumerate(self.fields.items()):
            at = times.get(step)
            field.set_text("" if at is None else clock(at, self._zone, seconds=True))
            field.set_error("")
            field.setVisible(number <= furthest)
        self.fields[Step.ASSIGNED].edit.setFocus()

    def submit(self) -> None:
        """Write what was changed, if it can be understood and a note says why."""
        assignment = self._assignment
        if assignment is None:
            return
        times = self._times(assignment)
        if times is None:
            return
        note = self.note.text().strip()
        if not note:
            self.note.set_error(say("Say why, in a few words"))
            self.note.edit.setFocus()
            return
        self.corrected.emit(TimesCorrection(assignment.id, times, note))

    def _times(self, assignment: Assignment) -> dict[Step, datetime] | None:
        known, found = times_of(assignment), dict[Step, datetime]()
        for step, field in self.fields.items():
            before, text = known.get(step), field.text().strip()
            shown = "" if before is None else clock(before, self._zone, seconds=True)
            if text == shown or field.isHidden():
                continue
            at = read_time(text, before or assignment.assigned_at, self._zone)
            if at is None:
                field.set_error(say("Type a time of day, such as 14:05 or 14:05:30"))
                field.edit.setFocus()
                return None
            found[step] = at
        return found

    def refuse(self, sentence: str) -> None:
        """Say why it was not taken; everything typed stays."""
        self.message.tell(sentence)


def read_time(text: str, near: datetime, zone: tzinfo) -> datetime | None:
    """Return the time of day that was typed, on the day that brings it nearest to ``near``."""
    if ":" not in text:
        return None
    try:
        told = time.fromisoformat(text)
    except ValueError:
        return None
    day = near.astimezone(zone)
    at = day.replace(hour=told.hour, minute=told.minute, second=told.second, microsecond=0)
    if at - day > _HALF_A_DAY:
        return at - timedelta(days=1)
    return at + timedelta(days=1) if day - at > _HALF_A_DAY else at
