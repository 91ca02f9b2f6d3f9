"""A new report by an officer: what, where, when, which vehicle, photos; errors in place."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QVBoxLayout,
    QWidget,
)

from trafficdesk.domain.plates import format_plate, plate_token
from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.vocabulary import Severity, VehicleType
from trafficdesk.qt.fault_words import fault_words
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.review.filter_panel import ChipGroup
from trafficdesk.qt.review.filter_words import type_word
from trafficdesk.qt.review.photo_drop import PhotoDrop
from trafficdesk.qt.review.pick_button import PickButton
from trafficdesk.qt.review.place_field import FindPlaces, PlaceField
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.choices import Choice
from trafficdesk.qt.widgets.input_field import FieldBox, InputField
from trafficdesk.qt.widgets.labels import Hairline, Label, SectionHeading
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import Panel, ScrollPanel
from trafficdesk.qt.widgets.text_lines import TextLines
from trafficdesk.qt.words import severity_word, vehicle_word
from trafficdesk.services import intake
from trafficdesk.services.choices import Choices
from trafficdesk.services.intake import Filed
from trafficdesk.services.session import Session

_WIDTH_PX: Final = 720
_TIME_FORMAT: Final = "%Y-%m-%d %H:%M"


class FileForm(Panel):
    """Filled in, then filed.

    ``filed`` carries the new report's pk and reference, ``changed`` a ``Changed``; ``closed`` when
    the officer leaves.
    """

    filed = Signal(int, str)
    closed = Signal()
    changed = Signal(object)

    def __init__(
        self, session: Session, lanes: Lanes, zone: ZoneInfo, find_places: FindPlaces
    ) -> None:
        super().__init__()
        self._session = session
        self._lanes = lanes
        self._zone = zone
        self._choices: Choices | None = None
        self._is_busy = False
        self.violations = ChipGroup(self.tr("Violation"))
        self.what_error = Label("", 12, 500, "critical")
        self.severity = Choice(
            self.tr("Severity"), tuple((str(int(s)), severity_word(s)) for s in Severity)
        )
        self.plate = InputField(self.tr("Number plate"))
        self.vehicle = PickButton(self.tr("Vehicle type"), vehicle_word(VehicleType.UNKNOWN))
        self.vehicle_text = InputField(self.tr("Make and colour"))
        self.place = PlaceField(session, lanes, find_places)
        self.time = InputField(self.tr("Seen at"), icon="clock")
        self.words = TextLines(self.tr("What happened"))
        self.photos = PhotoDrop(lanes, zone)
        self.message = InlineMessage()
        self.cancel = ActionButton(self.tr("Cancel"), "Esc", Kind.GHOST, height_px=36)
        self.submit_button = ActionButton(
            self.tr("File report"), "Ctrl Enter", Kind.PRIMARY, height_px=36
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        content = QWidget()
        middle = QHBoxLayout(content)
        middle.addStretch(1)
        inner = QWidget()
        inner.setMaximumWidth(px(_WIDTH_PX))
        column = QVBoxLayout(inner)
        column.setContentsMargins(16, 20, 16, 20)
        column.setSpacing(10)
        column.addWidget(Label(self.tr("File a report"), 20, 600))
        column.addSpacing(4)
        column.addWidget(SectionHeading(self.tr("What was it?")))
        column.addWidget(self.violations)
        column.addWidget(self.what_error)
        column.addWidget(SectionHeading(self.tr("How bad?")))
        column.addWidget(self.severity)
        column.addSpacing(4)
        column.addLayout(self._facts())
        column.addWidget(SectionHeading(self.tr("What happened")))
        self._words_box = FieldBox(96)
        self._words_box.row.addWidget(self.words)
        column.addWidget(self._words_box)
        column.addWidget(SectionHeading(self.tr("Photos")))
        column.addWidget(self.photos)
        column.addStretch(1)
        middle.addWidget(inner, 100)
        middle.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(ScrollPanel(content), 1)
        whole.addWidget(Hairline())
        whole.addLayout(self._foot())

    def _facts(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        grid.addWidget(self.place, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.time, 0, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.plate, 1, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.vehicle_text, 1, 1, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self.vehicle, 2, 0)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        return grid

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        foot.setSpacing(8)
        foot.addWidget(self.message, 1)
        foot.addStretch(0)
        foot.addWidget(self.cancel)
        foot.addWidget(self.submit_button)
        return foot

    def _connect(self) -> None:
        self.cancel.clicked.connect(self.closed)
        self.submit_button.clicked.connect(self.submit)
        self.violations.changed.connect(lambda: self._show_what_error(""))
        self.plate.edit.editingFinished.connect(self._tidy_plate)

    def set_choices(self, choices: Choices) -> None:
        """Offer the desk's own lists."""
        self._choices = choices
        self.violations.set_options(
            [(code, type_word(code, choices)) for code in choices.violations]
        )
        kinds = [kind for kind in VehicleType if kind is not VehicleType.UNKNOWN]
        self.vehicle.set_options([(str(kind), vehicle_word(kind)) for kind in kinds])

    def start(self) -> None:
        """Begin a new report, unless one is half written: it stays."""
        if self.has_words():
            return
        self.clear()

    def has_words(self) -> bool:
        """Tell whether something was entered that would be lost."""
        typed = (self.plate.text(), self.vehicle_text.text(), self.words.toPlainText())
        return any(typed) or bool(self.violations.chosen() or self.photos.photos())

    def clear(self) -> None:
        """Forget everything that was entered."""
        self.violations.choose(set())
        self.severity.choose(str(int(Severity.MODERATE)))
        for field in (self.plate, self.vehicle_text):
            field.clear()
        self.vehicle.pick("")
        self.place.clear()
        self.words.clear()
        self.photos.clear()
        self.message.clear()
        self._show_what_error("")
        local = self._session.clock().astimezone(self._zone)
        self.time.set_text(local.strftime(_TIME_FORMAT))
        self.time.set_error("")

    def take_focus(self) -> None:
        """Give the keyboard to the first field."""
        self.place.field.setFocus()

    def _tidy_plate(self) -> None:
        self.plate.set_text(format_plate(plate_token(self.plate.text())))

    def _show_what_error(self, sentence: str) -> None:
        self.what_error.setText(sentence)
        self.what_error.setVisible(bool(sentence))

    def _seen_at(self) -> datetime | None:
        try:
            written = self.time.text().strip()
            seen = datetime.strptime(written, _TIME_FORMAT).replace(tzinfo=self._zone)
        except ValueError:
            self.time.set_error(self.tr("Write the time as 2026-11-21 17:42"))
            return None
        if seen > self._session.clock():
            self.time.set_error(self.tr("This time is still to come"))
            return None
        self.time.set_error("")
        return seen

    def submit(self) -> None:
        """File the report, or say at each field what is missing."""
        chosen, seen_at = self.violations.chosen(), self._seen_at()
        self._show_what_error("" if chosen else self.tr("Choose at least one violation"))
        place = self.place.place
        if place is None:
            self.place.field.set_error(self.tr("Choose a place, or write coordinates"))
        if not chosen or seen_at is None or place is None or self._choices is None:
            return
        if self._is_busy:
            return
        self._is_busy = True
        self.submit_button.set_refusal(self.tr("Being filed"))
        report, photos = self._report(self._choices, seen_at, place), self.photos.photos()
        session = self._session
        self._lanes.owned_by(self).run(
            Lane.WRITER,
            lambda: intake.file_report(session, report, photos),
            self._filed,
            self._failed,
        )

    def _report(self, choices: Choices, seen_at: datetime, place: Place) -> NewReport:
        order = [code for code in choices.violations if code in self.violations.chosen()]
        return NewReport(
            violations=tuple(order),
            severity=Severity(int(self.severity.chosen_id())),
            place=place,
            occurred_at=seen_at,
            reported_at=self._session.clock(),
            city_id=choices.city.id,
            station_id=self._session.officer.station_id,
            plate=self.plate.text(),
            vehicle_type=VehicleType(self.vehicle.picked_id() or VehicleType.UNKNOWN),
            vehicle_text=self.vehicle_text.text(),
            description=self.words.toPlainText(),
            address=self.place.address,
            area=self.place.area,
        )

    def _filed(self, filed: Filed) -> None:
        self._is_busy = False
        self.submit_button.set_refusal("")
        for refused in filed.outcome.refused:
            self.message.tell(self.tr("Not filed"), refusal_sentence(refused.code))
            return
        self.clear()
        self.changed.emit(filed.outcome.changed)
        self.closed.emit()
        self.filed.emit(filed.pk, filed.reference)

    def _failed(self, error: Exception) -> None:
        self._is_busy = False
        self.submit_button.set_refusal("")
        title, advice = fault_words(error)
        self.message.tell(self.tr("Not filed: {what}").format(what=title), advice)
