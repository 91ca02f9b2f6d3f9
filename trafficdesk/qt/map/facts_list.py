"""Facts under each other: their names at the leading edge, a hairline after each."""

from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, SyncMark


class FactRow(QWidget):
    """One fact; ``sync`` adds how far it has travelled."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = ElidedLabel(name, 12, 400, "text2")
        self._name.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.value = ElidedLabel("", 13, 500)
        self.mark = SyncMark()
        self.sync_word = ElidedLabel("", 12, 400, "text2").hug()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._name)
        row.addWidget(self.value, 1)
        row.addWidget(self.mark)
        row.addWidget(self.sync_word)
        self.show_sync(None)
        self.restyle()

    def restyle(self) -> None:
        """Take the height from the look that holds now."""
        self._name.setFixedWidth(px(72))
        self.setFixedHeight(px(30))

    def set_value(self, value: str) -> None:
        """Show another value."""
        self.value.setText(value)
        self.setAccessibleName(f"{self._name.text()}: {value}")

    def show_sync(self, state: SyncState | None, word: str = "") -> None:
        """Show how far it has travelled; None for what does not travel."""
        self.mark.setVisible(state is not None)
        self.sync_word.setVisible(state is not None)
        if state is not None:
            self.mark.set_state(state)
            self.sync_word.setText(word)


class FactsList(QWidget):
    """Rows of facts; ``set_facts`` keeps what is there as long as the names stay."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.rows: dict[str, FactRow] = {}

    def set_facts(self, facts: list[tuple[str, str]]) -> None:
        """Show these names and values."""
        if list(self.rows) != [name for name, _ in facts]:
            while (item := self._column.takeAt(0)) is not None:
                if (widget := item.widget()) is not None:
                    widget.hide()
                    widget.deleteLater()
            self.rows = {name: FactRow(name) for name, _ in facts}
            for index, row in enumerate(self.rows.values()):
                if index:
                    self._column.addWidget(Hairline())
                self._column.addWidget(row)
        for name, value in facts:
            self.rows[name].set_value(value)
