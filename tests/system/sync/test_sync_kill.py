"""Desk and server killed at any instant of an exchange lose nothing and do nothing twice.

Fifty of each: ``python -m tests.system.sync_kills``.
"""

import random
import signal
from pathlib import Path

import pytest

from tests.server.live import Live, free_port, settings_for
from tests.server.world import World
from tests.system.sync.killing import kill_desk, kill_server

KILLS = 5
SEED = random.SystemRandom().randrange(1 << 32)

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs fork and SIGKILL")


def test_a_desk_killed_while_it_syncs_goes_on_with_everything(
    own_live: Live, tmp_path: Path
) -> None:
    # A server of its own: all of it is checked at the end, what other tests forge there as well.
    assert kill_desk(World(own_live), tmp_path, SEED, KILLS).saved > 0


def test_a_server_killed_while_desks_sync_goes_on_with_everything(
    database_url: str, tmp_path: Path
) -> None:
    settings = settings_for(database_url, tmp_path / "server", port=free_port())
    assert kill_server(settings, tmp_path, SEED, KILLS).saved > 0
