"""Reports as the tests of places and times tell them, and how they come into a real store."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.analytics.scope import Scope
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.queues import ReportFilter
from trafficdesk.domain.records import Place
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import (
    ReportStatus,
    Severity,
    Source,
    VehicleType,
    Violation,
)
from trafficdesk.services.session import Session
from trafficdesk.store import bulk, facts, queues, report_counts, reports
from trafficdesk.store.reports import ReportInsert

ZONE = ZoneInfo("Asia/Kolkata")
NOW = datetime(2026, 11, 25, 12, tzinfo=ZONE)
MARKET, SCHOOL, FIELD = Place(76.95, 11.02), Place(76.99, 11.02), Place(76.95, 11.10)


class Happened(NamedTuple):
    """A report as these tests tell it."""

    place: Place
    at: datetime
    plate: str = ""
    severity: Severity = Severity.MINOR
    violation: str = Violation.SPEED
    status: ReportStatus = ReportStatus.PENDING
    address: str = ""


def day_of(session: Session, at: str) -> int:
    with session.store.reading() as connection:
        calendar = facts.calendar(connection)
    return calendar.day_of(to_ms(datetime.fromisoformat(at).replace(tzinfo=ZONE)))


def period(session: Session, first: str, past: str) -> Scope:
    return Scope(Period(day_of(session, first), day_of(session, past)))


def write(session: Session, happened: Iterable[Happened]) -> None:
    """Write reports as an import does, without their history."""
    with session.store.writing() as connection:
        city, station = (
            facts.home_city_id(connection).bytes,
            facts.home_station_id(connection).bytes,
        )
        bulk.load(connection, [_row(each, city, station) for each in happened])


def write_one(session: Session, happened: Happened) -> None:
    """Write a report as one that comes, counted at once."""
    with session.store.writing() as connection:
        city, station = facts.home_city_id(connection), facts.home_station_id(connection)
        row = _row(happened, city.bytes, station.bytes)
        pk = reports.insert(connection, row, (row.violation,))
        calendar = facts.calendar(connection)
        report_counts.recount(connection, calendar, report_counts.NOT_COUNTED, pk)


def _row(each: Happened, city: bytes, station: bytes) -> ReportInsert:
    at_ms = to_ms(each.at)
    return ReportInsert(
        id=new_id().bytes,
        version=1,
        reference="",
        status=each.status,
        severity=each.severity,
        violation=each.violation,
        more_violations=0,
        lon=each.place.lon,
        lat=each.place.lat,
        accuracy_m=None,
        address=each.address,
        area="",
        ward_id=None,
        city_id=city,
        station_id=station,
        occurred_ms=at_ms,
        reported_ms=at_ms,
        plate=each.plate,
        vehicle_type=VehicleType.CAR,
        vehicle_text="",
        description="",
        source=Source.IMPORT,
        reporter_id=None,
        score=0,
        created_ms=at_ms,
        updated_ms=at_ms,
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def counted(session: Session, rows: ReportFilter) -> int:
    with session.store.reading() as connection:
        return queues.count_live(connection, rows)
