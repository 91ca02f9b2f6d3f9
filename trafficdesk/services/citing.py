"""Writing the citation of an approved report, inside the move that cites it."""

from collections.abc import Iterable

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.offences import CURRENCY, offence_of
from trafficdesk.domain.records import Event, FieldChange, Report
from trafficdesk.domain.vocabulary import Entity, ReportStatus
from trafficdesk.services.changes import Changed
from trafficdesk.services.intent import Intent, Recorded
from trafficdesk.store import citations, facts, references, reports

ISSUED, CANCELLED = "issued", "cancelled"


def issue(doing: Intent, report: Report) -> None:
    """Write a citation for the report's first violation at the table's amount."""
    offence = offence_of(report.violations[0])
    series = f"{facts.desk_code(doing.connection)}-C{doing.year}"
    citation = citations.Citation(
        id=new_id(),
        number=f"{series}-{references.take_next(doing.connection, series):05d}",
        offence=offence.section,
        amount_minor=offence.amount_minor,
        currency=CURRENCY,
        status=ISSUED,
        issued_ms=doing.at_ms,
    )
    citations.insert(doing.connection, report.pk, citation)
    changes = tuple(
        FieldChange(name, None, value)
        for name, value in (
            ("number", citation.number),
            ("report_id", str(report.id)),
            ("city_id", str(report.city_id)),
            ("station_id", str(report.station_id)),
            ("offence", citation.offence),
            ("amount_minor", citation.amount_minor),
            ("currency", citation.currency),
            ("status", citation.status),
            ("issued_ms", citation.issued_ms),
        )
    )
    doing.record(Entity.CITATION, citation.id, "issue", Recorded(0, 1, changes))
    doing.note_changed(Changed(kinds=frozenset({Entity.CITATION})))


def cancel_of(doing: Intent, report: Report) -> None:
    """Cancel what was issued for a report that is no longer cited."""
    _withdraw(doing, report, "cancel")


def follow(doing: Intent, report: Report, status: str) -> None:
    """Let a report's citations follow a status that a settlement gave it: one stands, or none."""
    if status != ReportStatus.CITED:
        _withdraw(doing, report, "undo_issue")
    elif not any(each.status == ISSUED for each in _citations(doing, report)):
        issue(doing, report)


def _citations(doing: Intent, report: Report) -> list[citations.Citation]:
    return citations.find_of_report(doing.connection, report.pk)


def _withdraw(doing: Intent, report: Report, action: str) -> None:
    for citation in _citations(doing, report):
        if citation.status == ISSUED:
            _set_status(doing, citation, CANCELLED, action)


def take_back(doing: Intent, report: Report, events: Iterable[Event]) -> None:
    """Put a report's citations back to where they stood before an action wrote ``events``.

    Another desk may have cited the report as well: none stands once it is not cited any more.
    """
    of_report = {each.id: each for each in _citations(doing, report)}
    for event in events:
        citation = of_report.get(event.entity_id)
        if citation is None:
            continue
        before = next(change.old for change in event.changes if change.field == "status")
        status = CANCELLED if before is None else str(before)
        if status != citation.status:  # the server may have kept it cancelled
            _set_status(doing, citation, status, f"undo_{event.action}")
    if reports.get(doing.connection, report.pk).status is not ReportStatus.CITED:
        _withdraw(doing, report, "undo_issue")


def _set_status(doing: Intent, citation: citations.Citation, status: str, action: str) -> None:
    citations.set_status(doing.connection, citation.id, status)
    change = FieldChange("status", citation.status, status)
    doing.record(
        Entity.CITATION,
        citation.id,
        action,
        Recorded(citation.version, citation.revision + 1, (change,)),
    )
    doing.note_changed(Changed(kinds=frozenset({Entity.CITATION})))
