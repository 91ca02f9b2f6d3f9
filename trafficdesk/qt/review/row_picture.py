"""The picture of a queue's row: two lines at fixed columns, marks by shape, one age format."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QStyle

from trafficdesk.domain.plates import format_plate
from trafficdesk.domain.records import QueueRow
from trafficdesk.domain.vocabulary import Severity, SyncState
from trafficdesk.qt.review.row_words import row_title
from trafficdesk.qt.theme.fonts import (
    BOLD,
    MEDIUM,
    SEMIBOLD,
    font,
    numeral_width,
    numerals,
    text_width,
)
from trafficdesk.qt.theme.marks import paint_severity, paint_sync, severity_colour
from trafficdesk.qt.theme.palette import Density, colour, density, px
from trafficdesk.qt.widgets.facts import paint_evidence
from trafficdesk.qt.widgets.painting import LEADING, TRAILING, edge_round, paint_line
from trafficdesk.qt.words import severity_word

ROW_PX, COMPACT_PX = 52, 44
_TEXT_X, _END = 42, 12


@dataclass(frozen=True, slots=True)
class RowLook:
    """All that a row's picture depends on; without a row it is a placeholder."""

    row: QueueRow | None
    age: str
    is_current: bool = False
    is_marked: bool = False
    is_unread: bool = False
    is_hovered: bool = False


@dataclass(frozen=True, slots=True)
class Sheet:
    """One row being painted: rectangles are given from its leading edge."""

    painter: QPainter
    rect: QRect
    direction: Qt.LayoutDirection

    @property
    def is_mirrored(self) -> bool:
        """Tell whether it is read from right to left."""
        return self.direction is Qt.LayoutDirection.RightToLeft

    def box(self, x: int, y: int, width: int, height: int) -> QRect:
        """Return a box of the row where it lies in this reading direction."""
        return QStyle.visualRect(self.direction, self.rect, QRect(x, y, width, height))

    def line(self, box: QRect, text: str, token: str, flags: Qt.AlignmentFlag = LEADING) -> None:
        """Draw a line of text in the painter's font."""
        self.painter.setPen(colour(token))
        paint_line(self.painter, box, text, flags)


def row_height() -> int:
    """Return the height of a row in the density in force."""
    return px(COMPACT_PX if density() is Density.COMPACT else ROW_PX)


def draw_row(look: RowLook, size: QSize, direction: Qt.LayoutDirection, dpr: float) -> QPixmap:
    """Return the picture of a row for a screen of this pixel ratio."""
    picture = QPixmap(size * dpr)
    picture.setDevicePixelRatio(dpr)
    painter = QPainter(picture)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setLayoutDirection(direction)
    sheet = Sheet(painter, QRect(QPoint(0, 0), size), direction)
    _paint_ground(sheet, look)
    if look.row is None:
        _paint_placeholder(sheet)
    else:
        _paint_row(sheet, look, look.row)
    painter.end()
    return picture


def _paint_ground(sheet: Sheet, look: RowLook) -> None:
    painter, rect = sheet.painter, sheet.rect
    is_chosen = look.is_current or look.is_marked
    fill = "accent_weak" if is_chosen else "hover" if look.is_hovered else "surface"
    painter.fillRect(rect, colour(fill))
    if look.is_current:
        painter.fillRect(sheet.box(0, 0, px(3), rect.height()), colour("accent"))
    rule = sheet.box(px(40), rect.height() - 1, rect.width() - px(40), 1)
    painter.fillRect(rule, colour("line"))


def _paint_row(sheet: Sheet, look: RowLook, row: QueueRow) -> None:
    first = (row_height() - px(40)) // 2 + px(2)
    severity = Severity(row.severity)
    if look.is_unread:
        dot = QRectF(sheet.box(px(7), first + px(7), px(6), px(6)))
        sheet.painter.setPen(Qt.PenStyle.NoPen)
        sheet.painter.setBrush(colour("accent"))
        sheet.painter.drawEllipse(dot)
    mark = sheet.box(px(20), first + px(4), px(12), px(12))
    paint_severity(sheet.painter, severity, _middle(mark), px(12) / 2)
    _paint_first(sheet, look, row, first)
    _paint_second(sheet, row, severity, first + px(18))


