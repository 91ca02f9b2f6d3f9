"""Which reports may tell of the same event as one on screen: only ever a suggestion."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.duplicates import (
    SAME_EVENT_GAP_MS,
    SAME_EVENT_RADIUS_M,
    Reason,
    Told,
    look_at,
)
from trafficdesk.domain.records import Media, QueueRow, Report
from trafficdesk.domain.same_event import find_candidates
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import ReportStatus
from trafficdesk.store import nearby, queues

SHOWN_AT_MOST: Final = 5
_WORTH_SHOWING: Final = 0.05


@dataclass(frozen=True, slots=True)
class MayBeSame:
    """A report that may tell of the same event: how likely (0 to 1), and why.

    ``is_likely``: it is suggested. ``gap_ms`` is negative where it was earlier; ``group`` is how
    many reports, itself included, tell of one event with it.
    """

    id: UUID
    row: QueueRow
    distance_m: float
    gap_ms: int
    score: float
    is_likely: bool
    group: int
    reasons: tuple[Reason, ...]


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
    """Return what may be the same event, the likeliest first; nothing for a known duplicate.

    Of reports that are known to be one, the original alone is told if it is near.
    """
    if report.status is ReportStatus.DUPLICATE:
        return ()
    around = nearby.Around(
        report.place, to_ms(report.occurred_at), SAME_EVENT_RADIUS_M, SAME_EVENT_GAP_MS
    )
    mine = {report.id, report.pk}
    near = [n for n in nearby.find(connection, around) if not mine & {n.pk, n.original}]
    keys = [each.original or each.id for each in near]
    candidates = find_candidates(
        look_at(told_by(report, photos)), [look_at(each.told) for each in near], keys
    )
    originals = {each.id for each in near} & set(keys)
    shown = [
        (near[found.number], found)
        for found in candidates
        if found.score >= _WORTH_SHOWING and near[found.number].original not in originals
    ][:SHOWN_AT_MOST]
    rows = queues.find_rows(connection, frozenset(each.pk for each, _ in shown))
    return tuple(
        MayBeSame(
            each.id,
            rows[each.pk],
            each.distance_m,
            each.gap_ms,
            found.score,
            found.is_likely,
            found.group,
            found.reasons,
        )
        for each, found in shown
    )
