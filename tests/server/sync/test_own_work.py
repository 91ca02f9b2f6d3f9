"""Pages of changes for a desk that knows what it did itself."""

from uuid import uuid4

import msgspec
import pytest

from sync_server.db.engine import Crossing
from sync_server.sync import pages
from tests.server.sync.test_http import changes, desk_of, filed, head_of, pushed
from tests.server.world import World
from trafficdesk.domain.identity import new_id


def test_a_desk_need_not_be_told_what_it_did_itself(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = desk_of(world), desk_of(world)
    before = head_of(one, world)
    own, theirs, both = (filed(world, desk) for desk in (one, two, one))
    pushed(one, own, both)
    correction = {"plate": ("TN37BZ4412", "A")}
    pushed(
        two,
        theirs,
        msgspec.structs.replace(
            theirs, op_id=new_id(), entity_id=both.entity_id, action="correct", changes=correction
        ),
    )
    told = changes(one, world.city_id, before, own="false")
    assert (told.upto, told.head, told.left) == (before + 4, before + 4, [])
    assert [event.seq for event in told.events] == [before + 3, before + 4]
    assert {each.id for each in told.records} == {theirs.entity_id, both.entity_id}
    assert len(changes(one, world.city_id, before).records) == 3
    # However much of it is its own, a page ends where it has told enough of the others'.
    page = changes(one, world.city_id, before, limit=1, own="false")
    assert (page.upto, len(page.events)) == (before + 3, 1)
    monkeypatch.setattr(pages, "_MOST_SCANNED", 1)
    page = changes(one, world.city_id, before, limit=1, own="false")
    assert (page.upto, page.events, page.records) == (before + 1, [], [])


def test_a_record_that_left_is_told_to_the_desk_that_sent_it_away(world: World) -> None:
    narrow = desk_of(world, station_ids=(world.station_id,))
    before = head_of(narrow, world)
    operation = filed(world, narrow)
    pushed(narrow, operation)
    assert changes(narrow, world.city_id, before, own="false").left == []
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute(
            "UPDATE reports SET station_id = %s WHERE id = %s", [uuid4(), operation.entity_id]
        )
    (gone,) = changes(narrow, world.city_id, before, own="false").left
    assert gone.id == operation.entity_id
