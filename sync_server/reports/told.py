"""What the API tells of two reports that may be one."""

from uuid import UUID

import msgspec

from sync_server.reports.queries import Found
from trafficdesk.domain.same_event import Candidate


class ToldReason(msgspec.Struct, frozen=True, kw_only=True):
    """One fact that was compared: how it differs, and the log-odds it adds to the score.

    ``value`` is in standard deviations (``distance``), minutes (``gap``), characters (``plate``),
    bits of 64 (``picture``), or the part in common (``violation``, ``landmark``).
    """

    fact: str
    value: float
    log_odds: float


class MayBeSame(msgspec.Struct, frozen=True, kw_only=True):
    """A report that may tell of the same event: how likely from 0 to 1, and why.

    ``gap_s`` is negative where it was earlier; ``group`` is how many reports tell of one event
    with it, itself included. ``likely`` ones are of one event. It is a suggestion and no more.
    """

    id: UUID
    reference: str
    score: float
    likely: bool
    group: int
    distance_m: float
    gap_s: float
    reasons: list[ToldReason]


def same_told(found: Found, candidate: Candidate, at_ms: int) -> MayBeSame:
    """Return a candidate as it travels; ``at_ms`` is when the other one was seen."""
    return MayBeSame(
        id=found.known.id,
        reference=found.reference,
        score=round(candidate.score, 4),
        likely=candidate.is_likely,
        group=candidate.group,
        distance_m=round(found.distance_m, 1),
        gap_s=(found.known.told.at_ms - at_ms) / 1000,
        reasons=[
            ToldReason(fact=str(each.fact), value=each.value, log_odds=round(each.weight, 3))
            for each in candidate.reasons
        ],
    )
