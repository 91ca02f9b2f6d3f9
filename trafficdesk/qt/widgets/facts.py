"""Facts of a report as marks: severity, number plate, evidence score, initials."""

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.theme.fonts import BOLD, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.marks import SEVERITY_TOKENS, paint_severity, severity_colour
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import (
    CENTRED,
    LEADING,
    Painted,
    edge_round,
    fill_round,
    painter_on,
    placed,
)
from trafficdesk.qt.words import severity_word

LOW_SCORE: Final = 60


class _Fact(Painted):
    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class SeverityTag(_Fact):
    """A severity by shape, word and colour; with ``is_filled`` on its weak colour."""

    def __init__(self, severity: Severity = Severity.MINOR, *, is_filled: bool = True) -> None:
        super().__init__()
        self._severity = severity
        self._is_filled = is_filled
        self.set_severity(severity)

    def set_severity(self, severity: Severity) -> None:
        """Show another severity."""
        self._severity = severity
        self.setAccessibleName(severity_word(severity))
        self.restyle()

    def sizeHint(self) -> QSize:
        pad = px(8) if self._is_filled else 0
        width = text_width(severity_word(self._severity), 13, SEMIBOLD)
        return QSize(width + px(19) + 2 * pad, px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        pad = px(8) if self._is_filled else 0
        if self._is_filled:
            weak = colour(f"{SEVERITY_TOKENS[self._severity]}_weak")
            fill_round(painter, QRectF(self.rect()), weak, 4)
        side = px(12)
        mark = placed(self, QRect(pad, (self.height() - side) // 2, side, side))
        paint_severity(painter, self._severity, QRectF(mark).center(), side / 2)
        painter.setFont(font(13, SEMIBOLD))
        painter.setPen(severity_colour(self._severity))
        words = QRect(pad + px(19), 0, self.width(), self.height())
        painter.drawText(placed(self, words), int(LEADING), severity_word(self._severity))


class PlateView(_Fact):
    """A number plate as it looks on the road: IND band, black rim, yellow face if commercial."""

    def __init__(
        self, plate: str = "", *, is_commercial: bool = False, height_px: int = 44
    ) -> None:
        super().__init__()
        self._plate = plate
        self._is_commercial = is_commercial
        self._height_px = height_px
        self.set_plate(plate, is_commercial=is_commercial)

    def set_plate(self, plate: str, *, is_commercial: bool = False) -> None:
        """Show another plate; "" is an empty one."""
        self._plate = plate
        self._is_commercial = is_commercial
        self.setAccessibleName(plate or self.tr("No plate"))
        self.restyle()

    def _font(self) -> QFont:
        made = QFont(font(self._height_px * 0.52, BOLD))
        made.setLetterSpacing(QFont.SpacingType.AbsoluteSpacing, px(1.5))
        return made

    def _words(self) -> str:
        return self._plate or self.tr("No plate")

    def sizeHint(self) -> QSize:
        shown = self._words()
        width = text_width(shown, self._height_px * 0.52, BOLD) + px(1.5) * len(shown)
        return QSize(max(px(140), width + px(20) + px(24)), px(self._height_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box = QRectF(self.rect())
        face = "plate_commercial" if self._is_commercial else "plate"
        fill_round(painter, box, colour(face), 5)
        painter.save()
        painter.setClipRect(QRect(0, 0, px(20), self.height()))
        fill_round(painter, box, colour("plate_band"), 5)
        painter.restore()
        self._paint_band(painter)
        edge_round(painter, box, colour("plate_text"), 5, 2.0)
        painter.setFont(self._font() if self._plate else font(13, SEMIBOLD))
        painter.setPen(colour("plate_text"))
        painter.drawText(
            QRect(px(20), 0, self.width() - px(22), self.height()), CENTRED, self._words()
        )

    def _paint_band(self, painter: QPainter) -> None:
        # A plate is an object, not a sentence: its band stays on the left in every language.
        painter.setPen(colour("plate_band_text"))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        middle = px(20) / 2 + 1
        painter.drawEllipse(QPointF(middle, self.height() * 0.36), px(4), px(4))
        painter.setFont(font(8, BOLD))
        painter.drawText(QRectF(1, self.height() * 0.58, px(20), px(12)), CENTRED, "IND")


class EvidenceBar(_Fact):
    """An evidence score of 100 as a thin bar; a low one is neutral, never a severity's colour."""

    def __init__(self, score: int = 0, width_px: int = 38, height_px: int = 4) -> None:
        super().__init__()
        self._score = score
        self._width_px = width_px
        self._height_px = height_px
        self.set_score(score)

    def set_score(self, score: int) -> None:
        """Show another score, 0 to 100."""
        self._score = max(0, min(100, score))
        self.setAccessibleName(self.tr("Evidence {score} of 100").format(score=self._score))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._width_px), px(self._height_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_evidence(
            painter_on(self), placed(self, self.rect()), self._score, self.isRightToLeft()
        )


def paint_evidence(painter: QPainter, rect: QRect, score: int, mirrored: bool = False) -> None:
    """Paint an evidence score as a bar into a rectangle, also for rows of a list."""
    box, radius = QRectF(rect), rect.height() / 2
    fill_round(painter, box, colour("line"), radius)
    filled = QRectF(box)
    filled.setWidth(box.width() * score / 100)
    if mirrored:
        filled.moveRight(box.right())
    fill_round(painter, filled, colour("text2" if score >= LOW_SCORE else "text3"), radius)


class Avatar(_Fact):
    """An officer's initials in a disc."""

    def __init__(self, initials: str = "", size_px: int = 28, *, is_accent: bool = False) -> None:
        super().__init__()
        self._initials = initials
        self._size_px = size_px
        self._is_accent = is_accent

    def set_initials(self, initials: str, *, is_accent: bool | None = None) -> None:
        """Show somebody else."""
        self._initials = initials
        self._is_accent = self._is_accent if is_accent is None else is_accent
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(self._size_px), px(self._size_px))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        fill = "accent_weak" if self._is_accent else "surface2"
        fill_round(painter, QRectF(self.rect()), colour(fill), self.height() / 2)
        painter.setFont(font(max(11, self._size_px * 0.4), SEMIBOLD))
        painter.setPen(colour("accent" if self._is_accent else "text2"))
        painter.drawText(self.rect(), CENTRED, self._initials)
