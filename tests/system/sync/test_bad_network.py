"""Desks on roads that fail: all gets through, once, and what is told meanwhile is true."""

import random
import time
from collections.abc import Callable, Iterator

import pytest

from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.fault_proxy import KINDS, Road, To, Way, Weather
from tests.system.sync.laws import check_laws
from tests.system.sync.told import exchange
from tests.system.sync.working import Shift, quiesce
from trafficdesk.domain.vocabulary import Role
from trafficdesk.sync import line as lines
from trafficdesk.sync.errors import Fault
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.sync.status import Phase

REPORTS = 30
WAIT_S = 60.0
SHORT_S = 2.0
FAULTS = 9
BROKEN = {Fault.CUT_OFF, Fault.NO_ANSWER}


@pytest.fixture
def road(world: World) -> Iterator[Road]:
    """A road to the server."""
    with Road(world.live.url) as made:
        yield made


def take(desk: SyncedDesk, road: Road) -> SyncedDesk:
    """Let a desk take this road from now on."""
    desk.engine.access.line.close()
    desk.engine.access.line = Line(ServerAddress(road.url))
    return desk


def wait_until(holds: Callable[[], bool]) -> None:
    """Wait for something that another thread brings about."""
    ends_at = time.monotonic() + WAIT_S
    while not holds():
        assert time.monotonic() < ends_at
        time.sleep(0.01)


@pytest.mark.parametrize(("to", "counts"), [(To.SERVER, (0, 300, 9_000)), (To.DESK, (0, 99, 700))])
def test_what_breaks_off_in_mid_body_gets_through_once(
    add_desk: AddDesk, world: World, road: Road, to: To, counts: tuple[int, ...]
) -> None:
    desk = take(add_desk(), road)
    assert exchange(world, desk) == ""
    for count in counts:
        for _ in range(REPORTS):
            desk.file()
        road.cut_after(to, count)
        assert exchange(world, desk) in BROKEN
        assert road.is_cut
        assert sum(desk.counts()) == REPORTS, "what was not answered is kept"
        assert exchange(world, desk) == ""
        assert sum(desk.counts()) == 0
    check_laws(world, [desk])


def test_a_line_that_hangs_is_left_in_time_and_all_goes_on_by_itself(
    add_desk: AddDesk, world: World, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = take(add_desk(), road)
    assert exchange(world, desk) == ""
    before_ms = desk.engine.status.last_contact_ms
    desk.file()
    road.set(Way.NOWHERE)
    monkeypatch.setattr(lines, "READ_TIMEOUT_S", SHORT_S)
    desk.engine.start()
    wait_until(lambda: desk.engine.status.phase is Phase.WAITING)
    assert road.lost.is_set()
    status = desk.engine.status
    assert (status.fault, status.last_contact_ms) == (Fault.CUT_OFF, before_ms)
    assert status.next_try_ms is not None
    assert sum(desk.counts()) == 1
    monkeypatch.undo()
    road.set(Way.OPEN)
    wait_until(lambda: desk.engine.status.fault == "" and sum(desk.counts()) == 0)
    desk.engine.stop()
    check_laws(world, [desk])


def test_a_server_that_turns_everybody_back_is_tried_again_by_itself(
    add_desk: AddDesk, world: World, road: Road
) -> None:
    desk = take(add_desk(), road)
    assert exchange(world, desk) == ""
    desk.file()
    road.set(Way.CLOSED)
    for _ in range(3):
        assert exchange(world, desk) == Fault.NO_ANSWER
    assert sum(desk.counts()) == 1
    road.set(Way.OPEN)
    assert exchange(world, desk) == ""
    assert sum(desk.counts()) == 0
    check_laws(world, [desk])


def test_one_piece_in_twenty_lost_delays_everything_and_loses_nothing(
    add_desk: AddDesk, world: World, road: Road, monkeypatch: pytest.MonkeyPatch
) -> None:
    seed = random.SystemRandom().randrange(1 << 32)
    draw = random.Random(seed)  # noqa: S311 - the same seed must fail the same way
    desks = [take(add_desk(Role.SUPERVISOR), road) for _ in range(2)]
    shifts = [Shift(desk.session, draw) for desk in desks]
    monkeypatch.setattr(lines, "READ_TIMEOUT_S", SHORT_S)
    road.weather = Weather(latency_s=0.003, loss=0.05, draw=draw)
    while road.struck.total() < FAULTS or len(road.struck) < len(KINDS):
        for _ in range(3):
            draw.choice(shifts).act()
        exchange(world, draw.choice(desks))
    for desk in desks:  # nobody waits for better weather
        while exchange(world, desk) or desk.counts().queued or desk.counts().sent:
            pass
    assert set(road.struck) == set(KINDS), f"seed {seed}"
    monkeypatch.undo()
    road.weather = Weather()
    quiesce(desks)
    check_laws(world, desks)
