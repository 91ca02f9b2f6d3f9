"""A day at dispatch: incidents come in, two dispatchers send units, crews report, the line breaks.

Time is simulated: every desk's clock shows the day's own time, off by what that desk is off, and
nothing waits. What happens is drawn from one seed.
"""

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from pathlib import Path
from uuid import UUID

from tests.server.world import PASSWORD, World
from tests.system.sync.desks import SyncedDesk, join
from tests.system.sync.dispatch_deeds import some_incident
from tests.system.sync.faulty_line import Faults, FaultyLine
from tests.system.sync.laws import check_laws
from trafficdesk.domain.conflicts import ConflictStatus, Side
from trafficdesk.domain.dispatch import barrier_to_step, is_open, still_needed, times_of
from trafficdesk.domain.records import Assignment, Incident
from trafficdesk.domain.times import to_ms, utc_now
from trafficdesk.domain.vocabulary import Role, Step, UnitKind, UnitStatus
from trafficdesk.services import conflicts, dispatch, incidents, undo, units
from trafficdesk.services.conflicts import Settling
from trafficdesk.services.dispatch_board import Board, Group, IncidentRow, board
from trafficdesk.services.settled_dispatch import SentSide, find_double_dispatch
from trafficdesk.services.undo import Scope
from trafficdesk.services.units import NewUnit
from trafficdesk.store import assignments
from trafficdesk.sync.errors import LineError, SignInNeededError
from trafficdesk.sync.line import ServerAddress

_OFF_MINUTES = (0, 187, -9)  # by so much the desks' clocks are wrong
_NEAR = timedelta(seconds=1)
_ROUNDS = 20
_LOOKS = 4  # minutes between two
_BROKEN = 0.4  # of the calls of the exchange that a cut ends
_STEPS = (Step.ACKNOWLEDGED, Step.EN_ROUTE, Step.ARRIVED, Step.CLEARED)
_KINDS = (UnitKind.PATROL_CAR, UnitKind.PATROL_CAR, UnitKind.AMBULANCE, UnitKind.FIRE, UnitKind.TOW)


@dataclass(frozen=True)
class Plan:
    """How much of a day: each cut is of one desk, for so many minutes at least and at most."""

    incidents: int = 300
    units: int = 60
    hours: int = 24
    cuts: int = 12
    cut_minutes: tuple[int, int] = (10, 240)
    exchange_minutes: int = 5


