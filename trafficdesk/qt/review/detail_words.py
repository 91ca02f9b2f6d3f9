"""Sentences about one report: where it was, who holds it, what its rows and timeline say."""

from collections.abc import Mapping
from datetime import datetime, tzinfo

from PySide6.QtCore import QCoreApplication

from trafficdesk.domain.offences import CURRENCY, offence_of
from trafficdesk.domain.records import Event, Officer, QueueRow, Report
from trafficdesk.domain.texts import isolated
from trafficdesk.domain.times import from_ms
from trafficdesk.domain.vocabulary import ReportStatus, Severity, Source, SyncState, VehicleType
from trafficdesk.qt.ages import ago, clock, day, distance, money
from trafficdesk.qt.event_words import event_title, told_changes
from trafficdesk.qt.review.list_rows import RowText
from trafficdesk.qt.review.row_words import row_title
from trafficdesk.qt.unit_words import unit_status_word
from trafficdesk.qt.widgets.timeline import TimelineRow
from trafficdesk.qt.words import (
    source_word,
    status_word,
    vehicle_word,
    violation_word,
)
from trafficdesk.services.board import NearUnit, ReportDetail

_BORN = frozenset({"file", "import", "arrive"})


def _say(source: str) -> str:
    return QCoreApplication.translate("Detail", source)


def _count(source: str, n: int) -> str:
    return QCoreApplication.translate("Detail", source, None, n)


def title(report: Report) -> str:
    """Return every violation of a report."""
    return ", ".join(map(violation_word, report.violations))


def place_name(report: Report) -> str:
    """Return where it was, as far as is known in words."""
    parts = dict.fromkeys(filter(None, (report.address, report.area)))
    return isolated(", ".join(parts)) if parts else ""


def subline(report: Report, ward: str, now: datetime) -> str:
    """Return place, ward, age and source on one line."""
    # A ward often has the name of the area that the place already tells.
    known = "" if ward == report.area else ward
    parts = [place_name(report), known, ago(report.reported_at, now), source_word(report.source)]
    return " · ".join(dict.fromkeys(filter(None, parts)))


def row_subline(row: QueueRow, now: datetime) -> str:
    """Return what the list knows of place and age."""
    return " · ".join(filter(None, (row.place, ago(from_ms(row.reported_ms), now))))


def hold(detail: ReportDetail, me: Officer, names: Mapping[str, str]) -> tuple[str, str]:
    """Return who holds a report or what became of it, and an icon; nothing for a free one.

    Without a line a lease can't be confirmed by the server, so it is only said to be held here.
    """
    report = detail.report
    if report.lease is not None and report.status is ReportStatus.UNDER_REVIEW:
        if report.lease.officer_id == me.id:
            is_known = report.sync_state is SyncState.CONFIRMED
            return _say("Held by you") if is_known else _say("Held on this desk"), "lock"
        return _say("Held by {name}").format(name=isolated(report.lease.officer_name)), "lock"
    if report.status is ReportStatus.PENDING:
        name = names.get(str(report.assignee_id), "")
        words = _say("Assigned to {name}").format(name=isolated(name)) if name else ""
        return words, "user-round"
    word = status_word(report.status)
    if report.status is ReportStatus.DUPLICATE and detail.original:
        word = _say("Duplicate of {reference}").format(reference=detail.original)
    return word, "circle-check"


def vehicle(report: Report) -> str:
    """Return what is known of the vehicle."""
    if report.vehicle_text:
        return isolated(report.vehicle_text)
    return "" if report.vehicle_type is VehicleType.UNKNOWN else vehicle_word(report.vehicle_type)


def seen_at(report: Report, zone: tzinfo, now: datetime) -> str:
    """Return when it was seen, with the day unless that is today."""
    if report.occurred_at.astimezone(zone).date() == now.astimezone(zone).date():
        return clock(report.occurred_at, zone, seconds=True)
    return f"{day(report.occurred_at, zone)} {clock(report.occurred_at, zone)}"


