"""The first page: KPIs, reports per month and what may come, hours, dangerous places, stations."""

from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from trafficdesk.domain.offences import CURRENCY
from trafficdesk.qt.analytics.asking import Question
from trafficdesk.qt.analytics.backtest_panel import BacktestPanel, months_rows, verdict_words
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.heat_panel import HeatPanel
from trafficdesk.qt.analytics.kpi_faces import faces_on_top, rows_on_top
from trafficdesk.qt.analytics.kpi_section import KpiSection
from trafficdesk.qt.analytics.kpi_tile import KpiFace, KpiTile
from trafficdesk.qt.analytics.line_chart import LineChart
from trafficdesk.qt.analytics.line_legend import LineLegend
from trafficdesk.qt.analytics.page import Page, Sight, say
from trafficdesk.qt.analytics.place_rows import hotspot_rows, place_columns, short_rows
from trafficdesk.qt.analytics.questions import (
    DANGEROUS,
    FORECAST,
    OVERVIEW,
    TRENDS,
    Counted,
    Outlook,
    Places,
    Run,
    ask_forecast,
    ask_overview,
    ask_trends,
)
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.analytics.stations_section import StationsSection, question_of
from trafficdesk.qt.analytics.timeline_rows import (
    legend_of,
    timeline_columns,
    timeline_of,
    timeline_rows,
)
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Hairline

if TYPE_CHECKING:
    from trafficdesk.services.analytics.hotspots import Hotspots

_BESIDE_PX: Final = (368, 480)
_BELOW_PX: Final = ((400, 432), (700, 560))
_NARROW_PX: Final = 1180  # below, the stations are on the page of all figures alone


