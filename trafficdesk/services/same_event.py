"""Which reports may tell of the same event as one on screen: only ever a suggestion."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.duplicates import (
    SAME_EVENT_GAP_MS,
    SAME_EVENT_RADIUS_M,
    Reason,
    Told,
)
from trafficdesk.domain.records import Media, QueueRow, Report
from trafficdesk.domain.same_event import Known, suggest
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.store import media, nearby, queues


@dataclass(frozen=True, slots=True)
class MayBeSame:
    """A report that may tell of the same event: how likely (0 to 1), and why.

    ``is_likely``: it is suggested. ``gap_ms`` is negative where it was earlier; ``group`` is how
    many reports, itself included, tell of one event with it; ``photo`` is its first.
    """

    id: UUID
    row: QueueRow
    distance_m: float
    gap_ms: int
    score: float
    is_likely: bool
    group: int
    reasons: tuple[Reason, ...]
    photo: Media | None


def told_by(report: Report, photos: Sequence[Media]) -> Told:
    """Return what a report tells of its event."""
    return Told(
        report.place,
        report.accuracy_m,
        to_ms(report.occurred_at),
        report.violations,
        report.plate,
        report.description,
        tuple(photo.picture_hash for photo in photos if photo.picture_hash is not None),
    )


def find_same(
    connection: Connection, report: Report, photos: Sequence[Media]
) -> tuple[MayBeSame, ...]:
    """Return what may be the same event, the likeliest first; nothing for a known duplicate."""
    if report.status is ReportStatus.DUPLICATE:
        return ()
    around = nearby.Around(
        report.place, to_ms(report.occurred_at), SAME_EVENT_RADIUS_M, SAME_EVENT_GAP_MS
    )
    near = nearby.find(connection, around)
    mine = Known(report.id, None, told_by(report, photos))
    found = [(near[c.number], c) for c in suggest(mine, [each.known for each in near])]
    rows = queues.find_rows(connection, frozenset(each.pk for each, _ in found))
    return tuple(
        MayBeSame(
            each.known.id,
            rows[each.pk],
            each.distance_m,
            each.gap_ms,
            candidate.score,
            candidate.is_likely,
            candidate.group,
            candidate.reasons,
            next(iter(media.find_of_report(connection, each.pk)), None),
        )
        for each, candidate in found
    )
