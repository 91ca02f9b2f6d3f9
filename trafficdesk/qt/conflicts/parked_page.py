"""What the server would not take: why, what was wanted, and what can be done about it."""

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.qt.conflicts.parked_form import ParkedForm
from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.event_words import told_changes
from trafficdesk.qt.sync.need_you import ParkedRow, Ways
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.flow import clear_layout
from trafficdesk.qt.widgets.labels import Hairline, Label, label_row
from trafficdesk.qt.widgets.panels import ScrollPanel
from trafficdesk.services.parked import Parked


class BulkQuestion(QWidget):
    """What can be done with all that are marked; giving them up is asked about once."""

    retried = Signal()
    withdrawn = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = Label("", 13, 600).set_wrapped()
        self.retry = ActionButton(say("Retry"), "", Kind.PRIMARY)
        self.withdraw = ActionButton(say("Withdraw"))
        self.yes = ActionButton(say("Withdraw them"), "", Kind.DANGER)
        self.no = ActionButton(say("Keep them"), "", Kind.GHOST)
        self.retry.clicked.connect(self.retried)
        self.withdraw.clicked.connect(self.ask)
        self.yes.clicked.connect(self.withdrawn)
        self.no.clicked.connect(self._rest)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, px(4))
        column.setSpacing(px(8))
        column.addWidget(self.words)
        column.addLayout(label_row(self.retry, self.withdraw, self.yes, self.no))
        column.addWidget(Hairline())
        self._count = 0
        self.tell(0)

    def tell(self, count: int) -> None:
        """Speak of so many that are marked; of none: be gone."""
        self._count = count
        self.setVisible(bool(count))
        self._rest()

    def _rest(self) -> None:
        words = QCoreApplication.translate("Conflicts", "%n changes are marked", "", self._count)
        self._show(words, is_asking=False)

    def ask(self) -> None:
        """Ask whether to give them up."""
        words = QCoreApplication.translate(
            "Conflicts",
            "Withdraw %n changes? They are never sent then, and stay in the history.",
            "",
            self._count,
        )
        self._show(words, is_asking=True)
        self.no.setFocus()

    def _show(self, words: str, *, is_asking: bool) -> None:
        self.words.setText(words)
        for button in (self.retry, self.withdraw):
            button.setVisible(not is_asking)
        for button in (self.yes, self.no):
            button.setVisible(is_asking)


class ParkedPage(QWidget):
    """``retried`` and ``withdrawn`` carry the operation's id, ``edited`` that and the values."""

    retried = Signal(object)
    withdrawn = Signal(object)
    edited = Signal(object, object)

    def __init__(self, ways: Ways) -> None:
        super().__init__()
        self._ways = ways
        self.parked: Parked | None = None
        self.row: ParkedRow | None = None
        self.bulk = BulkQuestion()
        self.form = ParkedForm()
        self.form.written.connect(self._write)
        self.form.left.connect(self._offer)
        self._told = QVBoxLayout()
        self._told.setSpacing(px(8))
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(px(20), px(14), px(20), px(14))
        column.setSpacing(px(8))
        column.addWidget(self.bulk)
        column.addLayout(self._told)
        column.addWidget(self.form)
        column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ScrollPanel(content))

    def show_parked(self, parked: Parked, names: Mapping[UUID, str]) -> None:
        """Show one operation."""
        clear_layout(self._told)
        self.form.hide()
        self.parked = parked
        self.row = ParkedRow(parked, self._ways)
        self.row.retried.connect(self.retried)
        self.row.withdrawn.connect(self.withdrawn)
        parts = [self.row, Label(say("What was wanted"), 12, 600, "text2")]
        known = {str(officer): name for officer, name in names.items()}
        parts += [
            Label(_told(*change), 13).set_wrapped()
            for change in told_changes(parked.operation.changes, known)
        ]
        who = say("By {name}").format(name=parked.actor_name or say("Another officer"))
        parts.append(Label(who, 12, 400, "text2"))
        is_told = any(each.new == parked.operation.note for each in parked.operation.changes)
        if parked.operation.note and not is_told:
            parts.append(Label(parked.operation.note, 13).set_wrapped())
        for part in parts:
            self._told.addWidget(part)

    def edit(self) -> None:
        """Let what was written be written anew."""
        if self.parked is not None and self.row is not None:
            self.row.choices.hide()
            self.form.begin(self.parked)

    def _offer(self) -> None:
        if self.row is not None:
            self.row.choices.show()

    def _write(self, values: object) -> None:
        if self.parked is not None:
            self.edited.emit(self.parked.operation.op_id, values)

    def leave(self) -> bool:
        """Close the form; False if it was not open."""
        was_open = self.form.isVisible()
        if was_open:
            self.form.end()
        return was_open

    def sentences(self) -> list[str]:
        """Return what is said below the operation."""
        labels = self.findChildren(Label)
        return [label.text() for label in labels if label.isVisible()]


def _told(title: str, old: str, new: str) -> str:
    return say("{field}: {old} \N{RIGHTWARDS ARROW} {new}").format(field=title, old=old, new=new)
