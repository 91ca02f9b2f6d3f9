"""What a desk did itself does not come back to it, and its rows are the server's all the same."""

from uuid import UUID

import pytest

from sync_server.db.engine import Crossing
from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.test_two_desks import LosingLine
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import ReportStatus, Role
from trafficdesk.services import parked
from trafficdesk.sync import pulling
from trafficdesk.sync.errors import LineError
from trafficdesk.wire.exchange import ChangesPage


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> list[ChangesPage]:
    """The pages of changes that desks take in."""
    found, take = list[ChangesPage](), pulling.take_changes

    def note(connection: object, page: ChangesPage) -> object:
        found.append(page)
        return take(connection, page)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(pulling, "take_changes", note)
    return found


def _updated_ms(desk: SyncedDesk, report_id: UUID) -> int:
    with desk.session.store.reading() as connection:
        return int(
            connection.exec_driver_sql(
                "SELECT updated_ms FROM reports WHERE id = ?", (report_id.bytes,)
            ).scalar_one()
        )


def _updated_ms_there(world: World, report_id: UUID) -> int:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        row = connection.execute(
            "SELECT updated_ms FROM reports WHERE id = %s", [report_id]
        ).fetchone()
    assert row is not None
    return int(row["updated_ms"])


def test_own_work_does_not_come_back_and_the_row_is_the_servers(
    world: World, add_desk: AddDesk, pages: list[ChangesPage]
) -> None:
    desk = add_desk()
    desk.sync()
    pages.clear()
    report = desk.file()
    desk.step(report.id, Move.APPROVE)
    desk.sync()
    assert [(page.records, page.events) for page in pages] == [([], [])]
    assert pages[-1].upto == pages[-1].head
    assert desk.report(report.id).version == 2
    assert _updated_ms(desk, report.id) == _updated_ms_there(world, report.id)


def test_what_somebody_else_did_to_the_same_record_comes(
    add_desk: AddDesk, pages: list[ChangesPage]
) -> None:
    one, two = add_desk(), add_desk()
    report = one.file()
    one.sync()
    two.sync()
    two.correct(report.id, address="Avinashi Road")
    two.sync()
    one.correct(report.id, plate="TN38AA0001")  # without having heard of the other
    pages.clear()
    one.sync()
    (page,) = pages
    assert [event.action for event in page.events] == ["correct"]
    assert [record.version for record in page.records] == [3]
    seen = one.report(report.id)
    assert (seen.plate, seen.address, seen.version) == ("TN38AA0001", "Avinashi Road", 3)


def test_a_lost_answer_leaves_the_servers_row(world: World, add_desk: AddDesk) -> None:
    desk = add_desk()
    report = desk.file()
    desk.sync()
    desk.step(report.id, Move.APPROVE)
    desk.engine.access.line = LosingLine(desk.engine.access.line.address)
    with pytest.raises(LineError):
        desk.sync()
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    assert _updated_ms(desk, report.id) == _updated_ms_there(world, report.id)


def test_what_was_refused_and_sent_again_is_in_the_row_once_it_is_taken(
    world: World, add_desk: AddDesk
) -> None:
    desk = add_desk()
    report = desk.file()
    desk.sync()
    desk.step(report.id, Move.APPROVE)
    _make(world, Role.DISPATCHER)
    desk.sync()
    (refused,) = parked.find_parked(desk.session)
    assert desk.report(report.id).status is ReportStatus.PENDING
    _make(world, Role.OFFICER)
    parked.retry(desk.session, refused.operation.op_id)
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.report(report.id).status is ReportStatus.APPROVED


def _make(world: World, role: Role) -> None:
    """Give the agency's people another role."""
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "UPDATE users SET role = %s WHERE tenant_id = %s", [str(role), world.tenant_id]
        )
