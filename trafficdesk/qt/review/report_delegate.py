"""Paints a row of the queue: two lines at fixed columns, marks by shape, one age format."""

from collections.abc import Callable
from datetime import datetime

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from trafficdesk.domain.plates import format_plate
from trafficdesk.domain.records import QueueRow
from trafficdesk.domain.vocabulary import Severity, SyncState
from trafficdesk.qt.ages import age
from trafficdesk.qt.review.report_list_model import Index, Role
from trafficdesk.qt.review.row_words import row_title
from trafficdesk.qt.theme.fonts import BOLD, MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.marks import paint_severity, paint_sync, severity_colour
from trafficdesk.qt.theme.palette import Density, colour, density, px
from trafficdesk.qt.widgets.facts import paint_evidence
from trafficdesk.qt.widgets.painting import LEADING, TRAILING, edge_round, paint_line
from trafficdesk.qt.words import severity_word

ROW_PX, COMPACT_PX = 52, 44
_TEXT_X, _END = 42, 12


class Sheet:
    """One row being painted: rectangles are given from its leading edge."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        self.painter = painter
        self.rect: QRect = option.rect
        self.direction: Qt.LayoutDirection = option.direction
        self.is_mirrored = self.direction is Qt.LayoutDirection.RightToLeft

    def box(self, x: int, y: int, width: int, height: int) -> QRect:
        """Return a box of the row where it lies in this reading direction."""
        logical = QRect(self.rect.x() + x, self.rect.y() + y, width, height)
        return QStyle.visualRect(self.direction, self.rect, logical)

    def line(self, box: QRect, text: str, token: str, flags: Qt.AlignmentFlag = LEADING) -> None:
        """Draw a line of text in the painter's font."""
        self.painter.setPen(colour(token))
        paint_line(self.painter, box, text, flags)


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

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(280), row_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row = index.data(Role.ROW)
        sheet = Sheet(painter, option)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = option.widget
        is_current = isinstance(view, QWidget) and _current(view) == index.row()
        is_marked = isinstance(row, QueueRow) and self._is_marked(row.pk)
        self._paint_ground(sheet, option, is_chosen=is_current or is_marked, has_bar=is_current)
        if isinstance(row, QueueRow):
            is_unread = bool(index.data(Role.UNREAD))
            self._paint_row(sheet, row, is_strong=is_unread or is_current, is_unread=is_unread)
        else:
            _paint_placeholder(sheet)
        painter.restore()

    def _paint_ground(
        self, sheet: Sheet, option: QStyleOptionViewItem, *, is_chosen: bool, has_bar: bool
    ) -> None:
        painter, rect = sheet.painter, sheet.rect
        is_hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        fill = "accent_weak" if is_chosen else "hover" if is_hovered else "surface"
        painter.fillRect(rect, colour(fill))
        if has_bar:
            painter.fillRect(sheet.box(0, 0, px(3), rect.height()), colour("accent"))
        rule = sheet.box(px(40), rect.height() - 1, rect.width() - px(40), 1)
        painter.fillRect(rule, colour("line"))

    def _paint_row(self, sheet: Sheet, row: QueueRow, *, is_strong: bool, is_unread: bool) -> None:
        height, first = px(20), (row_height() - px(40)) // 2 + px(2)
        severity = Severity(row.severity)
        if is_unread:
            dot = QRectF(sheet.box(px(7), first + px(7), px(6), px(6)))
            sheet.painter.setPen(Qt.PenStyle.NoPen)
            sheet.painter.setBrush(colour("accent"))
            sheet.painter.drawEllipse(dot)
        mark = sheet.box(px(20), first + px(4), px(12), px(12))
        paint_severity(sheet.painter, severity, _middle(mark), px(12) / 2)
        self._paint_first(sheet, row, QRect(0, first, 0, height), is_strong=is_strong)
        _paint_second(sheet, row, severity, first + px(18))

    def _paint_first(self, sheet: Sheet, row: QueueRow, line: QRect, *, is_strong: bool) -> None:
        y, height, width = line.y(), line.height(), sheet.rect.width()
        how_old = age(row.reported_ms, self._clock())
        end = width - px(_END)
        age_width = max(text_width(how_old, 13), px(46))
        sheet.painter.setFont(font(13))
        sheet.line(sheet.box(end - age_width, y, age_width, height), how_old, "text2", TRAILING)
        end -= age_width + px(8)
        sync = sheet.box(end - px(14), y + px(3), px(14), px(14))
        paint_sync(sheet.painter, SyncState(row.sync_state), _middle(sync), px(13) / 2)
        end -= px(14) + px(8)
        if row.assignee_initials:
            end = _paint_initials(sheet, row.assignee_initials, end, y)
        title = row_title(row)
        weight = SEMIBOLD if is_strong else MEDIUM
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
    painter.setFont(font(12, SEMIBOLD))
    score_y = y - px(1)
    score = sheet.box(end - px(30), score_y, px(30), px(16))
    sheet.line(score, str(row.score), "text2", TRAILING)
    paint_evidence(
        painter, sheet.box(end - px(18), y + px(15), px(18), px(3)), row.score, sheet.is_mirrored
    )
    plate = format_plate(row.plate)
    painter.setFont(font(12, MEDIUM))
    plate_width = max(px(96), text_width(plate, 12, MEDIUM))
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


def _current(view: QWidget) -> int:
    found = view.property("current_place")
    return found if isinstance(found, int) else -1


def row_height() -> int:
    """Return the height of a row in the density in force."""
    return px(COMPACT_PX if density() is Density.COMPACT else ROW_PX)
