"""Axes that do not mislead, shades that can be read, words of figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from trafficdesk.domain.analytics.metrics import METRICS, MetricId
from trafficdesk.qt.analytics.axis import axis_of, bin_of, bin_step
from trafficdesk.qt.analytics.figure_words import change_words, figure_words, is_worse
from trafficdesk.qt.analytics.heat_panel import HeatPanel, shade_words
from trafficdesk.qt.analytics.heat_table import BINS, shade_colours
from trafficdesk.qt.analytics.line_chart import LineChart
from trafficdesk.qt.analytics.metric_words import metric_definition, metric_name
from trafficdesk.qt.analytics.plotting import load_library
from trafficdesk.qt.analytics.timeline import Expected, Moment, Timeline
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice
from trafficdesk.qt.theme.tokens import contrast

COUNTS = st.lists(st.integers(0, 10**7), min_size=1, max_size=40)


@given(COUNTS)
def test_an_axis_holds_every_value_and_starts_at_zero_or_says_so(counts: list[int]) -> None:
    axis = axis_of(counts)
    assert axis.low <= min(counts)
    assert axis.high >= max(counts)
    assert axis.low >= 0
    assert axis.is_from_zero == (axis.low == 0)
    assert 2 <= len(axis.marks) <= 14
    assert axis.marks[0] == axis.low
    if min(counts) * 2 <= max(counts):
        assert axis.is_from_zero


@given(st.integers(0, 10**6))
def test_the_shades_cover_every_count_in_order(most: int) -> None:
    step = bin_step(most)
    shades = [bin_of(count, step) for count in (0, 1, most // 2, most)]
    assert shades[0] == 0
    assert shades == sorted(shades) or most < 2
    assert all(0 <= shade <= BINS for shade in shades)
    assert (bin_of(most, step) == 0) == (most == 0)


@pytest.mark.parametrize("theme", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_counts_are_read_on_every_shade(appearance: Appearance, theme: ThemeChoice) -> None:
    appearance.apply(theme, 100, Density.COMFORTABLE)
    found = shade_colours()
    assert len(found) == BINS + 1
    assert all(contrast(fill.name(), ink.name()) >= 4.5 for fill, ink in found)
    # One hue by lightness: told apart without seeing colours.
    lightness = [fill.lightnessF() for fill, _ in found[1:]]
    assert lightness == sorted(lightness, reverse=theme is ThemeChoice.LIGHT)


@pytest.mark.parametrize(
    ("shade", "step", "said"),
    [(1, 1, "1"), (5, 1, "5+"), (1, 5, "1\N{EN DASH}4"), (2, 5, "5\N{EN DASH}9"), (5, 5, "20+")],
)
def test_a_shade_says_which_counts_it_stands_for(shade: int, step: int, said: str) -> None:
    assert shade_words(shade, step) == said


def test_every_kpi_has_a_name_and_a_definition_of_its_own() -> None:
    names, definitions = map(metric_name, MetricId), map(metric_definition, MetricId)
    assert len(set(names)) == len(set(definitions)) == len(MetricId)


def test_figures_are_said_with_their_unit_and_direction() -> None:
    time, share = METRICS[MetricId.DECISION_TIME], METRICS[MetricId.APPROVED_SHARE]
    assert figure_words(time, 7 * 60_000 + 40_000) == "7:40 min"
    assert figure_words(time, None) == "\N{EN DASH}"
    assert figure_words(share, 0.778) == "77.8 %"
    assert change_words(time, 480_000, 300_000) == ("\N{DOWNWARDS ARROW} 3:00 min", "better")
    assert is_worse(time, 300_000, 480_000)
    assert change_words(share, 0.7, 0.75) == ("\N{UPWARDS ARROW} 5.0 pt", "more")
    assert change_words(share, None, 0.75) == ("", "")


def _moments(counts: list[float]) -> tuple[Moment, ...]:
    return tuple(Moment(f"M{n}", f"Month {n}", each, each) for n, each in enumerate(counts))


def test_a_chart_off_zero_says_where_it_starts(qtbot: QtBot) -> None:
    load_library()
    chart = LineChart()
    qtbot.addWidget(chart)
    chart.resize(600, 240)
    chart.show()
    said: dict[str, str] = {}
    for name, counts in (("high", [400.0, 420.0, 450.0]), ("low", [4.0, 20.0, 50.0])):
        chart.show_timeline(Timeline(name, _moments(counts)))
        qtbot.waitUntil(lambda: chart.is_drawn)
        said[name] = chart.words_at_start()
    assert said["high"].startswith("axis starts at 3")
    assert said["low"] == ""


def test_a_forecast_is_read_with_its_band(qtbot: QtBot) -> None:
    load_library()
    chart = LineChart()
    qtbot.addWidget(chart)
    chart.resize(600, 240)
    chart.show()
    ahead = Moment("Dec", "December 2026", None, 394, Expected(371, 298, 446))
    chart.show_timeline(Timeline("t", (*_moments([400.0, 394.0]), ahead), has_forecast=True))
    qtbot.waitUntil(lambda: chart.is_drawn)
    chart.setFocus()
    chart.read(2)
    assert chart.tip.text().split("\n") == [
        "December 2026",
        "Forecast 371",
        "8 of 10 times 298 to 446",
        "Plain count 394",
    ]
    assert "December 2026" in chart.accessibleDescription()


def test_a_heat_table_of_nothing_can_be_painted(qtbot: QtBot) -> None:
    panel = HeatPanel("Hours")
    qtbot.addWidget(panel)
    panel.resize(400, 200)
    panel.show_counts(((0,) * 24,) * 7)
    panel.show()
    assert panel.table.most() is None
    assert not panel.grab().isNull()
