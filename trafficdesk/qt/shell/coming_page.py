"""What stands for a workspace while the program loads it, and says so when that failed."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.qt.widgets.panels import BusyBar, Panel


class ComingPage(Panel):
    """Moves at its top as everything does that is being counted; keys are heard meanwhile.

    ``tried_again``: the officer wants to have it loaded once more.
    """

    tried_again = Signal()

    def __init__(self, name: str) -> None:
        super().__init__("surface")
        self._name = name
        self.has_failed = False
        self.busy = BusyBar()
        self._title = Label("", 13, 600).set_wrapped()
        self._detail = Label("", 12, 400, "text2").set_wrapped()
        self.again = ActionButton(self.tr("Try again"), "", Kind.PRIMARY, "refresh-cw")
        self.again.clicked.connect(self.tried_again)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.busy)
        column.addStretch(1)
        for label in (self._title, self._detail):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addSpacing(6)
        column.addWidget(self.again, 0, Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        self.begin()

    def begin(self) -> None:
        """Show that it is on its way."""
        if self.again.hasFocus():
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show(has_failed=False)
        self.setAccessibleName(self._name)

    def tell_failed(self) -> None:
        """Say that it could not be loaded or made, and offer to try again."""
        title = self.tr("{workspace} could not be opened").format(workspace=self._name)
        detail = self.tr(
            "A part of the program is missing or broken. What was saved is safe, and the rest of "
            "the desk goes on. If trying again does not help, tell station IT."
        )
        self._title.setText(title)
        self._detail.setText(detail)
        self._show(has_failed=True)
        self.setAccessibleName(f"{title} {detail}")
        if self.hasFocus():
            self.again.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self, *, has_failed: bool) -> None:
        self.has_failed = has_failed
        self.busy.set_busy(not has_failed)
        for part in (self._title, self._detail, self.again):
            part.setVisible(has_failed)
