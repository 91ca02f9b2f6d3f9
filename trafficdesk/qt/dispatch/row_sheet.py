"""One row of a board while it is painted: boxes are given from its leading edge."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Final

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QStyle

from trafficdesk.qt.theme.fonts import SEMIBOLD, font, numerals, text_width
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import LEADING, TRAILING, paint_line

PAD: Final = 12
GROUP_PX: Final = 28


@dataclass(frozen=True, slots=True)
class Sight:
    """What every row depends on beside its record: the time, its zone, and how much room."""

    now: datetime
    zone: tzinfo
    is_roomy: bool


@dataclass(frozen=True, slots=True)
class RowSheet:
    """Painter, box and reading direction of one row."""

    painter: QPainter
    rect: QRect
    direction: Qt.LayoutDirection
    sight: Sight
    is_chosen: bool = False

    def box(self, x: int, y: int, width: int, height: int) -> QRect:
        """Return a box of the row where it lies in this reading direction."""
        inner = QRect(self.rect.x() + x, self.rect.y() + y, width, height)
        return QStyle.visualRect(self.direction, self.rect, inner)

    def centre(self, x: int, y: int) -> QPointF:
        """Return a point of the row where it lies in this reading direction."""
        spot = self.box(x, y, 1, 1)
        return QPointF(spot.x() + 0.5, spot.y() + 0.5)

    def line(self, box: QRect, text: str, token: str, flags: Qt.AlignmentFlag = LEADING) -> None:
        """Draw one line of text in the painter's font."""
        self.painter.setPen(colour(token))
        paint_line(self.painter, box, text, flags)

    def write(self, box: QRect, text: str, look: tuple[QFont, str]) -> None:
        """Draw one line in a font and a colour."""
        self.painter.setFont(look[0])
        self.line(box, text, look[1])

    def ground(self, *, is_hovered: bool, is_dropped_on: bool) -> None:
        """Fill the row's ground; a chosen one has its bar of accent at the leading edge."""
        painter, width, height = self.painter, self.rect.width(), self.rect.height()
        if self.is_chosen or is_dropped_on:
            painter.fillRect(self.rect, colour("accent_weak"))
        elif is_hovered:
            painter.fillRect(self.rect, colour("hover"))
        else:
            painter.fillRect(self.rect, colour("surface"))
        if self.is_chosen or is_dropped_on:
            painter.fillRect(self.box(0, 0, px(3), height), colour("accent"))
        painter.fillRect(self.box(0, height - 1, width, 1), colour("line"))


def paint_heading(
    sheet: RowSheet, title: str, count: int, facts: tuple[tuple[int, str], ...]
) -> None:
    """Paint a group's heading: its name, how many, and column names (trailing edge, words)."""
    height = sheet.rect.height()
    sheet.painter.fillRect(sheet.rect, colour("bg"))
    sheet.painter.fillRect(sheet.box(0, height - 1, sheet.rect.width(), 1), colour("line"))
    width = text_width(title, 12, SEMIBOLD)
    sheet.write(sheet.box(px(PAD), 0, width, height), title, (font(12, SEMIBOLD), "text2"))
    counted = sheet.box(px(PAD) + width + px(8), 0, px(40), height)
    sheet.write(counted, str(count), (numerals(12), "text3"))
    for end, words in facts:
        room = text_width(words, 12) + 2
        sheet.painter.setFont(font(12))
        sheet.line(sheet.box(end - room, 0, room, height), words, "text3", TRAILING)
