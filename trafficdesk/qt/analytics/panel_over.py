"""A box over the page for a choice that a menu cannot hold; Esc or a click beside it closes it."""

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import Painted, edge_round, fill_round, painter_on


class PanelOver(Painted):
    """Covers its parent; the box lies under the button that opened it."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__()
        self.setParent(parent)
        self._parent = parent
        self._box = _Box()
        self._box.setParent(self)
        self._content: QWidget | None = None
        self._anchor: QWidget | None = None
        self._size = QSize(360, 320)
        self.hide()

    def content(self) -> QWidget | None:
        """Return what lies in the box while it is open."""
        return self._content if self.isVisible() else None

    def open_below(self, anchor: QWidget, content: QWidget, size: QSize) -> None:
        """Lay a content of this size (at 100 %) under a button."""
        if self._content is not None and self._content is not content:
            self._content.hide()
        self._content, self._anchor, self._size = content, anchor, size
        content.setParent(self._box)
        self._box.column.addWidget(content)
        content.show()
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Lie over the whole parent, with the box under its button."""
        parent = self._parent
        self.setGeometry(parent.rect())
        if self._anchor is None:
            return
        size = QSize(px(self._size.width()), px(self._size.height())).expandedTo(
            self._box.minimumSizeHint()
        )
        size = size.boundedTo(self.size() - QSize(16, 16))
        corner = self._anchor.mapTo(parent, QPoint(0, self._anchor.height() + 4))
        if self.isRightToLeft():
            corner.setX(corner.x() + self._anchor.width() - size.width())
        x = max(8, min(corner.x(), self.width() - size.width() - 8))
        y = max(8, min(corner.y(), self.height() - size.height() - 8))
        self._box.setGeometry(x, y, size.width(), size.height())

    def close_panel(self) -> bool:
        """Take it away; False when it was not there."""
        if not self.isVisible():
            return False
        self.hide()
        if self._anchor is not None:
            self._anchor.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()
        return True

    def restyle(self) -> None:
        """Take the place for the look that holds now."""
        super().restyle()
        if self.isVisible():
            self.place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_panel()


class _Box(Painted):
    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(2, 2, 2, 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        fill_round(painter, QRectF(self.rect()), colour("surface"), 8)
        edge_round(painter, QRectF(self.rect()), colour("line2"), 8)