def reporter(detail: ReportDetail) -> str:
    """Return how often the reporter was right."""
    if detail.report.source is Source.OFFICER:
        return _say("An officer")
    if detail.reporter is None:
        return _say("Anonymous")
    if not detail.reporter.decided:
        return _say("First report")
    text = _say("{approved} of {decided} right")
    return text.format(approved=detail.reporter.approved, decided=detail.reporter.decided)


def penalty(report: Report) -> tuple[str, str]:
    """Return what the first violation costs, and the section of the Act."""
    offence = offence_of(report.violations[0])
    return money(offence.amount_minor, CURRENCY), offence.section


def accuracy(report: Report) -> str:
    """Return how well the place is known."""
    return "" if report.accuracy_m is None else distance(report.accuracy_m)


def history_row(row: QueueRow, zone: tzinfo) -> RowText:
    """Return an earlier report of the same vehicle."""
    return RowText(
        row_title(row),
        status_word(ReportStatus(row.status)),
        day(from_ms(row.occurred_ms), zone),
        Severity(row.severity),
    )


def unit_row(near: NearUnit, now: datetime) -> RowText:
    """Return a unit with how far it was, what it did, and how old that is."""
    found = near.unit
    seen = "" if found.position is None else ago(found.position.at, now)
    facts = f"{distance(near.distance_m)} · {unit_status_word(found.status)}"
    return RowText(found.unit.call_sign, seen, facts)


def vehicle_count(detail: ReportDetail) -> str:
    """Return how many further reports of the vehicle there are."""
    count = len(detail.same_vehicle)
    return _count("%n more reports", count) if count else ""


def timeline(
    detail: ReportDetail, zone: tzinfo, now: datetime, names: Mapping[str, str]
) -> tuple[TimelineRow, ...]:
    """Return everything that happened, the latest first, ending with the report's arrival."""
    events = list(detail.events)
    arrived = next((e for e in events if e.action in _BORN and not e.actor_name), None)
    rows = [_event_row(e, zone, now, names) for e in reversed(events) if e is not arrived]
    if arrived is not None or not any(event.action in _BORN for event in events):
        rows.append(_arrival(detail.report, len(detail.media), zone, now))
    return tuple(rows)


def _event_row(event: Event, zone: tzinfo, now: datetime, names: Mapping[str, str]) -> TimelineRow:
    parts = [isolated(event.actor_name) if event.actor_name else _say("this desk")]
    if event.note:
        quoted = f"\N{LEFT DOUBLE QUOTATION MARK}{event.note}\N{RIGHT DOUBLE QUOTATION MARK}"
        parts.append(isolated(quoted))
    elif event.action in {"assign", "correct"}:
        told = told_changes(event.changes, names)
        parts += [f"{field}: {old} \N{RIGHTWARDS ARROW} {new}" for field, old, new in told]
    return TimelineRow(
        _time(event.at, zone, now), event_title(event), " · ".join(parts), event.sync_state
    )


def _arrival(report: Report, photos: int, zone: tzinfo, now: datetime) -> TimelineRow:
    what = _say("Citizen sent the report")
    if report.source in {Source.OFFICER, Source.DEVICE, Source.IMPORT}:
        what = _say("Report arrived")
    detail = " · ".join(filter(None, (source_word(report.source), _photos(photos))))
    state = SyncState.CONFIRMED if report.version else SyncState.NOT_SENT
    return TimelineRow(_time(report.reported_at, zone, now), what, detail, state)


def _photos(count: int) -> str:
    return _count("%n files", count) if count else _say("no photo")


def _time(at: datetime, zone: tzinfo, now: datetime) -> str:
    if at.astimezone(zone).date() == now.astimezone(zone).date():
        return clock(at, zone)
    return f"{day(at, zone)} {clock(at, zone)}"
