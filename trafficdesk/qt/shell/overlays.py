"""Things laid over the workspaces: a scrim with a panel on it."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from trafficdesk.qt.commands import Command, Commands
from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.painting import Painted, edge_round, fill_round, painter_on


class OverlayPanel(Painted):
    """The box an overlay is made in; Tab stays inside it."""

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)

    def close_overlay(self) -> None:
        """Ask to be taken away."""
        self.closed.emit()

    def place(self, area: QRect) -> QRect:
        """Return where the panel wants to lie within the window."""
        size = self.sizeHint().boundedTo(area.size())
        return QRect(area.center() - QPoint(size.width() // 2, size.height() // 2), size)

    def focusNextPrevChild(self, forward: bool) -> bool:
        focused = QApplication.focusWidget()
        chain = [
            w
            for w in self.findChildren(QWidget)
            if w.isVisible() and w.isEnabled() and w.focusPolicy() & Qt.FocusPolicy.TabFocus
        ]
        if not chain:
            return True
        at = chain.index(focused) if focused in chain else -1 if forward else 0
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        chain[(at + (1 if forward else -1)) % len(chain)].setFocus(reason)
        return True

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        fill_round(painter, QRectF(self.rect()), colour("surface"), 8)
        edge_round(painter, QRectF(self.rect()), colour("line2"), 8)


class _Scrim(Painted):
    pressed = Signal()

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colour("scrim"))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class Overlays(QObject):
    """Shows at most one overlay over ``host``; ``veiled`` is the part that the scrim covers.

    While it is open only commands of its context act; Esc or a click beside it closes it, and the
    focus goes back to where it was.
    """

    closed = Signal()

    def __init__(self, host: QWidget, veiled: QWidget, commands: Commands) -> None:
        super().__init__(host)
        self._host = host
        self._veiled = veiled
        self._commands = commands
        self._scrim = _Scrim(host)
        self._scrim.hide()
        self._scrim.pressed.connect(self.close)
        self._panel: OverlayPanel | None = None
        self._context = ""
        self._focus_before: QWidget | None = None
        self._known: set[str] = set()
        host.installEventFilter(self)

    def current(self) -> OverlayPanel | None:
        """Return the panel that is open."""
        return self._panel

    def open(self, panel: OverlayPanel, context: str, *, has_scrim: bool = True) -> None:
        """Lay a panel over the workspaces; one that is open gives way."""
        self.close()
        self._panel, self._context = panel, context
        self._focus_before = QApplication.focusWidget()
        self._learn_escape(context)
        panel.setParent(self._host)
        panel.closed.connect(self.close)
        self._scrim.setVisible(has_scrim)
        self._scrim.raise_()
        self._place()
        panel.show()
        panel.raise_()
        panel.setFocus(Qt.FocusReason.PopupFocusReason)
        self._commands.push_overlay(context)

    def close(self) -> None:
        """Take the open overlay away."""
        panel, self._panel = self._panel, None
        if panel is None:
            return
        self._commands.pop_overlay(self._context)
        panel.closed.disconnect(self.close)
        panel.hide()
        panel.deleteLater()
        self._scrim.hide()
        before, self._focus_before = self._focus_before, None
        if before is not None and _is_alive(before):
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def _learn_escape(self, context: str) -> None:
        if context in self._known:
            return
        self._known.add(context)
        close = Command(
            id=f"{context}.close",
            title=self.tr("Close"),
            group=self.tr("Panels"),
            handler=self.close,
            keys=("Esc",),
            context=context,
            is_hidden=True,
        )
        self._commands.add([close], owner=self)

    def _place(self) -> None:
        corner = self._veiled.mapTo(self._host, QPoint(0, 0))
        self._scrim.setGeometry(QRect(corner, self._veiled.size()))
        if self._panel is not None:
            box = self._panel.place(self._host.rect())
            box.setTop(max(box.top(), corner.y()))  # never over the top bar, nor over an alert
            self._panel.setGeometry(box)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._host and event.type() in {
            QEvent.Type.Resize,
            QEvent.Type.LayoutRequest,
        }:
            self._place()
        return False


def _is_alive(widget: QWidget) -> bool:
    from shiboken6 import isValid

    return isValid(widget) and widget.isVisible()


def below_top_bar(area: QRect) -> int:
    """Return where a panel's top lies: 96 px, 144 px on tall screens."""
    return px(144) if area.height() >= 960 else px(96)
