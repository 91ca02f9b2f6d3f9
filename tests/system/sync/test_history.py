"""What happened before a desk was enrolled is in its timelines, too, once there is time for it."""

from collections.abc import Callable
from uuid import UUID

import pytest

from sync_server.db.engine import Crossing
from tests.server.world import World
from tests.system.sync.desks import SyncedDesk
from trafficdesk.domain.lifecycle import Move
from trafficdesk.store import history, sync_marks
from trafficdesk.sync import link, recalling

AddDesk = Callable[..., SyncedDesk]


def _actions(desk: SyncedDesk, report_id: UUID) -> list[str]:
    with desk.session.store.reading() as connection:
        return [event.action for event in history.events_of(connection, report_id)]


def _left(desk: SyncedDesk) -> tuple[int, int] | None:
    with desk.session.store.reading() as connection:
        (city_id,) = link.get_marks(connection).city_ids
        return sync_marks.find_history(connection, city_id)


def test_a_new_desk_learns_what_happened_before_it(add_desk: AddDesk) -> None:
    old = add_desk()
    old.sync()
    report = old.file()
    old.step(report.id, Move.CLAIM)
    old.step(report.id, Move.APPROVE)
    old.sync()
    new = add_desk()
    new.sync()
    assert _actions(new, report.id) == []
    new.correct(report.id, address="North Street")
    new.engine.recall()
    told = _actions(old, report.id)
    assert told[:2] == ["file", "claim"]
    assert _actions(new, report.id) == [*told, "correct"]
    new.sync()
    assert _actions(new, report.id) == [*told, "correct"]
    assert _left(new) is None


def test_history_is_read_page_by_page_and_stops_for_anything_else(
    add_desk: AddDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recalling, "PAGE", 2)
    old = add_desk()
    old.sync()
    filed = [old.file(plate=f"TN37AA{number:04d}").id for number in range(5)]
    old.sync()
    new = add_desk()
    new.sync()
    new.engine.poke()
    new.engine.recall()
    assert all(_actions(new, each) == [] for each in filed)
    with new.session.store.reading() as connection:
        (city_id,) = link.get_marks(connection).city_ids
    assert recalling.recall_page(new.engine.access, city_id) is not None
    assert _left(new) is not None
    assert _actions(new, filed[-1]) == []
    while recalling.recall_page(new.engine.access, city_id) is not None:
        pass
    assert all(_actions(new, each) == ["file"] for each in filed)


def test_history_leaves_out_what_the_desk_may_not_see(world: World, add_desk: AddDesk) -> None:
    old = add_desk()
    old.sync()
    seen, unseen = old.file(), old.file(plate="TN37AA0002")
    old.sync()
    new = add_desk()
    new.sync()
    with world.live.server.database.crossing(Crossing.OPERATOR) as connection:
        connection.execute("DELETE FROM reports WHERE id = %s", [unseen.id])
    new.engine.recall()
    assert _actions(new, seen.id) == ["file"]
    assert _actions(new, unseen.id) == []
    assert _left(new) is None
