"""One line of the layers panel: a box, what it shows, its mark, and how many there are."""

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QCheckBox, QSizePolicy

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.ages import short_number
from trafficdesk.qt.theme.fonts import MEDIUM, REGULAR, font, numeral_width, numerals, text_width
from trafficdesk.qt.theme.marks import paint_check, paint_severity
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import (
    TRAILING,
    edge_round,
    fill_round,
    paint_focus,
    paint_line,
    painter_on,
    placed,
)


class LayerCheck(QCheckBox):
    """Switches a layer or a filter; a click anywhere on the line does."""

    def __init__(self, text: str, severity: Severity | None = None) -> None:
        super().__init__(text)
        self.setToolTip(text)
        self._severity = severity
        self._count: int | None = None
        self._row_px = 28
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_count(None)

    def set_count(self, count: int | None) -> None:
        """Show how many there are; None while that is not known."""
        self._count = count
        self.setAccessibleName(self.text() if count is None else f"{self.text()}, {count}")
        self.update()

    def count(self) -> int | None:
        """Return how many it shows."""
        return self._count

    def set_row_height(self, row_px: int) -> None:
        """Take another height."""
        self._row_px = row_px
        self.restyle()

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self.updateGeometry()
        self.update()

    def hitButton(self, pos: object) -> bool:
        return True

    def event(self, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.HoverEnter, QEvent.Type.HoverLeave}:
            self.update()
        return super().event(event)

    def _lead(self) -> int:
        return px(30) + (px(20) if self._severity is not None else 0)

    def sizeHint(self) -> QSize:
        counted = "" if self._count is None else short_number(self._count)
        width = self._lead() + text_width(self.text(), 13, MEDIUM)
        return QSize(width + numeral_width(counted, 12) + px(20), px(self._row_px))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(self._row_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.underMouse():
            fill_round(painter, QRectF(self.rect()), colour("hover"))
        side = px(16)
        box = QRectF(placed(self, QRect(px(6), (self.height() - side) // 2, side, side)))
        if self.isChecked():
            fill_round(painter, box, colour("accent"), 4)
            paint_check(painter, box.adjusted(2, 2, -2, -2), colour("on_accent"))
        else:
            fill_round(painter, box, colour("surface"), 4)
            edge_round(painter, box, colour("line2"), 4)
        if self._severity is not None:
            mark = placed(self, QRect(px(30), 0, px(14), self.height()))
            centre = QPointF(mark.x() + mark.width() / 2, mark.y() + mark.height() / 2)
            paint_severity(painter, self._severity, centre, px(11) / 2)
        counted = "" if self._count is None else short_number(self._count)
        room = numeral_width(counted, 12) + px(12)
        painter.setFont(numerals(12, REGULAR))
        painter.setPen(colour("text3"))
        end = QRect(self.width() - room - px(6), 0, room, self.height())
        painter.drawText(placed(self, end), int(TRAILING), counted)
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text" if self.isChecked() else "text2"))
        words = QRect(self._lead(), 0, end.x() - self._lead(), self.height())
        paint_line(painter, placed(self, words), self.text())
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()))
