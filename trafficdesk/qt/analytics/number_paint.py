"""Figures painted in their own order: a sign stands before its number in every language."""

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter

from trafficdesk.qt.widgets.painting import paint_line

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def paint_number(
    painter: QPainter, box: QRect, text: str, *, is_trailing: bool, is_mirrored: bool
) -> None:
    """Draw a figure at the leading or the trailing side of a box, read from left to right."""
    direction = painter.layoutDirection()
    painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    paint_line(painter, box, text, _RIGHT if is_trailing != is_mirrored else _LEFT)
    painter.setLayoutDirection(direction)
