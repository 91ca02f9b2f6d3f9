"""Things that are on or off, and one of several."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QButtonGroup, QCheckBox, QHBoxLayout, QSizePolicy, QWidget

from trafficdesk.qt.theme.fonts import MEDIUM, font, text_width
from trafficdesk.qt.theme.marks import paint_check
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import PaintedButton
from trafficdesk.qt.widgets.painting import (
    CENTRED,
    edge_round,
    fill_round,
    paint_focus,
    paint_line,
    painter_on,
    placed,
)


class _TwoState(QCheckBox):
    """A check box that paints itself; a click anywhere on the row switches it."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def restyle(self) -> None:
        """Take sizes from the look that holds now."""
        self.updateGeometry()
        self.update()

    def hitButton(self, pos: object) -> bool:
        return True

    def minimumSizeHint(self) -> QSize:
        return QSize(px(96), self.sizeHint().height())


class CheckRow(_TwoState):
    """A box with a check, then its words."""

    def sizeHint(self) -> QSize:
        return QSize(px(36) + text_width(self.text(), 13, MEDIUM), px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        if self.underMouse() and self.isEnabled():
            fill_round(painter, QRectF(self.rect()), colour("hover"))
        side = px(16)
        box = QRectF(placed(self, QRect(px(6), (self.height() - side) // 2, side, side)))
        if self.isChecked():
            fill_round(painter, box, colour("accent" if self.isEnabled() else "text3"), 4)
            paint_check(painter, box.adjusted(2, 2, -2, -2), colour("on_accent"))
        else:
            fill_round(painter, box, colour("surface"), 4)
            edge_round(painter, box, colour("line2"), 4)
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text" if self.isEnabled() else "text3"))
        words = QRect(px(30), 0, self.width() - px(34), self.height())
        paint_line(painter, placed(self, words), self.text())
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()))


class Toggle(_TwoState):
    """Words, and a switch at the end of the row."""

    def sizeHint(self) -> QSize:
        return QSize(px(60) + text_width(self.text(), 13, MEDIUM), px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("text" if self.isEnabled() else "text3"))
        words = QRect(px(4), 0, self.width() - px(52), self.height())
        paint_line(painter, placed(self, words), self.text())
        track = QRect(self.width() - px(40), (self.height() - px(20)) // 2, px(36), px(20))
        box = QRectF(placed(self, track))
        fill = "accent" if self.isChecked() else "line2"
        fill_round(painter, box, colour(fill if self.isEnabled() else "line"), px(10))
        knob = QRectF(box.x(), box.y(), box.height(), box.height()).adjusted(3, 3, -3, -3)
        if self.isChecked() != self.isRightToLeft():
            knob.moveRight(box.right() - 3)
        fill_round(painter, knob, colour("on_accent" if self.isChecked() else "surface"), px(10))
        if self.hasFocus():
            paint_focus(painter, QRectF(self.rect()))


class _Segment(PaintedButton):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setCheckable(True)

    def sizeHint(self) -> QSize:
        return QSize(text_width(self.text(), 13, MEDIUM) + px(24), px(32))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box = QRectF(self.rect())
        if self.isChecked():
            fill_round(painter, box, colour("accent_weak"))
            edge_round(painter, box, colour("accent"))
        else:
            fill_round(painter, box, colour("hover" if self.underMouse() else "surface"))
            edge_round(painter, box, colour("line2"))
        painter.setFont(font(13, MEDIUM))
        painter.setPen(colour("accent" if self.isChecked() else "text"))
        painter.drawText(self.rect(), CENTRED, self.text())
        self.paint_ring(painter)


class Choice(QWidget):
    """One of a few, side by side; ``chosen`` carries the id of the one that was picked."""

    chosen = Signal(str)

    def __init__(self, name: str, options: tuple[tuple[str, str], ...]) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._buttons: dict[str, _Segment] = {}
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for option_id, words in options:
            button = _Segment(words)
            button.setAccessibleName(f"{name}: {words}")
            button.clicked.connect(lambda _checked=False, each=option_id: self.chosen.emit(each))
            group.addButton(button)
            row.addWidget(button)
            self._buttons[option_id] = button
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def choose(self, option_id: str) -> None:
        """Mark one as chosen without telling anybody."""
        self._buttons[option_id].setChecked(True)

    def chosen_id(self) -> str:
        """Return the id of the chosen one, "" if there is none."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")
