"""The head of the unlock screen: the mark, the name, the clock."""

from PySide6.QtCore import QDateTime, QLocale, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.shell.logo import Logo
from trafficdesk.qt.theme.palette import px
from trafficdesk.qt.widgets.labels import Label


class UnlockHeader(QWidget):
    """Says which program this is and what time it is; ``tick`` once a second."""

    def __init__(self) -> None:
        super().__init__()
        self._time = Label("", 22, 500).set_numeric()
        self._date = Label("", 12, 400, "text2")
        title = QVBoxLayout()
        title.setSpacing(3)
        title.addWidget(Label(self.tr("TrafficDesk"), 15, 600))
        title.addWidget(Label(self.tr("This desk is locked and encrypted"), 12, 400, "text2"))
        clock = QVBoxLayout()
        clock.setSpacing(0)
        for label in (self._time, self._date):
            label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            clock.addWidget(label)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(12))
        row.addWidget(Logo(36))
        row.addLayout(title, 1)
        row.addLayout(clock)
        self.tick()

    def tick(self) -> None:
        """Show the time that it is now."""
        now = QDateTime.currentDateTime()
        self._time.setText(now.toString("HH:mm"))
        self._date.setText(QLocale().toString(now.date(), "dddd d MMMM"))
