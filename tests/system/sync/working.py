"""What an officer does all day, drawn at random: files, decides, corrects, flags, takes back."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.conflicts import Side
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import NewReport, Place
from trafficdesk.domain.vocabulary import RejectionReason, Severity
from trafficdesk.services import conflicts, intake, parked, review, undo
from trafficdesk.services.conflicts import Settling
from trafficdesk.services.outcomes import Outcome
from trafficdesk.services.session import Session
from trafficdesk.store import facts

_ROUNDS = 30
_FEW = 6  # reports at least, so that there is something to decide on
_SHARE_NEW = 0.15
_MOVES = {
    "pending": (Move.CLAIM, Move.APPROVE, Move.REJECT),
    "under_review": (Move.APPROVE, Move.REJECT),
    "approved": (Move.CITE, Move.REOPEN),
    "cited": (Move.CLOSE, Move.REOPEN),
}


@dataclass
class Shift:
    """An officer at a desk; ``act`` does one thing."""

    session: Session
    draw: random.Random

    def act(self) -> UUID | None:
        """Do something at random; return the action if anything was saved."""
        with self.session.store.reading() as connection:
            rows = connection.exec_driver_sql(
                "SELECT pk, revision, status FROM reports WHERE deleted_ms IS NULL ORDER BY id"
            ).all()
        if len(rows) < _FEW or self.draw.random() < _SHARE_NEW:
            return self.file()
        pk, revision, status = self.draw.choice(rows)
        target = review.Target(pk, revision)
        match self.draw.randrange(8):
            case 0:
                outcome = undo.undo_last(self.session)
            case 1:
                outcome = review.set_escalated(
                    self.session, (target,), escalated=self.draw.random() < 0.5
                )
            case 2 | 3:
                outcome = self._correct(target)
            case _:
                outcome = self._step(target, status)
        return outcome.action_id if outcome.is_done else None

    def file(self) -> UUID | None:
        """File a report."""
        with self.session.store.reading() as connection:
            city_id, station_id = facts.home_city_id(connection), facts.home_station_id(connection)
        now = self.session.clock()
        report = NewReport(
            violations=("no_helmet",),
            severity=self.draw.choice(tuple(Severity)),
            place=Place(76.9 + self.draw.random() / 10, 11 + self.draw.random() / 10),
            occurred_at=now,
            reported_at=now,
            city_id=city_id,
            station_id=station_id,
            plate=f"TN37AA{self.draw.randrange(10_000):04d}",
        )
        return intake.file_report(self.session, report, ()).outcome.action_id

    def _step(self, target: review.Target, status: str) -> Outcome:
        move = self.draw.choice(_MOVES.get(status, (Move.REOPEN,)))
        reason = RejectionReason.NO_OFFENCE if move is Move.REJECT else None
        return review.take_step(self.session, (target,), review.Step(move, "seen", reason))

    def _correct(self, target: review.Target) -> Outcome:
        choices: tuple[dict[str, object], ...] = (
            {"plate": f"TN38BB{self.draw.randrange(10_000):04d}"},
            {"severity": self.draw.randrange(1, 5)},
            {"address": f"Street {self.draw.randrange(99)}"},
        )
        return review.correct(self.session, target, self.draw.choice(choices))


def quiesce(desks: Sequence[SyncedDesk]) -> None:
    """Send, fetch and settle on a good line until nothing waits for anybody."""
    for _ in range(_ROUNDS):
        for desk in desks:
            desk.sync()
            for each in parked.find_parked(desk.session):
                parked.withdraw(desk.session, each.operation.op_id)
            for found in conflicts.find_open(desk.session):
                choices = conflicts.keep_side(found.conflict, Side.MINE)
                settling = Settling(found.conflict.id, found.conflict.revision, choices, "so be it")
                conflicts.settle(desk.session, [settling])
        if not any(sum(desk.counts()) for desk in desks):
            for desk in desks:  # what the last of them sent, the first has yet to hear
                desk.sync()
                desk.engine.recall()
            return
    raise AssertionError(f"never quiet: {[desk.counts() for desk in desks]}")
