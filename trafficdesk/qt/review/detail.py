"""One report in full: head, photos, plate and facts, words, evidence, timeline; the side pane."""

from dataclasses import dataclass
from datetime import tzinfo
from enum import Enum, auto

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.records import QueueRow
from trafficdesk.domain.vocabulary import Source
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.review import detail_words as words
from trafficdesk.qt.review.citizen_text import CitizenText
from trafficdesk.qt.review.detail_head import DetailHead
from trafficdesk.qt.review.evidence_list import EvidenceList
from trafficdesk.qt.review.facts_grid import FactsGrid
from trafficdesk.qt.review.media_viewer import MediaViewer
from trafficdesk.qt.review.photos import Photos
from trafficdesk.qt.review.place_view import PlaceView
from trafficdesk.qt.review.row_words import row_title
from trafficdesk.qt.review.side import SidePane, near_spots
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Hairline, SectionHeading
from trafficdesk.qt.widgets.mini_map import FindPack
from trafficdesk.qt.widgets.panels import Panel, ScrollPanel
from trafficdesk.qt.widgets.timeline import TimelineView
from trafficdesk.qt.words import source_word
from trafficdesk.services.board import ReportDetail
from trafficdesk.services.choices import Choices
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.session import Session

_ANY_WIDTH = 16_777_215  # what Qt calls QWIDGETSIZE_MAX


class Proportions(Enum):
    """How much room there is for a report and what stands beside it."""

    NARROW = auto()
    MIDDLE = auto()
    WIDE = auto()


@dataclass(frozen=True, slots=True)
class DetailTools:
    """What the detail works with."""

    session: Session
    lanes: Lanes
    photos: Photos
    zone: tzinfo
    find_pack: FindPack


