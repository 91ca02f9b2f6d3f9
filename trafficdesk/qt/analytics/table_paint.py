"""Painting the cells of tables of figures: text, numbers, ranks, bars and deviations."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from trafficdesk.qt.analytics.table_cells import Cell, Look
from trafficdesk.qt.analytics.table_model import TableModel
from trafficdesk.qt.theme.fonts import MEDIUM, REGULAR, SEMIBOLD, font, numeral_width, numerals
from trafficdesk.qt.theme.marks import paint_severity
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import (
    CENTRED,
    LEADING,
    TRAILING,
    fill_round,
    paint_line,
)

Index = QModelIndex | QPersistentModelIndex
PAD_PX: Final = 6
MARK_PX: Final = 18
BAR_PX: Final = 72
RANKED: Final = 5  # so many ranks are filled with ink


def cell_width(cell: Cell, look: Look) -> int:
    """Return how wide a cell has to be, its bar and mark included."""
    text = numeral_width(cell.text, 13, SEMIBOLD) + px(2 * PAD_PX)
    if cell.severity is not None:
        text += px(MARK_PX)
    match look:
        case Look.BAR:
            return text + px(BAR_PX)
        case Look.DEVIATION:
            return text + px(BAR_PX + 8)
        case Look.RANK:
            return max(text, px(30))
        case _:
            return text


class CellPainter(QStyledItemDelegate):
    """Paints the cells of one table; ``current`` is the row that has the keyboard."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, TableModel):
            return
        cell, look = model.cell(index.row(), index.column()), model.columns[index.column()].look
        painter.save()
        self._paint_ground(painter, option)
        inner = option.rect.adjusted(px(PAD_PX), 0, -px(PAD_PX), 0)
        is_mirrored = option.direction is Qt.LayoutDirection.RightToLeft
        match look:
            case Look.BAR:
                _paint_bar(painter, inner, cell, is_mirrored=is_mirrored)
            case Look.DEVIATION:
                _paint_deviation(painter, inner, cell, is_mirrored=is_mirrored)
            case Look.RANK:
                _paint_rank(painter, option.rect, cell, index.row())
            case Look.NUMBER:
                _paint_words(painter, inner, cell, TRAILING)
            case _:
                _paint_words(painter, inner, cell, LEADING)
        painter.restore()

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        box = option.rect
        is_current = bool(option.state & QStyle.StateFlag.State_Selected)
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if is_current or is_hovered:
            painter.fillRect(box, colour("accent_weak" if is_current else "hover"))
        painter.fillRect(box.x(), box.bottom(), box.width(), 1, colour("line"))


def _ink(cell: Cell) -> str:
    return "text3" if cell.is_faint else "text"


def _paint_words(
    painter: QPainter, box: QRect, cell: Cell, side: Qt.AlignmentFlag, *, is_number: bool = False
) -> None:
    weight = SEMIBOLD if cell.is_strong else MEDIUM if side is LEADING else REGULAR
    is_number = is_number or side is TRAILING
    painter.setFont(numerals(13, weight) if is_number else font(13, weight))
    painter.setPen(colour(_ink(cell)))
    if cell.severity is not None:
        width = min(box.width(), numeral_width(cell.text, 13, weight) + px(MARK_PX))
        left = box.right() - width + px(8) if side is TRAILING else box.left() + px(6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_severity(painter, cell.severity, QPointF(left, box.center().y()), px(5))
        if side is LEADING:
            box = box.adjusted(px(MARK_PX), 0, 0, 0)
    direction = painter.layoutDirection()
    paint_line(painter, box, cell.text, side)
    painter.setLayoutDirection(direction)


def _paint_bar(painter: QPainter, box: QRect, cell: Cell, *, is_mirrored: bool) -> None:
    longest = min(px(BAR_PX), max(0, box.width() - numeral_width(cell.text, 13, SEMIBOLD) - px(6)))
    length = round(longest * max(0.0, min(1.0, cell.share)))
    height = px(10)
    top = box.center().y() - height // 2
    if is_mirrored:
        bar = QRect(box.right() + 1 - length, top, length, height)
        rest = box.adjusted(0, 0, -length - px(6), 0)
    else:
        bar = QRect(box.left(), top, length, height)
        rest = box.adjusted(length + px(6), 0, 0, 0)
    painter.fillRect(bar, colour("accent"))
    _paint_words(painter, rest, cell, LEADING, is_number=True)


def _paint_deviation(painter: QPainter, box: QRect, cell: Cell, *, is_mirrored: bool) -> None:
    """Lean a bar from a middle line: towards the end what is more, in accent; grey what is less."""
    half = px(BAR_PX) // 2
    share = max(-1.0, min(1.0, cell.share)) * (-1 if is_mirrored else 1)
    middle = (box.right() - half) if is_mirrored else (box.left() + half)
    length = round(half * abs(share))
    height = px(8)
    left = middle if share >= 0 else middle - length
    bar = QRect(left, box.center().y() - height // 2, length, height)
    painter.fillRect(bar, colour("accent" if cell.share > 0 else "text3"))
    painter.fillRect(middle, box.center().y() - px(9), 1, px(18), colour("line2"))
    _paint_words(painter, box, cell, TRAILING)


def _paint_rank(painter: QPainter, box: QRect, cell: Cell, row: int) -> None:
    side = px(20)
    square = QRectF(box.center().x() - side / 2 + 1, box.center().y() - side / 2 + 1, side, side)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_filled = row < RANKED
    fill_round(painter, square, colour("ink" if is_filled else "surface2"), 4)
    painter.setFont(numerals(12, SEMIBOLD))
    painter.setPen(colour("surface" if is_filled else "text2"))
    painter.drawText(square, CENTRED, cell.text)
