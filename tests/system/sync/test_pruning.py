"""What the window holds no more goes, and stays while work on it, or on what hangs on it, waits."""

from uuid import UUID

import msgspec
import pytest

from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.records import Report
from trafficdesk.domain.vocabulary import Entity, Role
from trafficdesk.store import outbox
from trafficdesk.store.outbox import Settled
from trafficdesk.store.upkeep import check
from trafficdesk.sync import link, pruning

_DAYS_MS = 86_400_000


@pytest.fixture
def desk(add_desk: AddDesk) -> SyncedDesk:
    return add_desk(Role.SUPERVISOR, "Sara S")


def cited(desk: SyncedDesk) -> Report:
    """Return a report that was cited, all of it confirmed by the server."""
    report = desk.file()
    for move in (Move.CLAIM, Move.APPROVE, Move.CITE):
        desk.step(report.id, move)
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    return report


def become(desk: SyncedDesk, report: Report, state: str, result: str) -> None:
    """Let the citation of a report stand so on its way."""
    with desk.session.store.writing() as connection:
        query = (
            "SELECT e.id FROM events e JOIN citations c ON c.id = e.entity_id "
            "WHERE c.report_pk = ? AND e.entity = ?"
        )
        values = (report.pk, str(Entity.CITATION))
        (op_id,) = connection.exec_driver_sql(query, values).scalars().all()
        outbox.settle(connection, [Settled(UUID(bytes=op_id), state, result)], 0)


def prune_all(desk: SyncedDesk) -> None:
    """Let the desk's window begin long after today, and drop what is before it."""
    with desk.session.store.writing() as connection:
        marks = link.get_marks(connection)
        later = marks.window_from_ms + 1_000 * _DAYS_MS
        link.put_marks(connection, msgspec.structs.replace(marks, window_from_ms=later))
    while pruning.prune_batch(desk.session.store, 0):
        pass


@pytest.mark.parametrize("state", [outbox.QUEUED, outbox.PARKED])
def test_a_report_stays_while_its_citation_waits(desk: SyncedDesk, state: str) -> None:
    waits, done = cited(desk), cited(desk)
    become(desk, waits, state, "")
    prune_all(desk)
    assert desk.find(done.id) is None
    assert desk.find(waits.id) is not None
    become(desk, waits, outbox.SETTLED, "applied")
    prune_all(desk)
    assert desk.find(waits.id) is None
    assert all(each.ok for each in check(desk.session.store))
