"""Paints a row of the queue from its picture, which is drawn once."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from trafficdesk.domain.records import QueueRow
from trafficdesk.qt.ages import age
from trafficdesk.qt.review.report_list_model import Index, Role
from trafficdesk.qt.review.row_picture import RowLook, draw_row, row_height
from trafficdesk.qt.theme.palette import colour, px

_MOST_PICTURES: Final = 200


class ReportDelegate(QStyledItemDelegate):
    """Draws reports for a list view; ``is_marked`` tells which are chosen beside the current."""

    def __init__(
        self,
        clock: Callable[[], datetime],
        is_marked: Callable[[int], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._clock = clock
        self._is_marked = is_marked
        self._pictures: dict[object, QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(280), row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw a row; from one step to the next most rows look as before."""
        look = self._look(option, index)
        size, dpr = option.rect.size(), painter.device().devicePixelRatioF()
        # The surface stands for the theme, the height for text size and density.
        key = (look, size.toTuple(), option.direction, dpr, colour("surface").rgb())
        picture = self._pictures.get(key)
        if picture is None:
            if len(self._pictures) >= _MOST_PICTURES:
                self._pictures.clear()
            picture = self._pictures[key] = draw_row(look, size, option.direction, dpr)
        painter.drawPixmap(option.rect.topLeft(), picture)

    def _look(self, option: QStyleOptionViewItem, index: Index) -> RowLook:
        row, view = index.data(Role.ROW), option.widget
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        is_current = isinstance(view, QWidget) and _current(view) == index.row()
        if not isinstance(row, QueueRow):
            return RowLook(None, "", is_current=is_current, is_hovered=is_hovered)
        return RowLook(
            row,
            age(row.reported_ms, self._clock()),
            is_current=is_current,
            is_marked=self._is_marked(row.pk),
            is_unread=bool(index.data(Role.UNREAD)),
            is_hovered=is_hovered,
        )


def _current(view: QWidget) -> int:
    found = view.property("current_place")
    return found if isinstance(found, int) else -1
