"""Every KPI with what it counts, and stations, wards or officers side by side."""

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QWidget

from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.offences import CURRENCY
from trafficdesk.qt.analytics.asking import Question
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.kpi_faces import figure_columns, figure_rows
from trafficdesk.qt.analytics.page import Page, Sight, say
from trafficdesk.qt.analytics.questions import (
    OVERVIEW,
    REPEATED,
    Counted,
    ask_overview,
    ask_repeated,
)
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.analytics.stations_section import StationsSection, question_of
from trafficdesk.qt.widgets.labels import Hairline

if TYPE_CHECKING:
    from trafficdesk.qt.analytics.table_cells import Row

_PARTS = (Part.STATION, Part.WARD, Part.OFFICER)


class FiguresPage(Page):
    """The whole catalogue; the figures of vehicles take longer and come last."""

    def __init__(self) -> None:
        super().__init__(say("All figures"))
        self.figures = FactsTable(say("All figures"), figure_columns(), is_dense=True)
        self.figure_section = Section(say("All figures and what they count"), self.figures)
        self.stations = StationsSection(has_choice=True)
        self._counted: tuple[Row, ...] = ()
        self._repeated: tuple[Row, ...] = ()
        self._set_questions()
        self.takers = {OVERVIEW: self._take, REPEATED: self._take_repeated}
        self.sections = {OVERVIEW: (self.figure_section,), REPEATED: (self.figure_section,)}
        for part in _PARTS:
            name = question_of(part).id
            self.takers[name] = self.stations.take
            self.sections[name] = (self.stations,)
        self.column.addWidget(self.figure_section, 5)
        self.column.addWidget(Hairline())
        self.column.addWidget(self.stations, 3)
        self.watch(self.figure_section, self.stations)
        self.figures.opened.connect(self.open_row)
        self.stations.facts_table.opened.connect(self.open_row)
        self.stations.part_chosen.connect(self._ask_part)

    def _set_questions(self) -> None:
        self.questions = (
            Question(OVERVIEW, ask_overview),
            question_of(self.stations.part),
            Question(REPEATED, ask_repeated),
        )

    def _ask_part(self) -> None:
        self._set_questions()
        self.asked.emit()

    def _take(self, answer: object, _sight: Sight) -> None:
        self._counted = figure_rows(cast("Counted", answer), CURRENCY)
        self._show()

    def _take_repeated(self, answer: object, _sight: Sight) -> None:
        self._repeated = figure_rows(cast("Counted", answer), CURRENCY)
        self._show()

    def _show(self) -> None:
        rows = (*self._counted, *self._repeated)
        self.figures.show_rows(rows)
        if rows:
            self.figure_section.show_content()
        else:
            told = say("Others' figures are for those in charge.")
            self.figure_section.show_nothing(say("No figures"), told)

    def first_focus(self) -> QWidget:
        return self.figures
