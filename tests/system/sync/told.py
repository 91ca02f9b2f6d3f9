"""What a desk says of its sync, held against what the server has."""

from uuid import UUID

from sync_server.db.engine import Crossing
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.laws import check_own_work
from trafficdesk.domain.vocabulary import SyncState
from trafficdesk.sync.status import Phase


def exchange(world: World, desk: SyncedDesk) -> str:
    """Let the engine try one exchange as it does by itself; return the fault it told.

    Fails if anything that it tells is not so.
    """
    wait_s = desk.engine._exchange()
    assert wait_s is not None, f"it gave up: {desk.engine.status}"
    status = desk.engine.status
    assert (status.phase is Phase.WAITING) is bool(status.fault), status
    assert (status.next_try_ms is not None) is bool(status.fault), status
    assert status.counts == desk.counts()
    check_told(world, desk)
    check_own_work(desk)
    return status.fault


def check_told(world: World, desk: SyncedDesk) -> None:
    """Fail if the desk shows anything as confirmed that the server does not hold. At any moment."""
    with desk.session.store.reading() as connection:
        rows = connection.exec_driver_sql(
            "SELECT e.id FROM events e JOIN outbox b ON b.seq = e.seq "
            "WHERE b.result <> '' OR b.state = 'settled' OR e.sync_state = ?",
            (int(SyncState.CONFIRMED),),
        ).all()
    untrue = {UUID(bytes=row[0]) for row in rows} - _ledger(world)
    assert not untrue, f"L7: shown as answered, and the server never heard of {untrue}"


def _ledger(world: World) -> set[UUID]:
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        rows = connection.execute(
            "SELECT op_id FROM operations WHERE tenant_id = %s", [world.tenant_id]
        ).fetchall()
    return {row["op_id"] for row in rows}
