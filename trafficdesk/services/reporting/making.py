"""Making a report at a desk: who may, what it holds, that it was made, and the file itself."""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from sqlalchemy import Connection

from trafficdesk.domain.analytics.scope import Part
from trafficdesk.domain.permissions import Permission
from trafficdesk.domain.reporting.asked import Asked, Form, ReportFault
from trafficdesk.domain.reporting.catalogue import BY_ID, Template
from trafficdesk.domain.reporting.composing import About, compose
from trafficdesk.domain.reporting.document import Document
from trafficdesk.domain.reporting.figures import Show
from trafficdesk.domain.times import from_ms, to_ms
from trafficdesk.exports.documents.writing import write_document
from trafficdesk.languages import words_in
from trafficdesk.services import auditing
from trafficdesk.services.analytics import as_of
from trafficdesk.services.exporting import is_allowed
from trafficdesk.services.reporting.asking import DeskAnswers
from trafficdesk.services.session import Session
from trafficdesk.store import facts, officers, places

CURRENCY = "INR"


@dataclass(frozen=True, slots=True)
class Made:
    """A report that was written; ``as_of`` is None where it is not known how old its data is."""

    path: Path
    form: Form
    document: Document
    made_at: datetime
    as_of: datetime | None


def find_fault(session: Session, asked: Asked, form: Form) -> ReportFault | None:
    """Return why this officer gets no such report here; None if they do."""
    template = BY_ID.get(asked.template_id)
    if template is None:
        return ReportFault.UNKNOWN_TEMPLATE
    if not may_have(session, template, asked.officer_id):
        return ReportFault.NOT_PERMITTED
    if not is_allowed(session, str(form)):
        return ReportFault.BY_POLICY
    try:
        part = asked.scope.part
    except ValueError:
        return ReportFault.WRONG_SCOPE
    needs_shift = template.is_of_a_shift and asked.shift is None
    return ReportFault.WRONG_SCOPE if part not in template.of or needs_shift else None


def may_have(session: Session, template: Template, officer_id: UUID | None = None) -> bool:
    """Tell whether the officer may have reports of a template; of oneself more than of others."""
    if officer_id not in {None, session.officer.id} and not session.may(
        Permission.ANALYTICS_OFFICERS
    ):
        return False
    return session.may(template.permission) and session.may(Permission.REPORT_EXPORT)


def make_report(session: Session, asked: Asked, form: Form, path: Path) -> Made | ReportFault:
    """Write a report to a file; it is noted in the audit chain first.

    Raises:
        OSError: the folder takes no file; what was there is still there.
    """
    fault = find_fault(session, asked, form)
    if fault is not None:
        return fault
    about = _about(session, asked)
    if about is None:
        return ReportFault.UNKNOWN_PLACE
    _note(session, asked, form, path)
    with session.store.reading() as connection:
        offset_ms = facts.calendar(connection).offset_ms
    show = Show(words_in(asked.language), CURRENCY, offset_ms)
    answers = DeskAnswers(session, about.is_masked)
    document = compose(BY_ID[asked.template_id], asked, answers, show, about)
    write_document(document, path, form, show)
    held_ms = about.as_of_ms
    held_at = None if held_ms is None else from_ms(held_ms)
    return Made(path, form, document, from_ms(about.made_ms), held_at)


def _note(session: Session, asked: Asked, form: Form, path: Path) -> None:
    detail = {
        "file": path.name,
        "format": form,
        "template": asked.template_id,
        "days": [asked.period.first_day, asked.period.past_day - 1],
        "of": str(asked.scope.part_id or ""),
        "shift": asked.shift,
        "language": asked.language,
        "masked": not session.may(Permission.CITIZEN_READ_PII),
    }
    told = json.dumps(detail, ensure_ascii=False)
    auditing.note(session, auditing.Audited("report.make", "desk", str(session.device_id), told))


def _about(session: Session, asked: Asked) -> About | None:
    """Return what a report says of itself; None if there is no such station, ward or officer."""
    with session.store.reading() as connection:
        city = places.get_city(connection, facts.home_city_id(connection))
        place = _place(connection, asked) if asked.scope.part is not Part.CITY else city.name
        heard_at = as_of.heard_at(connection, session)
        code = facts.find(connection, "desk_code") or ""
    now_ms = to_ms(session.lease_clock())
    me = session.officer
    if place is None:
        return None
    return About(
        city.name,
        place,
        code,
        now_ms,
        " ".join(filter(None, (me.rank, me.name))),
        None if heard_at == as_of.NEVER else to_ms(heard_at),
        not session.may(Permission.CITIZEN_READ_PII),
        city.time_zone,
    )


def _place(connection: Connection, asked: Asked) -> str | None:
    match asked.scope.part:
        case Part.STATION:
            names = {each.id: each.name for each in places.find_stations(connection)}
        case Part.WARD:
            names = dict(places.find_ward_names(connection))
        case _:
            names = officers.find_names(connection)
    part_id = asked.scope.part_id
    return None if part_id is None else names.get(part_id)
