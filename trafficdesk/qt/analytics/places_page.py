"""Where it happens most, and where it may happen next: hotspots and squares to come."""

from collections.abc import Mapping
from functools import partial
from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.analytics.place_forecasting import Unit
from trafficdesk.qt.analytics.ahead_rows import (
    NamedAhead,
    ahead_columns,
    ahead_rows,
    ask_ahead,
    test_rows,
    verdict_words,
)
from trafficdesk.qt.analytics.asking import Question
from trafficdesk.qt.analytics.backtest_panel import test_columns
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.page import Page, Sight, say
from trafficdesk.qt.analytics.place_rows import hotspot_columns, hotspot_rows
from trafficdesk.qt.analytics.questions import HOTSPOTS, Places
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.widgets.buttons import ActionButton
from trafficdesk.qt.widgets.chips import Chip
from trafficdesk.qt.widgets.labels import Hairline, Label
from trafficdesk.services.analytics.hotspots import Hotspot, Hotspots
from trafficdesk.services.analytics.spots import SpotsKept

# How the trailing side is shared by what may come and its back-test: in a small window the measures
# need more of it than the places, of which the first tell most.
_SMALL_SHARES, _ROOMY_SHARES = (3, 5), (1, 1)
_AHEAD = {Unit.WEEK: "ahead_week", Unit.MONTH: "ahead_month"}


class PlacesPage(Page):
    """Hotspots at the leading side, what may come at the trailing one with its back-test."""

    def __init__(self, places: Places) -> None:
        super().__init__(say("Places"))
        self._ask_hotspots = places.ask_hotspots
        self._spots = SpotsKept()
        self.unit = Unit.WEEK
        self.hotspots = FactsTable(say("Hotspots"), hotspot_columns(), is_dense=True)
        self.map_button = ActionButton(say("Show on the map"), icon="map")
        self.map_button.clicked.connect(self.show_on_map)
        self.hotspot_section = Section(say("Hotspots, 500 m"), self.hotspots)
        self.hotspot_section.add_button(self.map_button)
        self.ahead = FactsTable(say("Where it may happen next"), ahead_columns(), is_dense=True)
        self.ahead_section = Section(say("Likely next"), self.ahead)
        self.units = {
            Unit.WEEK: Chip(say("Next week")),
            Unit.MONTH: Chip(say("Next month")),
        }
        self.test = FactsTable(say("Is naming places any good?"), test_columns(), is_dense=True)
        self.test.hug(is_tight=True)
        self.verdict = Label("", 12, 600).set_wrapped()
        self.notes = Label(
            say(
                "Area: the squares that had anything before. PAI: share of hits over share of area;"
                " 1 is chance. PEI*: hits over the most there could have been."
            ),
            12,
            400,
            "text2",
        ).set_wrapped()
        self.test_section = Section(say("Is naming places any good?"), self._test_box())
        self._set_questions()
        self._lay_out()
        self._connect()

    def _test_box(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.test)
        column.addWidget(self.verdict)
        column.addWidget(self.notes)
        column.addStretch(1)
        box.setFocusProxy(self.test)
        return box

    def _lay_out(self) -> None:
        group = QButtonGroup(self)
        for chip in self.units.values():
            chip.setCheckable(True)
            group.addButton(chip)
            self.ahead_section.head.addWidget(chip)
        self.units[self.unit].setChecked(True)
        right = self._right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.ahead_section)
        right.addWidget(Hairline())
        right.addWidget(self.test_section)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.hotspot_section, 11)
        row.addWidget(Hairline(Qt.Orientation.Vertical))
        row.addLayout(right, 9)
        self.column.addLayout(row, 1)

    def _connect(self) -> None:
        self.takers = {HOTSPOTS: self._take_hotspots}
        self.sections = {HOTSPOTS: (self.hotspot_section,)}
        for unit, name in _AHEAD.items():
            self.takers[name] = partial(self._take_ahead, unit)
            self.sections[name] = (self.ahead_section, self.test_section)
            self.units[unit].clicked.connect(partial(self.choose_unit, unit))
        self.watch(self.hotspot_section, self.ahead_section, self.test_section)
        self.hotspots.opened.connect(self.open_row)
        self.ahead.opened.connect(self.open_row)

    def _set_questions(self) -> None:
        ask = partial(ask_ahead, unit=self.unit, kept=self._spots)
        self.questions = (
            Question(HOTSPOTS, self._ask_hotspots),
            Question(_AHEAD[self.unit], ask),
        )

    def choose_unit(self, unit: Unit, _checked: bool = False) -> None:
        """Look at the next week or the next month."""
        self.unit = unit
        self.units[unit].setChecked(True)
        self._set_questions()
        self.asked.emit()

    def _take_hotspots(self, answer: object, _sight: Sight) -> None:
        found = cast("Hotspots", answer)
        rows = hotspot_rows(found)
        self.hotspots.show_rows(rows)
        self.map_button.setEnabled(bool(rows))
        if rows:
            self.hotspot_section.show_content()
        else:
            told = say("No place has three reports or more within 500 m.")
            self.hotspot_section.show_nothing(say("No hotspot"), told)

    def _take_ahead(self, unit: Unit, answer: object, _sight: Sight) -> None:
        if unit is not self.unit:
            return
        found = cast("NamedAhead", answer)
        rows = ahead_rows(found)
        self.ahead.show_rows(rows)
        if rows:
            self.ahead_section.show_content()
        else:
            told = say("Nothing was counted that lets expect anything.")
            self.ahead_section.show_nothing(say("Nothing to expect"), told)
        backtest = found.ahead.backtest
        self.test.show_rows(test_rows(backtest) if backtest else ())
        self.test.setVisible(backtest is not None)
        self.verdict.setText(verdict_words(found.ahead))
        self.test_section.show_content()

    def show_on_map(self) -> None:
        """Show the hotspots, and the chosen one, on the map."""
        row = self.hotspots.current_row()
        subject = row.subject if row is not None else None
        self.mapped.emit(subject.disc.place if isinstance(subject, Hotspot) else None)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        self.map_button.set_key(keys.get("map", ""))

    def first_focus(self) -> QWidget:
        return self.hotspots

    def fit(self, width: int, is_roomy: bool) -> None:
        del width
        ahead, test = _ROOMY_SHARES if is_roomy else _SMALL_SHARES
        self._right.setStretchFactor(self.ahead_section, ahead)
        self._right.setStretchFactor(self.test_section, test)
        self.notes.setVisible(is_roomy)
        self.verdict.setToolTip("" if is_roomy else self.notes.text())
