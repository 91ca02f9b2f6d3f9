"""A place in question: written, clicked, dragged or walked to; looked at once it is settled."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from tests.qt.conflicts.conftest import Desk, FileReport, MakeConflict, OpenDesk
from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.records import Place, Report
from trafficdesk.qt.conflicts.pair_map import PairMap


def test_a_place_is_written_as_coordinates_and_keeps_its_error_in_place(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> None:
    report = file()
    conflict({"lon": 76.98, "lat": 11.02}, {"lon": 76.99, "lat": 11.03}, report)
    desk = open_desk()
    assert list(desk.rows()) == ["place"]
    assert "apart" in desk.work.page.map.accessibleName()
    desk.press("3")
    edit = desk.work.page.editor.field.edit
    edit.setText("nowhere")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    assert "degrees" in desk.work.page.editor.field.error.text()
    edit.setText("11.05, 76.95")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    assert desk.report(report.pk).place == (76.95, 11.05)


@pytest.fixture
def placing(
    conflict: MakeConflict, file: FileReport, open_desk: OpenDesk
) -> tuple[Desk, Report, PairMap]:
    """A place in question, with its map before the officer."""
    report = file()
    conflict({"lon": 76.9674, "lat": 11.0183}, {"lon": 76.9681, "lat": 11.0186}, report)
    desk = open_desk()
    desk.wait(desk.work.page.map.isVisible)
    return desk, report, desk.work.page.map


def test_a_place_is_put_by_a_click_on_the_map(placing: tuple[Desk, Report, PairMap]) -> None:
    desk, report, small = placing
    spot = QPoint(small.width() // 2 + 90, small.height() // 2 + 30)
    wanted = small.place_at(QPointF(spot))
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=spot)
    assert desk.rows()["place"].side is Side.EDITED
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    after = desk.report(report.pk).place
    assert distance_m(after, wanted) < 0.5


def test_a_pin_is_dragged_by_its_head_and_its_tip_is_the_place(
    placing: tuple[Desk, Report, PairMap],
) -> None:
    desk, report, small = placing
    tip = small.spot_of(Place(76.9681, 11.0186))
    head = (tip - QPointF(0, 16)).toPoint()
    wanted = small.place_at(tip + QPointF(40, 20))
    QTest.mousePress(small, Qt.MouseButton.LeftButton, pos=head)
    QTest.mouseMove(small, head + QPoint(25, 5))
    QTest.mouseMove(small, head + QPoint(40, 20))
    assert desk.rows()["place"].is_open
    QTest.mouseRelease(small, Qt.MouseButton.LeftButton, pos=head + QPoint(40, 20))
    assert desk.rows()["place"].side is Side.EDITED
    assert "result" in small.accessibleName()
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    assert distance_m(desk.report(report.pk).place, wanted) < 1.5


def test_a_press_on_a_pin_alone_moves_nothing(placing: tuple[Desk, Report, PairMap]) -> None:
    desk, _, small = placing
    head = (small.spot_of(Place(76.9681, 11.0186)) - QPointF(0, 16)).toPoint()
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=head)
    assert desk.rows()["place"].is_open


def test_a_place_is_put_by_keyboard_alone(placing: tuple[Desk, Report, PairMap]) -> None:
    desk, report, small = placing
    desk.press("m")
    assert small.hasFocus()
    start = small.spot_of(Place(76.9674, 11.0183))
    desk.hit(Qt.Key.Key_Right)
    desk.hit(Qt.Key.Key_Escape)
    assert not small.is_walking
    desk.press("m")
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        desk.hit(key)
    wanted = small.place_at(start + QPointF(24, 12))
    desk.hit(Qt.Key.Key_Return)
    assert desk.rows()["place"].side is Side.EDITED
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    assert distance_m(desk.report(report.pk).place, wanted) < 1.5


def test_a_settled_place_is_only_looked_at(placing: tuple[Desk, Report, PairMap]) -> None:
    desk, _, small = placing
    desk.press("1")
    desk.hit(Qt.Key.Key_Return)
    desk.wait_for_open(0)
    desk.hit(Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    desk.wait(small.isVisible)
    QTest.mouseClick(small, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    assert desk.rows()["place"].side is Side.MINE
    desk.press("m")
    assert desk.refused[-1][1] == "Choose an open conflict first"
