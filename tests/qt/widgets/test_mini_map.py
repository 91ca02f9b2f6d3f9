"""A small map is drawn from a pack's tiles off the GUI thread; without a pack it stays honest."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from trafficdesk.domain.records import Place
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.maps.packs import Pack
from trafficdesk.maps.sketch import install_sketch
from trafficdesk.qt.tasks import Lanes
from trafficdesk.qt.theme.fonts import font
from trafficdesk.qt.theme.palette import colour
from trafficdesk.qt.widgets.map_drawing import TOKENS, MapPlan, draw_map, place_on_map
from trafficdesk.qt.widgets.mini_map import FindPack, MiniMap, Spot

GANDHIPURAM = Place(76.9674, 11.0183)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pack]:
    sketch = install_sketch(tmp_path_factory.mktemp("packs"))
    assert isinstance(sketch, Pack)
    yield sketch
    sketch.close()


def _plan(zoom: float = 15.6) -> MapPlan:
    colours = {token: QColor(colour(token)) for token in TOKENS}
    return MapPlan(GANDHIPURAM, zoom, QSize(260, 136), 1.0, colours, font(11))


def _tints(image: QImage) -> set[str]:
    return {
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    }


def test_the_sketch_of_the_city_shows_roads(pack: Pack) -> None:
    drawn = draw_map(pack, _plan())
    assert not drawn.is_bare
    tints = _tints(drawn.image)
    assert colour("map_road").name() in tints
    assert colour("map_land").name() in tints


def test_street_names_are_written_and_keep_apart_from_the_middle(pack: Pack) -> None:
    named, bare = draw_map(pack, _plan()).image, _plan()
    quiet = MapPlan(bare.centre, 12.0, bare.size, 1.0, bare.colours, bare.label_font)
    assert len(_tints(named)) > len(_tints(draw_map(None, quiet).image))


@pytest.mark.parametrize("zoom", [3.0, 11.2, 15.6, 19.0])
def test_every_zoom_draws(pack: Pack, zoom: float) -> None:
    assert not draw_map(pack, _plan(zoom)).image.isNull()


def test_without_a_pack_there_is_a_plain_grid() -> None:
    drawn = draw_map(None, _plan())
    assert drawn.is_bare
    assert _tints(drawn.image) == {colour("map_land").name(), colour("map_casing").name()}


def test_the_centre_of_the_map_is_its_place() -> None:
    plan = _plan()
    at = place_on_map(plan, GANDHIPURAM)
    assert (at.x(), at.y()) == (130, 68)
    east = place_on_map(plan, Place(GANDHIPURAM.lon + 0.001, GANDHIPURAM.lat + 0.001))
    assert east.x() > 130
    assert east.y() < 68


def _shown(make: Callable[[], MiniMap], qtbot: QtBot) -> MiniMap:
    view = make()
    qtbot.addWidget(view)
    view.resize(260, 136)
    view.show()
    view.show_place(GANDHIPURAM, Severity.CRITICAL, (Spot(Place(76.969, 11.018), "PCR-14"),))
    qtbot.waitUntil(view.is_drawn)
    return view


@pytest.mark.parametrize("shown", ["sketch", "nothing"])
def test_the_widget_marks_the_report_and_says_when_there_is_no_map(
    lanes: Lanes, qtbot: QtBot, pack: Pack, shown: str
) -> None:
    find: FindPack = (lambda: pack) if shown == "sketch" else (lambda: None)
    view = _shown(lambda: MiniMap(find, lanes), qtbot)
    assert view.is_bare is (shown == "nothing")
    image = view.grab().toImage()
    assert colour("critical").name() in _tints(image)
    assert colour("accent").name() in _tints(image)
    assert view.accessibleName()


def test_enter_and_click_open_the_map(lanes: Lanes, qtbot: QtBot) -> None:
    view = _shown(lambda: MiniMap(lambda: None, lanes), qtbot)
    with qtbot.waitSignal(view.opened):
        qtbot.keyClick(view, Qt.Key.Key_Return)  # type: ignore[no-untyped-call]
    with qtbot.waitSignal(view.opened):
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton)  # type: ignore[no-untyped-call]
