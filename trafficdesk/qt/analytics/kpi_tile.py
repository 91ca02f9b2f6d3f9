"""One KPI: its name, its figure, how it changed, and how it ran; Enter opens its reports."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.qt.analytics.number_paint import paint_number
from trafficdesk.qt.analytics.spark_paint import paint_spark
from trafficdesk.qt.theme.fonts import REGULAR, SEMIBOLD, font, numeral_width, numerals
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.painting import LEADING, paint_line, painter_on, placed

HOVER_MS: Final = 400
_SPARK: Final = QSize(120, 24)
_LEAST_SPARK_PX: Final = 56


@dataclass(frozen=True, slots=True)
class KpiFace:
    """What a tile shows. ``told`` is the definition and what the figure rests on."""

    id: str
    name: str
    figure: str
    moved: str = ""
    meaning: str = ""
    is_worse: bool = False
    spark: tuple[float | None, ...] = ()
    told: str = ""
    wanted: ReportFilter | None = None

    @property
    def spoken(self) -> str:
        """Return it as it is read aloud."""
        change = " ".join(filter(None, (self.moved, self.meaning)))
        return ", ".join(filter(None, (f"{self.name}: {self.figure}", change)))


class KpiTile(PaintedButton):
    """``told`` asks for a tip (the text, "" to take it away) beside this tile."""

    told = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.face = KpiFace("", "", "")
        self.is_large = False
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(HOVER_MS)
        self._rest.timeout.connect(self._tell)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def show_face(self, face: KpiFace) -> None:
        """Show another figure; nothing is painted if it is the same."""
        if face == self.face:
            return
        self.face = face
        self.setAccessibleName(face.spoken)
        self.setAccessibleDescription(face.told)
        self.update()

    def set_large(self, is_large: bool) -> None:
        """Take the measures of a large window."""
        self.is_large = is_large
        self.restyle()

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(96 if self.is_large else 80))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), self.sizeHint().height())

    # the tip

    def _tell(self) -> None:
        if (self.underMouse() or self.hasFocus()) and self.isVisible():
            self.told.emit(self.face.told)

    def _hush(self) -> None:
        self._rest.stop()
        if not self.underMouse() and not self.hasFocus():
            self.told.emit("")

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Enter:
            self._rest.start()
        elif event.type() in {QEvent.Type.Leave, QEvent.Type.Hide}:
            self._rest.stop()
            self.told.emit("")
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._rest.start()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._rest.stop()
        self.told.emit("")

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.fillRect(self.rect(), colour("hover" if self.underMouse() else "surface"))
        face, side = self.face, px(16)
        width = self.width() - 2 * side
        tops = (14, 34, 70) if self.is_large else (8, 26, 56)
        name = QRect(side, px(tops[0]), width, px(18))
        self._line(painter, name, face.name, "text2", 12)
        size = 26 if self.is_large else 22
        painter.setFont(numerals(size, SEMIBOLD))
        painter.setPen(colour("text"))
        figure = QRect(side, px(tops[1]), width, px(size + 8))
        self._number(painter, figure, face.figure)
        self._paint_change(painter, QRect(side, px(tops[2]), width, px(18)))
        taken = side + numeral_width(face.figure, size, SEMIBOLD) + px(16)
        self._paint_spark(painter, taken, QRect(figure))
        self.paint_ring(painter, 0)

    def _number(self, painter: QPainter, box: QRect, words: str) -> None:
        is_mirrored = self.isRightToLeft()
        paint_number(painter, placed(self, box), words, is_trailing=False, is_mirrored=is_mirrored)

    def _line(self, painter: QPainter, box: QRect, words: str, token: str, size: int) -> None:
        painter.setFont(font(size))
        painter.setPen(colour(token))
        paint_line(painter, placed(self, box), words)

    def _paint_change(self, painter: QPainter, box: QRect) -> None:
        face = self.face
        painter.setPen(colour("text"))
        painter.setFont(numerals(12, SEMIBOLD))
        width = min(box.width(), numeral_width(face.moved, 12, SEMIBOLD) + 1)
        moved = QRect(box.x(), box.y(), width, box.height())
        self._number(painter, moved, face.moved)
        gap = px(6) if face.moved else 0
        painter.setFont(font(12, SEMIBOLD if face.is_worse else REGULAR))
        painter.setPen(colour("text" if face.is_worse else "text2"))
        words = box.adjusted(width + gap if face.moved else 0, 0, 0, 0)
        paint_line(painter, placed(self, words), face.meaning, LEADING)

    def _paint_spark(self, painter: QPainter, taken: int, figure: QRect) -> None:
        room = self.width() - taken - px(16)
        width, height = min(room, px(_SPARK.width())), px(_SPARK.height())
        known = [value for value in self.face.spark if value is not None]
        if width < px(_LEAST_SPARK_PX) or len(known) < 2:
            return
        box = QRect(self.width() - px(16) - width, figure.center().y() - height // 2, width, height)
        paint_spark(painter, placed(self, box), self.face.spark, is_mirrored=self.isRightToLeft())
