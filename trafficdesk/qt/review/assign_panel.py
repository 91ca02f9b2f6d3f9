"""Giving reports to an officer of this desk, by number or name."""

from uuid import UUID

from PySide6.QtWidgets import QHBoxLayout

from trafficdesk.domain.records import Officer
from trafficdesk.domain.texts import isolated
from trafficdesk.qt.review.choice_grid import ChoiceGrid
from trafficdesk.qt.review.deciding import assign_decision
from trafficdesk.qt.review.decision_panel import DecisionPanel
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.input_field import InputField

_SHOWN = 8


class AssignPanel(DecisionPanel):
    """The first choice is nobody; typing a name narrows the others."""

    def __init__(self, officers: tuple[Officer, ...], me: UUID, now_with: str = "") -> None:
        super().__init__("")
        self._officers = officers
        self._me = me
        self._shown: tuple[Officer | None, ...] = ()
        self._grid: ChoiceGrid | None = None
        self.title.setText(self.tr("Who takes this over?"))
        how = self.tr("Press a number, or type a name, then Enter.")
        whose = self.tr("Now with {name}.").format(name=isolated(now_with)) if now_with else ""
        self.hint.setText(" ".join(filter(None, (whose, how))))
        self.setAccessibleName(self.title.text())
        self.name = InputField(self.tr("Officer's name"), shows_name=False)
        self.name.set_placeholder(self.tr("Officer's name"))
        self.name.edited.connect(self._narrow)
        self.name.submitted.connect(self.submit)
        button = ActionButton(self.tr("Assign"), "Enter", Kind.PRIMARY, height_px=36)
        button.clicked.connect(self.submit)
        self.button = button
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.name, 1)
        line.addWidget(button)
        self.body.addLayout(line)
        self._narrow()

    def _narrow(self) -> None:
        wanted = self.name.text().strip().casefold()
        found = [o for o in self._officers if wanted in f"{o.name} {o.initials}".casefold()]
        self._shown = (*((None,) if not wanted else ()), *found)[:_SHOWN]
        if self._grid is not None:
            self.body.removeWidget(self._grid)
            self._grid.hide()
            self._grid.deleteLater()
        self._grid = ChoiceGrid(self.tr("Officer"), tuple(map(self._words, self._shown)))
        self._grid.picked.connect(self._picked)
        self.body.insertWidget(1, self._grid)
        if wanted and found:
            self._grid.mark(1)
        self.button.set_refusal(self.refusal())

    def _words(self, officer: Officer | None) -> str:
        if officer is None:
            return self.tr("Nobody")
        if officer.id == self._me:
            return self.tr("{name} (you)").format(name=officer.name)
        return officer.name

    def _picked(self, _number: int) -> None:
        self.submit()

    def pick(self, number: int) -> None:
        if self._grid is not None:
            self._grid.pick(number)

    def refusal(self) -> str:
        number = 0 if self._grid is None else self._grid.picked_number()
        return "" if number else self.tr("Choose an officer")

    def submit(self) -> None:
        if self.refusal():
            return
        number = 0 if self._grid is None else self._grid.picked_number()
        officer = self._shown[number - 1]
        self.decided.emit(assign_decision(None if officer is None else officer.id, self._me))

    def take_focus(self) -> None:
        """Let numbers be read as choices first."""
        self.setFocus()
