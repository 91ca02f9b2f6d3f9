"""What the workspace asks of each of its pages."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.vocabulary import Role
from trafficdesk.qt.ages import number
from trafficdesk.qt.analytics.choosing import Choice
from trafficdesk.qt.analytics.drilling import Drill
from trafficdesk.qt.analytics.frame import Frame
from trafficdesk.qt.analytics.ink_tip import InkTip
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.analytics.table_cells import Row
from trafficdesk.qt.widgets.panels import Panel

if TYPE_CHECKING:
    from trafficdesk.qt.analytics.asking import Question


def say(source: str) -> str:
    """Return a sentence of the workspace, translated."""
    return QCoreApplication.translate("Analytics", source)


def fullest_words(shown: int, count: int) -> str:
    """Return how many of how many a table shows; "" if it shows all."""
    if shown >= count:
        return ""
    told = say("the fullest {shown} of {count}")
    return told.format(shown=number(shown), count=number(count))


@dataclass(frozen=True, slots=True)
class Sight:
    """What an answer is shown in the light of."""

    frame: Frame
    choice: Choice
    role: Role

    @property
    def drill(self) -> Drill:
        """Return what makes filters for the scope."""
        return Drill(self.frame.calendar, self.choice.scope)


class Takes(Protocol):
    """Shows an answer."""

    def __call__(self, answer: object, sight: Sight, /) -> None:
        """Show an answer in the light of what was chosen."""


class Page(Panel):
    """Sections in a layout. ``drilled`` carries the filter whose reports are to be listed.

    ``refused`` carries why a figure cannot be listed, ``mapped`` a place to be shown on the map
    with the hotspots (None: only these), ``again`` asks for what failed, ``asked`` says that there
    is another question.
    """

    drilled = Signal(object)
    refused = Signal(str)
    mapped = Signal(object)
    again = Signal()
    asked = Signal()

    def __init__(self, name: str) -> None:
        super().__init__("surface")
        self.setProperty("pane", True)
        self.setAccessibleName(name)
        self.questions: tuple[Question, ...] = ()
        self.sections: dict[str, tuple[Section, ...]] = {}
        self.takers: dict[str, Takes] = {}
        self.tip = InkTip(self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)

    def take(self, question_id: str, answer: object, sight: Sight) -> None:
        """Show an answer, if this page asks for such ones."""
        taker = self.takers.get(question_id)
        if taker is not None:
            taker(answer, sight)

    def take_fault(self, question_id: str) -> None:
        """Say that something could not be counted; what was there before stays."""
        for section in self.sections.get(question_id, ()):
            section.show_fault(
                say("This could not be counted"),
                say("What stands here is from before. Nothing is lost."),
                say("Count again"),
                "",
            )

    def watch(self, *sections: Section) -> None:
        """Ask again when a section's fault is to be made good."""
        for section in sections:
            section.asked_again.connect(self.again)

    def open_row(self, row: Row) -> None:
        """List the reports behind a row."""
        self.open_filter(row.wanted)

    def open_filter(self, wanted: ReportFilter | None) -> None:
        """List the reports of a filter, or say that there are none to list."""
        if wanted is None:
            self.refused.emit(say("This figure is not counted from reports that can be listed"))
        else:
            self.drilled.emit(wanted)

    def show_tables(self, is_table: bool) -> None:
        """Show charts as tables, or as pictures again."""
        for sections in self.sections.values():
            for section in sections:
                section.show_table(is_table)

    def draw_charts(self) -> None:
        """Draw charts: what they are drawn with is there now."""

    @property
    def is_drawn(self) -> bool:
        """Tell whether every chart is drawn."""
        return True

    def show_keys(self, keys: Mapping[str, str]) -> None:
        """Show the keys of commands on the page's own buttons."""

    def first_focus(self) -> QWidget:
        """Return what gets the keyboard when the page is opened."""
        return self

    def fit(self, width: int, is_roomy: bool) -> None:
        """Take the measures for a width, of a large or of a small window."""
