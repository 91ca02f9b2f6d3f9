"""Painting the cells of tables of figures: text, numbers, ranks, bars and deviations."""

from typing import Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from trafficdesk.qt.analytics.number_paint import paint_number
from trafficdesk.qt.analytics.spark_paint import paint_spark
from trafficdesk.qt.analytics.table_cells import Cell, Look
from trafficdesk.qt.analytics.table_model import TableModel
from trafficdesk.qt.theme.fonts import MEDIUM, REGULAR, SEMIBOLD, font, numeral_width, numerals
from trafficdesk.qt.theme.marks import paint_severity
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import CENTRED, fill_round, paint_line

Index = QModelIndex | QPersistentModelIndex
PAD_PX: Final = 6
MARK_PX: Final = 18
BAR_PX: Final = 72
SPARK_PX: Final = 84
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
        case Look.SPARK:
            return px(SPARK_PX + 2 * PAD_PX)
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
            case Look.SPARK:
                _paint_run(painter, inner, cell, is_mirrored=is_mirrored)
            case Look.NUMBER:
                _paint_figure(painter, inner, cell, is_trailing=True, is_mirrored=is_mirrored)
            case _:
                _paint_text(painter, inner, cell, is_mirrored=is_mirrored)
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


def _paint_text(painter: QPainter, box: QRect, cell: Cell, *, is_mirrored: bool) -> None:
    painter.setFont(font(13, SEMIBOLD if cell.is_strong else MEDIUM))
    painter.setPen(colour(_ink(cell)))
    if cell.severity is not None:
        x = box.right() - px(6) if is_mirrored else box.left() + px(6)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_severity(painter, cell.severity, QPointF(x, box.center().y()), px(5))
        taken = px(MARK_PX)
        box = box.adjusted(0 if is_mirrored else taken, 0, -taken if is_mirrored else 0, 0)
    paint_line(painter, box, cell.text)


def _paint_figure(
    painter: QPainter, box: QRect, cell: Cell, *, is_trailing: bool, is_mirrored: bool
) -> None:
    painter.setFont(numerals(13, SEMIBOLD if cell.is_strong else REGULAR))
    painter.setPen(colour(_ink(cell)))
    paint_number(painter, box, cell.text, is_trailing=is_trailing, is_mirrored=is_mirrored)


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
    _paint_figure(painter, rest, cell, is_trailing=False, is_mirrored=is_mirrored)


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
    _paint_figure(painter, box, cell, is_trailing=True, is_mirrored=is_mirrored)


def _paint_run(painter: QPainter, box: QRect, cell: Cell, *, is_mirrored: bool) -> None:
    if sum(value is not None for value in cell.spark) < 2:
        return
    height = min(box.height() - px(4), px(24))
    line = QRect(box.x(), box.center().y() - height // 2, box.width(), height)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    paint_spark(painter, line, cell.spark, is_mirrored=is_mirrored)


def _paint_rank(painter: QPainter, box: QRect, cell: Cell, row: int) -> None:
    side = px(20)
    square = QRectF(box.center().x() - side / 2 + 1, box.center().y() - side / 2 + 1, side, side)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    is_filled = row < RANKED
    fill_round(painter, square, colour("ink" if is_filled else "surface2"), 4)
    painter.setFont(numerals(12, SEMIBOLD))
    painter.setPen(colour("surface" if is_filled else "text2"))
    painter.drawText(square, CENTRED, cell.text)
