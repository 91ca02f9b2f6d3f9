"""What a report is, who holds it, and its reference, above its evidence."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.records import QueueRow
from trafficdesk.domain.vocabulary import Severity
from trafficdesk.qt.widgets.buttons import IconButton
from trafficdesk.qt.widgets.facts import SeverityTag
from trafficdesk.qt.widgets.labels import ElidedLabel, IconLabel, Label


class DetailHead(QWidget):
    """``copied`` when the reference is to be copied."""

    copied = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.tag = SeverityTag()
        self.title = ElidedLabel("", 18, 600).hug()
        self._hold_icon = IconLabel("lock", 14, "text2")
        self.hold = ElidedLabel("", 12, 500, "text2").hug()
        self.reference = Label("", 13, 600).set_selectable()
        self.reference.setAccessibleName(self.tr("Reference"))
        self.copy = IconButton("copy", self.tr("Copy the reference"), size_px=24)
        self.copy.clicked.connect(self.copied)
        self.subline = ElidedLabel("", 12, 400, "text2")
        top = QHBoxLayout()
        top.setSpacing(8)
        top.addWidget(self.tag)
        top.addWidget(self.title)
        top.addStretch(1)
        for widget in (self._hold_icon, self.hold, self.reference, self.copy):
            top.addWidget(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(top)
        column.addWidget(self.subline)

    def show_words(self, severity: Severity, title: str, reference: str, subline: str) -> None:
        """Show what the report is."""
        self.tag.set_severity(severity)
        self.title.setText(title)
        self.reference.setText(reference)
        self.subline.setText(subline)

    def show_row(self, row: QueueRow, title: str, subline: str) -> None:
        """Show what the list knows until the rest has come."""
        self.show_words(Severity(row.severity), title, row.reference, subline)
        self.show_hold("")

    def show_hold(self, words: str, icon: str = "lock") -> None:
        """Say who holds the report, or what became of it; nothing hides it."""
        self.hold.setText(words)
        self.hold.setVisible(bool(words))
        self._hold_icon.set_icon(icon)
        self._hold_icon.setVisible(bool(words))
