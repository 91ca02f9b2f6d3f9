"""What a board lists, and how its rows are painted: a kept picture, and over it what ticks."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from typing import Final, Protocol
from uuid import UUID

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
)
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from trafficdesk.qt.dispatch.row_sheet import RowSheet, Sight

Index = QModelIndex | QPersistentModelIndex
_ROOT: Final = QModelIndex()
_KEPT: Final = 160  # pictures; some screens of rows
_SPOKEN: Final = {
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
}


@dataclass(frozen=True, slots=True)
class Heading:
    """A group's heading: its key, its name and how many it has."""

    key: Hashable
    title: str
    count: int


class Row(Protocol):
    """A line of a board."""

    @property
    def id(self) -> UUID:
        """The record's id."""


class BoardModel(QAbstractListModel):
    """Headings and rows in one list; ``speak`` says a row aloud."""

    def __init__(self, speak: Callable[[Row], str]) -> None:
        super().__init__()
        self.items: list[Heading | Row] = []
        self.current: UUID | None = None
        self.dropped_on: UUID | None = None
        self._speak = speak

    def rows(self) -> list[Row]:
        """Return the rows without the headings."""
        return [each for each in self.items if not isinstance(each, Heading)]

    def place_of(self, row_id: UUID | None) -> int:
        """Return where a row stands, -1 for nowhere."""
        places = (
            n
            for n, each in enumerate(self.items)
            if not isinstance(each, Heading) and each.id == row_id
        )
        return next(places, -1)

    def tell(self, items: list[Heading | Row]) -> bool:
        """Show these; tells whether they stand in another order than before."""
        is_same = [_key(each) for each in items] == [_key(each) for each in self.items]
        if is_same:
            changed = [n for n, each in enumerate(items) if each != self.items[n]]
            self.items = items
            for number in changed:
                self.dataChanged.emit(self.index(number, 0), self.index(number, 0))
            return False
        self.beginResetModel()
        self.items = items
        self.endResetModel()
        return True

    def renew(self, rows: Mapping[UUID, Row]) -> None:
        """Take rows that are the same but for what ticks; nobody is told, a glance is enough."""
        self.items = [
            each if isinstance(each, Heading) else rows.get(each.id, each) for each in self.items
        ]

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.items[index.row()]
        if role not in _SPOKEN:
            return None
        return f"{item.title} {item.count}" if isinstance(item, Heading) else self._speak(item)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if index.isValid() and isinstance(self.items[index.row()], Heading):
            return Qt.ItemFlag.ItemIsEnabled
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


def _key(item: Heading | Row) -> Hashable:
    return item.key if isinstance(item, Heading) else item.id


class BoardDelegate(QStyledItemDelegate):
    """Paints rows. A row's picture is kept until the row, or how it stands there, is another.

    A board's own delegate paints pictures and, over them, what changes with every second.
    """

    sight: Sight

    def __init__(self) -> None:
        super().__init__()
        self._pictures: OrderedDict[Hashable, tuple[Heading | Row, QPixmap]] = OrderedDict()

    def forget(self) -> None:
        """Draw every picture anew: the look is another."""
        self._pictures.clear()

    def clocks(self, box: QRect) -> QRect:
        """Return the part of a row that changes with every second."""
        return box

    def paint_picture(self, sheet: RowSheet, item: Heading | Row, *, is_first: bool) -> None:
        """Paint a row but for what ticks."""

    def paint_clocks(self, sheet: RowSheet, item: Row) -> None:
        """Paint what ticks."""

    def is_same(self, one: Heading | Row, other: Heading | Row) -> bool:
        """Tell whether two have the same picture."""
        return one == other

    def depends_on(self, item: Heading | Row) -> Hashable:
        """Return what else a picture depends on."""
        return None

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, BoardModel):
            return
        item = model.items[index.row()]
        painter.drawPixmap(option.rect.topLeft(), self._picture(painter, option, index))
        if isinstance(item, Heading):
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_chosen = item.id == model.current
        sheet = RowSheet(painter, option.rect, option.direction, self.sight, is_chosen)
        self.paint_clocks(sheet, item)

    def _picture(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> QPixmap:
        model = index.model()
        if not isinstance(model, BoardModel):
            return QPixmap()
        item = model.items[index.row()]
        name = item.key if isinstance(item, Heading) else item.id
        is_row = not isinstance(item, Heading)
        is_chosen = is_row and name == model.current
        is_target = is_row and name == model.dropped_on
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        dpr = painter.device().devicePixelRatioF()
        how = (is_chosen, is_target, is_hovered, index.row() == 0, self.sight.is_roomy)
        where = (option.rect.size().toTuple(), option.direction, dpr, self.depends_on(item))
        key = (name, how, where)
        kept = self._pictures.get(key)
        if kept is not None and self.is_same(kept[0], item):
            self._pictures.move_to_end(key)
            return kept[1]
        picture = QPixmap(option.rect.size() * dpr)
        picture.setDevicePixelRatio(dpr)
        brush = QPainter(picture)
        brush.setRenderHint(QPainter.RenderHint.Antialiasing)
        brush.setLayoutDirection(option.direction)
        rect = QRect(QPoint(0, 0), option.rect.size())
        sheet = RowSheet(brush, rect, option.direction, self.sight, is_chosen)
        if is_row:
            sheet.ground(is_hovered=is_hovered, is_dropped_on=is_target)
        self.paint_picture(sheet, item, is_first=index.row() == 0)
        brush.end()
        self._pictures[key] = (item, picture)
        while len(self._pictures) > _KEPT:
            self._pictures.popitem(last=False)
        return picture
