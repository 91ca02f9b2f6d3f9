"""The rows of the palette: what they are, and how they are painted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from trafficdesk.qt.theme.fonts import MEDIUM, REGULAR, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import (
    LEADING,
    fill_round,
    keycap_size,
    paint_keycap,
    paint_line,
)

_Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class PaletteRow:
    """A heading (``run`` is None) or something to run; ``at`` are the matched letters' places."""

    title: str
    run: Callable[[], object] | None = None
    detail: str = ""
    keys: tuple[str, ...] = ()
    icon: str = ""
    at: tuple[int, ...] = ()
    is_enabled: bool = True

    @property
    def spoken(self) -> str:
        """What a screen reader says of the row."""
        return ", ".join(filter(None, (self.title, self.detail, " ".join(self.keys))))


class PaletteModel(QAbstractListModel):
    """The rows as a Qt model."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[PaletteRow] = []

    def replace(self, rows: list[PaletteRow]) -> None:
        """Show other rows."""
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:  # noqa: ANN401 - Qt's own signature
        row = self.rows[index.row()]
        if role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}:
            return row.spoken
        return row if role == Qt.ItemDataRole.UserRole else None

    def flags(self, index: _Index) -> Qt.ItemFlag:
        if self.rows[index.row()].run is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class PaletteDelegate(QStyledItemDelegate):
    """Paints rows of 36 px and headings of 32 px."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        row: PaletteRow = index.data(Qt.ItemDataRole.UserRole)
        return QSize(px(200), px(36 if row.run else 32))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row: PaletteRow = index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if row.run is None:
            painter.setFont(font(12, SEMIBOLD))
            painter.setPen(colour("text2"))
            box = option.rect.adjusted(px(18), px(2), -px(18), 0)
            painter.drawText(box, int(LEADING), row.title)
        else:
            _paint_row(painter, option, row)
        painter.restore()


def _paint_row(painter: QPainter, option: QStyleOptionViewItem, row: PaletteRow) -> None:
    area: QRect = option.rect
    state, direction = option.state, option.direction
    is_on = bool(state & QStyle.StateFlag.State_Selected)

    def put(x: int, width: int, height: int) -> QRect:
        box = QRect(area.x() + x, area.y() + (area.height() - height) // 2, width, height)
        return QStyle.visualRect(direction, area, box)

    if is_on:
        fill_round(painter, QRectF(area).adjusted(6, 0, -6, 0), colour("accent_weak"))
    ink = "text" if row.is_enabled else "text3"
    if row.icon:
        paint_icon(painter, row.icon, put(px(18), px(16), px(16)), "accent" if is_on else "text2")
    end = area.width() - px(18)
    for key in reversed(row.keys):
        cap = keycap_size(key)
        end -= cap.width()
        paint_keycap(painter, put(end, cap.width(), cap.height()), key)
        end -= px(8)
    x = px(44)
    room = max(0, end - x)
    width = min(text_width(row.title, 13, MEDIUM), room)
    _paint_title(painter, put(x, width, area.height()), row, ink)
    rest = room - width - px(10)
    if row.detail and rest > px(30):
        painter.setFont(font(12, REGULAR))
        painter.setPen(colour("text2" if row.is_enabled else "text3"))
        paint_line(painter, put(x + width + px(10), rest, area.height()), row.detail)


def _paint_title(painter: QPainter, box: QRect, row: PaletteRow, ink: str) -> None:
    painter.setFont(font(13, MEDIUM))
    if not row.at or text_width(row.title, 13, MEDIUM) > box.width() + 1 or _is_shaped(row.title):
        painter.setPen(colour("accent" if row.at and _is_shaped(row.title) else ink))
        paint_line(painter, box, row.title)
        return
    marked, x = set(row.at), float(box.x())
    for start, end, is_marked in _runs(row.title, marked):
        painter.setPen(colour("accent" if is_marked else ink))
        part = row.title[start:end]
        width = painter.fontMetrics().horizontalAdvance(part)
        painter.drawText(QRectF(x, box.y(), width + 2, box.height()), int(LEADING), part)
        x += width


def _runs(title: str, marked: set[int]) -> list[tuple[int, int, bool]]:
    runs: list[tuple[int, int, bool]] = []
    for place in range(len(title)):
        if runs and runs[-1][2] == (place in marked):
            runs[-1] = (runs[-1][0], place + 1, runs[-1][2])
        else:
            runs.append((place, place + 1, place in marked))
    return runs


def _is_shaped(title: str) -> bool:
    """Tell whether letters join or change places (Tamil, Urdu): such text is painted whole."""
    return any(ord(letter) > 0x58F for letter in title)
