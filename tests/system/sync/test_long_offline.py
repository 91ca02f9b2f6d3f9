"""A desk that comes back after two weeks sends all of it; what is bad waits for a person.

Ten thousand operations: ``python -m tests.system.long_offline``.
"""

import random
from pathlib import Path

from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.laws import check_laws
from tests.system.sync.long_absence import BAD, OVERSIZE, be_away, plant
from tests.system.sync.told import exchange
from tests.system.sync.working import quiesce
from trafficdesk.services import parked
from trafficdesk.wire.exchange import MAX_BODY_BYTES

OPERATIONS = 250
PERCENT = 100 * len(BAD) / OPERATIONS  # one of each kind


def test_after_two_weeks_everything_goes_through_but_what_is_bad(
    world: World, tmp_path: Path
) -> None:
    run = be_away(world, tmp_path, random.SystemRandom().randrange(1 << 32), OPERATIONS, PERCENT)
    assert run.queued >= OPERATIONS
    assert sum(run.parked.values()) == len(BAD)
    assert run.results["applied"] > 0


def test_an_operation_too_large_for_any_push_is_set_aside_by_its_field_and_holds_nobody_up(
    world: World, add_desk: AddDesk
) -> None:
    desk = add_desk()
    first = desk.file()
    op_id = plant(desk, OVERSIZE)
    last = desk.file()
    assert exchange(world, desk) == ""
    assert desk.counts() == (0, 0, 1, 0)
    (found,) = parked.find_parked(desk.session)
    assert (found.operation.op_id, found.reason, found.detail) == (op_id, "bad_value", "geometry")
    assert len(str(found.operation.changes)) > MAX_BODY_BYTES, "here it is kept whole"
    assert desk.report(first.id).version == desk.report(last.id).version == 1
    quiesce([desk])
    check_laws(world, [desk])
