"""A server that really listens: uvicorn on a free port of this machine, in a thread."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from sync_server.app import create_app
from sync_server.keys import make_keys
from sync_server.server import Server
from sync_server.serving import server_config
from sync_server.settings import Settings

START_S = 20.0
GRACE_S = 5  # for what a client left under way when its server is told to end


@dataclass(frozen=True)
class Live:
    """A running server: its address, and the object behind it for looking inside."""

    url: str
    server: Server


def free_port() -> int:
    """Return a port that nobody has, for a server that must come back on the same one."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def settings_for(database_url: str, folder: Path, **changes: object) -> Settings:
    """Return settings for tests: light passwords, high limits; ``changes`` go over them."""
    make_keys(folder / "keys")
    limited = ("public", "user", "sign_ins", "bundles")
    high = {f"{each}_per_minute": 10**6 for each in limited}
    given = {"database_url": database_url, "keys_dir": folder / "keys", "port": 0}
    given |= {"media_dir": folder / "media", "media_free_bytes": 0}
    made = Settings.model_validate({**given, **high, **changes})
    light = {"argon2_memory_mib": 1, "argon2_passes": 1}  # no operator may have so little
    return made.model_copy(update={k: light[k] for k in light.keys() - changes.keys()})


@contextmanager
def running(settings: Settings) -> Iterator[Live]:
    """Run a server for the length of the block."""
    app = create_app(settings)
    server: Server = app.state.server
    config = server_config(app, settings)
    config.timeout_graceful_shutdown = GRACE_S
    program = uvicorn.Server(config)
    thread = threading.Thread(target=program.run, name="live server", daemon=True)
    thread.start()
    deadline_s = time.monotonic() + START_S
    while not program.started:
        assert thread.is_alive(), "the server ended at its start"
        assert time.monotonic() < deadline_s, "the server did not start"
        time.sleep(0.005)
    port = program.servers[0].sockets[0].getsockname()[1]
    try:
        yield Live(f"http://127.0.0.1:{port}", server)
    finally:
        program.should_exit = True
        thread.join(START_S)
        assert not thread.is_alive(), "the server did not end"
