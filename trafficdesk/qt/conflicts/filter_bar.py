"""Above the list: everything, what needs me, the filters that are set, and the order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Final
from uuid import UUID

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.qt.ages import number
from trafficdesk.qt.conflicts.filters import Age, Filters, Kind, Whose
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import IconButton, with_key
from trafficdesk.qt.widgets.chips import Chip
from trafficdesk.qt.widgets.flow import FlowLayout
from trafficdesk.qt.widgets.menus import Menu, MenuHeading, MenuItem

_WORDS: Final[dict[object, object]] = {
    Kind.FACTS: QT_TRANSLATE_NOOP("Conflicts", "Facts"),
    Kind.DECISION: QT_TRANSLATE_NOOP("Conflicts", "Decision"),
    Kind.PLACE: QT_TRANSLATE_NOOP("Conflicts", "Place"),
    Kind.DELETION: QT_TRANSLATE_NOOP("Conflicts", "Deletion"),
    Kind.AREA: QT_TRANSLATE_NOOP("Conflicts", "Area on the map"),
    Kind.CITATION: QT_TRANSLATE_NOOP("Conflicts", "Citation"),
    Whose.MINE: QT_TRANSLATE_NOOP("Conflicts", "My changes"),
    Whose.OTHERS: QT_TRANSLATE_NOOP("Conflicts", "Changes of others"),
    Age.DAY: QT_TRANSLATE_NOOP("Conflicts", "Less than a day"),
    Age.WEEK: QT_TRANSLATE_NOOP("Conflicts", "A day to a week"),
    Age.OLDER: QT_TRANSLATE_NOOP("Conflicts", "More than a week"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """How many there are in all, how many need me, and the stations they are of, by name."""

    all: int = 0
    need_me: int | None = None
    stations: Mapping[UUID, str] = field(default_factory=dict)


class FilterBar(QWidget):
    """``changed``: other filters, or another order, were chosen here."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.filters = Filters()
        self.is_newest_first = False
        self._counted = Counted()
        self.all = Chip("")
        self.need_me = Chip("")
        self.add = Chip(say("Filter"), icon="plus")
        self.sort = IconButton("arrow-down-up", "")
        self._set: list[Chip] = []
        self._lay_out()
        self.all.clicked.connect(self.clear)
        self.need_me.clicked.connect(self.toggle_need_me)
        self.add.clicked.connect(self.open_menu)
        self.sort.clicked.connect(self.turn_order)
        self._show()

    def _lay_out(self) -> None:
        for chip in (self.all, self.need_me):
            chip.setCheckable(True)
        self._flow = FlowLayout(6)
        for chip in (self.all, self.need_me, self.add):
            self._flow.addWidget(chip)
        chips = QWidget()
        chips.setLayout(self._flow)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        chips.setSizePolicy(policy)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 8, 6)
        row.setSpacing(6)
        low = QVBoxLayout()
        low.setContentsMargins(0, px(2), 0, px(2))  # as high as the button beside it
        low.addWidget(chips)
        row.addLayout(low, 1)
        row.addWidget(self.sort, 0, Qt.AlignmentFlag.AlignTop)

    def show_counts(self, counted: Counted) -> None:
        """Show how many there are; ``need_me`` None: in this list nothing needs anybody."""
        self._counted = counted
        self._show()

    def set_filter_key(self, key: str) -> None:
        """Show another key for filtering."""
        self.add.setToolTip(with_key(say("Filter the list"), key))

    def set_need_key(self, key: str) -> None:
        """Show another key for what needs me."""
        self.need_me.setToolTip(with_key(say("Only what needs me"), key))

    # choosing

    def clear(self) -> None:
        """List everything."""
        self._take(Filters())

    def toggle_need_me(self) -> None:
        """List only what needs me, or all again."""
        self._take(replace(self.filters, needs_me=not self.filters.needs_me))

    def turn_order(self) -> None:
        """List the newest first, or the oldest."""
        self.is_newest_first = not self.is_newest_first
        self._show()
        self.changed.emit()

    def open_menu(self) -> None:
        """Offer every condition."""
        Menu(self._items(), self).open_below(self.add)

    def _items(self) -> tuple[MenuItem | MenuHeading | None, ...]:
        groups: list[tuple[str, str, list[tuple[object, str]]]] = [
            (say("What clashes"), "kind", [(each, self._word(each)) for each in Kind]),
            (say("Whose"), "whose", [(each, self._word(each)) for each in Whose]),
            (say("Waiting for"), "age", [(each, self._word(each)) for each in Age]),
        ]
        stations = sorted(self._counted.stations.items(), key=lambda each: each[1])
        if len(stations) > 1:
            groups.insert(2, (say("Station"), "station", list(stations)))
        items = list[MenuItem | MenuHeading | None]()
        for heading, name, values in groups:
            items.append(MenuHeading(heading))
            items += [self._item(name, value, words) for value, words in values]
        return tuple(items)

    def _item(self, name: str, value: object, words: str) -> MenuItem:
        is_set = getattr(self.filters, name) == value
        return MenuItem(words, self._taker(name, value), is_checked=is_set)

    def _taker(self, name: str, value: object) -> Callable[[], object]:
        return lambda: self._take(self.filters.toggled(name, value))

    def _take(self, filters: Filters) -> None:
        self.filters = filters
        self._show()
        self.changed.emit()

    # showing

    def _show(self) -> None:
        counted, filters = self._counted, self.filters
        self.all.set_text(say("All {count}").format(count=number(counted.all)))
        self.all.setChecked(filters.is_empty)
        self.need_me.set_text(say("Need me {count}").format(count=number(counted.need_me or 0)))
        self.need_me.setChecked(filters.needs_me)
        self.need_me.setVisible(counted.need_me is not None)
        order = say("Newest first") if self.is_newest_first else say("Oldest first")
        self.sort.set_name(say("Order: {order}").format(order=order))
        self._show_conditions()

    def _show_conditions(self) -> None:
        for chip in self._set:
            self._flow.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._set = []
        for name, value in self.filters.active():
            chip = Chip(self._word(value), is_removable=True)
            chip.removed.connect(partial(self.drop, name))
            chip.clicked.connect(self.open_menu)
            self._flow.addWidget(chip)
            self._set.append(chip)
        self.updateGeometry()

    def drop(self, name: str) -> None:
        """Take one condition away."""
        self._take(self.filters.without(name))

    def words(self) -> list[str]:
        """Return the words of the conditions that are set."""
        return [self._word(value) for _, value in self.filters.active()]

    def _word(self, value: object) -> str:
        if isinstance(value, UUID):
            return self._counted.stations.get(value) or say("Another station")
        return say(_WORDS[value])
