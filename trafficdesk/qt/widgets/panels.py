"""What holds other widgets: panels in a colour, scroll panels, pages, progress."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QSizePolicy,
    QStackedWidget,
    QWidget,
)

from trafficdesk.qt.theme.palette import colour, px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel, Label
from trafficdesk.qt.widgets.painting import Painted, fill_round, painter_on, placed
from trafficdesk.qt.widgets.scroll_bars import ThinScrollBar


class Panel(Painted):
    """A plain area in one colour token that holds a layout."""

    def __init__(self, tint: str = "surface") -> None:
        super().__init__()
        self._tint = tint
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter_on(self).fillRect(event.rect(), colour(self._tint))


def use_thin_bars(area: QAbstractScrollArea) -> None:
    """Give a scroll area (also a list view) bars that show only while used or hovered."""
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    ThinScrollBar(area)


class ScrollPanel(QScrollArea):
    """One widget that scrolls up and down; it shows what gets the keyboard focus."""

    def __init__(self, content: QWidget, tint: str = "surface") -> None:
        super().__init__()
        self._tint = tint
        self.setWidgetResizable(True)
        self.setWidget(content)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        use_thin_bars(self)
        self.restyle()

    def restyle(self) -> None:
        """Take the colour from the look that holds now."""
        for widget in (self, self.viewport(), self.widget()):
            if widget is not None:
                palette = widget.palette()
                palette.setColor(palette.ColorRole.Window, colour(self._tint))
                widget.setPalette(palette)
                widget.setAutoFillBackground(True)

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(40))


class StackedPage(QStackedWidget):
    """Pages of which one shows; switching paints once, with the new page already laid out."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def keep(self, *pages: QWidget) -> None:
        """Hold pages that are shown later; one without a parent would outlive its screen."""
        for page in pages:
            self.addWidget(page)

    def show_page(self, page: QWidget) -> None:
        """Show a page, adding it first if it is new."""
        if self.indexOf(page) < 0:
            self.addWidget(page)
        if self.currentWidget() is page:
            return
        self.setUpdatesEnabled(False)
        page.resize(self.size())
        layout = page.layout()
        if layout is not None:
            layout.activate()
        self.setCurrentWidget(page)
        self.setUpdatesEnabled(True)

    def minimumSizeHint(self) -> QSize:
        page = self.currentWidget()
        return page.minimumSizeHint() if page is not None else QSize(0, 0)


class _Bar(Painted):
    def __init__(self) -> None:
        super().__init__()
        self.done: float | None = None
        self._phase = 0.0
        self._tick = QTimer(self)
        self._tick.setInterval(50)
        self._tick.timeout.connect(self._move)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_done(self, done: float | None) -> None:
        self.done = done
        if done is None and self.isVisible():
            self._tick.start()
        else:
            self._tick.stop()
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self._tick.stop()
        elif event.type() == QEvent.Type.Show and self.done is None:
            self._tick.start()
        return super().event(event)

    def _move(self) -> None:
        self._phase = (self._phase + 0.04) % 1.3
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(80), px(3))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = painter_on(self)
        box = QRectF(self.rect())
        fill_round(painter, box, colour("line"), box.height() / 2)
        part = QRectF(box)
        if self.done is None:
            part.setLeft(box.width() * max(0.0, self._phase - 0.3))
            part.setRight(box.width() * min(1.0, self._phase))
        else:
            part.setWidth(box.width() * self.done)
        part = QRectF(placed(self, part.toRect()))
        fill_round(painter, part, colour("accent"), box.height() / 2)


class BusyBar(_Bar):
    """A thin bar that moves while something is going on, and keeps its place when not."""

    def __init__(self) -> None:
        super().__init__()
        self.done = 0.0
        self._is_busy = False

    def set_busy(self, busy: bool) -> None:
        """Show or hide that something is going on."""
        self._is_busy = busy
        self.set_done(None if busy else 0.0)

    def is_busy(self) -> bool:
        """Tell whether it says that something is going on."""
        return self._is_busy

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._is_busy:
            super().paintEvent(event)


class ProgressRow(QWidget):
    """What is going on, how far it is, and a way to cancel it."""

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = ElidedLabel("", 13, 500)
        self._share = Label("", 12, 500, "text2")
        self._bar = _Bar()
        self._cancel = ActionButton(self.tr("Cancel"), "", Kind.GHOST)
        self._cancel.clicked.connect(self.cancelled)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self._words, 2)
        row.addWidget(self._bar, 3)
        row.addWidget(self._share)
        row.addWidget(self._cancel)

    def tell(self, words: str, done: float | None = None) -> None:
        """Say what is going on; ``done`` from 0 to 1, ``None`` while it is not known."""
        self._words.setText(words)
        self._share.setText("" if done is None else f"{done:.0%}")
        self._bar.set_done(done)
        self.setAccessibleName(words)

    def words(self) -> str:
        """Return what it says."""
        return self._words.text()
