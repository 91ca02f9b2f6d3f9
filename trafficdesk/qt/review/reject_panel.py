"""Why a report is rejected: eight reasons by number, a note, and what the citizen will read."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QHBoxLayout

from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import RejectionReason
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.review.choice_grid import ChoiceGrid
from trafficdesk.qt.review.citizen_letters import rejection_letter
from trafficdesk.qt.review.deciding import move_decision
from trafficdesk.qt.review.decision_panel import DecisionPanel, NoteField
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel, IconLabel
from trafficdesk.qt.words import reason_word
from trafficdesk.services.outcomes import Refusal
from trafficdesk.services.review import Step

REASONS = tuple(RejectionReason)


class RejectPanel(DecisionPanel):
    """Press a number, type a note if you like, then Enter."""

    def __init__(self, count: int) -> None:
        super().__init__(
            QCoreApplication.translate("RejectPanel", "Why reject these %n reports?", None, count)
            if count > 1
            else QCoreApplication.translate("RejectPanel", "Why reject this report?"),
            QCoreApplication.translate(
                "RejectPanel", "Press a number, type a note if you like, then Enter."
            ),
        )
        self.reasons = ChoiceGrid(self.tr("Reason"), tuple(map(reason_word, REASONS)))
        self.reasons.picked.connect(self._picked)
        self.note = NoteField(self.tr("Note"), self.tr("Note for the file, if you like"))
        self.note.submitted.connect(self.submit)
        self.note.edited.connect(self._show_letter)
        self.button = ActionButton(self.tr("Reject"), "Enter", Kind.PRIMARY, height_px=36)
        self.button.clicked.connect(self.submit)
        self.letter = ElidedLabel("", 12, 400, "text2")
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.note, 1)
        line.addWidget(self.button)
        reads = QHBoxLayout()
        reads.setSpacing(8)
        reads.addWidget(IconLabel("user-round", 14, "text2"))
        reads.addWidget(self.letter, 1)
        self.body.addWidget(self.reasons)
        self.body.addLayout(line)
        self.body.addLayout(reads)
        self._show_letter()

    def reason(self) -> RejectionReason | None:
        """Return the reason that is marked."""
        number = self.reasons.picked_number()
        return REASONS[number - 1] if number else None

    def pick(self, number: int) -> None:
        self.reasons.pick(number)

    def _picked(self, _number: int) -> None:
        self._show_letter()
        self.note.setFocus()

    def refusal(self) -> str:
        reason = self.reason()
        if reason is None:
            return refusal_sentence(Refusal.REASON_MISSING)
        if reason is RejectionReason.OTHER and not self.note.text().strip():
            return self.tr("Say why in the note")
        return ""

    def submit(self) -> None:
        missing = self.refusal()
        if missing:
            self.note.set_error(missing if self.reason() is not None else "")
            self.hint.setText(missing)
            self.hint.set_tint("critical")
            return
        step = Step(Move.REJECT, self.note.text(), self.reason())
        self.decided.emit(move_decision(step))

    def take_focus(self) -> None:
        """Let numbers be read as reasons, so no field has the keyboard yet."""
        self.reasons.setFocus()

    def _show_letter(self) -> None:
        reason = self.reason()
        self.button.set_refusal(self.refusal())
        if reason is None:
            self.letter.setText(self.tr("The citizen will read your reason."))
            return
        letter = rejection_letter(reason, self.note.text())
        quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{letter}\N{RIGHT DOUBLE QUOTATION MARK}"
        self.letter.setText(self.tr("Citizen will read: {letter}").format(letter=quoted))
