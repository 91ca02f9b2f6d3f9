"""What comes back and what changed: vehicles, places at hours of the week, sudden changes."""

from typing import TYPE_CHECKING, cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.analytics.asking import Question
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.page import Page, Sight, say
from trafficdesk.qt.analytics.pattern_rows import (
    change_columns,
    change_rows,
    pattern_columns,
    pattern_rows,
    vehicle_columns,
    vehicle_rows,
)
from trafficdesk.qt.analytics.questions import (
    CHANGES,
    PATTERNS,
    VEHICLES,
    ask_changes,
    ask_patterns,
    ask_vehicles,
)
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.widgets.labels import Hairline, Label

if TYPE_CHECKING:
    from trafficdesk.services.analytics.patterns import Changes, FoundPattern, Repeater


class PatternsPage(Page):
    """Three lists, each of which opens the reports behind it."""

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__(say("Patterns"))
        self._zone = zone
        self.questions = (
            Question(VEHICLES, ask_vehicles),
            Question(PATTERNS, ask_patterns),
            Question(CHANGES, ask_changes),
        )
        self.vehicles = FactsTable(say("Vehicles reported again"), vehicle_columns(), is_dense=True)
        self.patterns = FactsTable(say("Comes back"), pattern_columns(), is_dense=True)
        self.changes = FactsTable(say("Sudden changes"), change_columns(), is_dense=True)
        self.vehicle_section = Section(say("Vehicles reported again"), self.vehicles)
        self.pattern_section = Section(say("Comes back at one place and time"), self.patterns)
        self.note = Label(
            say(
                "Where nothing changed, one of these lists in twenty would name something all the"
                " same. Usual is what the year before lets expect of four weeks."
            ),
            12,
            400,
            "text2",
        ).set_wrapped()
        self.change_section = Section(say("Sudden changes"), _under(self.changes, self.note))
        self.takers = {
            VEHICLES: self._take_vehicles,
            PATTERNS: self._take_patterns,
            CHANGES: self._take_changes,
        }
        self.sections = {
            VEHICLES: (self.vehicle_section,),
            PATTERNS: (self.pattern_section,),
            CHANGES: (self.change_section,),
        }
        self._lay_out()
        for sections in self.sections.values():
            self.watch(*sections)
        for table in (self.vehicles, self.patterns, self.changes):
            table.opened.connect(self.open_row)

    def _lay_out(self) -> None:
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.pattern_section, 6)
        right.addWidget(Hairline())
        right.addWidget(self.change_section, 5)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.vehicle_section, 4)
        row.addWidget(Hairline(Qt.Orientation.Vertical))
        row.addLayout(right, 6)
        self.column.addLayout(row, 1)

    def _take_vehicles(self, answer: object, _sight: Sight) -> None:
        found = cast("tuple[Repeater, ...]", answer)
        self.vehicles.show_rows(vehicle_rows(found, self._zone))
        if found:
            self.vehicle_section.show_content(say("three reports or more"))
        else:
            told = say("No plate was reported three times in this period.")
            self.vehicle_section.show_nothing(say("No vehicle came back"), told)

    def _take_patterns(self, answer: object, sight: Sight) -> None:
        found = cast("tuple[FoundPattern, ...]", answer)
        self.patterns.show_rows(pattern_rows(found, sight))
        if found:
            self.pattern_section.show_content(say("more than by chance"))
        else:
            told = say("No place, hour and type go together more than by chance.")
            self.pattern_section.show_nothing(say("No pattern"), told)

    def _take_changes(self, answer: object, sight: Sight) -> None:
        found = cast("Changes", answer)
        rows = change_rows(found, sight)
        self.changes.show_rows(rows)
        if rows:
            self.change_section.show_content(say("last four weeks"))
        else:
            told = say("The last four weeks are as the year before lets expect.")
            self.change_section.show_nothing(say("Nothing changed suddenly"), told)

    def first_focus(self) -> QWidget:
        return self.vehicles


def _under(table: FactsTable, note: Label) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    column.addWidget(table, 1)
    column.addWidget(note)
    box.setFocusProxy(table)
    return box
