"""The panel of a proposed plan: a row for each place, each to be changed, all sent at once."""

from collections import deque
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from trafficdesk.qt.dispatch.plan_making import PlanDraft, PlanLine
from trafficdesk.qt.dispatch.plan_words import (
    changed_words,
    heading,
    more_words,
    sum_words,
    way_words,
    where,
    why_words,
)
from trafficdesk.qt.dispatch.words import basis_words, say, short_reference
from trafficdesk.qt.incident_words import SERVICE_ICONS, service_word
from trafficdesk.qt.widgets.buttons import ActionButton, IconButton, Kind
from trafficdesk.qt.widgets.flow import FlowLayout, clear_layout
from trafficdesk.qt.widgets.labels import ElidedLabel, Hairline, IconLabel, Label, SectionHeading
from trafficdesk.qt.widgets.menus import Menu, MenuItem
from trafficdesk.qt.widgets.messages import InlineMessage
from trafficdesk.qt.widgets.panels import BusyBar, Panel, ScrollPanel

_MOMENT_S: Final = 0.004
GAPS_SHOWN: Final = 20  # the gravest; where that many wait for nobody, more rows help nobody


class PlanRow(QWidget):
    """One place to be filled; its button changes by whom."""

    def __init__(self, line: PlanLine, speed_km_h: float) -> None:
        super().__init__()
        self.line = line
        self.speed_km_h = speed_km_h
        self.chosen: UUID | None = line.proposed
        self.who = ActionButton("", icon="chevron-down", height_px=28)
        self.way = Label("", 12, 500).set_wrapped()
        self.why = Label("", 12, 400, "text2").set_wrapped()
        self._lay_out()
        self.choose(line.proposed)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(6)
        top.addWidget(IconLabel(SERVICE_ICONS[self.line.service], 16))
        top.addWidget(ElidedLabel(heading(self.line), 13, 600), 1)
        sent = QHBoxLayout()
        sent.setSpacing(8)
        sent.addWidget(self.who)
        sent.addWidget(self.way, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 12, 8)
        column.setSpacing(3)
        column.addLayout(top)
        column.addWidget(ElidedLabel(where(self.line), 12, 400, "text2"))
        column.addLayout(sent)
        column.addWidget(self.why)
        self.who.setVisible(bool(self.line.options))

    def choose(self, unit_id: UUID | None) -> None:
        """Show another unit, or nobody."""
        self.chosen = unit_id
        option = self.line.option(unit_id)
        self.who.setText(say("Nobody") if option is None else option.call_sign)
        self.way.setText("" if option is None else way_words(option, self.speed_km_h))
        is_own = unit_id != self.line.proposed
        self.why.setText(changed_words(self.line) if is_own else why_words(self.line))
        name = say("{service} for {incident}: {unit}").format(
            service=service_word(self.line.service),
            incident=short_reference(self.line.incident.incident.reference),
            unit=self.who.text(),
        )
        self.who.setAccessibleName(name)
        self.who.setAccessibleDescription(f"{self.way.text()}. {self.why.text()}")
        self.who.restyle()


