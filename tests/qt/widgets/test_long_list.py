"""A list of a million rows costs what its screen costs."""

import time

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from trafficdesk.qt.widgets.long_list import LongList

Index = QModelIndex | QPersistentModelIndex
ROWS, HEIGHT = 1_000_000, 52


class Many(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.count = ROWS

    def rowCount(self, _parent: Index = QModelIndex()) -> int:  # noqa: B008, N802 - Qt's own way
        return self.count

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        return f"row {index.row()}" if role == Qt.ItemDataRole.DisplayRole else None

    def drop(self, row: int) -> None:
        self.beginRemoveRows(QModelIndex(), row, row)
        self.count -= 1
        self.endRemoveRows()


class Noting(QStyledItemDelegate):
    def __init__(self) -> None:
        super().__init__()
        self.painted: set[int] = set()

    def paint(self, _painter: QPainter, _option: QStyleOptionViewItem, index: Index) -> None:
        self.painted.add(index.row())


def _list(qtbot: QtBot) -> tuple[LongList, Many, Noting]:
    view, model, delegate = LongList(HEIGHT), Many(), Noting()
    view.setModel(model)
    view.setItemDelegate(delegate)
    qtbot.addWidget(view)
    model.setParent(view)
    delegate.setParent(view)
    view.resize(380, 10 * HEIGHT)
    view.show()
    return view, model, delegate


def test_only_rows_on_screen_are_painted(qtbot: QtBot) -> None:
    view, _, delegate = _list(qtbot)
    delegate.painted.clear()
    view.verticalScrollBar().setValue(700_000 * HEIGHT)
    view.grab()
    assert set(range(700_000, 700_010)) <= delegate.painted
    assert len(delegate.painted) <= 30
    assert view.visible_span() == (700_000, 700_011)


def test_taking_a_row_out_of_a_million_takes_no_time(qtbot: QtBot) -> None:
    view, model, _ = _list(qtbot)
    began = time.perf_counter()
    for _ in range(20):
        model.drop(5)
        view.grab()
    assert time.perf_counter() - began < 2.0  # Qt's own list view: 12 s for each
    assert view.verticalScrollBar().maximum() == (ROWS - 20 - 10) * HEIGHT


def test_points_and_rows_agree(qtbot: QtBot) -> None:
    view, model, _ = _list(qtbot)
    view.verticalScrollBar().setValue(100 * HEIGHT + 20)
    assert view.indexAt(QPoint(50, 40)).row() == 101
    box = view.visualRect(model.index(101, 0))
    assert (box.top(), box.height()) == (32, HEIGHT)
    assert not view.indexAt(QPoint(50, -10_000)).isValid()


def test_a_place_is_shown_by_scrolling_as_little_as_needed(qtbot: QtBot) -> None:
    view, _, _ = _list(qtbot)
    bar = view.verticalScrollBar()
    view.show_place(500)
    assert bar.value() == 491 * HEIGHT
    view.show_place(495)
    assert bar.value() == 491 * HEIGHT
    view.show_place(490)
    assert bar.value() == 490 * HEIGHT
    view.set_row_height(44)
    assert bar.value() == 490 * 44
