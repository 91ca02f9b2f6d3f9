"""A panel above the action bar in which a decision gets what it needs; the evidence stays."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, Label
from trafficdesk.qt.widgets.panels import Panel
from trafficdesk.services.review import NOTE_LENGTH


class NoteField(InputField):
    """A line of at most 280 characters that counts them."""

    def __init__(self, name: str, placeholder: str) -> None:
        super().__init__(name, shows_name=False)
        self.set_placeholder(placeholder)
        self.edit.setMaxLength(NOTE_LENGTH)
        self._count = Label("", 12, 400, "text3").set_numeric()
        self.box.row.insertWidget(self.box.row.count() - 1, self._count)
        self.edit.textChanged.connect(self._show_count)
        self._show_count("")

    def _show_count(self, text: str) -> None:
        words = self.tr("{used} of {limit}").format(used=len(text), limit=NOTE_LENGTH)
        self._count.setText(words if text else "")


class DecisionPanel(Panel):
    """``decided`` carries a ``Decision``; ``cancelled`` on Esc."""

    decided = Signal(object)
    cancelled = Signal()

    def __init__(self, title: str, hint: str = "") -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.title = Label(title, 15, 600)
        self.hint = ElidedLabel(hint, 12, 400, "text2")
        self._cancel = ActionButton(self.tr("Cancel"), "Esc", Kind.GHOST, height_px=28)
        self._cancel.clicked.connect(self.cancelled)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(self.title)
        head.addWidget(self.hint, 1)
        head.addWidget(self._cancel)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(16, 10, 16, 12)
        self.body.setSpacing(10)
        self.body.addLayout(head)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        column.addLayout(self.body)

    def pick(self, number: int) -> None:
        """Take the choice with this number (1 to 9)."""

    def submit(self) -> None:
        """Decide, if what is needed is there."""

    def take_focus(self) -> None:
        """Give the keyboard to the panel's first field."""
        self.setFocus()

    def refusal(self) -> str:
        """Return what is still missing."""
        return ""
