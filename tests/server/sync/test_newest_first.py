"""A snapshot pages through the same records both ways: to whoever asks, the newest come first."""

from collections.abc import Iterator

import pytest

from sync_server.sync import service
from tests.server.live import Live
from tests.server.sync.test_http import changes, desk_of, filed, pushed, snapshot
from tests.server.world import Client, World
from trafficdesk.wire.exchange import SnapshotPage

MANY = 12
NEWEST = "true"


@pytest.fixture
def world(live: Live) -> World:
    return World(live)


def pages(client: Client, world: World, limit: int, **more: object) -> Iterator[SnapshotPage]:
    """Read reports page by page."""
    page = snapshot(client, world, "report", limit=limit, **more)
    yield page
    while page.next_after is not None:
        page = snapshot(client, world, "report", limit=limit, after=page.next_after, **more)
        yield page


def ids_of(page: SnapshotPage) -> list[str]:
    return [str(record.id) for record in page.records]


@pytest.mark.parametrize("limit", [1, 5, MANY, MANY + 1])
def test_both_ways_bring_the_same_each_once(world: World, limit: int) -> None:
    desk = desk_of(world)
    new = [filed(world, desk) for _ in range(MANY)]
    pushed(desk, *new)
    up = list(pages(desk, world, limit))
    down = list(pages(desk, world, limit, newest_first=NEWEST))
    every = sorted(str(operation.entity_id) for operation in new)
    assert [each for page in up for each in ids_of(page)] == every
    assert [each for page in down for each in ids_of(page)] == every[::-1]
    assert {page.newest_first for page in up} == {False}
    assert {page.newest_first for page in down} == {True}
    assert {page.total for page in (*up, *down)} == {MANY}


def test_a_page_upwards_says_what_it_said_before_there_was_another_way(world: World) -> None:
    desk = desk_of(world)
    for asked in ("", "&newest_first=false"):
        answer = desk.get(f"/sync/snapshot?city={world.city_id}&entity=report{asked}")
        assert "newest_first" not in answer.json()


def test_long_records_come_on_shorter_pages_and_none_is_passed_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = desk_of(world)
    new = [filed(world, desk, description="x" * 3_000) for _ in range(MANY)]
    pushed(desk, *new)
    monkeypatch.setattr(service, "MAX_PAGE_BYTES", 20_000)
    down = list(pages(desk, world, MANY + 1, newest_first=NEWEST))
    assert len(down) > 1
    every = sorted((str(operation.entity_id) for operation in new), reverse=True)
    assert [each for page in down for each in ids_of(page)] == every


def test_what_is_filed_while_older_records_come_is_in_the_feed(world: World) -> None:
    desk = desk_of(world)
    before = [filed(world, desk) for _ in range(MANY)]
    pushed(desk, *before)
    reading = pages(desk, world, 5, newest_first=NEWEST)
    first = next(reading)
    later = [filed(world, desk) for _ in range(3)]
    pushed(desk, *later)
    listed = {*ids_of(first), *(each for page in reading for each in ids_of(page))}
    assert listed == {str(operation.entity_id) for operation in before}
    told = {record.id for record in changes(desk, world.city_id, first.at_seq).records}
    assert told == {operation.entity_id for operation in later}
