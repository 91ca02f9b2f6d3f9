"""Work on incidents, units and assignments is listed by what these are called."""

from collections.abc import Callable

import pytest

from tests.services.dispatching import confirm_all, enlist, file, send
from trafficdesk.domain.records import Assignment, Incident
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.services import parked
from trafficdesk.services.audit_log import find_log_page
from trafficdesk.services.session import Session
from trafficdesk.store import history, outbox, outbox_overview, shifts

MakeSession = Callable[..., Session]


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.SUPERVISOR, "Ravi S")


@pytest.fixture
def sent(session: Session) -> tuple[Incident, Assignment]:
    made = file(session)
    return made, send(session, made, enlist(session, "P12"))[0]


def test_what_waits_was_confirmed_or_was_done_is_named(
    session: Session, sent: tuple[Incident, Assignment]
) -> None:
    reference = sent[0].reference
    expected = [
        ("incident", "file", reference),
        ("unit", "enlist", "P12"),
        ("assignment", "dispatch", f"P12 · {reference}"),
        ("unit", "send", "P12"),
    ]
    with session.store.reading() as connection:
        waiting = [(w.entity, w.action, w.reference) for w in history.find_waiting(connection)]
        span = (to_ms(session.started_at), to_ms(session.clock()) + 1)
        done = shifts.find_done(connection, session.device_id, span, None, 10)
    assert waiting[::-1] == expected
    assert [(each.entity, each.action, each.reference) for each in done] == expected
    confirm_all(session)
    with session.store.reading() as connection:
        confirmed = outbox_overview.find_confirmed(connection, 0, 10)
    assert [(each.entity, each.action, each.reference) for each in confirmed[::-1]] == expected
    lines = find_log_page(session)
    assert isinstance(lines, list)
    named = {(line.action, line.subject) for line in lines}
    assert {(f"{entity}.{action}", name) for entity, action, name in expected} <= named


def test_what_was_set_aside_is_named(session: Session, sent: tuple[Incident, Assignment]) -> None:
    with session.store.writing() as connection:
        _, operation = outbox.find_queued(connection, 10)[2]
        refused = outbox.Settled(operation.op_id, outbox.PARKED, "rejected", "illegal_move")
        outbox.settle(connection, [refused], 0)
    (found,) = parked.find_parked(session)
    assert found.operation.entity is Entity.ASSIGNMENT
    assert found.record_name == f"P12 · {sent[0].reference}"
    assert not parked.may_be_edited(found.operation)
    changed = parked.retry(session, operation.op_id)
    assert changed.kinds == {Entity.ASSIGNMENT}
