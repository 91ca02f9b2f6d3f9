"""A disk that takes nothing any more is told; the sync lives on and goes on by itself."""

import pytest

from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk
from tests.system.sync.laws import check_laws
from tests.system.sync.told import exchange
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.store.errors import StoreNotWritableError

READ_ONLY = "This desk's disk takes nothing any more."


def let_write(desk: SyncedDesk, *, may: bool) -> None:
    """Let SQLite refuse every write as it does on a disk that the system made read-only."""
    with desk.session.store.maintaining() as run:
        run(f"PRAGMA query_only = {'OFF' if may else 'ON'}")


def test_a_disk_that_turns_read_only_is_told_and_nothing_is_lost(
    world: World, add_desk: AddDesk
) -> None:
    desk, other = add_desk(), add_desk()
    mine = desk.file()
    theirs = other.file()
    other.sync()
    let_write(desk, may=False)
    with pytest.raises(StoreNotWritableError):
        desk.file()
    for _ in range(2):
        assert contact_words(exchange(world, desk))[0] == READ_ONLY
    assert desk.find(mine.id) is not None
    let_write(desk, may=True)
    assert exchange(world, desk) == ""
    assert sum(desk.counts()) == 0
    assert desk.find(theirs.id) is not None
    other.sync()
    check_laws(world, [desk, other])
