"""Kills while desks sync: ``python -m tests.system.sync_kills [--kills N] [--seed S]``.

Kills the process of a desk N times and that of its server N times, at random instants, with work
going on. Prints for each what was saved and what the server made of it, and 0 lost, or what broke.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sync_server.db.migrate import migrate
from sync_server.logs import set_up_logs
from sync_server.private_cluster import PrivateCluster
from tests.server.live import free_port, running, settings_for
from tests.server.world import World
from tests.system.sync.killing import Killed, kill_desk, kill_server


def main() -> int:
    """Kill desks, then servers; return how many of the two broke a law."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=50)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    wanted = asked.parse_args()
    set_up_logs("error", sys.stderr)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user than root
        with PrivateCluster(folder / "cluster", durable=False) as cluster:

            def desk() -> Killed:
                url = cluster.make_database("desks")
                migrate(url)
                with running(settings_for(url, folder / "server")) as live:
                    return kill_desk(World(live), folder, wanted.seed, wanted.kills)

            def server() -> Killed:
                url = cluster.make_database("servers")
                migrate(url)
                settings = settings_for(url, folder / "killed", port=free_port())
                return kill_server(settings, folder, wanted.seed, wanted.kills)

            return _run("desk", wanted.seed, desk) + _run("server", wanted.seed, server)


def _run(what: str, seed: int, kill: Callable[[], Killed]) -> int:
    started_s = time.perf_counter()
    try:
        done = kill()
    except AssertionError as error:
        _say(f"{what}: seed {seed}: BROKEN {str(error)[:300]}")
        return 1
    took_s = time.perf_counter() - started_s
    results = ", ".join(f"{count} {result}" for result, count in done.results.items())
    _say(
        f"{what}: seed {seed}: {done.kills} kills, {done.saved} actions saved, 0 lost, 0 doubled, "
        f"chains whole, {took_s:.1f} s; {results}"
    )
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
