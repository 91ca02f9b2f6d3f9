"""A desk that uses line and stick at once is never taken for a copy of itself."""

from tests.server.world import World
from tests.system.sync.carrying import ask, respond, take
from tests.system.sync.conftest import AddDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import ReportStatus


def test_a_push_goes_again_as_it_was_though_a_bundle_took_more_along(
    add_desk: AddDesk, world: World
) -> None:
    desk = add_desk()
    desk.sync()
    report = desk.file()
    desk.lose_an_answer()
    desk.step(report.id, Move.APPROVE, "clear photo")
    request = ask(desk)
    assert desk.counts() == (0, 2, 0, 0)
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    assert not take(desk, respond(world, desk, request)).results
    assert desk.report(report.id).status is ReportStatus.APPROVED


def test_a_push_goes_again_as_it_was_though_a_bundle_settled_it(
    add_desk: AddDesk, world: World
) -> None:
    desk = add_desk()
    desk.sync()
    report = desk.file()
    desk.lose_an_answer()
    assert take(desk, respond(world, desk, ask(desk))).results == {"applied": 1}
    desk.step(report.id, Move.APPROVE, "clear photo")
    desk.sync()
    assert desk.counts() == (0, 0, 0, 0)
    assert desk.report(report.id).version == 2
