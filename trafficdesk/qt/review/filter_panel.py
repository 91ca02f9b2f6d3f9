"""The filter as a panel in the list's place: every change holds at once."""

from dataclasses import replace
from datetime import datetime, timedelta, tzinfo

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.plates import plate_token
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import ReportStatus, Severity
from trafficdesk.qt.review.filter_words import DAY_MS, type_word
from trafficdesk.qt.review.pick_button import PickButton
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.chips import Chip
from trafficdesk.qt.widgets.flow import FlowLayout, clear_layout
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Hairline, SectionHeading
from trafficdesk.qt.widgets.panels import Panel, ScrollPanel
from trafficdesk.qt.words import severity_word, status_word
from trafficdesk.services.choices import Choices

_SCORES = (0, 30, 60, 80)
_RANGES = (1, 7, 30)


class ChipGroup(QWidget):
    """Several of a few words, as chips that are on or off."""

    changed = Signal()

    def __init__(self, name: str, *, is_single: bool = False) -> None:
        super().__init__()
        self._flow = FlowLayout()
        self._is_single = is_single
        self._chips: dict[str, Chip] = {}
        self.setLayout(self._flow)
        self.setAccessibleName(name)

    def set_options(self, options: list[tuple[str, str]]) -> None:
        """Offer these (id, words)."""
        chosen = self.chosen()
        clear_layout(self._flow)
        self._chips = {}
        for option, words in options:
            chip = Chip(words)
            chip.setAccessibleName(f"{self.accessibleName()}: {words}")
            chip.setCheckable(True)
            chip.clicked.connect(lambda _on=False, each=option: self._clicked(each))
            self._flow.addWidget(chip)
            self._chips[option] = chip
        self.choose(chosen)

    def choose(self, options: set[str]) -> None:
        """Switch exactly these on."""
        for option, chip in self._chips.items():
            chip.setChecked(option in options)

    def chosen(self) -> set[str]:
        """Return what is on."""
        return {option for option, chip in self._chips.items() if chip.isChecked()}

    def _clicked(self, option: str) -> None:
        if self._is_single:
            self.choose({option} & self.chosen())
        self.changed.emit()


