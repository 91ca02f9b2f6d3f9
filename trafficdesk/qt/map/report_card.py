"""The card of one report: photo, severity, facts, what happened close by."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.plates import format_plate
from trafficdesk.maps.surroundings import NearReport
from trafficdesk.qt.ages import ago, distance, moment
from trafficdesk.qt.map.facts_list import FactsList
from trafficdesk.qt.map.photo_view import PhotoView
from trafficdesk.qt.map.row_button import RowButton
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.facts import SeverityTag
from trafficdesk.qt.widgets.labels import Hairline, Label, SectionHeading
from trafficdesk.qt.words import status_word, sync_word, violation_word
from trafficdesk.services.board import ReportDetail


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What the card shows; ``photo`` is None when there is none or it is not on this desk."""

    detail: ReportDetail
    near: tuple[NearReport, ...]
    photo: bytes | None
    zone: tzinfo
    now: datetime


class ReportCard(QWidget):
    """``opened`` and ``chosen`` carry a report's number: to be reviewed, to be looked at here."""

    opened = Signal(int)
    chosen = Signal(int)
    file_wanted = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._pk = 0
        self._facts: CardFacts | None = None
        self.photo = PhotoView()
        self.title = Label("", 15, 600).set_wrapped()
        self.severity = SeverityTag()
        self.place = Label("", 12, 400, "text2").set_wrapped()
        self.facts = FactsList()
        self.open_button = ActionButton(self.tr("Open report"), kind=Kind.PRIMARY)
        self.open_button.clicked.connect(lambda: self.opened.emit(self._pk))
        self.file_button = ActionButton(self.tr("File one here"))
        self.file_button.setToolTip(self.tr("File another report at this place"))
        self.file_button.clicked.connect(self._file_here)
        for button in (self.open_button, self.file_button):
            button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.near_heading = SectionHeading(self.tr("Near this place, 100 m"))
        self.near_none = Label(self.tr("No other report"), 12, 400, "text2")
        self._near = QVBoxLayout()
        self._near.setSpacing(0)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.photo)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.severity)
        column.addLayout(head)
        column.addWidget(self.place)
        column.addWidget(Hairline())
        column.addWidget(self.facts)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.file_button)
        column.addLayout(buttons)
        column.addSpacing(4)
        column.addWidget(self.near_heading)
        column.addWidget(Hairline())
        column.addLayout(self._near)
        column.addWidget(self.near_none)
        column.addStretch(1)

    @property
    def pk(self) -> int:
        """The report shown, 0 for none."""
        return self._pk

    def show_facts(self, told: CardFacts) -> None:
        """Show a report."""
        report = told.detail.report
        self._pk, self._facts = report.pk, told
        self.title.setText(", ".join(violation_word(code) for code in report.violations))
        self.severity.set_severity(report.severity)
        where = ", ".join(filter(None, (report.address, report.area)))
        self.place.setText(where or self.tr("No address"))
        self._show_photo(told)
        self._show_rows(told)
        self._show_near(told)

    def _show_photo(self, told: CardFacts) -> None:
        if told.photo is not None:
            name = self.tr("Photo of {reference}").format(reference=told.detail.report.reference)
            self.photo.show_photo(told.photo, name)
        elif told.detail.media:
            self.photo.show_words(self.tr("The photo is not on this desk"))
        else:
            self.photo.show_words(self.tr("No photo"))

    def _show_rows(self, told: CardFacts) -> None:
        report = told.detail.report
        status = self.tr("Status")
        self.facts.set_facts(
            [
                (self.tr("Plate"), format_plate(report.plate) or self.tr("Not read")),
                (self.tr("Seen"), ago(report.occurred_at, told.now)),
                (self.tr("On"), moment(report.occurred_at, told.zone)),
                (
                    self.tr("Evidence"),
                    self.tr("{score} of 100").format(score=report.score),
                ),
                (self.tr("Ward"), told.detail.ward or self.tr("Outside the wards")),
                (status, status_word(report.status)),
            ]
        )
        self.facts.rows[status].show_sync(report.sync_state, sync_word(report.sync_state))

    def _show_near(self, told: CardFacts) -> None:
        while (item := self._near.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self.near_heading.set_fact(str(len(told.near)) if told.near else "")
        self.near_none.setVisible(not told.near)
        for near in told.near[:12]:
            button = RowButton(near.row, told.zone)
            button.setToolTip(f"{near.row.reference}  {distance(near.distance_m)}")
            button.clicked.connect(lambda _on=False, pk=near.row.pk: self.chosen.emit(pk))
            self._near.addWidget(button)
            self._near.addWidget(Hairline())

    def _file_here(self) -> None:
        if self._facts is not None:
            self.file_wanted.emit(self._facts.detail.report.place)