@dataclass
class Day:
    """One server, two dispatchers' desks and one of a supervisor who reports what officers see."""

    world: World
    folder: Path
    seed: int
    plan: Plan = field(default_factory=Plan)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.draw = random.Random(self.seed)  # noqa: S311 - the same seed, the same day
        self.faults = Faults(self.draw)
        self.ends = utc_now()
        self.now = self.ends - timedelta(hours=self.plan.hours)
        self.begins = self.now
        self.desks = list[SyncedDesk]()
        self.moments = list[datetime]()
        self.is_cut = [0, 0, 0]
        self._numbers = count()
        self._ahead = list[tuple[datetime, int, Callable[[], None]]]()
        self._logins = dict[UUID, str]()

    def run(self) -> None:
        """Live the day through, then let the line be good and everything be settled."""
        for number, role in enumerate((Role.DISPATCHER, Role.DISPATCHER, Role.SUPERVISOR)):
            self.desks.append(self._join(number, role))
        for number in range(self.plan.units):
            unit = NewUnit(f"P{number:02d}", _KINDS[number % len(_KINDS)])
            assert units.enlist(self.desks[number % 2].session, unit).outcome.is_done
        for _ in range(2):
            for desk in self.desks:
                desk.sync()
        self._plan_ahead()
        while self._ahead:
            self.now, _, happen = heappop(self._ahead)
            self.moments.append(self.now)
            happen()
        self.now = self.ends
        self.moments.append(self.now)
        self._come_to_rest()

    def check(self) -> None:
        """Fail with what does not hold at the end of the day."""
        check_laws(self.world, self.desks)
        shown = board(self.desks[0].session, self._by_clock_of(0, self.begins))
        assert len(shown.incidents) == self.counts["incidents"], (
            "L1: incidents are not on the board"
        )
        assert not conflicts.count_open(self.desks[0].session)
        stamped = [at for row in shown.incidents for at in _times(row)]
        never = [at for at in stamped if not self._has_happened(at)]
        assert not never, f"L5: stamped by no clock but a desk's own: {never[:5]}"

    def _has_happened(self, at: datetime) -> bool:
        """Tell whether anything happened in the day at a time, as well as desks know the time."""
        place = bisect_left(self.moments, at - _NEAR)
        return place < len(self.moments) and self.moments[place] <= at + _NEAR

    def close(self) -> None:
        """Lock every desk."""
        for desk in self.desks:
            desk.close()

    def _by_clock_of(self, number: int, at: datetime) -> datetime:
        return at + timedelta(minutes=_OFF_MINUTES[number])

    def _join(self, number: int, role: Role) -> SyncedDesk:
        person = self.world.person(role, f"Officer {number}")
        desk = join(self.world, person, self.folder / f"desk{number}")
        self._logins[desk.session.device_id] = person.login
        desk.session.clock = lambda: self._by_clock_of(number, self.now)
        desk.session.started_at = desk.session.clock()
        # What it is off by is asked of the server, whose clock no test moves.
        desk.engine.clock_ms = lambda: to_ms(self._by_clock_of(number, utc_now()))
        desk.engine.access.line = FaultyLine(ServerAddress(self.world.live.url), self.faults)
        return desk

    def _plan_ahead(self) -> None:
        minutes = self.plan.hours * 60
        busy = minutes * 4 // 5
        for _ in range(self.plan.incidents):
            self._in(self.draw.random() * busy, self._file)
        for number in range(self.plan.cuts):
            at, long = self.draw.random() * busy, self.draw.randint(*self.plan.cut_minutes)
            self._in(at, partial(self._cut, number % 3, long))
        for number in range(len(self.desks)):
            for minute in range(number + 1, minutes, self.plan.exchange_minutes):
                self._in(minute, partial(self._exchange, number))
        for number in range(2):
            for minute in range(number + 2, minutes, _LOOKS):
                self._in(minute, partial(self._look, number))

    def _in(self, minutes: float, happen: Callable[[], None]) -> None:
        at = self.now + timedelta(minutes=minutes)
        if at < self.ends:
            heappush(self._ahead, (at, next(self._numbers), happen))

    def _file(self) -> None:
        desk = self.draw.choice((*self.desks, *self.desks[:2]))
        filed = incidents.file(desk.session, some_incident(desk, self.draw))
        assert filed.outcome.is_done, filed
        self.counts["incidents"] += 1

    def _cut(self, which: int, minutes: int) -> None:
        """Lose a desk's line in the middle of an exchange, for a while."""
        self.counts["cuts"] += 1
        self.faults.rate = _BROKEN
        with suppress(LineError, SignInNeededError):
            self.desks[which].sync()
        self.faults.rate = 0.0
        self.is_cut[which] += 1
        self._in(minutes, partial(self._mend, which))

    def _mend(self, which: int) -> None:
        self.is_cut[which] -= 1

    def _exchange(self, which: int) -> None:
        if not self.is_cut[which]:
            self._sync(self.desks[which])
            self.counts["exchanges"] += 1

    def _sync(self, desk: SyncedDesk) -> None:
        try:
            desk.sync()
        except SignInNeededError:
            desk.engine.access.sign_in(self._logins[desk.session.device_id], PASSWORD)
            desk.sync()

    def _look(self, which: int) -> None:
        """Let a dispatcher look at the board: settle, send, clear."""
        desk = self.desks[which]
        if self.draw.random() < 0.5:
            self._settle(desk)
        shown = board(desk.session, desk.session.started_at)
        for row in shown.incidents:
            if row.group is Group.NEEDS_UNIT and self._is_mine(which, row.incident):
                self._send(which, row.incident, shown)
                return
            sent = [each.assignment for each in row.assignments]
            is_done = sent and not any(is_open(each) for each in sent)
            if is_done and row.group is not Group.CLEARED and not self._lacks(row.incident, sent):
                incidents.clear(desk.session, row.incident.id)
                return

    def _is_mine(self, which: int, incident: Incident) -> bool:
        """Tell whether a dispatcher takes care of it: each has half, and now and then the other."""
        return incident.id.int % 2 == which or self.draw.random() < 0.1

    def _lacks(self, incident: Incident, sent: list[Assignment]) -> bool:
        return bool(still_needed(incident.needs, sent))

    def _send(self, which: int, incident: Incident, shown: Board) -> None:
        desk = self.desks[which]
        free = [each.unit for each in shown.units if each.status is UnitStatus.AVAILABLE]
        own = [each for each in free if int(each.call_sign[1:]) % 2 == which]
        pool = own if own and self.draw.random() < 0.8 else free
        if not pool:
            return
        chosen = self.draw.sample(pool, min(len(pool), self.draw.randint(1, 2)))
        outcome = dispatch.assign(desk.session, incident.id, [each.id for each in chosen])
        if not outcome.is_done:
            return
        if self.draw.random() < 0.03:
            undo.undo_last(desk.session, Scope.DISPATCH)
            return
        with desk.session.store.reading() as connection:
            sent = assignments.find_of_incident(connection, incident.id)
        ids = {each.id for each in chosen}
        for each in sent:
            if each.unit_id in ids and is_open(each):
                self._follow(which, each.id)

    def _follow(self, which: int, assignment_id: UUID) -> None:
        """Let the crew come by its steps; it is the desk that sent it that mostly hears of them."""
        after = 0.0
        for taken in _STEPS:
            after += {Step.ARRIVED: 12, Step.CLEARED: 35}.get(taken, 1) * (0.5 + self.draw.random())
            teller = self.draw.randrange(3) if self.draw.random() < 0.15 else which
            if self.draw.random() < 0.93:
                self._in(after, partial(self._step, teller, assignment_id, taken))
        if self.draw.random() < 0.04:
            self._in(after / 3, partial(self._step, which, assignment_id, Step.WITHDRAWN))
        # In the end somebody asks whoever was never heard of.
        self._in(after + 30, partial(self._step, which, assignment_id, Step.CLEARED))

    def _step(self, which: int, assignment_id: UUID, taken: Step) -> None:
        session = self.desks[which].session
        with session.store.reading() as connection:
            known = assignments.find(connection, assignment_id)
        if known is None or barrier_to_step(known, taken) is not None:
            return
        assert dispatch.step(session, assignment_id, taken).is_done
        self.counts["steps"] += 1
        if taken is Step.ARRIVED:
            units.check_in(session, known.unit_id)

    def _settle(self, desk: SyncedDesk) -> None:
        """Settle what is asked: of a unit sent twice, as a rule, whoever came further keeps it."""
        for each in conflicts.find_open(desk.session):
            both = find_double_dispatch(desk.session, each.conflict)
            sides = [Side.MINE, Side.THEIRS]
            if both is not None:
                self.counts["double dispatches settled"] += 1
                sent = ((Side.MINE, both.mine), (Side.THEIRS, both.theirs))
                sides = [side for side, of in sent if _has_arrived(of)] or sides
            choices = conflicts.keep_side(each.conflict, self.draw.choice(sides))
            settling = Settling(each.conflict.id, each.conflict.revision, choices, "by radio")
            assert conflicts.settle(desk.session, [settling]).is_done
            self.counts["settled"] += 1

    def _come_to_rest(self) -> None:
        """Exchange and settle on a good line until nothing waits."""
        self.is_cut = [0, 0, 0]
        for _ in range(_ROUNDS):
            for desk in (*self.desks, *self.desks):
                self._sync(desk)
            if any(sum(desk.counts()) for desk in self.desks) or self._are_asked():
                self._settle(self.desks[self.draw.randrange(2)])
                continue
            for desk in self.desks:
                desk.engine.recall()
            self.counts["conflicts"] = len(self._conflicts())
            return
        raise AssertionError(f"L6: never quiet: {[desk.counts() for desk in self.desks]}")

    def _are_asked(self) -> bool:
        return any(each.conflict.status is ConflictStatus.OPEN for each in self._conflicts())

    def _conflicts(self) -> list[conflicts.ConflictDetail]:
        session = self.desks[0].session
        return [*conflicts.find_open(session), *conflicts.find_settled(session)]


def _times(row: IncidentRow) -> list[datetime]:
    return [at for each in row.assignments for at in times_of(each.assignment).values()]


def _has_arrived(side: SentSide) -> bool:
    return side.assignment is not None and side.assignment.arrived_at is not None
