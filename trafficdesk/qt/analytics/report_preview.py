"""A report as it will look on paper, over the page that it was asked for on."""

from typing import Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from trafficdesk.qt.analytics.paper_pages import PaperPage, read_page
from trafficdesk.qt.analytics.report_words import say
from trafficdesk.qt.tasks import Lane, Lanes
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, Label
from trafficdesk.qt.widgets.panels import Panel, use_thin_bars

_WIDEST_PX: Final = 860
_EDGE_PX: Final = 24


class _Paper(QScrollArea):
    """One page; ``turned`` carries 1 or -1 where Page Down or Page Up leaves it."""

    turned = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.page = QLabel()
        self.page.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.page.setMargin(8)
        self.setWidget(self.page)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for widget in (self.viewport(), self.page):
            widget.setAutoFillBackground(False)  # the panel shows around the sheet
        use_thin_bars(self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        match event.key():
            case Qt.Key.Key_PageDown if bar.value() >= bar.maximum():
                self.turned.emit(1)
            case Qt.Key.Key_PageUp if bar.value() <= bar.minimum():
                self.turned.emit(-1)
            case Qt.Key.Key_Home:
                bar.setValue(bar.minimum())
            case Qt.Key.Key_End:
                bar.setValue(bar.maximum())
            case _:
                super().keyPressEvent(event)


class ReportPreview(Panel):
    """Covers its parent while a report is looked at; it keeps nothing of it afterwards."""

    closed = Signal()

    def __init__(self, parent: QWidget, lanes: Lanes) -> None:
        super().__init__("surface2")
        self.setParent(parent)
        self._parent, self._lanes = parent, lanes.owned_by(self)
        self._content, self._page = b"", 0
        self.pages = 0
        self.title = ElidedLabel("", 15, 600)
        self.told = Label("", 12, 500, "text2").set_numeric()
        self.earlier = ActionButton(say("Page before"))
        self.later = ActionButton(say("Next page"))
        self.close_button = ActionButton(say("Close"), "Esc", Kind.PLAIN)
        self.paper = _Paper()
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 16, 8)
        head.setSpacing(8)
        head.addWidget(self.title, 1)
        for widget in (self.told, self.earlier, self.later, self.close_button):
            head.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Hairline())
        column.addWidget(self.paper, 1)
        self.earlier.clicked.connect(self._turn_back)
        self.later.clicked.connect(self._turn_on)
        self.close_button.clicked.connect(self.leave)
        self.paper.turned.connect(self.turn)
        self.hide()

    def look(self, title: str, content: bytes) -> None:
        """Show a report's first page."""
        self._content, self._page = content, 0
        self.title.setText(title)
        self.setAccessibleName(title)
        self.place()
        self.show()
        self.raise_()
        self.paper.setFocus(Qt.FocusReason.PopupFocusReason)
        self._read()

    def place(self) -> None:
        """Lie over the whole parent."""
        self.setGeometry(self._parent.rect())

    @Slot()
    def leave(self) -> bool:
        """Close it and forget the report; False when none is looked at."""
        if not self.isVisible():
            return False
        self._content, self.pages = b"", 0
        self.paper.page.clear()
        self.paper.page.setAccessibleDescription("")
        self.hide()
        self.closed.emit()
        return True

    @Slot()
    def _turn_on(self) -> None:
        self.turn(1)

    @Slot()
    def _turn_back(self) -> None:
        self.turn(-1)

    @Slot(int)
    def turn(self, by: int) -> None:
        """Show the page after or before this one, if there is one."""
        if 0 <= self._page + by < self.pages:
            self._page += by
            self._read()

    def _read(self) -> None:
        content, number = self._content, self._page
        width = min(px(_WIDEST_PX), self.width() - px(_EDGE_PX))
        sharp = round(width * self.devicePixelRatioF())
        self._lanes.run(Lane.IO, lambda: read_page(content, number, sharp), self._show, key="page")

    def _show(self, read: PaperPage) -> None:
        if not self._content:
            return
        picture = QPixmap.fromImage(read.picture)
        picture.setDevicePixelRatio(self.devicePixelRatioF())
        is_other = self.paper.page.accessibleDescription() != read.words
        self.paper.page.setPixmap(picture)
        told = say("Page {number} of {pages}").format(number=read.number + 1, pages=read.of)
        self.pages = read.of
        self.told.setText(told)
        self.paper.page.setAccessibleName(told)
        self.paper.page.setAccessibleDescription(read.words)
        self.earlier.setEnabled(read.number > 0)
        self.later.setEnabled(read.number + 1 < read.of)
        if is_other:
            self.paper.verticalScrollBar().setValue(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._content and event.size().width() != event.oldSize().width():
            self._read()

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(200))
