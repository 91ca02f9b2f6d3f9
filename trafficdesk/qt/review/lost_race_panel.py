"""Somebody changed the report first: who, what, when, field by field, and what now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from trafficdesk.domain.lifecycle import barrier
from trafficdesk.domain.records import Officer
from trafficdesk.domain.texts import isolated
from trafficdesk.qt.ages import clock
from trafficdesk.qt.event_words import done_word, event_title, move_word, told_changes
from trafficdesk.qt.refusal_words import refusal_sentence
from trafficdesk.qt.review.deciding import Decision
from trafficdesk.qt.review.decision_panel import DecisionPanel
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import ElidedLabel, Label
from trafficdesk.services.outcomes import LostRace

_FIELDS_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Race:
    """A decision that came second, and what it needs to be told."""

    decision: Decision
    lost: LostRace
    officer: Officer
    now: datetime
    zone: tzinfo
    names: Mapping[str, str]


class LostRacePanel(DecisionPanel):
    """``insisted`` to decide all the same; ``looked`` to see the report as it is now."""

    insisted = Signal()
    looked = Signal()

    def __init__(self, race: Race) -> None:
        super().__init__(
            QCoreApplication.translate(
                "LostRacePanel", "{reference} was changed before you decided"
            ).format(reference=race.lost.report.reference),
            QCoreApplication.translate("LostRacePanel", "Your decision is not written."),
        )
        self._race = race
        self.hint.set_tint("critical")
        self._cancel.hide()
        self.body.addLayout(self._changes())
        self.keep = ActionButton(self.tr("Keep theirs"), "Esc", Kind.PRIMARY, height_px=36)
        self.insist = ActionButton(
            self.tr("{decision} anyway").format(decision=self._mine()), "1", height_px=36
        )
        self.look = ActionButton(self.tr("Look at it"), "2", Kind.GHOST, height_px=36)
        self.insist.set_refusal(self.refusal())
        self.keep.clicked.connect(self.cancelled)
        self.insist.clicked.connect(self.insisted)
        self.look.clicked.connect(self.looked)
        reason = ElidedLabel(self.refusal(), 12, 400, "text2")
        line = QHBoxLayout()
        line.setSpacing(8)
        for button in (self.keep, self.insist, self.look):
            line.addWidget(button)
        line.addWidget(reason, 1)
        self.body.addLayout(line)

    def _mine(self) -> str:
        decision = self._race.decision
        return done_word(decision.kind) if decision.step is None else move_word(decision.step.move)

    def _changes(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        row = 0
        for event in self._race.lost.since[-2:]:
            who = isolated(event.actor_name) if event.actor_name else self.tr("This desk")
            words = self.tr("{who}, {time}: {what}").format(
                who=who, time=clock(event.at, self._race.zone), what=event_title(event)
            )
            grid.addWidget(ElidedLabel(words, 13, 600), row, 0, 1, 3)
            row += 1
            for told in told_changes(event.changes, self._race.names)[:_FIELDS_SHOWN]:
                field, old, new = told
                grid.addWidget(Label(field, 12, 400, "text2"), row, 0)
                grid.addWidget(ElidedLabel(old, 13, 400, "text2"), row, 1)
                arrowed = f"\N{RIGHTWARDS ARROW} {new}"
                grid.addWidget(ElidedLabel(arrowed, 13, 500), row, 2)
                row += 1
        grid.setColumnMinimumWidth(0, 120)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(2, 1)
        return grid

    def refusal(self) -> str:
        """Return why it can't be done anyway: the lifecycle may have moved past it."""
        step, lost = self._race.decision.step, self._race.lost
        if step is None:
            return ""
        code = barrier(lost.report, step.move, self._race.officer, self._race.now)
        return "" if code is None else refusal_sentence(code)

    def pick(self, number: int) -> None:
        if number == 1 and not self.refusal():
            self.insisted.emit()
        elif number == 2:
            self.looked.emit()

    def submit(self) -> None:
        """Enter keeps theirs: what is safe needs no second thought."""
        self.cancelled.emit()

    def take_focus(self) -> None:
        self.keep.setFocus()
