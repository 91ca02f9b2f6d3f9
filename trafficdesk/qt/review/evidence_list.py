"""The evidence score and what it is made of."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.evidence import Evidence
from trafficdesk.qt.evidence_words import evidence_sentence, points_text
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, numeral_width, numerals
from trafficdesk.qt.theme.marks import paint_check
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.facts import EvidenceBar
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.painting import TRAILING, Painted, paint_line, painter_on, placed


@dataclass(frozen=True, slots=True)
class _Reason:
    words: str
    points: int


class _ReasonRow(Painted):
    """A check for what speaks for the report, a dash for the rest; its points at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._reason = _Reason("", 0)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_reason(self, reason: _Reason) -> None:
        if reason != self._reason:
            self._reason = reason
            self.setAccessibleName(f"{reason.words}, {points_text(reason.points)}")
            self.setToolTip(reason.words)
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(160), px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter, points = painter_on(self), self._reason.points
        side = px(12)
        mark = QRectF(placed(self, QRect(0, (self.height() - side) // 2, side, side)))
        if points > 0:
            paint_check(painter, mark, colour("ok"), 1.6)
        else:
            painter.setPen(QPen(colour("text2" if points else "text3"), 1.6))
            half = QPointF(side * 0.4, 0)
            painter.drawLine(mark.center() - half, mark.center() + half)
        painter.setFont(numerals(12, SEMIBOLD))
        painter.setPen(colour("text" if points < 0 else "text2"))
        end = numeral_width(points_text(points), 12, SEMIBOLD) + 1
        box = QRect(self.width() - end, 0, end, self.height())
        paint_line(painter, placed(self, box), points_text(points), TRAILING)
        painter.setFont(font(13, MEDIUM if points < 0 else 400))
        painter.setPen(colour("text" if points else "text2"))
        words = QRect(px(20), 0, self.width() - px(28) - end, self.height())
        paint_line(painter, placed(self, words), self._reason.words)


class EvidenceList(QWidget):
    """The score as bar and number, then its reasons."""

    def __init__(self) -> None:
        super().__init__()
        self._bar = EvidenceBar()
        self.score = Label("", 13, 600)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        self._evidence: Evidence | None = None
        self._widgets: list[_ReasonRow] = []
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(Label(self.tr("Evidence"), 12, 600, "text2"))
        top.addStretch(1)
        top.addWidget(self._bar)
        top.addWidget(self.score)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(self._rows)
        column.addStretch(1)

    def show_evidence(self, evidence: Evidence) -> None:
        """Show a score with its reasons: what weighs most first, what is missing last."""
        if evidence == self._evidence:
            return
        self._evidence = evidence
        self._bar.set_score(evidence.score)
        self.score.setText(self.tr("{score} of 100").format(score=evidence.score))
        reasons = sorted(evidence.reasons, key=lambda r: (r.points == 0, -r.points))
        for _ in range(len(reasons) - len(self._widgets)):
            row = _ReasonRow()
            self._rows.addWidget(row)
            self._widgets.append(row)
        for row, reason in zip(self._widgets, reasons, strict=False):
            row.show_reason(_Reason(evidence_sentence(reason), reason.points))
        for at, row in enumerate(self._widgets):
            row.setVisible(at < len(reasons))
