"""How reports run: by month, type, severity, ward and weather, beside what is compared."""

from typing import cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from trafficdesk.qt.analytics.asking import Question
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.overview_page import nothing_words
from trafficdesk.qt.analytics.page import Page, Sight, fullest_words, say
from trafficdesk.qt.analytics.questions import TRENDS, Run, ask_trends
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.analytics.table_cells import Column, Row
from trafficdesk.qt.analytics.trend_rows import (
    month_columns,
    month_rows,
    severity_rows,
    slice_columns,
    type_rows,
    ward_rows,
    weather_rows,
)
from trafficdesk.qt.widgets.labels import Hairline


class TrendsPage(Page):
    """Five tables of one answer."""

    def __init__(self) -> None:
        super().__init__(say("Trends"))
        self.questions = (Question(TRENDS, ask_trends),)
        self.months = self._make(say("By month"), month_columns())
        self.types = self._make(say("By main violation"), slice_columns(say("Violation")))
        self.severities = self._make(say("By severity"), slice_columns(say("Severity")))
        self.wards = self._make(say("By ward"), slice_columns(say("Ward")))
        weather = slice_columns(say("Weather"), say("Incidents"))
        self.weather = self._make(say("Incidents by weather"), weather)
        self._parts = (self.months, self.types, self.severities, self.wards, self.weather)
        self.takers = {TRENDS: self._take}
        self.sections = {TRENDS: tuple(section for section, _ in self._parts)}
        self._lay_out()
        for section, table in self._parts:
            self.watch(section)
            table.opened.connect(self.open_row)

    @staticmethod
    def _make(title: str, columns: tuple[Column, ...]) -> tuple[Section, FactsTable]:
        table = FactsTable(title, columns, is_dense=True)
        return Section(title, table), table

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(0)
        grid.addWidget(self.months[0], 0, 0)
        grid.addWidget(Hairline(Qt.Orientation.Vertical), 0, 1)
        grid.addWidget(self.types[0], 0, 2)
        grid.addWidget(Hairline(), 1, 0, 1, 3)
        low = QGridLayout()
        low.setSpacing(0)
        low.addWidget(self.severities[0], 0, 0)
        low.addWidget(Hairline(Qt.Orientation.Vertical), 0, 1)
        low.addWidget(self.wards[0], 0, 2)
        low.addWidget(Hairline(Qt.Orientation.Vertical), 0, 3)
        low.addWidget(self.weather[0], 0, 4)
        for column in (0, 2, 4):
            low.setColumnStretch(column, 1)
        for column in (0, 2):
            grid.setColumnStretch(column, 1)
        grid.setRowStretch(0, 6)
        grid.setRowStretch(2, 4)
        grid.addLayout(low, 2, 0, 1, 3)
        self.column.addLayout(grid, 1)

    def _take(self, answer: object, sight: Sight) -> None:
        run = cast("Run", answer)
        rows: tuple[tuple[Row, ...], ...] = (
            month_rows(run),
            type_rows(run, sight),
            severity_rows(run),
            ward_rows(run),
            weather_rows(run),
        )
        has_any = any(each.n for each in run.trends.by_month)
        for (section, table), each in zip(self._parts, rows, strict=True):
            is_told = bool(each) and (has_any or table is self.weather[1])
            table.show_rows(each)
            slices = len(run.trends.by_ward) if table is self.wards[1] else 0
            fullest = fullest_words(len(each), slices)
            if is_told:
                section.show_content(fullest)
            else:
                section.show_nothing(*nothing_words())

    def first_focus(self) -> QWidget:
        return self.months[1]
