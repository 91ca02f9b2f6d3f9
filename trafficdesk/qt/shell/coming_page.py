"""What stands for a workspace while the program loads it."""

from PySide6.QtWidgets import QVBoxLayout

from trafficdesk.qt.widgets.panels import BusyBar, Panel


class ComingPage(Panel):
    """Moves at its top as everything does that is being counted; keys are heard meanwhile."""

    def __init__(self, name: str) -> None:
        super().__init__("surface")
        self.setAccessibleName(name)
        self.busy = BusyBar()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.busy)
        column.addStretch(1)
        self.busy.set_busy(True)
