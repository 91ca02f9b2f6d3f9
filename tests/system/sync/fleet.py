"""Desks that work, fail and meet; when all is quiet the laws of PROTOCOL.md must hold.

Every act takes its own luck, a number: what one act draws does not depend on those before it, so
that a run of acts still fails when those that do not matter are left out.
"""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from uuid import UUID

import psycopg

from tests.server.world import PASSWORD, World
from tests.system.sync import deeds
from tests.system.sync.carrying import Stick, carry
from tests.system.sync.desks import SyncedDesk, join, reopen
from tests.system.sync.dispatch_laws import check_claims
from tests.system.sync.faulty_line import Faults, FaultyLine, KilledError
from tests.system.sync.laws import check_laws, check_own_work, find_taken
from tests.system.sync.mines import MOST_STEPS
from tests.system.sync.places import add_station, give_scope
from tests.system.sync.servers import Fallible
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services import conflicts
from trafficdesk.sync.errors import LineError, SignInNeededError
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.sync.taken import Touched
from trafficdesk.sync.transferring import Transfers

# A desk's clock decides nothing, but a report of 40 days ago leaves a window of 30.
DAYS_OFF = (0, -40, 10_000, 3, 700)
_ROUNDS = 60
_BUSY_RATE = 0.2
_COURIER_RATE = 0.5
_RATES = (0.0, 0.15, 0.4)
_PIECES = 3
_ALL_PIECES = 100
_HOUR_S = 3600.0


class Act(StrEnum):
    """What happens to a fleet, one at a time."""

    WORK = "work"
    EXCHANGE = "exchange"
    CARRY = "carry"
    KILL = "kill"
    MOVE_DESK = "move a desk"
    BACK_UP = "back up"
    RESTORE = "restore"


