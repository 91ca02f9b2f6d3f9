"""More units than there is room for tags: glyphs in the map's own picture, grasped all the same."""

from dataclasses import replace
from datetime import datetime

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from tests.qt.dispatch.conftest import HERE, Desk, EnlistUnit, OpenDesk
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place, Position
from trafficdesk.qt.dispatch.lines import Lines, UnitLine, moved
from trafficdesk.qt.dispatch.map_symbols import TAGS_AT_MOST, UNIT, Symbol
from trafficdesk.qt.theme.palette import colour

STEP = 0.002  # degrees between two of a grid


@pytest.fixture
def desk(open_desk: OpenDesk, enlist: EnlistUnit) -> Desk:
    """A desk whose map shows a grid of a hundred units, standing for those of a large city."""
    unit_id = enlist("P1")
    desk = open_desk()
    line = desk.unit(unit_id)
    show(desk, [_like(desk, line, number) for number in range(100)])
    desk.work.map.fit()
    return desk


def _like(desk: Desk, line: UnitLine, number: int) -> UnitLine:
    unit = replace(line.unit, id=new_id(), call_sign=f"B{number}")
    place = Place(HERE.lon + number % 10 * STEP, HERE.lat + number // 10 * STEP)
    return replace(
        line, row=replace(line.row, unit=unit, position=Position(unit.id, place, now(desk)))
    )


def now(desk: Desk) -> datetime:
    return desk.session.lease_clock()


def show(desk: Desk, lines: list[UnitLine]) -> None:
    found = Lines(units=tuple(lines), by_unit={line.id: line for line in lines})
    desk.work.lines = found
    desk.work.map.tell(found, desk.session.lease_clock())


def spot_of(desk: Desk, place: Place) -> QPoint:
    return desk.work.map.view.spot_of(place).toPoint()


def has_glyph(desk: Desk, place: Place) -> bool:
    """Tell whether an available unit's green is painted at a place."""
    picture = desk.work.map.grab().toImage()
    return picture.pixelColor(spot_of(desk, place)) == colour("ok")


def test_many_are_glyphs_that_are_picked_by_a_click(desk: Desk) -> None:
    line = desk.work.lines.units[37]
    assert line.place is not None
    place = line.place
    desk.wait(lambda: has_glyph(desk, place))
    assert len([each for each in desk.work.map.symbols if each.kind == UNIT]) == 100
    picked = list[object]()
    desk.work.map.picked.connect(lambda _kind, unit_id: picked.append(unit_id))
    QTest.mouseClick(desk.work.map, Qt.MouseButton.LeftButton, pos=spot_of(desk, place))
    assert picked == [line.id]


def test_a_move_is_drawn_where_the_unit_is_now_and_no_more_where_it_was(desk: Desk) -> None:
    line = desk.work.lines.units[0]
    assert line.place is not None
    before, after = line.place, Place(HERE.lon + STEP / 2, HERE.lat + STEP / 2)
    desk.wait(lambda: has_glyph(desk, before))
    assert not has_glyph(desk, after)
    desk.work.take_positions([Position(line.id, after, desk.session.lease_clock())])
    assert desk.work.lines.by_unit[line.id].place == after
    desk.wait(lambda: has_glyph(desk, after))
    assert not has_glyph(desk, before)


def test_they_go_along_with_the_map_while_it_is_dragged(desk: Desk) -> None:
    place = desk.work.lines.units[55].place
    assert place is not None
    desk.wait(lambda: has_glyph(desk, place))
    desk.work.map.pan(QPointF(30, 20))
    assert has_glyph(desk, place)


def test_come_closer_and_the_few_in_view_have_tags(desk: Desk) -> None:
    line = desk.work.lines.units[44]
    assert line.place is not None
    place = line.place
    desk.wait(lambda: has_glyph(desk, place))
    desk.work.map.show_place(place)
    desk.work.map.zoom(2.5)
    desk.work.map.repaint()
    tags = [each for each in desk.work.map.symbols if each.kind == UNIT]
    assert 0 < len(tags) <= TAGS_AT_MOST
    assert any(each.id == line.id and each.box.bottom() < spot_of(desk, place).y() for each in tags)


def test_the_chosen_one_has_its_tag_among_the_glyphs(desk: Desk) -> None:
    line = desk.work.lines.units[12]
    desk.work.map.choose(None, line.id)

    def found() -> list[Symbol]:
        desk.work.map.repaint()
        return [each for each in desk.work.map.symbols if each.id == line.id]

    desk.wait(lambda: len(found()) == 2)
    tags = found()
    assert tags[-1].box.width() > tags[0].box.width()


def test_older_news_moves_nobody(desk: Desk) -> None:
    lines = desk.work.lines
    line = lines.units[0]
    assert line.seen_at is not None
    early = Position(line.id, HERE, line.seen_at.replace(year=2020))
    assert moved(lines, [early]).units[0] is line
