"""What the administration pages are made of: a page, its blocks, facts, and a question in place."""

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.admin.list_export import PageList
from trafficdesk.qt.admin.sentences import say
from trafficdesk.qt.equipment import Equipment
from trafficdesk.qt.fault_words import fault_words, find_fault_words
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.flow import FlowLayout
from trafficdesk.qt.widgets.labels import Hairline, Label, SectionHeading
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import ScrollPanel

Result = TypeVar("Result")
PAGE_PX = 760
FIELDS_PX = 400


class Column(QWidget):
    """Things under each other with the look's spacing."""

    def __init__(
        self, spacing_px: int = 8, margins_px: tuple[int, int, int, int] = (0, 0, 0, 0)
    ) -> None:
        super().__init__()
        self._spacing_px = spacing_px
        self._margins_px = margins_px
        self.rows = QVBoxLayout(self)
        self.restyle()

    def restyle(self) -> None:
        """Take the distances from the look that holds now."""
        self.rows.setSpacing(px(self._spacing_px))
        self.rows.setContentsMargins(*(px(each) for each in self._margins_px))

    def add(self, *widgets: QWidget) -> None:
        """Add widgets at the end."""
        for widget in widgets:
            self.rows.addWidget(widget)

    def clear(self) -> None:
        """Take every widget out and destroy it."""
        while (item := self.rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


class Narrow(Column):
    """A column of fields no wider than what is typed into them."""

    def restyle(self) -> None:
        """Take distances and width from the look that holds now."""
        super().restyle()
        self.setMaximumWidth(px(FIELDS_PX))


class Block(Column):
    """A heading with what belongs to it, parted from the next by a hairline."""

    def __init__(self, title: str, lead: str = "") -> None:
        super().__init__(8, (0, 0, 0, 8))
        self.heading = SectionHeading(title)
        self.add(self.heading)
        if lead:
            self.add(wrapped(lead))


def wrapped(text: str, tint: str = "text2") -> Label:
    """Return a sentence that may take several lines."""
    return Label(text, 13, 400, tint).set_wrapped()


class Buttons(QWidget):
    """Buttons beside each other that wrap where room ends."""

    def __init__(self, *buttons: QWidget) -> None:
        super().__init__()
        self._flow = FlowLayout()
        self.setLayout(self._flow)
        for button in buttons:
            self._flow.addWidget(button)


class FactRow(QWidget):
    """A fact's name and its value, which can be marked and copied."""

    def __init__(self, name: str, value: str = "") -> None:
        super().__init__()
        self._name = Label(name, 13, 400, "text2").set_wrapped()
        self._name.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self.value = Label(value, 13, 500).set_wrapped().set_selectable()
        self.value.setAccessibleName(f"{name}: {value}")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        row.addWidget(self._name, 2)
        row.addWidget(self.value, 5)

    def set_value(self, value: str) -> None:
        """Show another value."""
        self.value.setText(value)
        self.value.setAccessibleName(f"{self._name.text()}: {value}")


class Question(QWidget):
    """Asks before something that has no undo, and says what follows from it.

    It takes the place of some buttons when one of them, ``asker``, is pressed.
    """

    confirmed = Signal()

    def __init__(self, words: str, yes: str, asker: ActionButton, place: QWidget) -> None:
        super().__init__()
        self._asker = asker
        self._place = place
        self.yes = ActionButton(yes, "", Kind.DANGER)
        no = ActionButton(say("Keep it"), "", Kind.GHOST)
        self.yes.clicked.connect(self.confirmed)
        no.clicked.connect(self.drop)
        asker.clicked.connect(self.ask)
        self.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(px(8))
        column.addWidget(wrapped(words, "text"))
        column.addWidget(Buttons(self.yes, no))

    def ask(self) -> None:
        """Stand in the buttons' place."""
        self._place.hide()
        self.show()
        self.yes.setFocus()

    def drop(self) -> None:
        """Give the buttons their place back."""
        self.hide()
        self._place.show()
        self._asker.setFocus()


class AdminPage(ScrollPanel):
    """One section of the administration. ``open`` is called each time it comes on screen.

    ``export_wanted``: its list shall be taken out. ``own_export`` does so where the page has a way
    of its own.
    """

    export_wanted = Signal()

    def __init__(self, title: str, lead: str) -> None:
        self._inner = Column(16, (24, 20, 24, 24))
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._inner, 100)
        row.addStretch(1)
        super().__init__(holder)
        self.list_button: ActionButton | None = None
        self.own_export: Callable[[], None] | None = None
        head = Column(4)
        head.add(Label(title, 17, 600), wrapped(lead))
        self._inner.add(head)
        self._inner.rows.addStretch(1)
        self.setAccessibleName(title)
        self.setProperty("pane", True)
        self.restyle()

    def restyle(self) -> None:
        """Take width and colour from the look that holds now."""
        super().restyle()
        self._inner.setMaximumWidth(px(PAGE_PX))

    def add(self, *widgets: QWidget) -> None:
        """Add widgets below what is there, each parted from it by a hairline."""
        rows = self._inner.rows
        for widget in widgets:
            rows.insertWidget(rows.count() - 1, Hairline())
            rows.insertWidget(rows.count() - 1, widget)

    def open(self) -> None:
        """Read again what may have changed since it was last on screen."""

    def listed(self) -> PageList | None:
        """Return the list that stands on it; None if it has none, or has not read it yet."""
        return None

    def make_list_button(self, words: str = "") -> ActionButton:
        """Return the button that takes its list out, to be put where it has room."""
        button = ActionButton(words or say("Export the list"), "", Kind.PLAIN, "file-down")
        button.clicked.connect(self.export_wanted)
        self.list_button = button
        return button


class Errands:
    """Runs a page's services off the GUI thread and says in place when one fails."""

    def __init__(self, owner: QWidget, equipment: Equipment) -> None:
        self._lanes = equipment.lanes
        self._own = equipment.lanes.owned_by(owner)

    def read(
        self, function: Callable[[], Result], on_done: Callable[[Result], None], at: InlineMessage
    ) -> None:
        """Run what only reads; the newest wins."""
        fail = partial(self._fail, at, None)
        self._own.run(Lane.READER, function, on_done, fail, key=on_done.__name__)

    def write(
        self,
        function: Callable[[], Result],
        on_done: Callable[[Result], None],
        at: InlineMessage,
        on_failed: Callable[[], None] | None = None,
    ) -> None:
        """Run what changes something; ``on_failed`` gives the form free again."""
        self._own.run(Lane.WRITER, function, on_done, partial(self._fail, at, on_failed))

    def work(
        self,
        function: Callable[[], Result],
        on_done: Callable[[Result], None],
        at: InlineMessage,
        on_failed: Callable[[], None] | None = None,
    ) -> None:
        """Run what waits for files or the system."""
        self._own.run(Lane.IO, function, on_done, partial(self._fail, at, on_failed))

    def call_home(self, function: Callable[[], None]) -> None:
        """Call on the GUI thread, for progress."""
        self._own.call_home(function)

    def _fail(
        self, at: InlineMessage, on_failed: Callable[[], None] | None, error: Exception
    ) -> None:
        if on_failed is not None:
            on_failed()
        if find_fault_words(error) is None:
            self._lanes.failed.emit(error)
        at.tell(*fault_words(error))
