"""Where open conflicts lie on the map, whatever they are about."""

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.services.dispatching import PLACE, crash, enlist, file, held, send
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import Place, Position
from trafficdesk.domain.vocabulary import Role
from trafficdesk.services.session import Session
from trafficdesk.store import conflicts, unit_positions

MakeSession = Callable[..., Session]
HEARD = Place(76.99, 11.05)


@pytest.fixture
def session(make_session: MakeSession) -> Session:
    return make_session(Role.DISPATCHER, "Devi D")


def opened(session: Session, entity: str, record_id: UUID) -> None:
    """Let a conflict about a record come from the server."""
    with session.store.writing() as connection:
        connection.exec_driver_sql(
            "INSERT INTO conflicts (id, record_entity, record_id, device_id, actor_id, status, "
            "fields, operations, theirs_version, opened_ms) "
            "VALUES (?, ?, ?, ?, ?, 'open', '[1, 2]', '[]', 1, 1)",
            (new_id().bytes, entity, record_id.bytes, new_id().bytes, new_id().bytes),
        )


def spots(session: Session) -> list[tuple[str, Place, int]]:
    with session.store.reading() as connection:
        found = conflicts.find_spots(connection)
    return [(each.reference, each.place, each.fields) for each in found]


def test_a_conflict_about_an_incident_lies_there(session: Session) -> None:
    made = file(session, crash(session))
    opened(session, "incident", made.id)
    assert spots(session) == [(made.reference, PLACE, 2)]


def test_one_about_an_assignment_lies_at_its_incident(session: Session) -> None:
    made = file(session)
    (sent,) = send(session, made, enlist(session, "P1"))
    opened(session, "assignment", sent.id)
    assert spots(session) == [(made.reference, PLACE, 2)]


def test_one_about_a_unit_lies_where_it_is_or_is_sent(session: Session) -> None:
    car = enlist(session, "P1")
    opened(session, "unit", car.id)
    assert spots(session) == [], "nobody knows where it is"
    send(session, file(session), car)
    assert held(session, car)
    assert spots(session) == [("P1", PLACE, 2)]
    with session.store.writing() as connection:
        unit_positions.put(connection, [Position(car.id, HEARD, session.clock())])
    assert spots(session) == [("P1", HEARD, 2)]
