"""Analytics as it looks and reads: names, the made-up language, large text, sizes, mirrored."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.qt.analytics.conftest import Desk, Fill, OpenDesk
from trafficdesk.qt.analytics.analytics_commands import PAGES
from trafficdesk.qt.analytics.places_page import PlacesPage
from trafficdesk.qt.analytics.report_language import NAMES
from trafficdesk.qt.theme.palette import Appearance, Density, ThemeChoice

DATA = (
    *("Cross Cut Road", "Oppanakara Street", "Gandhipuram", "Test City", "TN", "BB"),
    *("Latha R", "Admin A", "Central"),
    *NAMES.values(),  # of languages
)
Faults = Callable[..., list[str]]


@pytest.fixture
def filled(fill: Fill, open_desk: OpenDesk) -> OpenDesk:
    """Open a desk with two years of reports."""

    def make(size: QSize = QSize(1216, 672)) -> Desk:  # noqa: B008 - a constant
        fill(300)
        desk = open_desk(size)
        desk.wait_for_chart()
        return desk

    return make


def test_everything_has_a_name_is_reached_by_tab_and_lies_in_the_window(
    filled: OpenDesk, find_unnamed: Faults, find_unreachable: Faults, windows_shown: list[str]
) -> None:
    desk = filled()
    for page in PAGES:
        desk.open(page)
        assert find_unnamed(desk.work) == []
        assert find_unreachable(desk.work) == []
    assert set(windows_shown) <= {"AnalyticsWorkspace"}


@pytest.mark.usefixtures("pseudo_locale")
def test_every_word_passes_translation(filled: OpenDesk, find_untranslated: Faults) -> None:
    desk = filled()
    for page in PAGES:
        desk.open(page)
        assert find_untranslated(desk.work, _names(desk)) == []
    for act in (desk.work.open_months, desk.work.open_subjects):
        act()
        assert find_untranslated(desk.work, _names(desk)) == []


def _names(desk: Desk) -> tuple[str, ...]:
    frame = desk.work.frame
    assert frame is not None
    stations = [each.name for each in frame.choices.stations]
    officers = [each.name for each in frame.choices.officers]
    return (*DATA, *stations, *officers, *(name for _, name in frame.choices.wards))


@pytest.mark.parametrize(("percent", "size"), [(150, QSize(1216, 672)), (100, QSize(1856, 1032))])
def test_nothing_is_cut_off(
    filled: OpenDesk, find_cut_off: Faults, appearance: Appearance, percent: int, size: QSize
) -> None:
    desk = filled(size)
    appearance.apply(ThemeChoice.LIGHT, percent, Density.COMFORTABLE)
    desk.work.resize(size)
    for page in PAGES:
        desk.open(page)
        assert find_cut_off(desk.work) == []
        assert desk.work.size() == size
    for act in (desk.work.open_months, desk.work.open_subjects):
        act()
        assert find_cut_off(desk.work) == []


@pytest.mark.usefixtures("pseudo_locale")
def test_longer_words_are_not_cut_off(filled: OpenDesk, find_cut_off: Faults) -> None:
    desk = filled()
    for page in PAGES:
        desk.open(page)
        assert find_cut_off(desk.work) == []


def test_both_looks_can_be_painted(
    filled: OpenDesk, screenshots: Callable[[QWidget, str], list[Path]]
) -> None:
    desk = filled()
    for page in ("overview", "places"):
        desk.open(page)
        assert len(screenshots(desk.work, page)) == 4


def test_it_can_be_read_from_right_to_left(
    qapp: QApplication, filled: OpenDesk, find_cut_off: Faults, tmp_path: Path
) -> None:
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    desk = filled()
    chart = desk.overview.chart
    chart.setFocus()
    desk.hit(Qt.Key.Key_Home)
    first = chart.tip.x()
    desk.hit(Qt.Key.Key_End)
    assert chart.tip.x() < first  # time runs to the left
    assert find_cut_off(desk.work) == []
    assert desk.work.grab().save(str(tmp_path / "rtl.png"))


def test_every_key_shown_is_that_of_its_command(filled: OpenDesk, find_stray_keys: Faults) -> None:
    desk = filled()
    for page in PAGES:
        desk.open(page)
    assert find_stray_keys(desk.work) == []
    for number, command in enumerate(desk.commands.all()):
        desk.commands.remap(command.id, (f"Ctrl+Alt+{number // 10}, {number % 10}",))
    assert find_stray_keys(desk.work) == []


def test_a_small_window_shows_every_measure_of_naming_places(
    fill: Fill, open_desk: OpenDesk, appearance: Appearance
) -> None:
    fill(1_500, 5 * 365)
    desk = open_desk()
    appearance.apply(ThemeChoice.LIGHT, 100, Density.COMFORTABLE)
    desk.open("places")
    page = desk.work.page
    assert isinstance(page, PlacesPage)
    assert len(page.test.facts.rows) == 3 * 3 + 2
    assert page.test.verticalScrollBar().maximum() == 0
    assert "PEI*" in page.verdict.toolTip()
    desk.work.resize(QSize(1856, 1032))
    desk.wait(page.notes.isVisible)
    assert page.verdict.toolTip() == ""
