"""Above the list: tabs of queues with live counts, chips of filters, the order."""

from dataclasses import replace
from datetime import tzinfo

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.queues import QueueName
from trafficdesk.qt.ages import short_number
from trafficdesk.qt.review.filter_words import chip_words, queue_word, sort_word
from trafficdesk.qt.review.queue_choice import QueueChoice
from trafficdesk.qt.theme.fonts import MEDIUM, SEMIBOLD, numeral_width, text_width
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind, with_key
from trafficdesk.qt.widgets.chips import Chip
from trafficdesk.qt.widgets.flow import clear_layout
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.qt.widgets.tab_strip import Tab, TabStrip
from trafficdesk.services.choices import Choices

_TAB_SIDES, _TAB_LEAD = 12, 6
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
        self._key = ""
        self._room = -1
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def set_words(self, words: list[tuple[str, str]]) -> None:
        if words != self._words:
            self._words = words
            self._fill()

    def words(self) -> dict[str, str]:
        """Return the words of every chip by its condition."""
        return dict(self._words)

    def set_key(self, key: str) -> None:
        """Show another key for filtering."""
        self._key = key
        self._fill()

    def resizeEvent(self, event: QResizeEvent) -> None:
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
        add.setToolTip(with_key(self.tr("Filter the list"), self._key))
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
        tabs = tuple(Tab(str(queue), queue_word(queue)) for queue in TABS)
        self.tabs = TabStrip(tabs)
        tab_row = self.tabs.layout()
        if tab_row is not None:
            # The tabs' own sides are gap enough, so that four fit into 380 px.
            tab_row.setSpacing(0)
            tab_row.setContentsMargins(6, 0, 0, 0)
        self._counts: dict[QueueName, int] = {}
        self._shown_tabs = tabs
        self.tabs.opened.connect(self.queue_chosen)
        self._extra: Tab | None = None
        self._listed: int | None = None
        self._open_tab = str(TABS[0])
        self._base_tabs = tabs
        self.more = IconButton("layers", self.tr("More queues and saved searches"))
        self.more.clicked.connect(self.more_opened)
        self.chips = _ChipRow()
        self.chips.removed.connect(self.condition_removed)
        self.chips.opened.connect(self.filter_opened)
        self.sort = ActionButton(
            sort_word(QueueChoice().sort), "", Kind.GHOST, "arrow-down-up", height_px=28
        )
        self.sort.clicked.connect(self.sort_opened)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(0, 0, 0, 0)
        top.setSpacing(0)
        top.addWidget(self.tabs, 1)
        low = QHBoxLayout()
        low.setContentsMargins(12, 6, 8, 6)
        low.setSpacing(2)
        low.addWidget(self.chips, 1)
        low.addWidget(self.sort)
        low.addWidget(self.more)
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
        self._open_tab = "extra" if title else str(choice.queue)
        self._show_extra(title)
        self.tabs.open(self._open_tab)
        self.chips.set_words(chip_words(choice.own, choices, self._zone))
        self.sort.setText(sort_word(choice.sort))
        self.sort.setAccessibleName(self.tr("Order: {order}").format(order=sort_word(choice.sort)))
        self.sort.restyle()

    def set_tab_key(self, queue: QueueName, key: str) -> None:
        """Show another key for a tab."""
        self._base_tabs = tuple(
            replace(tab, key=key) if tab.id == str(queue) else tab for tab in self._base_tabs
        )
        self._fit_tabs()

    def set_sort_key(self, key: str) -> None:
        """Show another key for the order."""
        self.sort.setToolTip(with_key(self.tr("Order of the list"), key))

    def words_of(self, condition: str) -> str:
        """Return the words of a condition's chip, by its field's name."""
        return self.chips.words().get(condition, "")

    def _show_extra(self, title: str) -> None:
        """Show what is no tab of its own as a first tab, and put the tabs back otherwise."""
        self._extra = Tab("extra", title) if title else None
        self._fit_tabs()

    def show_counts(self, counts: dict[QueueName, int], listed: int | None) -> None:
        """Show the queues' counts, and that of the list where it is no queue's."""
        self._counts = dict(counts)
        self._listed = listed
        self._fit_tabs()

    def restyle(self) -> None:
        """Measure the tabs anew."""
        self._fit_tabs()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_tabs()

    def _fit_tabs(self) -> None:
        """Show as many tabs as have room with name and count; the menu has them all."""
        tabs = self._base_tabs if self._extra is None else (self._extra, *self._base_tabs)
        room = self.tabs.width() - _TAB_LEAD
        shown: list[Tab] = []
        for tab in tabs:
            needed = _tab_width(tab.title, self._count_of(tab)) + px(_TAB_SIDES)
            if shown and needed > room:
                break
            room -= needed
            shown.append(tab)
        if tuple(shown) != self._shown_tabs:
            self._shown_tabs = tuple(shown)
            self.tabs.set_tabs(self._shown_tabs)
            self.tabs.open(self._open_tab)
        for tab in shown:
            self.tabs.set_count(tab.id, self._count_of(tab))

    def _count_of(self, tab: Tab) -> str:
        if tab is self._extra:
            return "" if self._listed is None else short_number(self._listed)
        count = self._counts.get(QueueName(tab.id))
        return "" if count is None else short_number(count)


def _tab_width(title: str, count: str) -> int:
    width = text_width(title, 13, SEMIBOLD)
    return width + px(6) + numeral_width(count, 13, MEDIUM) if count else width
