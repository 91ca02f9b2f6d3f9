"""What the server would not take: why, what was wanted, and what can be done about it."""

from collections.abc import Mapping
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.qt.conflicts.words import say
from trafficdesk.qt.event_words import told_changes
from trafficdesk.qt.sync.need_you import ParkedRow, Ways
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.panels import ScrollPanel
from trafficdesk.services.parked import Parked


class ParkedPage(QWidget):
    """``retried`` and ``withdrawn`` carry the operation's id."""

    retried = Signal(object)
    withdrawn = Signal(object)

    def __init__(self, ways: Ways) -> None:
        super().__init__()
        self._ways = ways
        self.parked: Parked | None = None
        self.row: ParkedRow | None = None
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(px(20), px(14), px(20), px(14))
        self._column.setSpacing(px(8))
        self._column.addStretch(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(ScrollPanel(content))

    def show_parked(self, parked: Parked, names: Mapping[UUID, str]) -> None:
        """Show one operation."""
        while self._column.count() > 1:
            item = self._column.takeAt(0)
            gone = None if item is None else item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
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
        if parked.operation.note:
            parts.append(Label(parked.operation.note, 13).set_wrapped())
        for place, part in enumerate(parts):
            self._column.insertWidget(place, part)

    def sentences(self) -> list[str]:
        """Return what is said below the operation."""
        labels = self.findChildren(Label)
        return [label.text() for label in labels if label.isVisible()]


def _told(title: str, old: str, new: str) -> str:
    return say("{field}: {old} \N{RIGHTWARDS ARROW} {new}").format(field=title, old=old, new=new)
