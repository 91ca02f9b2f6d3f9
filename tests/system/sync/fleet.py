"""Desks that work, fail and meet; when all is quiet the laws of PROTOCOL.md must hold."""

import random
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from tests.server.world import World
from tests.system.sync.desks import SyncedDesk, join, reopen
from tests.system.sync.faulty_line import Faults, FaultyLine
from tests.system.sync.laws import check_own_work
from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.times import utc_now
from trafficdesk.domain.vocabulary import GeofenceKind, RejectionReason, Role
from trafficdesk.services import areas, conflicts, parked, review, undo
from trafficdesk.services.conflicts import Settling
from trafficdesk.sync.errors import LineError
from trafficdesk.sync.line import Line, ServerAddress

MOVES = tuple(Move)
_ROUNDS = 60
_CROWD = 6
_BUSY_RATE = 0.2
_CORNERS = "[[[76.9,11.0],[77.0,11.0],[77.0,11.1],[76.9,11.1],[76.9,11.0]]]"
_SQUARE = f'{{"type":"Polygon","coordinates":{_CORNERS}}}'


@dataclass
class Fleet:
    """Desks of one station; ``act`` does something at random on one of them."""

    world: World
    folder: Path
    draw: random.Random
    desks: list[SyncedDesk] = field(default_factory=list)
    operations: int = 0
    kills: int = 0

    def __post_init__(self) -> None:
        self.faults = Faults(self.draw)
        self.faults.meanwhile = self._work_on

    def _work_on(self, line: Line) -> None:
        """Let the officer of a desk work while its sync is in the middle of a call."""
        if self.faults.rate > 0 and self.draw.random() < _BUSY_RATE:
            desk = next((d for d in self.desks if d.engine.access.line is line), None)
            if desk is not None:
                self._work_at(desk)

    def add_desk(self, days_off: int = 0) -> SyncedDesk:
        """Enrol another desk, its clock some days off; its officer is a supervisor."""
        person = self.world.person(Role.SUPERVISOR, f"Officer {len(self.desks)}")
        desk = join(self.world, person, self.folder / f"desk{len(self.desks)}")
        skew = timedelta(days=days_off)
        desk.session = replace(desk.session, clock=lambda: utc_now() + skew)
        desk.sync()  # from here on it hears of every event
        desk.engine.access.line = FaultyLine(ServerAddress(self.world.live.url), self.faults)
        self.desks.append(desk)
        return desk

    def close(self) -> None:
        """Lock every desk."""
        for desk in self.desks:
            desk.close()

    def act(self) -> None:
        """Let one desk do one thing."""
        self._work_at(self.draw.choice(self.desks))

    def _work_at(self, desk: SyncedDesk) -> None:
        often = (self._file, self._step, self._step, self._step, self._correct, self._correct)
        seldom = (self._assign, self._flag, self._undo, self._settle, self._draw_area, self._retry)
        self.draw.choice((*often, *seldom))(desk)
        self.operations += 1

    def exchange(self, desk: SyncedDesk) -> None:
        """Try one exchange; a fault of the line ends it wherever it was."""
        with suppress(LineError):
            desk.sync()
        check_own_work(desk)

    def kill(self, index: int) -> None:
        """Close a desk without a word to its sync and open it again from its disk."""
        self.desks[index] = reopen(self.desks[index], self.faults)
        self.kills += 1

    def _some_report(self, desk: SyncedDesk) -> review.Target | None:
        with desk.session.store.reading() as connection:
            rows = connection.exec_driver_sql("SELECT pk, revision FROM reports ORDER BY id").all()
        if not rows:
            return None
        pk, revision = self.draw.choice(rows)
        return review.Target(pk, revision)

    def _file(self, desk: SyncedDesk) -> None:
        with desk.session.store.reading() as connection:
            known = connection.exec_driver_sql("SELECT count(*) FROM reports").scalar_one()
        if known < _CROWD:  # few reports, so that desks meet
            desk.file(plate=f"TN37AA{self.draw.randrange(10_000):04d}")

    def _step(self, desk: SyncedDesk) -> None:
        target = self._some_report(desk)
        if target is None:
            return
        move = self.draw.choice(MOVES)
        original = None
        if move is Move.MARK_DUPLICATE:
            other = self._some_report(desk)
            original = None if other is None else desk.id_of(other.pk)
        reason = self.draw.choice(tuple(RejectionReason)) if move is Move.REJECT else None
        step = review.Step(move, f"note {self.draw.randrange(99)}", reason, original)
        review.take_step(desk.session, (target,), step)

    def _correct(self, desk: SyncedDesk) -> None:
        target = self._some_report(desk)
        if target is None:
            return
        lon, lat = 76.9 + self.draw.random() / 10, 11 + self.draw.random() / 10
        choices: tuple[dict[str, object], ...] = (
            {"plate": f"TN38BB{self.draw.randrange(10_000):04d}"},
            {"severity": self.draw.randrange(1, 5)},
            {"address": f"Street {self.draw.randrange(99)}"},
            {"lon": lon},
            {"lon": lon, "lat": lat},
        )
        review.correct(desk.session, target, self.draw.choice(choices))

    def _assign(self, desk: SyncedDesk) -> None:
        target = self._some_report(desk)
        if target is not None:
            whom = self.draw.choice((None, desk.session.officer.id))
            review.assign(desk.session, (target,), whom)

    def _flag(self, desk: SyncedDesk) -> None:
        target = self._some_report(desk)
        if target is not None:
            review.set_escalated(desk.session, (target,), escalated=self.draw.random() < 0.5)

    def _undo(self, desk: SyncedDesk) -> None:
        undo.undo_last(desk.session)

    def _draw_area(self, desk: SyncedDesk) -> None:
        known = areas.find_all(desk.session)
        if known and self.draw.random() < 0.6:
            area = self.draw.choice(known)
            if self.draw.random() < 0.3:
                areas.remove(desk.session, area.id, area.revision)
            else:
                name = f"Area {self.draw.randrange(99)}"
                areas.rename(desk.session, area.id, area.revision, name)
            return
        areas.draw(desk.session, "New area", GeofenceKind.GEOFENCE, _SQUARE)

    def _settle(self, desk: SyncedDesk) -> None:
        found = conflicts.find_open(desk.session)
        if found:
            self.settle(desk, self.draw.choice(found).conflict.id)

    def settle(self, desk: SyncedDesk, conflict_id: UUID) -> None:
        """Settle one conflict by one side, whole."""
        for each in conflicts.find_open(desk.session):
            if each.conflict.id == conflict_id:
                side = self.draw.choice((Side.MINE, Side.THEIRS))
                choices = conflicts.keep_side(each.conflict, side)
                settling = Settling(each.conflict.id, each.conflict.revision, choices, "so be it")
                conflicts.settle(desk.session, [settling])

    def _retry(self, desk: SyncedDesk) -> None:
        for each in parked.find_parked(desk.session):
            parked.retry(desk.session, each.operation.op_id)

    def quiesce(self) -> None:
        """Let the line be good, and everybody send, fetch and settle until nothing is left."""
        self.faults.rate = 0.0
        for _ in range(_ROUNDS):
            for desk in self.desks:
                desk.sync()
                self._give_up_parked(desk)
            first = self.desks[0]
            is_open = conflicts.find_open(first.session)
            for each in is_open:
                self.settle(first, each.conflict.id)
            if not is_open and self._is_quiet():
                for desk in self.desks:  # what the last of them sent, the first has yet to hear
                    desk.sync()
                    desk.engine.recall()
                if self._is_quiet():
                    return
        left = [desk.counts() for desk in self.desks]
        raise AssertionError(f"never quiet: {left}")

    def _is_quiet(self) -> bool:
        return all(sum(desk.counts()) == 0 for desk in self.desks)

    def _give_up_parked(self, desk: SyncedDesk) -> None:
        for each in parked.find_parked(desk.session):
            parked.withdraw(desk.session, each.operation.op_id)
