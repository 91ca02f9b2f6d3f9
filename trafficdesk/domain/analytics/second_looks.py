"""Second looks that stand, whose decisions they were of, and where two people came to another."""

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from trafficdesk.domain.analytics.agreement import Agreement, agreement_of
from trafficdesk.domain.authority import SECOND_OPINIONS, UNDO, plain_action
from trafficdesk.domain.vocabulary import RejectionReason, ReportStatus


@dataclass(frozen=True, slots=True)
class Decided:
    """What had been decided: the verdict, whose it was, and a rejection's reason."""

    verdict: ReportStatus
    officer_id: UUID | None
    reason: RejectionReason | None
    note: str


@dataclass(frozen=True, slots=True)
class Look:
    """One second look, or its undo (``action``), of a report."""

    report_pk: int
    reference: str
    action: str
    at_ms: int
    looker: str
    note: str
    station_id: UUID
    ward_id: UUID | None
    decided: Decided

    @property
    def verdict(self) -> ReportStatus:
        """Return what whoever looked again would have decided."""
        return SECOND_OPINIONS[plain_action(self.action)]

    @property
    def agrees(self) -> bool:
        """Tell whether both came to the same."""
        return self.verdict is self.decided.verdict


def standing(looks: Iterable[Look]) -> tuple[Look, ...]:
    """Return the looks, given in their order, that were not taken back."""
    found = dict[int, list[Look]]()
    for look in looks:
        kept = found.setdefault(look.report_pk, [])
        if not look.action.startswith(UNDO):
            kept.append(look)
        elif kept:
            kept.pop()
    return tuple(look for kept in found.values() for look in kept)


def agreement_among(looks: Iterable[Look]) -> Agreement:
    """Return how far first and second looks agree."""
    return agreement_of(Counter((look.decided.verdict, look.verdict) for look in looks))


Key = TypeVar("Key", bound=Hashable)


def agreement_by(looks: Iterable[Look], key: Callable[[Look], Key]) -> dict[Key, Agreement]:
    """Return how far they agree for each key, the least agreed first."""
    parts = defaultdict[Key, list[Look]](list)
    for look in looks:
        parts[key(look)].append(look)
    found = {each: agreement_among(part) for each, part in parts.items()}
    return dict(sorted(found.items(), key=lambda item: (item[1].rate or 0.0, -item[1].n)))
