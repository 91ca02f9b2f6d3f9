"""Above the list: tabs of queues with live counts, chips of filters, the order."""

from datetime import tzinfo

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.queues import QueueName
from trafficdesk.qt.ages import short_number
from trafficdesk.qt.review.filter_words import chip_words, queue_word, sort_word
from trafficdesk.qt.review.queue_choice import QueueChoice
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.chips import Chip
from trafficdesk.qt.widgets.flow import clear_layout
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.tab_strip import Tab, TabStrip
from trafficdesk.services.choices import Choices

TABS = (QueueName.UNASSIGNED, QueueName.MINE, QueueName.ESCALATED, QueueName.NEEDS_INFO)


class _ChipRow(QWidget):
    """Chips side by side; those that don't fit are counted on the last one."""

    removed = Signal(str)
    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self._words: list[tuple[str, str]] = []
        self._room = -1
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_words(self, words: list[tuple[str, str]]) -> None:
        if words != self._words:
            self._words = words
            self._fill()

    def resizeEvent(self, event: object) -> None:
        if self.width() != self._room:
            self._room = self.width()
            self._fill()

    def restyle(self) -> None:
        """Measure the chips anew."""
        self.setMinimumHeight(px(28))
        self._fill()

    def _fill(self) -> None:
        clear_layout(self._row)
        add = Chip(self.tr("Filter"), icon="plus")
        add.setToolTip(self.tr("Filter the list  (F)"))
        add.clicked.connect(self.opened)
        room = self.width() - add.sizeHint().width()
        shown = 0
        for name, words in self._words:
            chip = Chip(words, is_removable=True)
            needed = chip.sizeHint().width() + 6
            is_last = shown == len(self._words) - 1
            if needed + (0 if is_last else px(48)) > room:
                chip.deleteLater()
                break
            chip.removed.connect(lambda each=name: self.removed.emit(each))
            chip.clicked.connect(self.opened)
            self._row.addWidget(chip)
            room -= needed
            shown += 1
        if shown < len(self._words):
            more = Chip(f"+{len(self._words) - shown}")
            more.setAccessibleName(
                QCoreApplication.translate(
                    "_ChipRow", "%n more filters", None, len(self._words) - shown
                )
            )
            more.clicked.connect(self.opened)
            self._row.addWidget(more)
        self._row.addWidget(add)
        self._row.addStretch(1)


class QueueBar(QWidget):
    """``queue_chosen`` carries a queue's id; ``condition_removed`` a filter field's name."""

    queue_chosen = Signal(str)
    condition_removed = Signal(str)
    filter_opened = Signal()
    more_opened = Signal()
    sort_opened = Signal()

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        tabs = tuple(
            Tab(str(queue), queue_word(queue), f"Alt {n}") for n, queue in enumerate(TABS, 1)
        )
        self.tabs = TabStrip(tabs)
        self.tabs.opened.connect(self.queue_chosen)
        self._extra: Tab | None = None
        self._base_tabs = tabs
        self.more = IconButton("chevron-down", self.tr("More queues and saved searches"), "Q")
        self.more.clicked.connect(self.more_opened)
        self.chips = _ChipRow()
        self.chips.removed.connect(self.condition_removed)
        self.chips.opened.connect(self.filter_opened)
        self.sort = ActionButton(sort_word(QueueChoice().sort), "", Kind.GHOST, height_px=28)
        self.sort.setToolTip(self.tr("Order of the list  (O)"))
        self.sort.clicked.connect(self.sort_opened)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 8, 0)
        top.setSpacing(0)
        top.addWidget(self.tabs, 1)
        top.addWidget(self.more)
        low = QHBoxLayout()
        low.setContentsMargins(12, 6, 4, 6)
        low.addWidget(self.chips, 1)
        low.addWidget(self.sort)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(Hairline())
        column.addLayout(low)
        column.addWidget(Hairline())
        self.chips.restyle()

    def show_choice(self, choice: QueueChoice, choices: Choices | None) -> None:
        """Show what is listed."""
        title = choice.search or ("" if choice.queue in TABS else queue_word(choice.queue))
        self._show_extra(title)
        self.tabs.open("extra" if title else str(choice.queue))
        self.chips.set_words(chip_words(choice.own, choices, self._zone))
        self.sort.setText(sort_word(choice.sort))
        self.sort.setAccessibleName(self.tr("Order: {order}").format(order=sort_word(choice.sort)))
        self.sort.restyle()

    def _show_extra(self, title: str) -> None:
        """Show what is no tab of its own as a first tab, and put the tabs back otherwise."""
        wanted = None if not title else Tab("extra", title)
        if wanted == self._extra:
            return
        self._extra = wanted
        tabs = self._base_tabs if wanted is None else (wanted, *self._base_tabs[:3])
        self.tabs.set_tabs(tabs)

    def show_counts(self, counts: dict[QueueName, int], listed: int | None) -> None:
        """Show the queues' counts, and that of the list where it is no queue's."""
        shown = TABS if self._extra is None else TABS[:3]
        for queue in shown:
            if queue in counts:
                self.tabs.set_count(str(queue), short_number(counts[queue]))
        if self._extra is not None and listed is not None:
            self.tabs.set_count("extra", short_number(listed))
