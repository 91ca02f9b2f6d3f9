"""Desks that exchange files: what the network does, a stick does as well."""

from sync_server.bundles.answering import answer
from tests.server.world import World
from tests.system.sync.carrying import ask, respond, take
from tests.system.sync.conftest import AddDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.domain.vocabulary import ReportStatus, SyncState
from trafficdesk.services import conflicts
from trafficdesk.sync import bundle_requests


def test_a_desk_without_a_line_sends_and_hears_by_file(add_desk: AddDesk, world: World) -> None:
    afield, near = add_desk(), add_desk()
    near_report = near.file()
    near.sync()
    report = afield.file()
    afield.step(report.id, Move.APPROVE, "clear photo")
    request = ask(afield)
    assert afield.counts() == (0, 2, 0, 0)
    taken = take(afield, respond(world, afield, request))
    assert taken.results == {"applied": 2}
    assert afield.counts() == (0, 0, 0, 0)
    assert afield.report(report.id).sync_state is SyncState.CONFIRMED
    assert afield.report(report.id).version == 2
    assert afield.find(near_report.id) is not None
    near.sync()
    assert near.report(report.id).status is ReportStatus.APPROVED


def test_both_roads_may_be_used_at_once(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    desk.sync()
    report = desk.file()
    request = ask(desk)
    desk.sync()  # the network was quicker
    desk.step(report.id, Move.APPROVE)
    desk.sync()
    taken = take(desk, respond(world, desk, request))
    assert not taken.results
    assert desk.report(report.id).version == 2
    desk.correct(report.id, plate="TN38AA0001")
    desk.sync()  # the turns went on undisturbed
    assert desk.counts() == (0, 0, 0, 0)


def test_opposite_decisions_conflict_by_file_as_well(add_desk: AddDesk, world: World) -> None:
    afield, near = add_desk(), add_desk()
    report = near.file()
    near.sync()
    take(afield, respond(world, afield, ask(afield)))
    near.step(report.id, Move.APPROVE)
    near.sync()
    afield.step(report.id, Move.REJECT, "a turban")
    taken = take(afield, respond(world, afield, ask(afield)))
    assert taken.results == {"conflict": 1}
    assert afield.counts() == (0, 0, 0, 1)
    assert afield.report(report.id).status is ReportStatus.APPROVED
    assert conflicts.count_open(afield.session) == 1


def test_work_done_while_the_stick_is_on_its_way_waits(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    report = desk.file()
    request = ask(desk)
    desk.step(report.id, Move.APPROVE, "later")
    take(desk, respond(world, desk, request))
    assert desk.counts() == (1, 0, 0, 0)
    seen = desk.report(report.id)
    assert (seen.status, seen.sync_state) == (ReportStatus.APPROVED, SyncState.NOT_SENT)
    take(desk, respond(world, desk, ask(desk)))
    assert desk.report(report.id).version == 2


def test_the_key_to_an_answer_is_forgotten_once_it_is_in(add_desk: AddDesk, world: World) -> None:
    desk = add_desk()
    take(desk, respond(world, desk, ask(desk)))
    with desk.session.store.reading() as connection:
        (asked,) = bundle_requests.get(connection).asked
    assert asked.private_key == b""


def test_an_answer_written_a_second_time_serves_as_the_first(
    add_desk: AddDesk, world: World
) -> None:
    desk = add_desk()
    desk.file()
    first = respond(world, desk, ask(desk))
    second = answer(world.live.server, desk.session.device_id).content
    assert first != second
    assert take(desk, second).results == {"applied": 1}
