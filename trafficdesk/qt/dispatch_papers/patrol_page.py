"""The patrol plan on screen: which day, how many units in each shift, the map and the table."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout

from trafficdesk.domain.calendar import Calendar
from trafficdesk.domain.shifts import SHIFTS_A_DAY, shift_of
from trafficdesk.domain.times import to_ms
from trafficdesk.qt.dispatch.count_field import CountField
from trafficdesk.qt.dispatch_papers.gear import PapersGear
from trafficdesk.qt.dispatch_papers.paper import pdf_of, text
from trafficdesk.qt.dispatch_papers.paper_page import PaperPage
from trafficdesk.qt.dispatch_papers.patrol_document import (
    DayPlan,
    basis_html,
    patrol_paper,
    shift_table,
)
from trafficdesk.qt.dispatch_papers.patrol_map import PatrolMap
from trafficdesk.qt.dispatch_papers.patrol_shades import bounds_of, shades_of
from trafficdesk.qt.dispatch_papers.patrol_words import day_words, hours_words, say
from trafficdesk.qt.tasks import Lane
from trafficdesk.qt.widgets.buttons import IconButton
from trafficdesk.qt.widgets.choices import Choice
from trafficdesk.qt.widgets.labels import Label
from trafficdesk.services.patrol_plan import Counting, Counts, Crews, find_crews, plan_day
from trafficdesk.services.session import Session
from trafficdesk.store import facts, places

DAYS_AHEAD: Final = 14


@dataclass(frozen=True, slots=True)
class _Basis:
    """What is read once: counts, units, and the calendar they are counted by."""

    counts: Counts
    crews: Crews
    calendar: Calendar
    station: str


class PatrolPage(PaperPage):
    """Plans are made at once from counts that are read when the page is opened."""

    def __init__(self, gear: PapersGear, counting: Counting) -> None:
        super().__init__(gear, say("Patrol plan"))
        self.basis: _Basis | None = None
        self.plan: DayPlan | None = None
        self._counting = counting
        self._first_day = self._day = 0
        self._hours: tuple[str, ...] = ()
        self.earlier = IconButton("chevron-left", say("The day before"))
        self.later = IconButton("chevron-right", say("The day after"))
        self.earlier.clicked.connect(partial(self._go, -1))
        self.later.clicked.connect(partial(self._go, 1))
        self.day_label = Label("", 15, 600)
        self.shifts: Choice | None = None
        self.crews: tuple[CountField, ...] = ()
        self.map = PatrolMap(gear.find_pack, gear.lanes)
        self.beside.insertWidget(1, self.map)
        self.pdf_button.clicked.connect(self._save_pdf)
        self.pdf_button.set_refusal(say("Reports are being counted"))
        self.setFocusProxy(self.view)
        self.busy.set_busy(True)
        self.lanes.run(Lane.READER, partial(_read, gear.session, counting), self._take, self._fail)

    def _fail(self, error: Exception) -> None:
        self.busy.set_busy(False)
        self.gear.lanes.failed.emit(error)

    def _take(self, basis: _Basis) -> None:
        self.busy.set_busy(False)
        self.basis = basis
        now_ms = to_ms(self.gear.session.lease_clock())
        upcoming = shift_of(basis.calendar, now_ms) + 1
        self._first_day = self._day = upcoming // SHIFTS_A_DAY
        self._fill_side(basis, upcoming % SHIFTS_A_DAY)
        self.pdf_button.set_refusal("")
        self._replan()

    def _fill_side(self, basis: _Basis, upcoming: int) -> None:
        spans = [each.span for each in plan_day(basis.calendar, basis.counts, self._day, {})]
        self._hours = tuple(hours_words(span, self.gear.zone) for span in spans)
        head = QHBoxLayout()
        head.addWidget(self.earlier)
        head.addWidget(self.day_label, 1, Qt.AlignmentFlag.AlignCenter)
        head.addWidget(self.later)
        self.side.addLayout(head)
        words = tuple((str(n), hours) for n, hours in enumerate(self._hours))
        self.shifts = Choice(say("Shift"), words)
        self.shifts.choose(str(upcoming))
        self.shifts.chosen.connect(self._show)
        self.side.addWidget(self.shifts)
        self.side.addWidget(Label(say("Units in each shift"), 12, 600, "text2"))
        bounds = (0, len(basis.crews.call_signs))
        self.crews = tuple(CountField(hours, bounds, "users") for hours in self._hours)
        for field in self.crews:
            field.set_value(basis.crews.on_duty)
            field.changed.connect(self._replan)
            self.side.addWidget(field)
        told = Label(_crews_words(basis.crews), 12, 400, "text2").set_wrapped()
        self.side.addWidget(told)
        self.side.addWidget(self.pdf_button)

    def _go(self, days: int, _checked: bool = False) -> None:
        self._day += days
        self._replan()

    def _replan(self, _count: int = 0) -> None:
        """Plan the day anew; that is arithmetic over what was counted."""
        if self.basis is None:
            return
        basis, session = self.basis, self.gear.session
        signs = basis.crews.call_signs
        crews = {n: signs[: field.value()] for n, field in enumerate(self.crews)}
        shifts = plan_day(basis.calendar, basis.counts, self._day, crews)
        made_by = f"{session.officer.rank} {session.officer.name}".strip()
        self.plan = DayPlan(basis.counts, shifts, basis.station, session.lease_clock(), made_by)
        ahead = self._day - self._first_day
        self.earlier.setEnabled(ahead > 0)
        self.later.setEnabled(ahead < DAYS_AHEAD)
        self.day_label.setText(day_words(shifts[0].span, self.gear.zone))
        self._show()

    def _show(self, _shift: str = "") -> None:
        plan = self.plan
        if plan is None or self.shifts is None:
            return
        chosen = int(self.shifts.chosen_id() or 0)
        shift = plan.shifts[chosen]
        self.map.show_shades(shades_of(plan.counts, shift), bounds_of(plan.counts))
        self.map.setVisible(bool(plan.counts.areas))
        title = f"<h2>{text(self.day_label.text())} · {text(self._hours[chosen])}</h2>"
        body = title + shift_table(plan.counts, shift) + basis_html(plan.counts, self.gear.zone)
        self.view.show_body(body)

    def _save_pdf(self) -> None:
        if self.plan is None:
            return
        make = partial(_print, self.plan, self.gear)
        self.save("patrol-plan.pdf", say("Save as PDF"), make)


def _crews_words(crews: Crews) -> str:
    if not crews.call_signs:
        return say("No patrol unit is enlisted: the plan says what to expect, and sends nobody.")
    told = say("{units} patrol units, {on} of them on duty now. A unit patrols one area.")
    return told.format(units=len(crews.call_signs), on=crews.on_duty)


def _read(session: Session, counting: Counting) -> _Basis:
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
        here = facts.home_station_id(connection)
        stations = {each.id: each.name for each in places.find_stations(connection)}
    return _Basis(counting.read(session), find_crews(session), calendar, stations.get(here, ""))


def _print(plan: DayPlan, gear: PapersGear) -> bytes:
    return pdf_of(patrol_paper(plan, gear.find_pack(), gear.zone))
