"""Writing the citation of an approved report, inside the move that cites it."""

from collections.abc import Iterable

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.offences import CURRENCY, offence_of
from trafficdesk.domain.records import Event, FieldChange, Report
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services.changes import Changed
from trafficdesk.services.intent import Intent, Recorded
from trafficdesk.store import citations, facts, references

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
    for citation in citations.find_of_report(doing.connection, report.pk):
        if citation.status == ISSUED:
            _set_status(doing, citation, CANCELLED, "cancel")


def take_back(doing: Intent, report: Report, events: Iterable[Event]) -> None:
    """Put a report's citations back to where they stood before an action wrote ``events``."""
    of_report = {each.id: each for each in citations.find_of_report(doing.connection, report.pk)}
    for event in events:
        citation = of_report.get(event.entity_id)
        if citation is None:
            continue
        before = next(change.old for change in event.changes if change.field == "status")
        _set_status(
            doing, citation, CANCELLED if before is None else str(before), f"undo_{event.action}"
        )


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