def _paint_first(sheet: Sheet, look: RowLook, row: QueueRow, y: int) -> None:
    height, end = px(20), sheet.rect.width() - px(_END)
    age_width = max(numeral_width(look.age, 13), px(46))
    sheet.painter.setFont(numerals(13))
    sheet.line(sheet.box(end - age_width, y, age_width, height), look.age, "text2", TRAILING)
    end -= age_width + px(8)
    sync = sheet.box(end - px(14), y + px(3), px(14), px(14))
    paint_sync(sheet.painter, SyncState(row.sync_state), _middle(sync), px(13) / 2)
    end -= px(14) + px(8)
    if row.assignee_initials:
        end = _paint_initials(sheet, row.assignee_initials, end, y)
    title = row_title(row)
    weight = SEMIBOLD if look.is_unread or look.is_current else MEDIUM
    x = px(_TEXT_X)
    title_width = min(text_width(title, 13, weight), end - x)
    sheet.painter.setFont(font(13, weight))
    sheet.line(sheet.box(x, y, title_width, height), title, "text")
    x += title_width + px(8)
    if end - x > px(24):
        sheet.painter.setFont(font(12))
        sheet.line(sheet.box(x, y, end - x, height), row.place, "text2")


def _paint_second(sheet: Sheet, row: QueueRow, severity: Severity, y: int) -> None:
    height, width, x = px(18), sheet.rect.width(), px(_TEXT_X)
    painter = sheet.painter
    painter.setFont(font(12, SEMIBOLD))
    painter.setPen(severity_colour(severity))
    word = severity_word(severity)
    plate_x = x + max(px(64), text_width(word, 12, SEMIBOLD) + px(8))
    paint_line(painter, sheet.box(x, y, plate_x - x, height), word)
    end = width - px(_END)
    painter.setFont(numerals(12, SEMIBOLD))
    score_y = y - px(1)
    score = sheet.box(end - px(30), score_y, px(30), px(16))
    sheet.line(score, str(row.score), "text2", TRAILING)
    paint_evidence(
        painter, sheet.box(end - px(18), y + px(15), px(18), px(3)), row.score, sheet.is_mirrored
    )
    plate = format_plate(row.plate)
    painter.setFont(numerals(12, MEDIUM))
    plate_width = max(px(96), numeral_width(plate, 12, MEDIUM))
    sheet.line(sheet.box(plate_x, y, plate_width, height), plate, "text")
    reference_x = plate_x + plate_width + px(6)
    room = end - px(34) - reference_x
    if room > px(40):
        painter.setFont(font(12))
        sheet.line(sheet.box(reference_x, y, room, height), row.reference, "text2")


def _paint_initials(sheet: Sheet, initials: str, end: int, y: int) -> int:
    width = max(px(24), text_width(initials, 10, BOLD) + px(10))
    pill = sheet.box(end - width, y + px(2), width, px(16))
    edge_round(sheet.painter, QRectF(pill), colour("line2"), px(8))
    sheet.painter.setFont(font(10, BOLD))
    sheet.painter.setPen(colour("text2"))
    sheet.painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, initials)
    return end - width - px(8)


def _paint_placeholder(sheet: Sheet) -> None:
    """Draw where words will be; nothing moves, so a fast scroll stays calm."""
    first = (row_height() - px(40)) // 2 + px(2)
    sheet.painter.setPen(Qt.PenStyle.NoPen)
    sheet.painter.setBrush(colour("surface2"))
    for y, width in ((first + px(5), px(150)), (first + px(23), px(210))):
        sheet.painter.drawRoundedRect(QRectF(sheet.box(px(_TEXT_X), y, width, px(9))), 4, 4)


def _middle(box: QRect) -> QPointF:
    return QRectF(box).center()
