"""The red strip on the lock screen: that alerts wait, how many and since when, and no more."""

from PySide6.QtCore import QPointF, QRect
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy

from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, font, text_width
from trafficdesk.qt.theme.marks import paint_severity
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import Painted, paint_line, placed

HEIGHT_PX = 44
_INK = "on_critical_fill"


class AlertNote(Painted):
    """Hidden while nothing waits; what is new is read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self._title = self._detail = ""
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.restyle()
        self.hide()

    def restyle(self) -> None:
        """Take the height from the look that holds now."""
        self.setFixedHeight(px(HEIGHT_PX))
        super().restyle()

    def tell(self, title: str, detail: str) -> None:
        """Say what waits; nothing hides it."""
        is_new = bool(title) and title != self._title
        self._title, self._detail = title, detail
        self.setAccessibleName(self.words())
        self.setVisible(bool(title))
        if is_new:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.update()

    def words(self) -> str:
        """Return everything it says."""
        return "  ".join(filter(None, (self._title, self._detail)))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), colour("critical_fill"))
        mark = placed(self, QRect(px(24), 0, px(18), self.height()))
        centre = QPointF(mark.x() + mark.width() / 2, mark.y() + mark.height() / 2)
        paint_severity(painter, Severity.CRITICAL, centre, px(9), colour(_INK))
        painter.setPen(colour(_INK))
        x = px(52)
        for words, size, weight in ((self._title, 15, SEMIBOLD), (self._detail, 13, MEDIUM)):
            width = min(text_width(words, size, weight), self.width() - x - px(24))
            if width > px(24):
                painter.setFont(font(size, weight))
                paint_line(painter, placed(self, QRect(x, 0, width, self.height())), words)
            x += width + px(16)
