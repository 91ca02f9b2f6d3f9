"""Proposing a plan for all open incidents, and sending it as one action once it is accepted."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final
from uuid import UUID

from PySide6.QtCore import QObject, Slot

from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.qt.dispatch.lines import Lines, lines_of
from trafficdesk.qt.dispatch.plan_making import (
    PlanDraft,
    PlanLine,
    find_moved,
    is_anything_open,
    make_plan,
)
from trafficdesk.qt.dispatch.plan_panel import PlanPanel
from trafficdesk.qt.dispatch.plan_words import moved_words, sent_words
from trafficdesk.qt.dispatch.words import say
from trafficdesk.qt.dispatch.writing import Told
from trafficdesk.qt.key_hints import KeyHints
from trafficdesk.qt.later import Soon
from trafficdesk.qt.tasks import Lane
from trafficdesk.services import dispatch, dispatch_board
from trafficdesk.services.changes import Changed

if TYPE_CHECKING:
    from trafficdesk.qt.dispatch.workspace import DispatchWorkspace

_SOON_MS: Final = 60
_KINDS: Final = frozenset({Entity.INCIDENT, Entity.UNIT, Entity.ASSIGNMENT})


class Planning(QObject):
    """The plan of one workspace; the boards are read anew for each."""

    def __init__(self, desk: "DispatchWorkspace") -> None:
        super().__init__(desk)
        self._desk = desk
        self._lanes = desk.gear.lanes.owned_by(self)
        self._lines = Lines()
        self._moved_on = ""
        self.panel: PlanPanel | None = None
        self._soon = Soon(self, _SOON_MS, self._look)

    def refusal(self) -> str:
        """Return why no plan can be proposed."""
        if not self._desk.gear.session.may(Permission.INCIDENT_DISPATCH):
            return say("Your role may not do this")
        return "" if is_anything_open(self._desk.lines) else say("No incident needs a unit")

    @property
    def _is_open(self) -> bool:
        return self.panel is not None and self._desk.middle.side is self.panel

    def _made_panel(self) -> PlanPanel:
        if self.panel is None:
            panel = self.panel = PlanPanel()
            desk = self._desk
            desk.middle.keep(panel)
            panel.accepted.connect(self._accept)
            panel.closed.connect(desk.close_side)
            panel.wanted_again.connect(self.begin)
            hints = (
                ("dispatch.form.submit", panel.submit_button.set_key),
                ("dispatch.form.close", panel.cancel.set_key),
            )
            KeyHints(desk.gear.commands, hints, panel)
            desk.gear.changes.changed.connect(self._follow)
        return self.panel

    @Slot()
    def begin(self) -> None:
        """Look for a plan and show it; one that is shown gives way to it."""
        panel = self._made_panel()
        panel.message.clear()
        if self._moved_on:
            panel.tell_moved(self._moved_on, say("Nobody was sent. This is a new plan"))
            self._moved_on = ""
        panel.wait()
        self._desk.show_form(panel)
        gear = self._desk.gear

        def find() -> tuple[Lines, PlanDraft]:
            now = gear.session.lease_clock()
            lines = self._read(now)
            return lines, make_plan(lines, gear.travel, now)

        self._lanes.run(Lane.READER, find, self._show, key="plan")

    def _read(self, now: datetime) -> Lines:
        return lines_of(dispatch_board.board(self._desk.gear.session), now)

    def _show(self, found: tuple[Lines, PlanDraft]) -> None:
        if self.panel is not None and self._is_open:
            self._lines, draft = found
            self.panel.show_plan(draft)

    # moving on

    @Slot(object)
    def _follow(self, changed: Changed) -> None:
        if self._is_open and changed.kinds & _KINDS:
            self._soon.start()

    def _look(self) -> None:
        if self.panel is None or not self._is_open:
            return
        chosen, before = self.panel.chosen(), self._lines
        now = self._desk.gear.session.lease_clock()
        self._lanes.run(
            Lane.READER,
            lambda: moved_words(find_moved(chosen, before, self._read(now))),
            partial(self._show_moved, chosen),
            key="moved",
        )

    def _show_moved(self, chosen: list[tuple[PlanLine, UUID]], why: str) -> None:
        if why and self.panel is not None and self._is_open and self.panel.chosen() == chosen:
            self.panel.make_stale(why)

    # accepting

    @Slot()
    def _accept(self) -> None:
        if self.panel is None or self._desk.writing.is_busy:
            return
        session = self._desk.gear.session
        pairs = [(line.incident.id, unit_id) for line, unit_id in self.panel.chosen()]
        told = Told(sent_words(len(pairs)), self._close, self._ask_again)
        self._desk.writing.do(lambda: dispatch.accept_plan(session, pairs), told)

    def _close(self) -> None:
        if self._is_open:
            self._desk.close_side()

    def _ask_again(self, why: str) -> None:
        """What was refused sent nobody: say why, and propose what holds now."""
        self._moved_on = why
        self.begin()