class OverviewPage(Page):
    """What an officer sees first."""

    def __init__(self, places: Places) -> None:
        super().__init__(say("Overview"))
        self.kpi_section = KpiSection()
        self.kpis = self.kpi_section.kpis
        self.chart = LineChart()
        self.legend = LineLegend()
        self.months = FactsTable(say("Reports per month"), timeline_columns(), is_dense=True)
        self.month_section = Section(say("Reports per month"), self.chart, table=self.months)
        self.month_section.add_legend(self.legend)
        self.month_section.title.setToolTip(left_out_words())
        self.backtest = BacktestPanel()
        self.test_section = Section(say("Is the forecast any good?"), self.backtest)
        self.heat = HeatPanel(say("Reports by hour and day"))
        self.heat_section = Section(say("Reports by hour and day"), self.heat)
        self.places = FactsTable(say("Dangerous places"), place_columns(), is_dense=True)
        self.place_section = Section(say("Dangerous places"), self.places)
        self.stations = StationsSection()
        self._sight: Sight | None = None
        self._run: Run | None = None
        self._compared = question_of(self.stations.part)
        self.questions = (
            Question(OVERVIEW, ask_overview),
            Question(FORECAST, ask_forecast),
            Question(TRENDS, ask_trends),
            Question(DANGEROUS, places.ask_dangerous),
            self._compared,
        )
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        self._middle, self._below = QHBoxLayout(), QHBoxLayout()
        for row, widgets in (
            (self._middle, (self.month_section, self.test_section)),
            (self._below, (self.heat_section, self.place_section, self.stations)),
        ):
            row.setSpacing(0)
            for number, widget in enumerate(widgets):
                if number:
                    row.addWidget(Hairline(Qt.Orientation.Vertical))
                row.addWidget(widget)
        self.column.addWidget(self.kpi_section)
        self.column.addWidget(Hairline())
        self.column.addLayout(self._middle, 5)
        self.column.addWidget(Hairline())
        self.column.addLayout(self._below, 6)

    def _connect(self) -> None:
        self.takers = {
            OVERVIEW: self._take_overview,
            FORECAST: self._take_forecast,
            TRENDS: self._take_trends,
            DANGEROUS: self._take_places,
            self._compared.id: self.stations.take,
        }
        self.sections = {
            FORECAST: (self.month_section, self.test_section),
            TRENDS: (self.heat_section,),
            DANGEROUS: (self.place_section,),
            self._compared.id: (self.stations,),
        }
        for sections in self.sections.values():
            self.watch(*sections)
        self.kpis.opened.connect(self._open_face)
        self.kpis.told.connect(self._tell)
        self.chart.opened.connect(self._open_month)
        self.months.opened.connect(self.open_row)
        self.heat.opened.connect(self._open_hour)
        self.places.opened.connect(self.open_row)
        self.stations.facts_table.opened.connect(self.open_row)

    # answers

    def _take_overview(self, answer: object, sight: Sight) -> None:
        counted = cast("Counted", answer)
        self.kpis.show_faces(faces_on_top(counted, sight.role, CURRENCY))
        self.kpi_section.show_figures(rows_on_top(counted, sight.role, CURRENCY))

    def _take_forecast(self, answer: object, sight: Sight) -> None:
        outlook = cast("Outlook", answer)
        found = outlook.forecast
        if not found.counts:
            title, detail = (
                say("No whole month yet"),
                say("The first one is shown when it is over."),
            )
            self.month_section.show_nothing(title, detail)
        else:
            timeline = timeline_of(found, outlook.plain, sight.drill)
            self.chart.show_timeline(timeline)
            self.months.show_rows(timeline_rows(timeline))
            self.legend.show_entries(legend_of(found))
            self.month_section.show_content(left_out_words())
        rows = months_rows(found.backtest) if found.backtest else ()
        self.backtest.show_rows(rows, verdict_words(found))
        folds = found.backtest.folds if found.backtest else 0
        told = say("on {months} months").format(months=folds) if folds else ""
        self.test_section.show_content(told)

    def _take_trends(self, answer: object, sight: Sight) -> None:
        self._run, self._sight = cast("Run", answer), sight
        hours = self._run.trends.hour_by_weekday
        if not any(map(sum, hours)):
            self.heat_section.show_nothing(*nothing_words())
            return
        self.heat.show_counts(hours)
        self.heat_section.show_content(self.heat.table.most_words())

    def _take_places(self, answer: object, _sight: Sight) -> None:
        rows = short_rows(hotspot_rows(cast("Hotspots", answer)))
        if not rows:
            told = say("No place has three reports or more within 500 m.")
            self.place_section.show_nothing(say("No dangerous place"), told)
            return
        self.places.show_rows(rows)
        self.place_section.show_content(say("a year, by severity"))

    # what opens

    def _open_face(self, face: KpiFace) -> None:
        self.open_filter(face.wanted)

    def _open_month(self, place: int) -> None:
        moment = self.chart.timeline().moments[place]
        if moment.count is None:
            self.refused.emit(say("This month is still to come"))
        else:
            self.open_filter(moment.wanted)

    def _open_hour(self, weekday: int, hour: int) -> None:
        if self._run is not None and self._sight is not None:
            drill = self._sight.drill
            self.open_filter(drill.at_hour(self._run.trends.rows, weekday, hour))

    def _tell(self, tile: KpiTile, words: str) -> None:
        self.tip.point_at(words, QRect(tile.mapTo(self, QPoint()), tile.size()))

    # looks

    def draw_charts(self) -> None:
        self.chart.draw()

    @property
    def is_drawn(self) -> bool:
        return self.chart.is_drawn or not self.chart.timeline().moments

    def first_focus(self) -> QWidget:
        return self.kpis.tiles[0]

    def fit(self, width: int, is_roomy: bool) -> None:
        at = 1 if is_roomy else 0
        self.kpis.set_large(is_roomy)
        self.test_section.setFixedWidth(min(px(_BESIDE_PX[at]), width * 2 // 5))
        heat, places = (px(each) for each in _BELOW_PX[at])
        self.stations.setVisible(width >= px(_NARROW_PX))
        self.month_section.fact.setVisible(width >= px(_NARROW_PX))  # the legend comes first
        beside = px(320) if width >= px(_NARROW_PX) else 0
        whole = max(width, heat + places + beside)
        self.heat_section.setMinimumWidth(width * heat // whole - 1)
        self.place_section.setMinimumWidth(width * places // whole - 1)
        self.backtest.set_brief(not is_roomy)
        for table in (self.places, self.stations.facts_table):
            table.set_dense(not is_roomy)


def left_out_words() -> str:
    """Return what the chart does not count, unlike the figures of what was received."""
    return say("rejected and duplicates left out")


def nothing_words() -> tuple[str, str]:
    """Return what a part says that has nothing to show."""
    return (
        say("Nothing in this period"),
        say("Choose more days or the whole city above."),
    )
