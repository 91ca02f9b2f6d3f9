"""Long torture: ``python -m tests.system.torture --seeds N [--first M] [--desks D] [--steps S]``.

Prints a line per seed: what happened, the faults by kind, and the law that broke or none. With
``--examples N`` Hypothesis thinks of what happens instead, and shrinks what breaks a law.
"""

import argparse
import contextlib
import io
import sys
import tempfile
import time
from pathlib import Path

from sync_server.db.migrate import migrate
from sync_server.private_cluster import PrivateCluster
from tests.server.live import settings_for
from tests.system.sync.machine import run_machine
from tests.system.sync.servers import Fallible
from tests.system.sync.torture import torture
from trafficdesk.sync.errors import SyncError
from trafficdesk.wire.bundles import BundleError


def main() -> int:
    """Run the seeds one after the other; return how many broke a law."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--seeds", type=int, default=10)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--desks", type=int, default=3)
    asked.add_argument("--steps", type=int, default=120)
    asked.add_argument("--examples", type=int, default=0)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # PostgreSQL runs as another user than root
        with PrivateCluster(folder / "cluster", durable=False) as cluster:
            url = cluster.make_database("torture")
            migrate(url)
            server = Fallible(settings_for(url, folder / "server"), folder)
            server.start()
            try:
                if wanted.examples:
                    many = {"examples": wanted.examples, "steps": wanted.steps}
                    run_machine(server, folder, **many, same=False)
                    return 0
                broken = _run_seeds(server, folder, wanted)
            finally:
                server.stop()
    _say(f"{wanted.seeds} seeds, {broken} broke a law")
    return broken


def _run_seeds(server: Fallible, folder: Path, wanted: argparse.Namespace) -> int:
    broken = 0
    for seed in range(wanted.first, wanted.first + wanted.seeds):
        place = folder / f"seed{seed}"
        place.mkdir()
        broken += _run(server, place, seed, wanted)
    return broken


def _run(server: Fallible, place: Path, seed: int, wanted: argparse.Namespace) -> int:
    started_s = time.perf_counter()
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # the server's own log
            run = torture(server, place, seed, desks=wanted.desks, steps=wanted.steps)
    except (AssertionError, LookupError, SyncError, BundleError) as error:
        _say(f"seed {seed}: BROKEN {type(error).__name__} {str(error)[:6000]}")
        return 1
    took_s = time.perf_counter() - started_s
    _say(
        f"seed {seed}: {_listed(run.counts)}; {run.faults.total()} faults ({_listed(run.faults)}); "
        f"0 lost, 0 diverged, {took_s:.1f} s; {_listed(run.results)}"
    )
    return 0


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items())


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
