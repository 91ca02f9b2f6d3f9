"""A desk killed while it sends a photo goes on where the server stands."""

import json
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sync_server.db.engine import Crossing
from tests.server.world import World
from tests.system.sync.albums import photo, standing, transfer
from tests.system.sync.conftest import AddDesk
from tests.system.sync.desks import SyncedDesk, reopen
from tests.system.sync.faulty_line import Faults

ROOT = Path(__file__).parents[3]
KILLS = 3

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")


def _send_and_be_killed(desk: SyncedDesk, sha256: str, pieces: int) -> list[int]:
    """Let another process send, and kill it after some pieces; return what it said of each."""
    told = {
        "folder": str(desk.session.profile.folder),
        "key": desk.session.key.hex(),
        "officer": str(desk.session.officer.id),
        "url": desk.engine.access.line.address.base_url,
        "sha256": sha256,
    }
    with subprocess.Popen(
        [sys.executable, "-m", "tests.system.sync.media_child"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        child.stdin.write(json.dumps(told) + "\n")
        child.stdin.flush()
        said = [int(child.stdout.readline()) for _ in range(pieces)]
        os.kill(child.pid, signal.SIGKILL)
        said += map(int, child.stdout.read().split())
    return said


def _uploads(world: World) -> list[tuple[str, int]]:
    with world.live.server.database.crossing(Crossing.JOB) as connection:
        rows = connection.execute(
            "SELECT id, offset_bytes FROM media_uploads WHERE city_id = %s", [world.city_id]
        ).fetchall()
    return [(str(row["id"]), int(row["offset_bytes"])) for row in rows]


def test_a_desk_that_is_killed_while_it_sends_goes_on_where_the_server_stands(
    add_desk: AddDesk, world: World
) -> None:
    desk, taken = add_desk(), photo(1000)
    desk.file_with(taken)
    desk.sync()
    uploads = set[str]()
    for _ in range(KILLS):
        desk.session.store.close()
        said = _send_and_be_killed(desk, taken.sha256, 3)
        desk = reopen(desk, Faults(random.SystemRandom()))
        (upload,) = _uploads(world)
        uploads.add(upload[0])
        # The server may have got one piece more than the desk lived to note.
        assert upload[1] >= said[-1] >= standing(desk, taken.sha256).done_bytes - 256 * 1024
        assert standing(desk, taken.sha256).done_bytes >= said[2] > 0
    assert len(uploads) == 1
    transfer(desk)
    assert standing(desk, taken.sha256).state == "sent"
    files = desk.engine.transfers._photos()
    assert files.load_proved(taken.sha256) == taken.content
    desk.close()
