"""New reports at this desk: filed by an officer, with a provisional reference."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.evidence import EvidenceFacts, evidence_of, plate_fact
from trafficdesk.domain.geometry import distance_m, is_on_earth
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.plates import plate_token
from trafficdesk.domain.records import FieldChange, Media, NewReport, Place
from trafficdesk.domain.texts import clean_line, clean_text
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, ReportStatus
from trafficdesk.services import media as media_files
from trafficdesk.services.changes import Changed
from trafficdesk.services.intent import Intent, Recorded, intent
from trafficdesk.services.outcomes import Outcome, Refusal, refusal
from trafficdesk.services.pictures import Examined
from trafficdesk.services.session import Session
from trafficdesk.store import (
    citizens,
    facts,
    media,
    media_transfers,
    places,
    references,
    report_counts,
    reports,
)

FILE = "file"
_FUTURE_ALLOWED = timedelta(minutes=10)  # clocks of phones and desks differ


@dataclass(frozen=True, slots=True)
class Filed:
    """A report that was filed, or why not; ``pk`` is 0 when nothing was written."""

    outcome: Outcome
    pk: int = 0
    reference: str = ""


def file_report(session: Session, report: NewReport, photos: Sequence[Examined] = ()) -> Filed:
    """Write a report of an officer at this desk with its photos, as one transaction."""
    if not session.may(Permission.REPORT_FILE):
        return Filed(refusal(FILE, Refusal.NOT_PERMITTED))
    too_late = report.occurred_at > session.clock() + _FUTURE_ALLOWED
    if not report.violations or not is_on_earth(report.place) or too_late:
        return Filed(refusal(FILE, Refusal.TOO_FEW_FACTS))
    with media_files.sealed(session, photos) as kept, intent(session, FILE) as doing:
        pk, reference = _write(doing, _cleaned(report), kept)
        outcome = doing.outcome()
    return Filed(outcome, pk, reference)


def _cleaned(report: NewReport) -> NewReport:
    return replace(
        report,
        description=clean_text(report.description),
        address=clean_line(report.address),
        area=clean_line(report.area),
        vehicle_text=clean_line(report.vehicle_text),
        plate=plate_token(report.plate),
    )


def evidence_facts(
    connection: Connection, report: NewReport, photos: Sequence[Media]
) -> EvidenceFacts:
    """Return what is known of a report's evidence; photo facts are those of the sharpest one."""
    best = max(photos, key=lambda photo: photo.sharpness or 0.0, default=None)
    citizen = None if report.reporter_id is None else citizens.find(connection, report.reporter_id)
    gap_min = distance = None
    if best is not None and best.taken_at is not None:
        gap_min = abs((best.taken_at - report.occurred_at).total_seconds()) / 60
    if best is not None and best.place is not None:
        distance = distance_m(best.place, report.place)
    return EvidenceFacts(
        photos=len(photos),
        taken_gap_min=gap_min,
        photo_distance_m=distance,
        accuracy_m=report.accuracy_m,
        plate=plate_fact(report.plate),
        sharpness=None if best is None else best.sharpness,
        brightness=None if best is None else best.brightness,
        description_length=len(report.description),
        reporter_approved=0 if citizen is None else citizen.approved,
        reporter_decided=0 if citizen is None else citizen.decided,
        source=report.source,
    )


FindWard = Callable[[Connection, Place], UUID | None]


def as_insert(
    connection: Connection,
    report: NewReport,
    photos: Sequence[Media],
    reference: str,
    find_ward: FindWard = places.find_ward_at,
) -> reports.ReportInsert:
    """Return the row of a new pending report: with its ward, its score and a fresh id."""
    ward_id = find_ward(connection, report.place)
    reported_ms = to_ms(report.reported_at)
    return reports.ReportInsert(
        id=new_id().bytes,
        version=0,
        reference=reference,
        status=ReportStatus.PENDING,
        severity=int(report.severity),
        violation=report.violations[0],
        more_violations=len(report.violations) - 1,
        lon=report.place.lon,
        lat=report.place.lat,
        accuracy_m=report.accuracy_m,
        address=report.address,
        area=report.area,
        ward_id=None if ward_id is None else ward_id.bytes,
        city_id=report.city_id.bytes,
        station_id=report.station_id.bytes,
        occurred_ms=to_ms(report.occurred_at),
        reported_ms=reported_ms,
        plate=report.plate,
        vehicle_type=report.vehicle_type,
        vehicle_text=report.vehicle_text,
        description=report.description,
        source=report.source,
        reporter_id=None if report.reporter_id is None else report.reporter_id.bytes,
        score=evidence_of(evidence_facts(connection, report, photos)).score,
        created_ms=reported_ms,
        updated_ms=reported_ms,
    )


def next_reference(connection: Connection, year: int) -> str:
    """Return a provisional reference of this desk, such as ``CBE-2026-D1-00042``."""
    return reference(*take_references(connection, year, 1))


def take_references(connection: Connection, year: int, count: int) -> tuple[str, int]:
    """Take ``count`` provisional references in a row; return their series and the first number."""
    city = places.get_city(connection, facts.home_city_id(connection))
    series = f"{city.code}-{year}-{facts.desk_code(connection)}"
    return series, references.take_many(connection, series, count)


def reference(series: str, number: int) -> str:
    """Return the reference of a number in a series."""
    return f"{series}-{number:05d}"


def _write(doing: Intent, report: NewReport, photos: Sequence[Media]) -> tuple[int, str]:
    connection = doing.connection
    reference = next_reference(connection, doing.year)
    row = as_insert(connection, report, photos, reference)
    pk = reports.insert(connection, row, report.violations)
    for position, photo in enumerate(photos):
        media.insert(connection, media.of_report(pk), position, photo)
    media_transfers.await_sending(connection, report.city_id, photos)
    report_counts.recount(connection, doing.calendar, report_counts.NOT_COUNTED, pk)
    doing.record(
        Entity.REPORT,
        UUID(bytes=row.id),
        FILE,
        Recorded(0, 1, creation(row, report.violations, photos)),
    )
    doing.note_changed(Changed(reports=frozenset({pk})))
    return pk, reference


_SKIPPED = frozenset({"id", "version", "sync_state", "violation", "more_violations"})


def creation(
    row: reports.ReportInsert, violations: Sequence[str], photos: Sequence[Media]
) -> tuple[FieldChange, ...]:
    """Return a new record as changes from nothing, so that the server can make it whole."""
    values = {
        name: str(UUID(bytes=value)) if isinstance(value, bytes) else value
        for name, value in row._asdict().items()
        if name not in _SKIPPED and value not in (None, "")
    }
    values |= {name: bool(values[name]) for name in ("escalated", "second_look")}
    values["violations"] = list(violations)
    values["media"] = media.as_listed(photos)
    return tuple(FieldChange(name, None, value) for name, value in values.items())
