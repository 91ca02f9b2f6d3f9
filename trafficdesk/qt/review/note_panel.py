"""Decisions that need words: a question to the citizen, a reason to escalate or to reopen."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout

from trafficdesk.domain.lifecycle import Move
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.review.citizen_letters import question_letter
from trafficdesk.qt.review.deciding import Decision, escalate_decision, move_decision
from trafficdesk.qt.review.decision_panel import DecisionPanel, NoteField
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.review import Step


def _say(source: str) -> str:
    return QCoreApplication.translate("NotePanel", source)


class NotePanel(DecisionPanel):
    """One line of words, then Enter."""

    def __init__(self, title: str, hint: str, placeholder: str, button: str) -> None:
        super().__init__(title, hint)
        self.note = NoteField(title, placeholder)
        self.note.submitted.connect(self.submit)
        self.note.edited.connect(self.told)
        self.button = ActionButton(button, "Enter", Kind.PRIMARY, height_px=36)
        self.button.clicked.connect(self.submit)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.note, 1)
        line.addWidget(self.button)
        self.below = ElidedLabel("", 12, 400, "text2")
        self.body.addLayout(line)
        self.body.addWidget(self.below)
        self.told()

    def told(self) -> None:
        """Follow what was typed."""
        self.button.set_refusal(self.refusal())

    def decision(self) -> Decision:
        """Return what is decided with these words."""
        raise TypeError(f"{type(self).__name__} decides nothing")

    def submit(self) -> None:
        missing = self.refusal()
        if missing:
            self.note.set_error(missing)
            return
        self.decided.emit(self.decision())

    def take_focus(self) -> None:
        self.note.setFocus()


class QuestionPanel(NotePanel):
    """Asks the citizen for more."""

    def __init__(self) -> None:
        super().__init__(
            _say("What do you need to know?"),
            _say("The report waits until the citizen answers."),
            _say("For example: which way was the car going?"),
            _say("Ask"),
        )

    def told(self) -> None:
        super().told()
        letter = question_letter(self.note.text())
        quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{letter}\N{RIGHT DOUBLE QUOTATION MARK}"
        self.below.setText(_say("Citizen will read: {letter}").format(letter=quoted))

    def refusal(self) -> str:
        has_words = bool(self.note.text().strip())
        return "" if has_words else refusal_sentence(Refusal.QUESTION_MISSING)

    def decision(self) -> Decision:
        return move_decision(Step(Move.ASK_INFO, self.note.text()))


class EscalatePanel(NotePanel):
    """Raises reports to a supervisor and says why."""

    def __init__(self) -> None:
        super().__init__(
            _say("Escalate to a supervisor"),
            _say("It keeps its place in your queue as well."),
            _say("What should the supervisor look at?"),
            _say("Escalate"),
        )

    def decision(self) -> Decision:
        return escalate_decision(escalated=True, note=self.note.text())


class ReopenPanel(NotePanel):
    """Takes a decision up again and says why."""

    def __init__(self) -> None:
        super().__init__(
            _say("Why reopen this report?"),
            _say("It goes back to the queue; a citation is cancelled."),
            _say("For example: new photo from the witness"),
            _say("Reopen"),
        )

    def decision(self) -> Decision:
        return move_decision(Step(Move.REOPEN, self.note.text()))
