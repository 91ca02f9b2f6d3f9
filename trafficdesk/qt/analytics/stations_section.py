"""Stations, wards or officers side by side, each against the middle of all."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from heapq import nlargest
from typing import cast

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from trafficdesk.domain.analytics.metrics import METRICS, Figure, MetricId
from trafficdesk.domain.analytics.scope import Part
from trafficdesk.qt.analytics.asking import Question
from trafficdesk.qt.analytics.choosing import Choice
from trafficdesk.qt.analytics.facts_table import FactsTable
from trafficdesk.qt.analytics.figure_words import figure_cell, figure_words
from trafficdesk.qt.analytics.page import Sight, fullest_words, say
from trafficdesk.qt.analytics.place_picker import part_word
from trafficdesk.qt.analytics.section import Section
from trafficdesk.qt.analytics.table_cells import MOST_ROWS, Cell, Column, Look, Row
from trafficdesk.qt.widgets.chips import Chip
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.services.analytics.comparing import (
    Compared,
    Comparison,
    compare_officers,
    compare_stations,
    compare_wards,
)
from trafficdesk.services.session import Session


@dataclass(frozen=True, slots=True)
class Shown:
    """What was compared, and the fullest of it: those that a table shows."""

    found: Comparison
    fullest: tuple[Compared, ...]


def ask_compared(session: Session, choice: Choice, part: Part) -> Shown:
    """Count the figures of every station, ward or officer, and choose the fullest."""
    ways = {
        Part.STATION: compare_stations,
        Part.WARD: compare_wards,
        Part.OFFICER: compare_officers,
    }
    found = ways[part](session, choice.period)
    fullest = tuple(nlargest(MOST_ROWS, found.rows, key=_fullness))
    for each in fullest:
        _ = each.figures  # made here, where no key waits for them
    return Shown(found, fullest)


def _fullness(each: Compared) -> int:
    """Return the figure of the first column, without making all of them."""
    of_officer = each.sums.received is None
    counted = each.sums.decided if of_officer else each.sums.received
    return 0 if counted is None else counted.n


def question_of(part: Part) -> Question:
    """Return what is asked to compare stations, wards or officers."""
    return Question(f"compared_{part.name.lower()}", partial(ask_compared, part=part))


def compared_columns(part: Part) -> tuple[Column, ...]:
    """Return the columns of those compared."""
    first = MetricId.HANDLED if part is Part.OFFICER else MetricId.RECEIVED
    return (
        Column(part_word(part), Look.TEXT),
        Column(say("Decided") if first is MetricId.HANDLED else say("Received")),
        Column(say("Time to decide"), Look.DEVIATION, unit="min"),
        Column(say("Within a day"), yields=3, unit="%"),
        Column(say("Approved"), yields=2, unit="%"),
        Column(say("Rejected"), yields=1, unit="%"),
    )


def shown_of(part: Part) -> tuple[MetricId, ...]:
    """Return the figures of those compared, in the order of their columns."""
    first = MetricId.HANDLED if part is Part.OFFICER else MetricId.RECEIVED
    return (
        first,
        MetricId.DECISION_TIME,
        MetricId.WITHIN_A_DAY,
        MetricId.APPROVED_SHARE,
        MetricId.REJECTED_SHARE,
    )


class StationsSection(Section):
    """The table and what its line is; ``part_chosen`` when others are to be compared."""

    part_chosen = Signal()

    def __init__(self, *, has_choice: bool = False) -> None:
        self.part = Part.STATION
        self.facts_table = FactsTable(say("Compared"), compared_columns(self.part), is_dense=True)
        self.facts_table.hug()
        self.note = Label("", 12, 400, "text2").set_wrapped()
        super().__init__(say("Stations compared"), _under(self.facts_table, self.note))
        self.chips: dict[Part, Chip] = {}
        if has_choice:
            self._add_chips()

    def _add_chips(self) -> None:
        self.title.setText(say("Side by side"))
        group = QButtonGroup(self)
        words = {
            Part.STATION: say("Stations"),
            Part.WARD: say("Wards"),
            Part.OFFICER: say("Officers"),
        }
        for part, name in words.items():
            chip = self.chips[part] = Chip(name)
            chip.setCheckable(True)
            chip.setChecked(part is self.part)
            chip.clicked.connect(partial(self.choose_part, part))
            group.addButton(chip)
            self.head.addWidget(chip)

    def choose_part(self, part: Part, _checked: bool = False) -> None:
        """Compare stations, wards or officers."""
        self.part = part
        self.chips[part].setChecked(True)
        self.facts_table.show_columns(compared_columns(part))
        self.part_chosen.emit()

    def take(self, answer: object, _sight: Sight) -> None:
        """Show the figures of those compared, the fullest first."""
        shown = cast("Shown", answer)
        found = shown.found
        if found.part is not self.part:
            return
        if not shown.fullest:
            self.show_nothing(say("Nothing to compare"), say("Nothing was decided or received."))
            return
        middle = _value(found.city, MetricId.DECISION_TIME)
        figures = shown_of(found.part)
        self.facts_table.show_rows(tuple(_row(each, figures, middle) for each in shown.fullest))
        metric = METRICS[MetricId.DECISION_TIME]
        told = say("The line is the city's median, {time}. Towards the end is slower.")
        self.note.setText(told.format(time=figure_words(metric, middle)) if middle else "")
        self.show_content(fullest_words(len(shown.fullest), len(found.rows)))


def _value(figures: Mapping[MetricId, Figure], metric_id: MetricId) -> float | None:
    found = figures.get(metric_id)
    return None if found is None else found.value


def _row(each: Compared, shown: tuple[MetricId, ...], middle: float | None) -> Row:
    cells = [Cell(each.name or say("Without a name"), is_strong=True)]
    for metric_id in shown:
        value = _value(each.figures, metric_id)
        share = 0.0
        if metric_id is MetricId.DECISION_TIME and middle and value is not None:
            share = (value - middle) / middle
        cell = figure_cell(METRICS[metric_id], value)
        cells.append(replace(cell, share=share, is_strong=share > 0) if share else cell)
    return Row(each.part_id, tuple(cells), each.rows)


def _under(table: FactsTable, note: Label) -> QWidget:
    box = QWidget()
    column = QVBoxLayout(box)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(6)
    column.addWidget(table)
    column.addWidget(note)
    column.addStretch(1)
    box.setFocusProxy(table)
    return box
