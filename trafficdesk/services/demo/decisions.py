"""What became of the demo's reports: their fates, and the steps officers took towards them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from trafficdesk.domain.demo.chance import happens
from trafficdesk.domain.demo.people import REVIEWERS, SUPERVISORS
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import NewReport
from trafficdesk.domain.vocabulary import RejectionReason, Severity
from trafficdesk.services.demo import words


class Fate(StrEnum):
    """What became of a report."""

    UNASSIGNED = "unassigned"
    ASSIGNED = "assigned"
    HELD = "held"
    ASKED = "asked"
    APPROVED = "approved"
    CITED = "cited"
    CLOSED = "closed"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"


OPEN_FATES = frozenset({Fate.UNASSIGNED, Fate.ASSIGNED, Fate.HELD})
_THOUSANDTHS = {
    Fate.UNASSIGNED: 235,
    Fate.ASSIGNED: 90,
    Fate.HELD: 30,
    Fate.ASKED: 60,
    Fate.REJECTED: 145,
    Fate.DUPLICATE: 60,
    Fate.CITED: 120,
    Fate.CLOSED: 50,
    Fate.APPROVED: 210,
}
_ESCALATED_EVERY = 16
_REASON_WEIGHTS = (22, 24, 14, 6, 14, 8, 6, 6)
# Everything that the server has confirmed is older than the desk's last hours offline.
LAST_CONFIRMED = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class StoryStep:
    """What an officer (index into ``people.OFFICERS``) did to a report, and when (UTC).

    ``move`` is None for an assignment to ``assignee`` or, without one, an escalation.
    ``original`` is the number of the story that this one is a duplicate of.
    """

    officer: int
    at: datetime
    move: Move | None
    note: str = ""
    reason: RejectionReason | None = None
    original: int | None = None
    assignee: int | None = None


def fates(count: int, rng: Random) -> Iterator[Fate]:
    """Yield the fates of ``count`` reports; duplicates come last, after their originals."""
    counts = {fate: count * share // 1000 for fate, share in _THOUSANDTHS.items()}
    counts[Fate.APPROVED] += count - sum(counts.values())
    duplicates = counts.pop(Fate.DUPLICATE)
    shuffled = [fate for fate, n in counts.items() for _ in range(n)]
    rng.shuffle(shuffled)
    yield from shuffled
    yield from [Fate.DUPLICATE] * duplicates


@dataclass(frozen=True, slots=True)
class Desk:
    """What steps are made by: dice, the present instant, and how many had this fate before."""

    rng: Random
    now: datetime
    earlier: int

    def steps(self, fate: Fate, report: NewReport, original: int | None) -> tuple[StoryStep, ...]:
        """Return the steps that led to a fate, the first first."""
        if fate is Fate.UNASSIGNED:
            return self._escalation(report)
        if fate is Fate.ASSIGNED:
            step = StoryStep(self.rng.choice(SUPERVISORS), self.now, None)
            step = replace(step, assignee=self.earlier % len(REVIEWERS))
            return (self._between(step, report.reported_at),)
        if fate is Fate.HELD:
            since = max(report.reported_at, self.now - timedelta(minutes=24))
            step = StoryStep(self.earlier % len(REVIEWERS), self.now, Move.CLAIM)
            return (self._between(step, since),)
        return tuple(self._decision(fate, report, original))

    def _escalation(self, report: NewReport) -> tuple[StoryStep, ...]:
        likely = {Severity.CRITICAL: 0.5}
        is_turn = self.earlier % _ESCALATED_EVERY == 0  # a small demo has one as well
        if not is_turn and not happens(self.rng, likely.get(report.severity, 0.0)):
            return ()
        note = self.rng.choice(words.ESCALATION_NOTES)
        step = StoryStep(self.rng.choice(REVIEWERS), self.now, None, note)
        return (self._between(step, report.reported_at),)

    def _between(self, step: StoryStep, start: datetime) -> StoryStep:
        at = start + (self.now - start) * self.rng.uniform(0.1, 0.9)
        return replace(step, at=at.replace(microsecond=0))

    def _settled(self, at: datetime) -> datetime:
        return min(at, self.now - LAST_CONFIRMED - timedelta(minutes=5)).replace(microsecond=0)

    def _decision(self, fate: Fate, report: NewReport, original: int | None) -> Iterator[StoryStep]:
        rng = self.rng
        delay = timedelta(minutes=rng.lognormvariate(5.2, 1.1))
        step = StoryStep(
            rng.choice((*REVIEWERS, *REVIEWERS, *SUPERVISORS)),
            self._settled(report.reported_at + delay),
            Move.APPROVE,
            rng.choice(words.APPROVED_NOTES),
        )
        if fate is Fate.ASKED:
            yield replace(step, move=Move.ASK_INFO, note=rng.choice(words.QUESTIONS))
        elif fate is Fate.REJECTED:
            (reason,) = rng.choices(tuple(RejectionReason), _REASON_WEIGHTS)
            note = words.REJECTED_NOTES[reason]
            yield replace(step, move=Move.REJECT, reason=reason, note=note)
        elif original is not None:
            yield replace(step, move=Move.MARK_DUPLICATE, original=original, note="")
        else:
            yield step
            yield from self._after_approval(fate, step)

    def _after_approval(self, fate: Fate, approved: StoryStep) -> Iterator[StoryStep]:
        if fate not in {Fate.CITED, Fate.CLOSED}:
            return
        cited_at = self._settled(approved.at + timedelta(minutes=self.rng.uniform(2, 90)))
        yield replace(approved, at=cited_at, move=Move.CITE, note="")
        if fate is Fate.CLOSED:
            closed_at = self._settled(cited_at + timedelta(days=self.rng.uniform(4, 40)))
            yield replace(approved, at=closed_at, move=Move.CLOSE, note="Fine paid.")
