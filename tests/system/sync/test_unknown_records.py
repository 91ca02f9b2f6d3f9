"""Work on a record that never existed waits with its reason, and goes on when the record comes."""

from uuid import UUID

from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.identity import new_id
from trafficdesk.domain.records import FieldChange
from trafficdesk.domain.times import to_ms
from trafficdesk.domain.vocabulary import Entity
from trafficdesk.services import parked
from trafficdesk.store import history
from trafficdesk.store.history import Operation


def write(desk: SyncedDesk, report_id: UUID) -> Operation:
    """Let a desk hold work on a report that is not there: from a lost disk, or by a fault."""
    operation = Operation(
        op_id=new_id(),
        action_id=new_id(),
        entity=Entity.REPORT,
        entity_id=report_id,
        action="correct",
        base_version=0,
        revision=1,
        changes=(FieldChange("plate", "TN37BZ4412", "TN38AA0001"),),
        note="",
        actor_id=desk.session.officer.id,
        device_id=desk.session.device_id,
        at_ms=to_ms(desk.session.clock()),
    )
    with desk.session.store.writing() as connection:
        history.append(connection, operation)
    return operation


def test_it_is_set_aside_and_everything_else_goes_on(add_desk: AddDesk) -> None:
    desk, other = add_desk(), add_desk()
    desk.sync()
    never = write(desk, new_id())
    report = desk.file()
    desk.sync()
    assert desk.counts() == (0, 0, 1, 0)
    (refused,) = parked.find_parked(desk.session)
    assert (refused.operation.op_id, refused.reason) == (never.op_id, "unknown_record")
    assert refused.report is None
    desk.sync()  # it is not asked for again and again
    assert desk.counts() == (0, 0, 1, 0)
    other.sync()
    assert other.find(report.id) is not None
    parked.withdraw(desk.session, never.op_id)
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)


def test_it_comes_right_by_itself_when_the_record_arrives(add_desk: AddDesk) -> None:
    late, early = add_desk(), add_desk()
    late.sync()
    early.sync()
    report = late.file()
    write(early, report.id)
    early.sync()
    assert [each.reason for each in parked.find_parked(early.session)] == ["unknown_record"]
    late.sync()
    early.sync()  # the record arrives
    early.sync()  # and the work on it goes
    assert early.counts() == (0, 0, 0, 0)
    late.sync()
    for desk in (late, early):
        assert (desk.report(report.id).plate, desk.report(report.id).version) == ("TN38AA0001", 2)
