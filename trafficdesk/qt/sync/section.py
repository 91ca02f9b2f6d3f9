"""A part of the sync panel: a filled heading with its count and a word, and rows below it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, Label
from trafficdesk.qt.widgets.panels import Panel


class Section(QWidget):
    """Rows under a heading; ``set_folded`` leaves only the heading."""

    def __init__(self, name: str, tint: str = "text") -> None:
        super().__init__()
        self._name = name
        self._is_folded = False
        self._heading = Panel("bg")
        self._count = Label("", 12, 600, tint)
        self._fact = ElidedLabel("", 12, 400, "text2").hug()
        head = QHBoxLayout(self._heading)
        head.setContentsMargins(px(20), px(6), px(20), px(6))
        head.setSpacing(px(8))
        head.addWidget(Label(name, 12, 600, tint))
        head.addWidget(self._count)
        head.addStretch(1)
        head.addWidget(self._fact)
        self._body = QWidget()
        self.rows = QVBoxLayout(self._body)
        self.rows.setContentsMargins(px(20), px(4), px(20), px(8))
        self.rows.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Hairline())
        column.addWidget(self._heading)
        column.addWidget(Hairline())
        column.addWidget(self._body)

    def tell(self, count: str, fact: str) -> None:
        """Show how many there are, and a word about them."""
        self._count.setText(count)
        self._fact.setText(fact)
        self._heading.setAccessibleName(f"{self._name}, {count}. {fact}")

    def fill(self, rows: Sequence[QWidget]) -> None:
        """Show other rows."""
        while (item := self.rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for row in rows:
            self.rows.addWidget(row)
        self._show_body()

    def set_folded(self, folded: bool) -> None:
        """Show the heading alone, or the rows as well."""
        self._is_folded = folded
        self._show_body()

    def _show_body(self) -> None:
        self._body.setVisible(self.rows.count() > 0 and not self._is_folded)
