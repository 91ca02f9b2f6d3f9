"""How the map workspace looks and reads: names, languages, keys, sizes, directions."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from tests.qt.map.conftest import CENTRE, FileAt, Hand, MakeMap
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.maps.page import WORDS
from trafficdesk.qt.commands import Commands
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.map.page_words import page_words
from trafficdesk.qt.map.workspace import MapWorkspace
from trafficdesk.qt.theme.palette import Density, ThemeChoice
from trafficdesk.services.session import Session


def test_every_word_of_the_page_is_given_in_the_language_of_the_desk(commands: Commands) -> None:
    assert set(page_words(commands)) >= set(WORDS)


@pytest.fixture
def make_card(
    make_map: MakeMap, session: Session, file_at: FileAt, hand: Hand
) -> Callable[[], MapWorkspace]:
    """Make a map that shows the card of a report."""

    def make() -> MapWorkspace:
        pk = file_at(CENTRE.lon, CENTRE.lat, Severity.SEVERE)
        desk = make_map(session)
        desk.show_report(pk)
        hand.bot.waitUntil(lambda: desk.side.card.pk == pk)
        return desk

    return make


def test_every_part_has_a_name_and_speaks_the_language_of_the_desk(
    pseudo_locale: object,
    make_card: Callable[[], MapWorkspace],
    find_unnamed: Callable[[QWidget], list[str]],
    find_untranslated: Callable[..., list[str]],
) -> None:
    assert pseudo_locale is not None
    desk = make_card()

    assert find_unnamed(desk) == []
    # "ágó" is the outer of two sentences, one inside the other.
    data = (desk.side.heading.text(), "TN 37 BZ 4412", "Gandhipuram", "ágó")
    assert find_untranslated(desk, data) == []


def test_every_key_shown_is_that_of_its_command(
    make_card: Callable[[], MapWorkspace],
    commands: Commands,
    find_stray_keys: Callable[[QWidget], list[str]],
) -> None:
    desk = make_card()
    assert find_stray_keys(desk) == []
    for number, command in enumerate(commands.all()):
        commands.remap(command.id, (f"Ctrl+Alt+{number // 10}, {number % 10}",))

    assert find_stray_keys(desk) == []
    assert desk.layers.export_button.key() == commands.first_key("map.export")


@pytest.mark.parametrize("percent", [100, 150])
def test_nothing_is_cut_off_whatever_the_text_size_and_reading_direction(
    make_card: Callable[[], MapWorkspace],
    equipment: Equipment,
    find_cut_off: Callable[[QWidget], list[str]],
    percent: int,
) -> None:
    desk = make_card()
    for direction in (Qt.LayoutDirection.LeftToRight, Qt.LayoutDirection.RightToLeft):
        QApplication.setLayoutDirection(direction)
        equipment.appearance.apply(ThemeChoice.LIGHT, percent, Density.COMFORTABLE)
        desk.resize(1216, 672)
        QTest.qWait(50)

        assert desk.width() == 1216
        assert find_cut_off(desk) == []
        base = desk.layers.base_button
        assert base.visibleRegion().boundingRect() == base.rect(), "out of sight"
        assert desk.side.isVisible()
        assert desk.side.x() >= 0
