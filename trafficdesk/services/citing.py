"""Writing the citation of an approved report, inside the move that cites it."""

from trafficdesk.domain.identity import new_id
from trafficdesk.domain.offences import CURRENCY, offence_of
from trafficdesk.domain.records import FieldChange, Report
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services.changes import Changed
from trafficdesk.services.intent import Intent, Recorded
from trafficdesk.store import citations, facts, references

ISSUED, CANCELLED = "issued", "cancelled"


def issue(doing: Intent, report: Report) -> None:
    """Write a citation for the report's first violation at the table's amount."""
    offence = offence_of(report.violations[0])
    series = f"{facts.desk_code(doing.connection)}-C{doing.now.year}"
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
            ("offence", citation.offence),
            ("amount_minor", citation.amount_minor),
            ("currency", citation.currency),
            ("status", citation.status),
        )
    )
    doing.record(Entity.CITATION, citation.id, "issue", Recorded(0, 1, changes))
    doing.note_changed(Changed(kinds=frozenset({Entity.CITATION})))


def cancel_of(doing: Intent, report: Report) -> None:
    """Cancel what was issued for a report that is no longer cited."""
    for citation in citations.find_of_report(doing.connection, report.pk):
        if citation.status != ISSUED:
            continue
        citations.set_status(doing.connection, citation.id, CANCELLED)
        change = FieldChange("status", ISSUED, CANCELLED)
        doing.record(Entity.CITATION, citation.id, "cancel", Recorded(0, 2, (change,)))
        doing.note_changed(Changed(kinds=frozenset({Entity.CITATION})))