class _Timeline(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.heading = SectionHeading(self.tr("Timeline"))
        self.view = TimelineView()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addWidget(self.view)
        column.addStretch(1)


class DetailPane(Panel):
    """Shows a report. ``painted`` carries its pk once its first picture is on screen."""

    painted = Signal(int)

    def __init__(self, tools: DetailTools) -> None:
        super().__init__()
        self._session = tools.session
        self._zone = tools.zone
        self._names: dict[str, str] = {}
        self._detail: ReportDetail | None = None
        self._pk = 0
        self._unpainted = 0
        self._is_wide: bool | None = None
        self.head = DetailHead()
        self.viewer = MediaViewer(tools.photos, tools.zone)
        self.place = PlaceView(tools.find_pack, tools.lanes, self.viewer.height_for)
        self.facts = FactsGrid()
        self.text = CitizenText()
        self.evidence = EvidenceList()
        self.timeline = _Timeline()
        self.side = SidePane(tools.session, tools.lanes, tools.photos, tools.zone, tools.find_pack)
        self._rules = [Hairline(Qt.Orientation.Vertical) for _ in range(2)]
        self._fold = Hairline()
        self._side_rule = Hairline(Qt.Orientation.Vertical)
        self._is_stacked = False
        self._lay_out()
        self.head.installEventFilter(self)

    def _lay_out(self) -> None:
        self._content = QWidget()
        self._column = QVBoxLayout(self._content)
        for rule in (*self._rules, self._fold):
            rule.setParent(self._content)
        self._column.setSpacing(12)
        self._lower = QGridLayout()
        self._lower.setHorizontalSpacing(14)
        self._lower.setVerticalSpacing(12)
        for widget in (self.head, self.viewer, self.place, self.facts, Hairline()):
            self._column.addWidget(widget)
        self._column.addLayout(self._lower)
        self._column.addStretch(1)
        self.page = ScrollPanel(self._content)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self.page, 1)
        self._row.addWidget(self._side_rule)
        self._row.addWidget(self.side)

    # what it shows

    @property
    def detail(self) -> ReportDetail | None:
        """The report in full; None until it has come."""
        return self._detail

    @property
    def pk(self) -> int:
        """The number of the report on screen."""
        return self._pk

    def set_choices(self, choices: Choices) -> None:
        """Take the officers' names."""
        self._names = {str(officer.id): officer.name for officer in choices.officers}
        if self._detail is not None:
            self._fill(self._detail)

    def show_row(self, row: QueueRow) -> None:
        """Show what the list knows of a report until the rest has come."""
        self._begin(row.pk)
        self._detail = None
        self.head.show_row(row, row_title(row), words.row_subline(row, self._session.clock()))
        self.viewer.show_media(())

    def show_detail(self, detail: ReportDetail) -> None:
        """Show a report; what is the same as before stays untouched."""
        if detail.report.pk != self._pk:
            self._begin(detail.report.pk)
        elif detail == self._detail:
            return
        is_other = self._detail is None or self._detail.report.pk != detail.report.pk
        self._detail = detail
        self._fill(detail)
        if is_other:
            self._offer_identity(detail)

    def _begin(self, pk: int) -> None:
        if pk != self._pk:
            self.page.verticalScrollBar().setValue(0)
        self._pk = self._unpainted = pk
        self.head.update()

    def _fill(self, detail: ReportDetail) -> None:
        report, now = detail.report, self._session.clock()
        self.head.show_words(
            report.severity,
            words.title(report),
            report.reference,
            words.subline(report, detail.ward, now),
        )
        self.head.show_hold(*words.hold(detail, self._session.officer, self._names))
        self._show_evidence(detail)
        facts = self.facts
        facts.show_plate(report.plate, report.vehicle_type)
        facts.vehicle.set_value(words.vehicle(report))
        facts.seen_at.set_value(words.seen_at(report, self._zone, now))
        facts.accuracy.set_value(words.accuracy(report))
        facts.source.set_value(source_word(report.source).capitalize())
        facts.reporter.set_value(words.reporter(detail))
        facts.show_penalty(*words.penalty(report))
        self.text.show_words(
            report.description,
            is_officers=report.source is Source.OFFICER,
            is_imported=report.source is Source.IMPORT,
        )
        self.evidence.show_evidence(detail.evidence)
        self.timeline.view.set_rows(words.timeline(detail, self._zone, now, self._names))
        local = now.astimezone(self._zone)
        self.timeline.heading.set_fact(
            self.tr("All times {zone}").format(zone=local.tzname() or "")
        )
        self.side.show_detail(detail)
        self.side.set_stacked(self._is_stacked)

    def _show_evidence(self, detail: ReportDetail) -> None:
        """Show the photos, or the place as large where there are none."""
        report, has_photo = detail.report, bool(detail.media)
        self.viewer.show_media(detail.media)
        self.viewer.setVisible(has_photo)
        self.place.setVisible(not has_photo)
        self.side.map.setVisible(has_photo)
        spots = near_spots(detail)
        shown = self.side.map if has_photo else self.place
        shown.show_place(report.place, report.severity, spots)

    def _offer_identity(self, detail: ReportDetail) -> None:
        if detail.report.reporter_id is None:
            self.text.show_reporter(None)
        elif self._session.may(Permission.CITIZEN_READ_PII):
            self.text.show_reporter("")
        else:
            self.text.show_reporter(refusal_sentence(Refusal.NOT_PERMITTED))

    # layout

    def set_proportions(self, proportions: Proportions, room_height: int) -> None:
        """Use the proportions for a narrow window, for 1280 px or for 1920 px."""
        is_wide = proportions is Proportions.WIDE
        self._place_side(is_stacked=proportions is Proportions.NARROW)
        self.side.map.set_height(216 if is_wide else 136)
        pad = px(24 if is_wide else 16)
        self._column.setContentsMargins(pad, px(12), pad, px(16))
        self.viewer.set_proportions(104 if is_wide else 76, max(px(180), round(room_height * 0.6)))
        self.place.restyle()
        if is_wide != self._is_wide:
            self._is_wide = is_wide
            self._arrange(is_wide)

    def _place_side(self, *, is_stacked: bool) -> None:
        if is_stacked != self._is_stacked:
            self._is_stacked = is_stacked
            self._row.removeWidget(self.side)
            self._column.removeWidget(self.side)
            if is_stacked:
                self._column.insertWidget(self._column.count() - 1, self.side)
            else:
                self._row.addWidget(self.side)
            self._side_rule.setVisible(not is_stacked)
        self.side.set_stacked(is_stacked)
        if is_stacked:
            self.side.setMinimumWidth(0)
            self.side.setMaximumWidth(_ANY_WIDTH)

    def _arrange(self, is_wide: bool) -> None:
        grid = self._lower
        for widget in (self.text, self.evidence, self.timeline, *self._rules, self._fold):
            grid.removeWidget(widget)
        grid.addWidget(self.text, 0, 0)
        grid.addWidget(self._rules[0], 0, 1)
        grid.addWidget(self.evidence, 0, 2)
        self._rules[1].setVisible(is_wide)
        self._fold.setVisible(not is_wide)
        if is_wide:
            grid.addWidget(self._rules[1], 0, 3)
            grid.addWidget(self.timeline, 0, 4)
        else:
            grid.addWidget(self._fold, 1, 0, 1, 3)
            grid.addWidget(self.timeline, 2, 0, 1, 3)
        for column in (0, 2, 4):
            grid.setColumnStretch(column, 1 if column < 4 or is_wide else 0)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self._unpainted:
            pk, self._unpainted = self._unpainted, 0
            QTimer.singleShot(0, self, lambda: self.painted.emit(pk))
        return False
