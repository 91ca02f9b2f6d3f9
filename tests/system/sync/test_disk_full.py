"""A disk that fills up in mid-exchange is told; nothing is lost, and it goes on by itself."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from tests.server.world import World
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk, join
from tests.system.sync.laws import check_laws
from tests.system.sync.liar import Liar, Lie
from tests.system.sync.told import exchange
from trafficdesk.domain.vocabulary import Role
from trafficdesk.qt.sync.words import contact_words
from trafficdesk.store import sync_marks
from trafficdesk.store.errors import StoreFullError
from trafficdesk.sync.line import Line, ServerAddress
from trafficdesk.sync.status import Phase

MB = 2**20
FULL = "This desk's disk is full."
LONG = "a blue scooter without lights " * 600
REPORTS = 80


class SmallDisk:
    """A disk of its own size, which can be filled and emptied."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "somebody else's"

    def fill(self, desk: SyncedDesk, left_bytes: int = 0) -> None:
        """Let somebody else take all but so much of the room that the desk does not have yet."""
        desk.session.store.checkpoint()
        free = os.statvfs(self.folder)
        size = free.f_bavail * free.f_frsize - left_bytes
        with self._filler.open("ab") as file:
            os.posix_fallocate(file.fileno(), file.tell(), size)

    def make_room(self) -> None:
        """Let them clear up."""
        self._filler.unlink()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    if sys.platform != "linux" or os.geteuid() != 0 or mount is None:
        pytest.skip("only root may mount a small disk")
    made = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=96m", "none", str(folder)],
        capture_output=True,
        check=False,
    )
    if made.returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk")
    yield SmallDisk(folder)
    subprocess.run(["umount", str(folder)], check=True)


@pytest.fixture
def desk(world: World, disk: SmallDisk) -> Iterator[SyncedDesk]:
    """A desk on the small disk, in step with its server."""
    made = join(world, world.person(Role.SUPERVISOR), disk.folder / "desk")
    assert exchange(world, made) == ""
    yield made
    made.close()


@pytest.mark.parametrize("is_new", [False, True], ids=["feed", "snapshot"])
def test_a_disk_full_in_mid_pull_is_told_and_the_rest_comes_when_there_is_room(
    world: World, disk: SmallDisk, desk: SyncedDesk, add_desk: AddDesk, *, is_new: bool
) -> None:
    mine = desk.file()
    other = add_desk()
    other.sync()
    for number in range(REPORTS):
        other.file(description=f"{number} {LONG}"[:19_000])
    other.sync()
    if is_new:
        with desk.session.store.writing() as connection:
            sync_marks.forget_cursors(connection)
    disk.fill(desk, MB // 2)
    for _ in range(2):
        assert contact_words(exchange(world, desk))[0] == FULL
    status = desk.engine.status
    assert status.phase is Phase.WAITING
    assert status.last_contact_ms is not None
    assert desk.find(mine.id) is not None
    disk.make_room()
    assert exchange(world, desk) == ""
    assert sum(desk.counts()) == 0
    other.sync()
    check_laws(world, [desk, other])


def test_a_disk_full_when_the_answer_to_a_push_comes_sends_the_same_again(
    world: World, disk: SmallDisk, desk: SyncedDesk
) -> None:
    with Liar(world.live.url) as between:
        desk.engine.access.line.close()
        desk.engine.access.line = Line(ServerAddress(between.url))
        for _ in range(40):
            desk.file()

        def fill(true: bytes) -> Iterable[bytes]:
            disk.fill(desk)
            return [true]

        between.lies["/api/v1/sync/push"] = Lie(fill)
        assert contact_words(exchange(world, desk))[0] == FULL
        between.lies.clear()
        assert sum(desk.counts()) == 40
        with pytest.raises(StoreFullError):
            desk.file()
        assert contact_words(exchange(world, desk))[0] == FULL
        disk.make_room()
        assert exchange(world, desk) == ""
    assert sum(desk.counts()) == 0
    check_laws(world, [desk])
