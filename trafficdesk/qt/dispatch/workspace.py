"""Dispatch: incidents at the leading side, units at the trailing one, the map between them."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from trafficdesk.domain.records import Place, Position
from trafficdesk.domain.vocabulary import Entity, SyncState
from trafficdesk.qt.commands import Command
from trafficdesk.qt.dispatch.arrangement import ROOMY_PX, Arrangement
from trafficdesk.qt.dispatch.asking import Asking
from trafficdesk.qt.dispatch.board_export import BoardExport
from trafficdesk.qt.dispatch.columns import IncidentColumn, UnitColumn
from trafficdesk.qt.dispatch.command_line import CommandLine
from trafficdesk.qt.dispatch.detail_panel import DetailPanel
from trafficdesk.qt.dispatch.dispatch_commands import CONTEXT, FORM, dispatch_commands
from trafficdesk.qt.dispatch.dispatch_hints import dispatch_hints
from trafficdesk.qt.dispatch.doing import Doing
from trafficdesk.qt.dispatch.dropping import Dropping
from trafficdesk.qt.dispatch.gear import DispatchGear
from trafficdesk.qt.dispatch.incident_form import IncidentForm
from trafficdesk.qt.dispatch.lines import IncidentLine, Lines, UnitLine, lines_of, moved, overdue
from trafficdesk.qt.dispatch.map_column import MapColumn
from trafficdesk.qt.dispatch.map_symbols import INCIDENT
from trafficdesk.qt.dispatch.plan_panel import PlanPanel
from trafficdesk.qt.dispatch.reasons import Reasons
from trafficdesk.qt.dispatch.row_sheet import Sight
from trafficdesk.qt.dispatch.showing import Showing
from trafficdesk.qt.dispatch.times_form import TimesForm
from trafficdesk.qt.dispatch.unit_form import UnitForm
from trafficdesk.qt.dispatch.writing import Writing
from trafficdesk.qt.key_hints import KeyHints
from trafficdesk.qt.later import Soon
from trafficdesk.qt.review.photos import Photos
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.theme.palette import px
from trafficdesk.services import dispatch_board
from trafficdesk.services.changes import Changed
from trafficdesk.services.dispatch_board import Board

Form = IncidentForm | TimesForm | PlanPanel | UnitForm
_SOON_MS: Final = 60
_TICK_MS: Final = 1000
_KINDS: Final = frozenset(
    {Entity.INCIDENT, Entity.UNIT, Entity.ASSIGNMENT, Entity.CONFLICT, Entity.DESK}
)


class DispatchWorkspace(QWidget):
    """``conflict_wanted`` when a record's conflict is to be settled."""

    conflict_wanted = Signal()

    def __init__(self, gear: DispatchGear) -> None:
        super().__init__()
        self.gear = gear
        self._lanes = gear.lanes.owned_by(self)
        self.lines = Lines()
        self.is_loaded = False
        self._wanted: UUID | None = None
        self._pending: tuple[Lines, Board] | None = None
        self._overdue: frozenset[UUID] = frozenset()
        self._heard = dict[UUID, Position]()  # the store may have been read before it knew
        self.writing = Writing(gear, self)
        self.reasons = Reasons(self)
        self.asking = Asking(self)
        self.doing = Doing(self)
        self._make_parts()
        self._lay_out()
        self.dropping = Dropping(self)
        self.showing = Showing(self)
        self._soon = Soon(self, _SOON_MS, self.load)
        self._clock = QTimer(self)
        self._clock.setInterval(_TICK_MS)
        self._clock.timeout.connect(self._tick)
        self._connect()
        self.load()

    def _sight(self) -> Sight:
        is_roomy = self.width() >= px(ROOMY_PX)
        return Sight(self.gear.session.lease_clock(), self.gear.zone, is_roomy)

    def _make_parts(self) -> None:
        gear = self.gear
        self.incidents = IncidentColumn(self._sight())
        self.units = UnitColumn(self._sight())
        self.middle = MapColumn(gear)
        self.map, self.strip = self.middle.map, self.middle.strip
        self.photos = Photos(gear.session, gear.lanes, self)
        self.detail = DetailPanel(self.photos, gear.zone)
        self.form = IncidentForm(gear.session, gear.lanes, gear.find_places, gear.zone)
        self.times = TimesForm(gear.zone)
        self.line = CommandLine()
        self.export = BoardExport(self)
        self.arrangement = Arrangement(self.incidents, self.middle, self.units)

    def _lay_out(self) -> None:
        self.middle.keep(self.detail, self.form, self.times)
        self.arrangement.lay_out(self, self.export.writing.strip, self.line)
        self.setFocusProxy(self.incidents)
        self.strip.show_nothing()

    def _connect(self) -> None:
        gear = self.gear
        run = gear.commands.run
        self.incidents.list.chosen.connect(self._choose_incident)
        self.incidents.list.opened.connect(lambda _id: run("dispatch.open"))
        self.incidents.file_wanted.connect(lambda: run("dispatch.file"))
        self.incidents.list.switched.connect(self.focus_units)
        self.units.list.switched.connect(self.focus_incidents)
        self.units.enlist_wanted.connect(lambda: run("dispatch.enlist"))
        self.units.list.chosen.connect(self._choose_unit)
        for board in (self.incidents.list, self.units.list):
            board.settled.connect(self._show_pending)
        self.map.picked.connect(self._pick)
        self.map.asked.connect(self.doing.file_at)
        self.strip.picked.connect(self.doing.send_option)
        self.strip.answered.connect(run)
        self.middle.toast.undone.connect(self.writing.undo)
        self.detail.closed.connect(self.close_side)
        self.detail.wanted.connect(run)
        self.form.closed.connect(self.close_side)
        self.form.filed.connect(self.doing.file)
        self.form.corrected.connect(self.doing.correct)
        self.form.placed.connect(self.map.mark)
        self.detail.times_wanted.connect(self.doing.begin_times)
        self.times.closed.connect(self.close_side)
        self.times.corrected.connect(self.doing.correct_times)
        self.line.entered.connect(self.doing.enter)
        self.line.left.connect(self.focus_incidents)
        self.writing.told.connect(self._tell)
        self.writing.refused.connect(self._tell_refused)
        self.writing.finished.connect(self.load)
        gear.commands.add(dispatch_commands(self), owner=self)
        gear.commands.refused.connect(self._tell_why_not)
        KeyHints(gear.commands, dispatch_hints(self), self)
        gear.changes.changed.connect(self._follow)

    # reading

    @Slot(object)
    def _follow(self, changed: Changed) -> None:
        if self.isVisible() and changed.kinds & _KINDS:
            self._soon.start()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._clock.start()
        if self.shown_form is not None:
            self.gear.commands.activate(FORM)
        self.load()

    def hideEvent(self, event: QHideEvent) -> None:
        self._clock.stop()
        super().hideEvent(event)

    def load(self) -> None:
        """Read both boards."""
        session = self.gear.session

        def read() -> tuple[Lines, Board]:
            board = dispatch_board.board(session)
            return lines_of(board, session.lease_clock()), board

        self._lanes.run(Lane.READER, read, self._take, key="board")

    def _take(self, read: tuple[Lines, Board]) -> None:
        self._pending = read
        if not (self.incidents.list.is_stepping or self.units.list.is_stepping):
            self._show_pending()

    def _show_pending(self) -> None:
        """Show what was read; nothing changes its place while keys move through the rows."""
        if self._pending is None:
            return
        (lines, board), self._pending = self._pending, None
        self.lines = moved(lines, self._heard.values())
        is_first, self.is_loaded = not self.is_loaded, True
        sight = self._sight()
        self._overdue = overdue(self.lines, sight.now)
        self.incidents.look(sight)
        self.units.look(sight)
        self.incidents.tell(self.lines)
        self.units.tell(self.lines)
        self.map.tell(self.lines, sight.now)
        counts = (board.not_sent, board.sent, board.confirmed)
        self.line.tell(self.lines, counts, SyncState.NOT_SENT)
        if self._wanted is not None:
            wanted, self._wanted = self._wanted, None
            self.incidents.list.choose(wanted)
        self._show_chosen()
        if is_first and self.isVisible() and self.focusWidget() is None:
            self.focus_incidents()

    def take_positions(self, positions: Iterable[Position]) -> None:
        """Show where units are now; the store hears of it in its own time."""
        for each in positions:
            known = self._heard.get(each.unit_id)
            if known is None or known.at <= each.at:
                self._heard[each.unit_id] = each
        self.lines = moved(self.lines, self._heard.values())
        self.units.renew(self.lines)
        self.map.renew(self.lines, self.gear.session.lease_clock())

    @Slot()
    def _tick(self) -> None:
        sight = self._sight()
        self.incidents.look(sight)
        self.units.look(sight)
        if overdue(self.lines, sight.now) != self._overdue:
            self.load()

    # what is chosen

    @property
    def incident(self) -> IncidentLine | None:
        """The chosen incident."""
        current = self.incidents.list.board.current
        return None if current is None else self.lines.by_incident.get(current)

    @property
    def unit(self) -> UnitLine | None:
        """The chosen unit."""
        current = self.units.list.board.current
        return None if current is None else self.lines.by_unit.get(current)

    @property
    def is_in_units(self) -> bool:
        """Tell whether the keyboard is in the unit board."""
        return self.units.list.hasFocus()

    def show_incident(self, incident_id: UUID) -> None:
        """Choose an incident; the alert leads here."""
        self._wanted = None
        if not self.incidents.list.choose(incident_id):
            self._wanted = incident_id
            self.load()
            return
        self.focus_incidents()
        line = self.incident
        if line is not None:
            self.map.show_place(line.incident.place)

    def show_unit(self, unit_id: UUID) -> None:
        """Choose a unit; the alert of an overdue crew leads here."""
        self.focus_units()
        self.units.list.choose(unit_id)
        line = self.unit
        if line is not None and line.place is not None:
            self.map.show_place(line.place)

    def _choose_incident(self, _incident_id: object) -> None:
        self.asking.forget_question()
        self._show_chosen()

    def _choose_unit(self, _unit_id: object) -> None:
        self.map.choose(self.incidents.list.board.current, self.units.list.board.current)
        self.gear.commands.state_changed.emit()

    def _pick(self, kind: str, record_id: UUID) -> None:
        board = self.incidents.list if kind == INCIDENT else self.units.list
        board.choose(record_id)
        board.setFocus(Qt.FocusReason.MouseFocusReason)

    def _show_chosen(self) -> None:
        line = self.incident
        self.map.choose(self.incidents.list.board.current, self.units.list.board.current)
        self.showing.suggest(line)
        if self.middle.side is self.detail and line is not None:
            self.showing.show_detail(line)
        self.gear.commands.state_changed.emit()

    # panels

    def open_detail(self) -> None:
        """Open the chosen incident in full."""
        line = self.incident
        if line is not None:
            self.middle.show_side(self.detail)
            self.arrangement.show_map()
            self.showing.show_detail(line)

    def open_form(self, place: Place | None = None) -> None:
        """Open the form for a new incident."""
        self.show_form(self.form)
        self.form.begin(place)

    @property
    def shown_form(self) -> Form | None:
        """The form over the map, if one is open."""
        side = self.middle.side
        return side if isinstance(side, Form) else None

    def show_form(self, form: Form) -> None:
        """Lay a form over the map; until it is closed letters belong to it."""
        self.middle.show_side(form)
        self.arrangement.show_map()
        self.gear.commands.activate(FORM)

    def submit_form(self) -> None:
        """File or correct what the open form holds."""
        form = self.shown_form
        if form is not None:
            form.submit()

    def close_side(self) -> bool:
        """Close the panel over the map; False when none is open."""
        was_open = self.middle.side is not None
        if self.shown_form is not None:
            self.gear.commands.activate(CONTEXT)
        self.middle.show_side(None)
        self.map.mark(None)
        self.focus_incidents()
        return was_open

    def step_row(self, by: int) -> None:
        """Go to the next or the previous row of the board that has the keyboard."""
        board = self.units.list if self.is_in_units else self.incidents.list
        board.setFocus(Qt.FocusReason.ShortcutFocusReason)
        board.step(by)

    def switch_board(self) -> None:
        """Give the keyboard to the other board."""
        if self.is_in_units:
            self.focus_incidents()
        else:
            self.focus_units()

    def leave(self) -> None:
        """Close the top thing: a question, the panel over the map; else go back to the board."""
        tops = (self.showing.leave_photo, self.line.leave, self.asking.forget_question)
        sides = (self.close_side, self.doing.reaching.leave)
        if not any(leave() for leave in (*tops, *sides)):
            self.focus_incidents()

    @Slot()
    def focus_incidents(self) -> None:
        """Give the keyboard to the incident board."""
        self.incidents.list.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def focus_units(self) -> None:
        """Give the keyboard to the unit board."""
        self.arrangement.show_units()
        self.units.list.setFocus(Qt.FocusReason.OtherFocusReason)
        if self.units.list.board.current is None:
            self.units.list.step(1)

    def _tell(self, told: str, detail: str, can_undo: bool) -> None:
        self.middle.tell(told, detail, can_undo=can_undo)

    @Slot(object, str)
    def _tell_why_not(self, command: Command, why: str) -> None:
        """Say why a key of dispatch does nothing now; a key that is silent looks broken."""
        if command.context in {CONTEXT, FORM} and self.isVisible():
            self._tell_refused(why)

    def _tell_refused(self, why: str) -> None:
        self.middle.toast.tell_news(why)
        self.middle.restyle()

    # sizes

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def restyle(self) -> None:
        """Take widths from the look that holds now."""
        self._fit()

    def _fit(self) -> None:
        self.arrangement.fit(self.width())
        self.showing.enlarged.setGeometry(self.rect())
        self.incidents.look(self._sight())
        self.units.look(self._sight())
