"""A thin scroll bar that lies over the content and shows while it is used or hovered."""

from typing import Final

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import QHideEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar

from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import Painted, fill_round, painter_on

SHOWN_MS: Final = 900


class ThinScrollBar(Painted):
    """Lies at the trailing edge of a scroll area and drives its hidden real bar."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__()
        self.setParent(area)
        self._area = area
        self._grip_y: float | None = None
        self._hide = QTimer(self)
        self._hide.setSingleShot(True)
        self._hide.setInterval(SHOWN_MS)
        self._hide.timeout.connect(self._fade)
        self._bar.valueChanged.connect(self._show_awhile)
        self._bar.rangeChanged.connect(self._place)
        area.viewport().installEventFilter(self)
        area.installEventFilter(self)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.hide()

    @property
    def _bar(self) -> QScrollBar:
        # Asked for each time: a kept reference dies when another one to its container goes.
        return self._area.verticalScrollBar()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in {QEvent.Type.Resize, QEvent.Type.LayoutDirectionChange}:
            self._place()
        elif event.type() in {QEvent.Type.Enter, QEvent.Type.Wheel}:
            self._show_awhile()
        elif event.type() == QEvent.Type.Hide:
            self._hide.stop()
        return False

    def _place(self) -> None:
        width = px(10)
        x = 0 if self._area.isRightToLeft() else self._area.width() - width
        self.setGeometry(x, 0, width, self._area.height())
        if self._bar.maximum() <= self._bar.minimum():
            self.hide()
        self.update()

    def _show_awhile(self) -> None:
        if self._bar.maximum() > self._bar.minimum() and self._area.isVisible():
            self._place()
            self.show()
            self.raise_()
            self._hide.start()
            self.update()

    def _fade(self) -> None:
        if self.underMouse() or self._grip_y is not None:
            self._hide.start()
        else:
            self.hide()

    def _thumb(self) -> QRect:
        span = self._bar.maximum() - self._bar.minimum() + self._bar.pageStep()
        if span <= 0:
            return QRect()
        height = max(px(28), round(self.height() * self._bar.pageStep() / span))
        room = self.height() - height
        reach = max(1, self._bar.maximum() - self._bar.minimum())
        top = round(room * (self._bar.value() - self._bar.minimum()) / reach)
        return QRect(px(2), top, px(6), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        strong = self.underMouse() or self._grip_y is not None
        thumb = QRectF(self._thumb()).adjusted(0, 2, 0, -2)
        fill_round(painter_on(self), thumb, colour("text3" if strong else "line2"), px(3))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        thumb = self._thumb()
        y = event.position().y()
        inside = thumb.top() <= y <= thumb.bottom()
        self._grip_y = y - thumb.top() if inside else thumb.height() / 2
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip_y is None:
            return
        room = max(1, self.height() - self._thumb().height())
        share = (event.position().y() - self._grip_y) / room
        reach = self._bar.maximum() - self._bar.minimum()
        self._bar.setValue(self._bar.minimum() + round(reach * max(0.0, min(1.0, share))))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grip_y = None
        self._hide.start()

    def hideEvent(self, event: QHideEvent) -> None:
        self._hide.stop()
