"""A report that was given to somebody else: who has it, and whether to take it from them."""

from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout

from trafficdesk.domain.texts import isolated
from trafficdesk.qt.event_words import move_word
from trafficdesk.qt.review.deciding import Decision, move_decision
from trafficdesk.qt.review.decision_panel import DecisionPanel
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.services.review import Step


def _say(source: str) -> str:
    return QCoreApplication.translate("TakeOverPanel", source)


class TakeOverPanel(DecisionPanel):
    """``decided`` carries the same decision, now meant to take the report over."""

    def __init__(self, step: Step, assignee: str) -> None:
        known = _say("This report is assigned to {name}").format(name=isolated(assignee))
        super().__init__(known if assignee else _say("This report is assigned to another officer"))
        self._step = step
        self.hint.setText(_say("Nobody holds it yet. Your decision is not written."))
        words = _say("{move} and take it over").format(move=move_word(step.move))
        self.button = ActionButton(words, "Enter", Kind.PRIMARY, height_px=36)
        self.button.clicked.connect(self.submit)
        self._cancel.setText(_say("Leave it to them"))
        self._cancel.restyle()
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.button)
        line.addWidget(Label(_say("The timeline will name you."), 12, 400, "text2"))
        line.addStretch(1)
        self.body.addLayout(line)

    def decision(self) -> Decision:
        """Return what is decided."""
        return move_decision(replace(self._step, takes_over=True))

    def submit(self) -> None:
        self.decided.emit(self.decision())

    def take_focus(self) -> None:
        self.button.setFocus()
