"""A page that a desk could not take holds less, and nothing is passed over."""

import pytest

from sync_server.sync import service
from tests.server.live import Live
from tests.server.sync.test_http import changes, desk_of, filed, head_of, pushed
from tests.server.world import World


@pytest.fixture
def world(live: Live) -> World:
    return World(live)


def test_a_page_that_would_be_too_large_for_a_desk_holds_less(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MAX_PAGE_BYTES", 20_000)
    desk = desk_of(world)
    before = head_of(desk, world)
    pushed(desk, *(filed(world, desk, description="x" * 3_000) for _ in range(30)))
    seen, after = list[int](), before
    while page := changes(desk, world.city_id, after).events:
        assert len(page) < 6
        seen, after = [*seen, *(event.seq for event in page)], page[-1].seq
    assert seen == list(range(before + 1, before + 31))
    for target in (f"history?after=0&until={after}", "snapshot?entity=report"):
        answer = desk.get(f"/sync/{target}&city={world.city_id}")
        assert 0 < len(answer.content) <= 20_000
