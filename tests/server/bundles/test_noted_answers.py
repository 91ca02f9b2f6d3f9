"""What a desk is given by file is noted as what it pulls: whose it is, what it sees, how much."""

import pytest

from sync_server.bundles.answering import answer
from sync_server.bundles.service import import_request
from tests.server.bundles.sealed import Asking, hand_in
from tests.server.live import Live
from tests.server.world import World


@pytest.fixture
def world(live: Live) -> World:
    """An agency of this test alone on the shared server."""
    return World(live)


def test_an_answer_is_noted_by_whichever_road_it_goes(world: World) -> None:
    desk, server = world.enrol(), world.live.server
    asking = Asking(world, desk)
    import_request(server, asking.request())
    assert world.audited("sync.read") == []
    assert asking.head_of(answer(server, desk.id).content)
    (entry,) = world.audited("sync.read")
    assert (entry["actor_id"], entry["device_id"]) == (None, desk.id)
    detail = entry["detail"]
    assert isinstance(detail, dict)
    assert detail.pop("pages") > 10
    scope = desk.enrolled.scope
    filtered = {"scope": str(scope.id), "stations": [], "days": scope.window_days}
    assert detail == {"of": "bundle", "number": 1, **filtered}
    assert hand_in(world.desk_of(), asking.request(2)).ok
    assert [each["device_id"] for each in world.audited("sync.read")] == [desk.id, desk.id]
