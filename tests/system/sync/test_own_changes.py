"""What a desk does while its own work is on the way is not taken for somebody else's move."""

from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.laws import check_laws
from tests.system.sync.liar import Liar, Lie
from tests.system.sync.told import exchange
from trafficdesk.services import undo
from trafficdesk.sync.errors import Fault
from trafficdesk.sync.line import Line, ServerAddress


def test_a_report_taken_back_while_the_answer_to_its_filing_was_lost_stays_taken_back(
    add_desk: AddDesk, world: World
) -> None:
    desk = add_desk()
    with Liar(world.live.url) as between:
        desk.engine.access.line.close()
        desk.engine.access.line = Line(ServerAddress(between.url))
        assert exchange(world, desk) == ""
        report = desk.file()
        between.lies["/api/v1/sync/push"] = Lie(lambda _true: [])
        assert exchange(world, desk) == Fault.CUT_OFF
        between.lies.clear()
        assert undo.undo_last(desk.session).is_done
        assert exchange(world, desk) == ""
    assert sum(desk.counts()) == 0
    assert desk.report(report.id).deleted_at is not None
    check_laws(world, [desk])
