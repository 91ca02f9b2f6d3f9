"""The column at the trailing edge: what is in view as a list, or the card of what was chosen."""

from datetime import tzinfo

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.records import QueueRow
from trafficdesk.maps.surroundings import Listed
from trafficdesk.qt.ages import number
from trafficdesk.qt.map.report_card import CardFacts, ReportCard
from trafficdesk.qt.map.row_button import RowButton
from trafficdesk.qt.map.thing_card import Thing, ThingCard
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import IconButton
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, Label
from trafficdesk.qt.widgets.messages import EmptyState
from trafficdesk.qt.widgets.panels import Panel, ScrollPanel, StackedPage


class ReportList(QWidget):
    """Reports under each other; ``chosen`` carries the number of the one picked."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[QueueRow, ...] = ()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 12)
        self._column.setSpacing(0)
        self._column.addStretch(1)

    def show_rows(self, rows: tuple[QueueRow, ...], zone: tzinfo) -> None:
        """Show these reports; nothing moves when they are the same as before."""
        if rows == self._rows:
            return
        self._rows = rows
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            if item is not None and (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for index, row in enumerate(rows):
            button = RowButton(row, zone, row.place or row.reference)
            button.clicked.connect(lambda _on=False, pk=row.pk: self.chosen.emit(pk))
            self._column.insertWidget(2 * index, button)
            self._column.insertWidget(2 * index + 1, Hairline())

    def rows(self) -> tuple[QueueRow, ...]:
        """Return what is listed."""
        return self._rows


class SideColumn(Panel):
    """Pages under one head. ``stepped`` carries -1 or 1, ``closed`` asks for the list again.

    ``has_subject`` tells whether anything was chosen; else it lists what is in view.
    """

    stepped = Signal(int)
    closed = Signal()
    subject_changed = Signal()

    def __init__(self) -> None:
        super().__init__("surface")
        self.setProperty("pane", True)
        self.setAccessibleName(self.tr("What was chosen"))
        self._width_px = 296
        self.has_subject = False
        self.heading = ElidedLabel("", 13, 600)
        self.position = Label("", 12, 500, "text2")
        self.previous = IconButton("chevron-left", self.tr("Previous report"), size_px=24)
        self.next = IconButton("chevron-right", self.tr("Next report"), size_px=24)
        self.close_button = IconButton("x", self.tr("Close the card"), size_px=24)
        self.previous.clicked.connect(lambda: self.stepped.emit(-1))
        self.next.clicked.connect(lambda: self.stepped.emit(1))
        self.close_button.clicked.connect(self.closed)
        self.list = ReportList()
        self.card = ReportCard()
        self.thing = ThingCard()
        self.empty = EmptyState()
        self.pages = StackedPage()
        self._list_page = ScrollPanel(self.list)
        self._card_page = ScrollPanel(self.card)
        self._thing_page = ScrollPanel(self.thing)
        for page in (self._list_page, self._card_page, self._thing_page, self.empty):
            self.pages.addWidget(page)
        head = QHBoxLayout()
        head.setContentsMargins(16, 6, 8, 6)
        head.setSpacing(4)
        head.addWidget(self.heading, 1)
        for widget in (self.position, self.previous, self.next, self.close_button):
            head.addWidget(widget)
        self._head = QWidget()
        self._head.setLayout(head)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(Hairline())
        column.addWidget(self.pages, 1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.set_roomy(False)

    def show_list(self, listed: Listed, zone: tzinfo, of_cluster: int = 0) -> None:
        """Show the reports in view, or those of a cluster of so many."""
        total = of_cluster or listed.total
        self._set_head(
            self.tr("Reports here") if of_cluster else self.tr("In view, worst first"),
            number(total) if total else "",
            can_step=bool(of_cluster and listed.rows),
            can_close=bool(of_cluster),
        )
        if listed.rows:
            self.list.show_rows(listed.rows, zone)
            self.pages.show_page(self._list_page)
            return
        if listed.total:
            self.empty.tell(
                self.tr("Too many to list"), self.tr("Zoom in, or tick fewer severities.")
            )
        else:
            self.empty.tell(
                self.tr("No reports in view"),
                self.tr("Choose more days below, tick more on the left, or move the map."),
            )
        self.pages.show_page(self.empty)

    def show_card(self, facts: CardFacts, position: str, *, can_step: bool) -> None:
        """Show one report; ``position`` is its place in a list, as ``2 of 14``."""
        is_other = self.card.pk != facts.detail.report.pk
        self._set_head(facts.detail.report.reference, position, can_step=can_step, can_close=True)
        self.card.show_facts(facts)
        self.pages.show_page(self._card_page)
        if is_other:
            self._card_page.verticalScrollBar().setValue(0)

    def show_thing(self, heading: str, thing: Thing) -> None:
        """Show anything else."""
        self._set_head(heading, "", can_step=False, can_close=True)
        self.thing.show_thing(thing)
        self.pages.show_page(self._thing_page)

    def _set_head(self, words: str, position: str, *, can_step: bool, can_close: bool) -> None:
        self.heading.setText(words)
        self.position.setText(position)
        self.previous.setVisible(can_step)
        self.next.setVisible(can_step)
        self.close_button.setVisible(can_close)
        self.has_subject = can_close
        self.subject_changed.emit()

    def set_roomy(self, is_roomy: bool) -> None:
        """Take the measures of a large or of a small window."""
        self._width_px = 344 if is_roomy else 296
        self.restyle()

    def restyle(self) -> None:
        """Take the width from the look that holds now."""
        self.setFixedWidth(px(self._width_px))
        self._head.setFixedHeight(px(44))
        super().restyle()

    def sizeHint(self) -> QSize:
        return QSize(px(self._width_px), px(400))
