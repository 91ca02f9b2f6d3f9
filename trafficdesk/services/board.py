"""What the review screen reads: pages, counts, and one report with all that belongs to it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.evidence import Evidence, evidence_of
from trafficdesk.domain.geometry import distance_m
from trafficdesk.domain.queues import QueueName, ReportFilter, SortKey, queue_filter
from trafficdesk.domain.records import Event, Media, QueueRow, Report
from trafficdesk.domain.times import to_ms
from trafficdesk.services.correcting import as_claimed
from trafficdesk.services.intake import evidence_facts
from trafficdesk.services.same_event import MayBeSame, find_same
from trafficdesk.services.session import Session
from trafficdesk.store import (
    citations,
    citizens,
    history,
    media,
    places,
    queues,
    reports,
    searches,
    tallies,
    units,
)
from trafficdesk.store.queues import PageRequest
from trafficdesk.store.units import UnitNow

VEHICLE_HISTORY = 20


@dataclass(frozen=True, slots=True)
class Reporter:
    """What an officer sees of a citizen without their identity being read."""

    id: UUID
    pseudonym: str
    decided: int
    approved: int


@dataclass(frozen=True, slots=True)
class NearUnit:
    """A unit and how far it was from the report when last seen, in metres."""

    unit: UnitNow
    distance_m: float


@dataclass(frozen=True, slots=True)
class ReportDetail:
    """One report with everything the detail shows, read in one snapshot."""

    report: Report
    evidence: Evidence
    media: tuple[Media, ...]
    events: tuple[Event, ...]
    ward: str
    reporter: Reporter | None
    original: str
    same_vehicle: tuple[QueueRow, ...]
    may_be_same: tuple[MayBeSame, ...]
    units: tuple[NearUnit, ...]
    citations: tuple[citations.Citation, ...]


def find_page(session: Session, request: PageRequest) -> list[QueueRow]:
    """Return a page of a list."""
    with session.store.reading() as connection:
        return queues.find_page(connection, request)


def find_rows(session: Session, pks: frozenset[int]) -> dict[int, QueueRow]:
    """Return rows as they are now, by number."""
    with session.store.reading() as connection:
        return queues.find_rows(connection, pks)


def mark_seen(session: Session, pk: int, revision: int) -> None:
    """Note that the officer has the report before their eyes."""
    with session.store.writing() as connection:
        searches.mark_seen(connection, session.officer.id, pk, revision)


def count(session: Session, wanted: ReportFilter) -> int:
    """Return how many reports a filter has."""
    with session.store.reading() as connection:
        return tallies.count(connection, wanted)


def count_queues(session: Session) -> dict[QueueName, int]:
    """Return the live count of every queue for this officer."""
    with session.store.reading() as connection:
        return {
            name: tallies.count(connection, queue_filter(name, session.officer.id))
            for name in QueueName
        }


def count_violations(session: Session, wanted: ReportFilter) -> dict[str, int]:
    """Return how many reports of a tallied filter each violation type has."""
    with session.store.reading() as connection:
        return tallies.count_by(connection, "violation", wanted)


def find_position(session: Session, request: PageRequest, key: SortKey) -> int:
    """Return how many rows of a list stand before a key."""
    with session.store.reading() as connection:
        return queues.find_position(connection, request, key)


def count_done(session: Session) -> dict[str, int]:
    """Return how often the officer did each kind of thing since signing in."""
    with session.store.reading() as connection:
        return history.count_actions(connection, session.officer.id, to_ms(session.started_at))


def count_waiting(session: Session) -> int:
    """Return how many operations wait to be sent."""
    with session.store.reading() as connection:
        return history.count_waiting(connection)


def find_waiting(session: Session) -> list[history.Waiting]:
    """Return the operations that wait to be sent, the latest first."""
    with session.store.reading() as connection:
        return history.find_waiting(connection)


def get_detail(session: Session, pk: int) -> ReportDetail:
    """Return one report with everything that belongs to it.

    Raises:
        sqlalchemy.exc.NoResultFound: there is no such report.
    """
    with session.store.reading() as connection:
        return detail_of(connection, reports.get(connection, pk))


def detail_of(connection: Connection, report: Report) -> ReportDetail:
    """Return a report with everything that belongs to it."""
    photos = tuple(media.find_of_report(connection, report.pk))
    return ReportDetail(
        report=report,
        evidence=evidence_of(evidence_facts(connection, as_claimed(report), photos)),
        media=photos,
        events=tuple(history.events_of(connection, report.id)),
        ward="" if report.ward_id is None else places.find_ward_name(connection, report.ward_id),
        reporter=_reporter(connection, report.reporter_id),
        original=_reference(connection, report.duplicate_of),
        same_vehicle=_same_vehicle(connection, report),
        may_be_same=find_same(connection, report, photos),
        units=_near_units(connection, report),
        citations=tuple(citations.find_of_report(connection, report.pk)),
    )


def _reporter(connection: Connection, citizen_id: UUID | None) -> Reporter | None:
    found = None if citizen_id is None else citizens.find(connection, citizen_id)
    if found is None:
        return None
    decided = found.decided + found.decided_here
    return Reporter(found.id, found.pseudonym, decided, found.approved + found.approved_here)


def _reference(connection: Connection, report_id: UUID | None) -> str:
    found = None if report_id is None else reports.find_by_id(connection, report_id)
    return "" if found is None else found.reference


def _same_vehicle(connection: Connection, report: Report) -> tuple[QueueRow, ...]:
    pks = reports.find_pks_of_plate(connection, report.plate, VEHICLE_HISTORY)
    rows = queues.find_rows(connection, frozenset(pks))
    return tuple(rows[pk] for pk in pks if pk != report.pk and pk in rows)


def _near_units(connection: Connection, report: Report) -> tuple[NearUnit, ...]:
    found = [
        NearUnit(each, distance_m(each.position.place, report.place))
        for each in units.find_now(connection)
        if each.position is not None
    ]
    return tuple(sorted(found, key=lambda near: near.distance_m)[:3])