@dataclass
class Fleet:
    """Desks of one agency with two stations; ``take`` lets an act happen.

    Backups and mines need a ``server`` of the fleet's own.
    """

    world: World
    folder: Path
    server: Fallible | None = None
    desks: list[SyncedDesk] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.draw = random.Random(0)  # noqa: S311 - the same luck must do the same
        self.faults = Faults(self.draw)
        self.faults.meanwhile = self._work_on
        self.faults.kills = True
        if self.server is not None:
            self.faults.mines = self.server.mines
        self.north = add_station(self.world, "North")
        self.admin = self.world.person(Role.ADMIN)
        self.sticks = dict[UUID, Stick]()
        self.afield = set[UUID]()
        self.acknowledged = set[UUID]()
        self._logins = dict[UUID, str]()
        self._dump: Path | None = None
        self._steady_s = 0.0

    def add_desk(self, days_off: int = 0, *, afield: bool = False) -> SyncedDesk:
        """Enrol another desk, its clock some days off; its officer is a supervisor.

        A desk ``afield`` has no line: all goes and comes by bundle.
        """
        person = self.world.person(Role.SUPERVISOR, f"Officer {len(self.desks)}")
        self._logins[person.id] = person.login
        desk = join(self.world, person, self.folder / f"desk{len(self.desks)}")
        desk.set_clock(timedelta(days=days_off))
        desk.session.started_at = desk.session.clock()
        self.sticks[desk.session.device_id] = Stick()
        if afield:
            self.afield.add(desk.session.device_id)
        self._sync(desk)  # from here on it hears of every event
        desk.engine.access.line = FaultyLine(ServerAddress(self.world.live.url), self.faults)
        self._use_clock(desk)
        self.desks.append(desk)
        return desk

    def _use_clock(self, desk: SyncedDesk) -> None:
        """Let the pauses that a desk makes with photos go by the fleet's own clock."""
        desk.engine.transfers = Transfers(desk.engine.access, monotonic=lambda: self._steady_s)

    def close(self) -> None:
        """Lock every desk."""
        for desk in self.desks:
            desk.close()

    def take(self, act: Act, luck: int) -> None:
        """Let one act happen."""
        self.draw = self.faults.draw = random.Random(luck)  # noqa: S311 - see above
        self.faults.rate = self.draw.choice(_RATES)
        index = self.draw.randrange(len(self.desks))
        match act:
            case Act.WORK:
                self._work_at(self.desks[index])
            case Act.EXCHANGE:
                self._exchange(index)
            case Act.CARRY:
                self._carry(index)
            case Act.KILL:
                self._kill(index)
            case Act.MOVE_DESK:
                self._move(self.desks[index])
            case Act.BACK_UP:
                self._back_up()
            case Act.RESTORE:
                self._restore()

    @property
    def can_restore(self) -> bool:
        """Tell whether there is a backup that was not put back."""
        return self._dump is not None

    def _work_at(self, desk: SyncedDesk) -> None:
        deeds.work(desk, self.draw)
        self.counts["operations"] += 1

    def _work_on(self, line: Line) -> None:
        """Let the officer of a desk work while its sync is in the middle of a call."""
        if self.faults.rate > 0 and self.draw.random() < _BUSY_RATE:
            desk = next((d for d in self.desks if d.engine.access.line is line), None)
            if desk is not None:
                self._work_at(desk)

    def _exchange(self, index: int) -> None:
        """Try one exchange; a fault of the line ends it wherever it was."""
        desk = self.desks[index]
        if desk.session.device_id in self.afield:
            self._carry(index)
            return
        try:
            desk.sync()
            self._transfer(desk, _PIECES)
        except LineError:
            self.counts["broken exchanges"] += 1
        except SignInNeededError:
            self._sign_in(desk)
        except KilledError:
            self._kill(index)
        check_own_work(self.desks[index])

    def _transfer(self, desk: SyncedDesk, most: int) -> None:
        """Move some pieces of photos; those that made a pause may go again."""
        self._steady_s += _HOUR_S
        for _ in range(most):
            if desk.engine.transfers.step() is None:
                return

    def _sign_in(self, desk: SyncedDesk) -> None:
        with suppress(LineError, KilledError):
            desk.engine.access.sign_in(self._logins[desk.session.officer.id], PASSWORD)

    def _carry(self, index: int) -> None:
        """Do one thing with bundles: write one, hand one in, or take an answer in."""
        desk = self.desks[index]
        stick = self.sticks[desk.session.device_id]
        step = self.draw.randrange(4)
        if step in {0, 3}:
            stick.ask(desk)
        if step in {1, 3}:
            if self.draw.random() < _COURIER_RATE:
                self._hand_over(index, stick)
            else:
                self._hand_in(desk, stick)
            desk = self.desks[index]
        if step in {2, 3}:
            try:
                stick.bring(desk, self.draw, self._die_reading)
            except KilledError:
                self._kill(index)
        self.counts["bundles"] += 1
        check_own_work(self.desks[index])

    def _hand_over(self, index: int, stick: Stick) -> None:
        """Have another desk carry what is on the stick; it may be killed on the way."""
        by = (index + self.draw.randrange(1, len(self.desks))) % len(self.desks)
        try:
            stick.go_by(self.desks[by], self.draw)
        except KilledError:
            self._kill(by)
        self.counts["couriers"] += 1

    def _hand_in(self, desk: SyncedDesk, stick: Stick) -> None:
        if self.faults.mines is None or self.draw.random() >= self.faults.rate:
            stick.hand_in(self.world, desk, self.draw)
            return
        steps = self.draw.randint(1, MOST_STEPS)
        with self.faults.mines.laid(steps), suppress(psycopg.OperationalError):
            stick.hand_in(self.world, desk, self.draw)

    def _die_reading(self, _touched: Touched) -> None:
        if self.draw.random() < self.faults.rate / 4:
            raise KilledError

    def _kill(self, index: int) -> None:
        """Drop a desk without a word to its sync and open it again from its disk."""
        self.desks[index] = reopen(self.desks[index], self.faults)
        self._use_clock(self.desks[index])
        self.counts["kills"] += 1

    def _move(self, desk: SyncedDesk) -> None:
        """Give a desk other stations or another window, as an administrator does."""
        wanted = self.draw.choice(
            (
                {},
                {"station_ids": [self.world.station_id], "home_station_id": self.world.station_id},
                {"station_ids": [self.north], "home_station_id": self.north},
                {"station_ids": [self.world.station_id, self.north]},
                {"window_days": 30},
            )
        )
        give_scope(self.world.sign_in(self.admin), desk, **wanted)
        self.counts["moves"] += 1

    def _back_up(self) -> None:
        if self.server is not None and self._dump is None:
            self._dump = self.server.keep()

    def _restore(self) -> None:
        """Put the backup back; what was acknowledged since must come again from the desks."""
        if self.server is not None and self._dump is not None:
            self.acknowledged |= find_taken(self.world)
            self.server.restore(self.world, self._dump)
            self._dump = None
            self.counts["restores"] += 1

    def quiesce(self) -> None:
        """Let all be well, and everybody send, fetch and settle until nothing is left."""
        self.faults.rate = 0.0
        for _ in range(_ROUNDS):
            self._send_and_fetch()
            check_claims(self.world)
            for desk in self.desks:
                deeds.give_up_parked(desk)
            has_settled = [self._settle_all(desk) for desk in self.desks]
            if not any(has_settled) and self._is_quiet():
                self._send_and_fetch()  # what the last of them sent, the first has yet to hear
                for desk in self.desks:
                    self._signed_in(desk, desk.engine.recall)
                    self._signed_in(desk, partial(self._transfer, desk, _ALL_PIECES))
                if self._is_quiet():
                    return
        left = [desk.counts() for desk in self.desks]
        raise AssertionError(f"L6: never quiet: {left}")

    def _send_and_fetch(self) -> None:
        """Exchange until nothing moves: a desk's work may have to wait for another desk's."""
        before = None
        for _ in range(_ROUNDS):
            for desk in self.desks:
                self._sync(desk)
            now = [desk.counts() for desk in self.desks]
            if now == before and all(each.queued + each.sent == 0 for each in now):
                return
            before = now
        raise AssertionError(f"L6: desks never come to rest: {before}")

    def _sync(self, desk: SyncedDesk) -> None:
        if desk.session.device_id in self.afield:
            carry(self.world, desk)
        else:
            self._signed_in(desk, desk.sync)

    def _signed_in(self, desk: SyncedDesk, step: Callable[[], None]) -> None:
        try:
            step()
        except SignInNeededError:
            self._sign_in(desk)
            step()

    def _settle_all(self, desk: SyncedDesk) -> bool:
        found = conflicts.find_open(desk.session)
        for each in found:
            deeds.settle(desk, self.draw, each.conflict.id)
        return bool(found)

    def _is_quiet(self) -> bool:
        return all(sum(desk.counts()) == 0 for desk in self.desks)

    def check(self) -> None:
        """Fail with the law that does not hold."""
        check_laws(self.world, self.desks, self.acknowledged)