class FilterPanel(Panel):
    """``changed`` carries a ``ReportFilter``; ``saved`` the name for it; ``closed`` when done."""

    changed = Signal(object)
    saved = Signal(str)
    closed = Signal()

    def __init__(self, zone: tzinfo, clock_now: datetime) -> None:
        super().__init__()
        self._zone = zone
        self._now = clock_now
        self._filter = ReportFilter()
        self._choices: Choices | None = None
        self.statuses = ChipGroup(self.tr("Status"))
        self.severities = ChipGroup(self.tr("Severity"))
        self.scores = ChipGroup(self.tr("Evidence"), is_single=True)
        self.dates = ChipGroup(self.tr("Reported"), is_single=True)
        self.violations = ChipGroup(self.tr("Main violation"))
        self.first_day = InputField(self.tr("From day"))
        self.last_day = InputField(self.tr("To day"))
        self.plate = InputField(self.tr("Plate begins with"))
        self.text = InputField(self.tr("Words, reference or place"))
        self.ward = PickButton(self.tr("Ward"), self.tr("Any ward"))
        self.station = PickButton(self.tr("Station"), self.tr("Any station"))
        self.name = InputField(self.tr("Save as"))
        self.save = ActionButton(self.tr("Save search"))
        self.clear = ActionButton(self.tr("Clear all"), "", Kind.GHOST)
        self.done = ActionButton(self.tr("Done"), "Esc", Kind.PRIMARY)
        self._fill_options()
        self._lay_out()
        self._connect()

    def _fill_options(self) -> None:
        self.statuses.set_options([(str(s), status_word(s)) for s in ReportStatus])
        self.severities.set_options(
            [(str(int(s)), severity_word(s)) for s in sorted(Severity, reverse=True)]
        )
        self.scores.set_options(
            [(str(s), self.tr("{least} and more").format(least=s)) for s in _SCORES if s]
        )
        self.dates.set_options(
            [
                ("1", self.tr("Today")),
                ("7", self.tr("7 days")),
                ("30", self.tr("30 days")),
            ]
        )
        for field in (self.first_day, self.last_day):
            field.set_placeholder(self.tr("YYYY-MM-DD"))

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(6)
        column.addWidget(self.text)
        column.addWidget(self.plate)
        for heading, group in (
            (self.tr("Severity"), self.severities),
            (self.tr("Reported"), self.dates),
        ):
            column.addSpacing(6)
            column.addWidget(SectionHeading(heading))
            column.addWidget(group)
        days = QHBoxLayout()
        days.addWidget(self.first_day)
        days.addWidget(self.last_day)
        column.addLayout(days)
        for heading, group in (
            (self.tr("Evidence"), self.scores),
            (self.tr("Status"), self.statuses),
            (self.tr("Main violation"), self.violations),
        ):
            column.addSpacing(6)
            column.addWidget(SectionHeading(heading))
            column.addWidget(group)
        column.addSpacing(6)
        column.addWidget(self.ward)
        column.addWidget(self.station)
        column.addSpacing(6)
        column.addWidget(self.name)
        column.addWidget(self.save)
        column.addStretch(1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(ScrollPanel(content), 1)
        whole.addWidget(Hairline())
        whole.addLayout(self._foot())

    def _foot(self) -> QHBoxLayout:
        foot = QHBoxLayout()
        foot.setContentsMargins(12, 8, 12, 8)
        foot.addWidget(self.clear)
        foot.addStretch(1)
        foot.addWidget(self.done)
        return foot

    def _connect(self) -> None:
        for group in (self.statuses, self.severities, self.scores, self.violations):
            group.changed.connect(self._tell)
        self.dates.changed.connect(self._range_chosen)
        for field in (self.plate, self.text):
            field.edited.connect(self._tell)
        for field in (self.first_day, self.last_day):
            field.submitted.connect(self._days_typed)
            field.edit.editingFinished.connect(self._days_typed)
        for pick in (self.ward, self.station):
            pick.picked.connect(self._tell)
        self.save.clicked.connect(self._save)
        self.name.submitted.connect(self._save)
        self.clear.clicked.connect(self._clear)
        self.done.clicked.connect(self.closed)

    def set_choices(self, choices: Choices) -> None:
        """Offer the desk's own lists."""
        self._choices = choices
        codes = [(code, type_word(code, choices)) for code in choices.violations]
        self.violations.set_options(codes)
        self.ward.set_options([(str(each), name) for each, name in choices.wards])
        self.station.set_options([(str(s.id), s.name) for s in choices.stations])
        self.show_filter(self._filter)

    def show_filter(self, wanted: ReportFilter) -> None:
        """Show a filter's conditions."""
        self._filter = wanted
        self.statuses.choose({str(s) for s in wanted.statuses})
        self.severities.choose({str(int(s)) for s in wanted.severities})
        self.scores.choose({str(wanted.min_score)})
        self.violations.choose(set(wanted.violations))
        self.ward.pick(str(wanted.ward_id or ""))
        self.station.pick(str(wanted.station_id or ""))
        for field, value in ((self.plate, wanted.plate), (self.text, wanted.text)):
            if not field.edit.hasFocus():
                field.set_text(value)
        self.first_day.set_text(self._day_text(wanted.from_ms))
        to_ms_ = None if wanted.to_ms is None else wanted.to_ms - DAY_MS
        self.last_day.set_text(self._day_text(to_ms_))
        self.dates.choose({str(n) for n in _RANGES if self._range_start(n) == wanted.from_ms})

    def _day_text(self, at_ms: int | None) -> str:
        if at_ms is None:
            return ""
        return datetime.fromtimestamp(at_ms / 1000, self._zone).strftime("%Y-%m-%d")

    def _range_start(self, days: int) -> int:
        local = self._now.astimezone(self._zone)
        midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
        return to_ms(midnight - timedelta(days=days - 1))

    def _range_chosen(self) -> None:
        chosen = self.dates.chosen()
        start = self._range_start(int(next(iter(chosen)))) if chosen else None
        self._change(replace(self._filter, from_ms=start, to_ms=None))

    def _days_typed(self) -> None:
        first, last = self._day_ms(self.first_day), self._day_ms(self.last_day)
        if self.first_day.box.is_wrong or self.last_day.box.is_wrong:
            return
        to = None if last is None else last + DAY_MS
        if (first, to) != (self._filter.from_ms, self._filter.to_ms):
            self._change(replace(self._filter, from_ms=first, to_ms=to))

    def _day_ms(self, field: InputField) -> int | None:
        text = field.text().strip()
        field.set_error("")
        if not text:
            return None
        try:
            midnight = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=self._zone)
        except ValueError:
            field.set_error(self.tr("Write the day as 2026-11-21"))
            return None
        return to_ms(midnight)

    def _tell(self) -> None:
        from uuid import UUID

        ward, station = self.ward.picked_id(), self.station.picked_id()
        scores, plate = self.scores.chosen(), plate_token(self.plate.text())
        self._change(
            replace(
                self._filter,
                statuses=frozenset(ReportStatus(s) for s in self.statuses.chosen()),
                severities=frozenset(Severity(int(s)) for s in self.severities.chosen()),
                violations=frozenset(self.violations.chosen()),
                min_score=int(next(iter(scores))) if scores else 0,
                plate=plate,
                is_whole_plate=self._filter.is_whole_plate and plate == self._filter.plate,
                text=self.text.text(),
                ward_id=UUID(ward) if ward else None,
                station_id=UUID(station) if station else None,
            )
        )

    def _change(self, wanted: ReportFilter) -> None:
        self._filter = wanted
        self.show_filter(wanted)
        self.changed.emit(wanted)

    def _clear(self) -> None:
        for field in (self.plate, self.text, self.first_day, self.last_day):
            field.clear()
        self._change(ReportFilter())

    def _save(self) -> None:
        if not self.name.text().strip():
            self.name.set_error(self.tr("Give the search a name"))
            self.name.setFocus()
            return
        self.saved.emit(self.name.text())

    def show_saved(self) -> None:
        """Say that the search is kept."""
        self.name.clear()
        self.name.set_placeholder(self.tr("Saved"))

    def refuse_saving(self) -> None:
        """Say that a search nothing can match is not kept."""
        self.name.set_error(self.tr("No report can match this"))

    def show_matching(self, count: int) -> None:
        """Say how many reports match."""
        words = QCoreApplication.translate("FilterPanel", "Show %n reports", None, count)
        self.done.setText(words)
        self.done.setAccessibleName(words)
        self.done.restyle()
