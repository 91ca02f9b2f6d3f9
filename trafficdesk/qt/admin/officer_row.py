"""One officer in the list: who they are, how they open the desk; pressing it opens their panel."""

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.icons import paint_icon
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.painting import CENTRED, fill_round, paint_line, painter_on, placed
from trafficdesk.qt.words import role_word
from trafficdesk.services.administration import Enrolled


class OfficerRow(PaintedButton):
    """Initials, name, rank and role, and what is special about their way in."""

    def __init__(self, enrolled: Enrolled, *, is_self: bool) -> None:
        super().__init__(enrolled.holder.name)
        self.enrolled = enrolled
        holder = enrolled.holder
        self._detail = " · ".join(filter(None, (holder.rank, role_word(holder.role))))
        self._marks = self._find_marks(is_self=is_self)
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        said = ", ".join((holder.name, self._detail, *(words for words, _tint in self._marks)))
        self.setAccessibleName(said)

    def _find_marks(self, *, is_self: bool) -> list[tuple[str, str]]:
        marks = []
        if is_self:
            marks.append((self.tr("You"), "accent"))
        if self.enrolled.is_locked:
            marks.append((self.tr("Locked out"), "critical"))
        if not self.enrolled.has_password:
            marks.append((self.tr("No password yet"), "critical"))
        if self.enrolled.must_change_password:
            marks.append((self.tr("Temporary password"), "text2"))
        if self.enrolled.has_keyring:
            marks.append((self.tr("Keyring"), "text2"))
        return marks

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(52))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(52))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.isChecked():
            fill_round(painter, QRectF(self.rect()), colour("accent_weak"))
        elif self.underMouse():
            fill_round(painter, QRectF(self.rect()), colour("hover"))
        self._paint_initials(painter)
        end = self.width() - px(12) - px(16)
        side = px(16)
        box = placed(self, QRect(end, (self.height() - side) // 2, side, side))
        paint_icon(painter, "chevron-up" if self.isChecked() else "chevron-down", box, "text2")
        end = self._paint_marks(painter, end - px(12))
        room = max(0, end - px(60))
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text"))
        paint_line(painter, placed(self, QRect(px(52), px(8), room, px(18))), self.text())
        painter.setFont(font(12))
        painter.setPen(colour("text2"))
        paint_line(painter, placed(self, QRect(px(52), px(27), room, px(17))), self._detail)
        self.paint_ring(painter)

    def _paint_initials(self, painter: QPainter) -> None:
        side = px(30)
        disc = placed(self, QRect(px(10), (self.height() - side) // 2, side, side))
        fill_round(painter, QRectF(disc), colour("surface2"), side / 2)
        painter.setFont(font(11, SEMIBOLD))
        painter.setPen(colour("text2"))
        painter.drawText(disc, CENTRED, self.enrolled.holder.initials)

    def _paint_marks(self, painter: QPainter, end: int) -> int:
        painter.setFont(font(12, MEDIUM))
        for words, tint in reversed(self._marks):
            width = text_width(words, 12, MEDIUM)
            end -= width
            painter.setPen(colour(tint))
            paint_line(painter, placed(self, QRect(end, 0, width, self.height())), words)
            end -= px(14)
        return end
