"""Whether a second look at decisions comes to the same: drawing them, and how far people agree.

Cohen's kappa takes off what two people agree on by chance: J. Cohen, "A coefficient of agreement
for nominal scales", Educational and Psychological Measurement 20 (1960), 37-46.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from heapq import nsmallest
from typing import Final
from uuid import UUID

from trafficdesk.domain.vocabulary import ReportStatus

# What a decision can come to. A citation follows from an approval.
VERDICTS: Final = (ReportStatus.APPROVED, ReportStatus.REJECTED, ReportStatus.DUPLICATE)
Opinions = Mapping[tuple[ReportStatus, ReportStatus], int]  # first verdict, second: how often


@dataclass(frozen=True, slots=True)
class Agreement:
    """How often two people came to the same; ``kappa`` is None where chance explains it all."""

    n: int
    agreed: int
    kappa: float | None

    @property
    def rate(self) -> float | None:
        """Return the share they agreed on; None if nothing was looked at twice."""
        return self.agreed / self.n if self.n else None


def agreement_of(opinions: Opinions) -> Agreement:
    """Return how far first and second verdicts agree, and Cohen's kappa."""
    n = sum(opinions.values())
    agreed = sum(count for (first, second), count in opinions.items() if first is second)
    if not n:
        return Agreement(0, 0, None)
    chance = sum(
        _share(opinions, n, 0, verdict) * _share(opinions, n, 1, verdict) for verdict in VERDICTS
    )
    kappa = None if chance >= 1 else (agreed / n - chance) / (1 - chance)
    return Agreement(n, agreed, kappa)


def _share(opinions: Opinions, n: int, side: int, verdict: ReportStatus) -> float:
    return sum(count for pair, count in opinions.items() if pair[side] is verdict) / n


def verdict_of(status: ReportStatus) -> ReportStatus | None:
    """Return what was decided of a report that stands there; None if nothing was."""
    if status in {ReportStatus.CITED, ReportStatus.CLOSED}:
        return ReportStatus.APPROVED
    return status if status in VERDICTS else None


def draw(decided: Sequence[UUID], share: float, seed: str) -> tuple[UUID, ...]:
    """Return a share of decided reports, at least one if there are any, in a fixed order.

    Which ones follows from the seed alone, so that nobody can be suspected of having chosen.

    Raises:
        ValueError: the share is not above 0 and up to 1.
    """
    if not 0 < share <= 1:
        raise ValueError(f"a share of {share}")
    wanted = max(1, round(len(decided) * share)) if decided else 0

    def lot(report_id: UUID) -> bytes:
        return sha256(f"{seed}:{report_id}".encode()).digest()

    return tuple(nsmallest(wanted, decided, key=lot))