class PlanPanel(Panel):
    """``accepted`` to send all that is chosen; ``closed`` to drop it; ``wanted_again`` for anew."""

    accepted = Signal()
    closed = Signal()
    wanted_again = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[PlanRow] = []
        self.is_stale = False
        self.title = Label(say("Plan for all open incidents"), 15, 600).set_wrapped()
        self.basis = Label("", 12, 400, "text2").set_wrapped()
        self.cancel = IconButton("x", say("Drop the plan"), "Esc")
        self.busy = BusyBar()
        self.message = InlineMessage()
        self.submit_button = ActionButton("", "Ctrl Enter", Kind.PRIMARY)
        self.again = ActionButton(say("Propose again"), "", Kind.GHOST)
        self._list = QVBoxLayout()
        self._coming: deque[str | tuple[PlanLine, float]] = deque()  # headings and rows
        self._more = QTimer(self)
        self._more.setInterval(0)
        self._more.timeout.connect(self._add_some)
        self._lay_out()
        self.cancel.clicked.connect(self.closed)
        self.submit_button.clicked.connect(self.submit)
        self.again.clicked.connect(self.wanted_again)
        self._count()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 8, 8)
        names = QVBoxLayout()
        names.setSpacing(2)
        names.addWidget(self.title)
        names.addWidget(self.basis)
        head.addLayout(names, 1)
        head.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignTop)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 8)
        column.setSpacing(0)
        self._list.setSpacing(0)
        column.addLayout(self._list)
        column.addStretch(1)
        told = QVBoxLayout()
        told.setContentsMargins(16, 0, 16, 0)
        told.addWidget(self.message)
        self.message.setContentsMargins(0, 8, 0, 0)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 8, 16, 8)
        acts = FlowLayout()
        acts.addWidget(self.submit_button)
        acts.addWidget(self.again)
        foot.addLayout(acts, 1)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addLayout(head)
        whole.addWidget(self.busy)
        whole.addWidget(ScrollPanel(content), 1)
        whole.addWidget(Hairline())
        whole.addLayout(told)
        whole.addLayout(foot)

    def wait(self) -> None:
        """Show that a plan is being looked for; what was shown can no longer be accepted."""
        self._empty()
        self.basis.setText(say("Looking for the ways of all free units"))
        self.busy.set_busy(True)
        self._count()

    def show_plan(self, draft: PlanDraft) -> None:
        """Show a plan; it is accepted, changed or dropped."""
        self._empty()
        self.busy.set_busy(False)
        self.is_stale = False
        self.basis.setText(basis_words(draft.basis, draft.speed_km_h))
        gaps = [each for each in draft.lines if each.proposed is None]
        parts = (
            (say("To be sent"), [each for each in draft.lines if each.proposed is not None]),
            (say("Nobody for"), gaps[:GAPS_SHOWN]),
        )
        for words, lines in parts:
            self._coming += [words] if lines else []
            self._coming += [(line, draft.speed_km_h) for line in lines]
        if len(gaps) > GAPS_SHOWN:
            self._coming.append(more_words(len(gaps) - GAPS_SHOWN))
        self._add_some()
        self._more.start()
        self._count()
        # Not the button that sends: an Enter meant for the board must not send a whole plan.
        first = next((row.who for row in self.rows if row.line.options), self.cancel)
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _add_some(self) -> None:
        """Add rows for a moment, and the rest between what else goes on: there may be many.

        Each is a part of the plan from the beginning, whether or not it is on screen yet.
        """
        ends_at = monotonic() + _MOMENT_S
        while self._coming and (monotonic() < ends_at or not self.rows):
            following = self._coming.popleft()
            if isinstance(following, str):
                self._list.addWidget(_headed(following))
            else:
                self._add(PlanRow(*following))
        if not self._coming:
            self._more.stop()

    def _add(self, row: PlanRow) -> None:
        row.who.clicked.connect(partial(self._open_menu, row))
        self.rows.append(row)
        self._list.addWidget(row)
        self._list.addWidget(Hairline())

    def _empty(self) -> None:
        self.rows = []
        self._coming.clear()
        self._more.stop()
        clear_layout(self._list)

    @property
    def is_whole(self) -> bool:
        """Tell whether every row of a plan is on screen."""
        return bool(self.rows) and not self._coming

    def chosen(self) -> list[tuple[PlanLine, UUID]]:
        """Return each line that somebody is sent for, and whom."""
        places = [(row.line, row.chosen) for row in self.rows]
        coming = (each[0] for each in self._coming if not isinstance(each, str))
        places += [(line, line.proposed) for line in coming]
        return [(line, unit_id) for line, unit_id in places if unit_id is not None]

    # changing

    def menu_of(self, row: PlanRow) -> tuple[MenuItem, ...]:
        """Return whom a row may be given: who could come, the best first, or nobody."""
        taken = {
            unit_id: short_reference(line.incident.incident.reference)
            for line, unit_id in self.chosen()
            if line is not row.line
        }
        goes = say("It goes to {incident}. Take it from there first")
        items = [
            MenuItem(
                f"{option.call_sign}  {way_words(option, row.speed_km_h)}",
                self._chooser(row, option.unit_id),
                is_checked=option.unit_id == row.chosen,
                refusal=goes.format(incident=taken[option.unit_id])
                if option.unit_id in taken
                else "",
            )
            for option in row.line.options
        ]
        nobody = MenuItem(say("Nobody"), self._chooser(row, None), is_checked=row.chosen is None)
        return (*items, nobody)

    def _chooser(self, row: PlanRow, unit_id: UUID | None) -> Callable[[], None]:
        def choose() -> None:
            if row in self.rows:  # the plan it belongs to may be gone
                row.choose(unit_id)
                self._count()

        return choose

    def _open_menu(self, row: PlanRow) -> None:
        Menu(self.menu_of(row), self).open_below(row.who)

    # accepting

    def _count(self) -> None:
        count = len(self.chosen())
        self.submit_button.setText(sum_words(count) if count else say("Send nobody"))
        stale = say("It has moved on. Propose again first") if self.is_stale else ""
        self.submit_button.set_refusal(stale or ("" if count else say("Nobody is chosen")))
        self.submit_button.setAccessibleName(self.submit_button.text())
        self.submit_button.restyle()

    def submit(self) -> None:
        """Send all that is chosen, unless the plan has moved on."""
        if self.submit_button.isEnabled():
            self.accepted.emit()

    def tell_moved(self, why: str, what_now: str) -> None:
        """Say what no longer holds."""
        self.message.tell(say("The plan has moved on: {why}").format(why=why), what_now)

    def make_stale(self, why: str) -> None:
        """Say what no longer holds; nothing is sent before it was proposed again."""
        self.is_stale = True
        self.tell_moved(why, say("Nobody was sent. Propose again"))
        self._count()


def _headed(words: str) -> QWidget:
    box = QWidget()
    row = QHBoxLayout(box)
    row.setContentsMargins(16, 8, 12, 4)
    row.addWidget(SectionHeading(words))
    return box
