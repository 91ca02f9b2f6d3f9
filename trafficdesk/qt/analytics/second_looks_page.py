"""Second looks: a sample to look at, how far people agree, and what is to be talked over."""

from collections.abc import Mapping
from typing import cast
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.domain.permissions import Permission, may
from trafficdesk.qt.analytics.asking import Question
from trafficdesk.qt.analytics.choosing import Choice
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.page import Page, Sight
from trafficdesk.qt.analytics.second_look_rows import (
    agreement_words,
    decision_columns,
    decision_rows,
    differing_columns,
    differing_rows,
    officer_columns,
    officer_rows,
    say,
)
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.widgets.buttons import ActionButton, Kind
from trafficdesk.qt.widgets.labels import Hairline
from trafficdesk.services.analytics.second_looks import SecondLooks, find_second_looks
from trafficdesk.services.session import Session

SECOND_LOOKS = "second_looks"


def ask_second_looks(session: Session, choice: Choice) -> SecondLooks:
    """Count second looks."""
    return find_second_looks(session, choice.scope)


class SecondLooksPage(Page):
    """``draw_wanted`` for another sample; ``look_wanted`` to look at what was drawn."""

    draw_wanted = Signal()
    look_wanted = Signal()

    def __init__(self, zone: ZoneInfo) -> None:
        super().__init__(say("Second looks"))
        self._zone = zone
        self.waiting: tuple[int, ...] = ()
        self.questions = (Question(SECOND_LOOKS, ask_second_looks),)
        self.draw_button = ActionButton(say("Draw a sample"))
        self.look_button = ActionButton("", kind=Kind.PRIMARY)
        self.officers = FactsTable(say("Agreement by officer"), officer_columns(), is_dense=True)
        self.decisions = FactsTable(say("Agreement by decision"), decision_columns(), is_dense=True)
        self.differing = FactsTable(say("To talk over"), differing_columns(), is_dense=True)
        self.officer_section = Section(say("Agreement by officer"), self.officers)
        self.decision_section = Section(say("Agreement by decision"), self.decisions)
        self.differing_section = Section(say("To talk over"), self.differing)
        for button in (self.draw_button, self.look_button):
            self.differing_section.add_button(button)
        self._parts = (
            (self.officer_section, self.officers),
            (self.decision_section, self.decisions),
            (self.differing_section, self.differing),
        )
        self.takers = {SECOND_LOOKS: self._take}
        self.sections = {SECOND_LOOKS: tuple(section for section, _ in self._parts)}
        self.draw_button.clicked.connect(self.draw_wanted)
        self.look_button.clicked.connect(self.look_wanted)
        self._lay_out()
        for section, table in self._parts:
            self.watch(section)
            table.opened.connect(self.open_row)

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.officer_section, 1)
        left.addWidget(Hairline())
        left.addWidget(self.decision_section, 1)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addLayout(left, 4)
        row.addWidget(Hairline(Qt.Orientation.Vertical))
        row.addWidget(self.differing_section, 6)
        self.column.addLayout(row, 1)

    def _take(self, answer: object, sight: Sight) -> None:
        found = cast("SecondLooks", answer)
        self.officers.show_rows(officer_rows(found.by_officer))
        self.decisions.show_rows(decision_rows(found.by_decision))
        self.differing.show_rows(differing_rows(found.differing, self._zone))
        self._show_waiting(found.waiting, may_look=may(sight.role, Permission.REPORT_REOPEN))
        if not found.whole.n:
            told = say("Draw a sample of decisions and look at each without knowing what was said.")
            for section, _ in self._parts:
                section.show_nothing(say("Nothing was looked at twice"), told)
            return
        self.officer_section.show_content(agreement_words(found.whole))
        self.decision_section.show_content()
        if found.differing:
            self.differing_section.show_content()
        else:
            told = say("Every second look came to what had been decided.")
            self.differing_section.show_nothing(say("Nothing to talk over"), told)

    def _show_waiting(self, waiting: tuple[int, ...], *, may_look: bool) -> None:
        self.waiting = waiting
        words = QCoreApplication.translate(
            "SecondLooks", "Look at %n decisions", None, len(waiting)
        )
        self.look_button.setText(words if waiting else say("None to look at"))
        self.look_button.setEnabled(bool(waiting))
        for button in (self.draw_button, self.look_button):
            button.setVisible(may_look)

    def show_keys(self, keys: Mapping[str, str]) -> None:
        self.draw_button.set_key(keys.get("draw", ""))
        self.look_button.set_key(keys.get("look", ""))

    def first_focus(self) -> QWidget:
        return self.differing if self.differing.facts.rows else self.officers
