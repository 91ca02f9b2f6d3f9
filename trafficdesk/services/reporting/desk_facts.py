"""What a desk knows beside its figures: deeds in the audit chain, its own state, a shift."""

from collections import Counter
from datetime import timedelta
from uuid import UUID

from trafficdesk.domain.analytics.periods import Period
from trafficdesk.domain.reporting.answers import DeedsCounted, Health, IncidentLeft, ShiftFound
from trafficdesk.domain.shifts import span_of
from trafficdesk.domain.times import to_ms
from trafficdesk.services import auditing
from trafficdesk.services.analytics import as_of
from trafficdesk.services.session import Session
from trafficdesk.services.shift_log import HandedOver, Took, read_log
from trafficdesk.store import audit, facts, officers, outbox, sync_marks
from trafficdesk.store.figures import figures


def count_deeds(session: Session, period: Period) -> DeedsCounted:
    """Count the entries of a period by action and person, and prove the whole chain."""
    with session.store.reading() as connection:
        span = period.span_ms(facts.calendar(connection))
        found = audit.count_deeds(connection, *span)
        names = officers.find_names(connection)
    actions, people = Counter[str](), Counter[str]()
    for action, actor, n in found:
        actions[action] += n
        people[names.get(UUID(bytes=actor), "")] += n
    verdict = auditing.verify(session)
    return DeedsCounted(
        tuple(actions.most_common()), tuple(people.most_common()), verdict.ok, verdict.count
    )


def find_health(session: Session) -> Health:
    """Return what this desk holds, what waits to be sent, and since when it has all."""
    with session.store.reading() as connection:
        waiting = outbox.count(connection)
        is_alone = sync_marks.find_link(connection) is None
        heard_at = as_of.heard_at(connection, session)
        code = facts.find(connection, "desk_code") or ""
    held = figures(session.store)
    counts = (
        ("reports_here", held.rows.get("reports", 0)),
        ("incidents_here", held.rows.get("incidents", 0)),
        ("waiting_to_be_sent", waiting.queued),
        ("sent_and_not_answered", waiting.sent),
        ("not_taken_by_the_server", waiting.parked),
        ("in_conflict", waiting.conflict),
    )
    state = "alone" if is_alone else "joined"
    warnings = tuple(
        name
        for name, is_so in (
            ("alone", is_alone),
            ("unsent", not is_alone and waiting.queued + waiting.sent > 0),
            ("conflicts", waiting.conflict > 0),
            ("not_taken", waiting.parked > 0),
        )
        if is_so
    )
    heard_ms = None if is_alone or heard_at == as_of.NEVER else to_ms(heard_at)
    return Health(counts, ((code, heard_ms, state),), warnings)


def read_shift(session: Session, number: int) -> ShiftFound:
    """Return what dispatch did in a shift and handed over."""
    with session.store.reading() as connection:
        span = span_of(facts.calendar(connection), number)
    log = read_log(session, span)
    return ShiftFound(
        span.begin_ms,
        span.end_ms,
        log.filed,
        log.cleared,
        log.merged,
        len(log.calls),
        (
            ("to_dispatch", *_took(log.to_dispatch)),
            ("to_arrival", *_took(log.to_arrival)),
            ("to_clear", *_took(log.to_clear)),
        ),
        tuple(map(_left, log.handed_over)),
        tuple((each.now.unit.call_sign, each.status, each.reference) for each in log.units),
        tuple(Counter(f"{each.entity}.{each.action}" for each in log.deeds).most_common()),
        tuple(Counter(each.actor for each in log.deeds).most_common()),
    )


def _took(took: Took) -> tuple[float | None, float | None, int]:
    return _ms(took.median), _ms(took.worst), took.counted


def _ms(length: timedelta | None) -> float | None:
    return None if length is None else length / timedelta(milliseconds=1)


def _left(handed: HandedOver) -> IncidentLeft:
    incident = handed.incident
    return IncidentLeft(
        incident.reference,
        incident.type,
        ", ".join(filter(None, (incident.address, incident.area))),
        to_ms(incident.reported_at),
        incident.severity_score,
        tuple((call_sign, str(step)) for call_sign, step in handed.sent),
        tuple((str(service), n) for service, n in handed.missing.items()),
    )
