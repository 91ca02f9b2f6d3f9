"""One part of a page: its title, a fact beside it, and what is in it or why there is nothing."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton
from trafficdesk.qt.widgets.labels import ElidedLabel, Label
from trafficdesk.qt.widgets.messages import EmptyState, InlineMessage
from trafficdesk.qt.widgets.panels import Panel, StackedPage

if TYPE_CHECKING:
    from trafficdesk.qt.analytics.table_model import TableModel


class Section(Panel):
    """Holds one or two ways to show the same; the second is the table of a chart.

    ``asked_again`` when what failed is to be tried again, ``export_wanted`` when it is to be taken
    out as a file.
    """

    asked_again = Signal()
    export_wanted = Signal()

    def __init__(self, title: str, content: QWidget, *, table: QWidget | None = None) -> None:
        super().__init__("surface")
        self.title = Label(title, 15, 600)
        self.fact = ElidedLabel("", 12, 600).hug()
        self.content = content
        self.table = table
        self.numbers: TableModel | None = None  # where no table shows them
        self._shows_table = False
        self._empty: EmptyState | None = None
        self._message: InlineMessage | None = None
        self.legend: QWidget | None = None
        name = QCoreApplication.translate("Analytics", "Export: {section}").format(section=title)
        self.export_button = IconButton("file-down", name, size_px=24)
        self.export_button.clicked.connect(self.export_wanted)
        self.pages = StackedPage()
        self.head = QHBoxLayout()
        self.head.setSpacing(12)
        self.head.addWidget(self.title)
        self.head.addStretch(1)
        self.head.addWidget(self.fact, 0, Qt.AlignmentFlag.AlignVCenter)
        self.head.addWidget(self.export_button, 0, Qt.AlignmentFlag.AlignVCenter)
        self._column = QVBoxLayout(self)
        self._column.setSpacing(6)
        self._column.addLayout(self.head)
        self._column.addWidget(self.pages, 1)
        self.pages.show_page(content)
        if table is not None:
            self.pages.keep(table)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.restyle()

    def hasHeightForWidth(self) -> bool:
        """Be as high as the page lets it, whatever its longest words would like."""
        return False

    def restyle(self) -> None:
        """Take the margins from the look that holds now."""
        self._column.setContentsMargins(px(16), px(10), px(16), px(8))
        super().restyle()

    def add_button(self, button: ActionButton) -> None:
        """Put a button at the end of the title's line."""
        self.head.addWidget(button)

    def add_legend(self, legend: QWidget) -> None:
        """Put what a chart's lines mean beside the title; it goes with the chart's picture."""
        self.legend = legend
        self.head.addWidget(legend)

    @property
    def has_picture(self) -> bool:
        """Tell whether this is a chart and no table alone."""
        return self.table is not None or self.content.property("chart") is True

    def picture(self) -> tuple[QWidget, ...]:
        """Return what a picture of the chart shows, from top to bottom."""
        return (self.content,) if self.legend is None else (self.legend, self.content)

    def show_content(self, fact: str = "") -> None:
        """Show what there is; a fault of before is over."""
        self._forget_fault()
        self.fact.setText(fact)
        shown = self.table if self._shows_table and self.table is not None else self.content
        self._switch(shown)

    def show_nothing(self, title: str, detail: str = "") -> None:
        """Say why there is nothing."""
        self._forget_fault()
        self.fact.setText("")
        if self._empty is None:
            self._empty = EmptyState()
            self.pages.keep(self._empty)
        self._empty.tell(title, detail)
        self._switch(self._empty)

    def show_fault(self, title: str, detail: str, action: str, key: str) -> None:
        """Say that counting failed; what was counted before stays."""
        if self._message is None:
            self._message = InlineMessage()
            self._message.acted.connect(self.asked_again)
            self._column.insertWidget(1, self._message)
        self._message.tell(title, detail, action, key)

    def fault(self) -> str:
        """Return what failed; "" if nothing did."""
        return self._message.title() if self._message is not None else ""

    def _forget_fault(self) -> None:
        if self._message is not None:
            self._message.clear()

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to show."""
        return self.pages.currentWidget() is self._empty

    def show_table(self, is_table: bool) -> None:
        """Show a chart as the table of its figures, or as a picture again."""
        self._shows_table = is_table
        if not self.is_empty:
            self._switch(self.table if is_table and self.table is not None else self.content)

    def _switch(self, page: QWidget) -> None:
        had_focus = self.pages.currentWidget() is not page and self._has_focus()
        self.pages.show_page(page)
        if had_focus:
            page.setFocus(Qt.FocusReason.OtherFocusReason)

    def _has_focus(self) -> bool:
        focused = self.focusWidget()
        return focused is not None and focused.hasFocus() and self.isAncestorOf(focused)
