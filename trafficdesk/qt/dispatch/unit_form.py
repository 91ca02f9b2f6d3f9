"""A unit that is to be enlisted, or changed: call sign, kind, crew, and what the crew can do."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.records import Unit
from trafficdesk.domain.skills import Skill
from trafficdesk.domain.vocabulary import UnitKind
from trafficdesk.qt.dispatch.form_frame import frame_form
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.review.filter_panel import ChipGroup
from trafficdesk.qt.unit_words import skill_word, unit_kind_word
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.input_field import InputField
from trafficdesk.qt.widgets.labels import Label, SectionHeading
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import Panel
from trafficdesk.services.units import NewUnit

_CALL_SIGN_LENGTH: Final = 24
_CREW_LENGTH: Final = 120


@dataclass(frozen=True, slots=True)
class UnitChange:
    """A unit, and what it is to be."""

    unit: Unit
    becomes: NewUnit

    def values(self) -> dict[str, object]:
        """Return the fields that are others now, as JSON values by field."""
        before, now = self.unit, self.becomes
        told: dict[str, tuple[object, object]] = {
            "call_sign": (before.call_sign, now.call_sign),
            "kind": (str(before.kind), str(now.kind)),
            "crew": (before.crew, now.crew),
            "skills": (list(before.skills), list(now.skills)),
        }
        return {name: new for name, (old, new) in told.items() if old != new}


class UnitForm(Panel):
    """``enlisted`` carries a ``NewUnit``, ``changed`` a ``UnitChange``, ``retired`` a ``Unit``.

    ``closed`` on leaving.
    """

    enlisted = Signal(object)
    changed = Signal(object)
    retired = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._unit: Unit | None = None
        self._is_busy = False
        self._skills: tuple[str, ...] = ()
        self.title = Label("", 15, 600)
        self.call_sign = InputField(say("Call sign"))
        self.call_sign.edit.setMaxLength(_CALL_SIGN_LENGTH)
        self.kind = ChipGroup(say("What it is"), is_single=True)
        self.kind.set_options([(str(each), unit_kind_word(each)) for each in UnitKind])
        self.crew = InputField(say("Crew"))
        self.crew.edit.setMaxLength(_CREW_LENGTH)
        self.skills = ChipGroup(say("What the crew can do"))
        self.retire = ActionButton(say("Retire"), kind=Kind.GHOST)
        self.message = InlineMessage()
        self.submit_button = ActionButton("", "Ctrl Enter", Kind.PRIMARY)
        self.cancel = IconButton("x", say("Close the form"), "Esc")
        self._lay_out()
        self.cancel.clicked.connect(self.closed)
        self.submit_button.clicked.connect(self.submit)
        self.retire.clicked.connect(self._retire)

    def _lay_out(self) -> None:
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(8)
        column.addWidget(self.call_sign)
        column.addWidget(SectionHeading(say("What it is")))
        column.addWidget(self.kind)
        column.addWidget(self.crew)
        column.addWidget(SectionHeading(say("What the crew can do")))
        column.addWidget(self.skills)
        column.addStretch(1)
        foot = QWidget()
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.retire)
        row.addWidget(self.submit_button)
        frame_form(self, (self.title, self.cancel), content, (self.message, foot))

    def begin(self) -> None:
        """Begin a new unit; what was half written stays."""
        if self._unit is not None or not self.call_sign.text():
            self._show(None, NewUnit("", UnitKind.PATROL_CAR))
        self.call_sign.edit.setFocus()

    def begin_change(self, unit: Unit) -> None:
        """Begin to change a unit."""
        self._show(unit, NewUnit(unit.call_sign, unit.kind, unit.crew, unit.skills))
        self.call_sign.edit.setFocus()

    def _show(self, unit: Unit | None, shown: NewUnit) -> None:
        self._unit, self._is_busy = unit, False
        is_new = unit is None
        self.title.setText(say("New unit") if is_new else shown.call_sign)
        self.submit_button.setText(say("Enlist unit") if is_new else say("Change"))
        self.submit_button.restyle()
        self.retire.setVisible(not is_new)
        self._skills = tuple(dict.fromkeys((*map(str, Skill), *shown.skills)))
        self.skills.set_options([(each, skill_word(each)) for each in self._skills])
        self.call_sign.set_text(shown.call_sign)
        self.call_sign.set_error("")
        self.kind.choose({str(shown.kind)})
        self.crew.set_text(shown.crew)
        self.skills.choose(set(shown.skills))
        self.message.clear()

    def submit(self) -> None:
        """Enlist or change it, if it has a call sign."""
        call_sign, kinds = self.call_sign.text().strip(), self.kind.chosen()
        if not call_sign:
            self.call_sign.set_error(say("How is it called by radio?"))
            self.call_sign.edit.setFocus()
            return
        if not kinds:
            self.message.tell(say("Choose what it is"))
            return
        if self._is_busy:
            return
        self._is_busy = True
        crew = self.crew.text().strip()
        unit = NewUnit(call_sign, UnitKind(kinds.pop()), crew, self._chosen_skills())
        if self._unit is None:
            self.enlisted.emit(unit)
        else:
            self.changed.emit(UnitChange(self._unit, unit))

    def _chosen_skills(self) -> tuple[str, ...]:
        """Return the skills in their order: those it had first, as they were."""
        chosen = self.skills.chosen()
        had = () if self._unit is None else self._unit.skills
        return tuple(dict.fromkeys(each for each in (*had, *self._skills) if each in chosen))

    def _retire(self) -> None:
        if self._unit is not None and not self._is_busy:
            self._is_busy = True
            self.retired.emit(self._unit)

    def done(self) -> None:
        """Forget what was written: it is kept."""
        self._unit = None
        self.call_sign.clear()

    def refuse(self, sentence: str) -> None:
        """Say why it was not taken; everything typed stays."""
        self._is_busy = False
        self.message.tell(sentence)
