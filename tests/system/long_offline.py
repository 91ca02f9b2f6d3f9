"""Two weeks offline: ``python -m tests.system.long_offline [--operations N] [--bad PERCENT]``.

One desk writes that many operations without a line, then sends them to a server of its own process
over HTTP. Prints what the server made of them, what was set aside and why, and how long it took.
"""

import argparse
import random
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from sync_server.logs import set_up_logs
from tests.bench.agency import filled_agency
from tests.system.sync.long_absence import DAYS, be_away


def main() -> int:
    """Be away once; return 1 if a law broke."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--operations", type=int, default=10_000)
    asked.add_argument("--bad", type=float, default=1.0)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    wanted = asked.parse_args()
    set_up_logs("error", sys.stderr)
    with TemporaryDirectory() as name, filled_agency(0, _say) as agency:
        try:
            run = be_away(agency.world, Path(name), wanted.seed, wanted.operations, wanted.bad)
        except AssertionError as error:
            _say(f"seed {wanted.seed}: BROKEN {str(error)[:500]}")
            return 1
    _say(
        f"seed {run.seed}: {run.queued} operations of {DAYS} days in {run.offline_s:.1f} s, "
        f"{len(run.planted)} of them bad; drained in {run.drained_s:.1f} s, 0 lost, 0 doubled"
    )
    for result, count in sorted(run.results.items()):
        _say(f"  {count:6} {result}")
    _say(f"  set aside for a person: {dict(run.parked)}; in open conflicts: {run.conflicts}")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
