"""A day at dispatch: ``python -m tests.system.dispatch_day [--incidents N] [--seed S]``.

One server and three desks: two dispatchers who also work without a line for hours, and a third who
reports. At its end all boards must agree, with no assignment lost or doubled and all times in
order. Prints what happened.
"""

import argparse
import random
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from sync_server.logs import set_up_logs
from tests.bench.agency import filled_agency
from tests.system.sync.dispatch_laws import count_dispatched
from tests.system.sync.dispatching_day import Day, Plan
from tests.system.sync.laws import count_results


def main() -> int:
    """Live one day; return 1 if a law broke."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--incidents", type=int, default=300)
    asked.add_argument("--units", type=int, default=60)
    asked.add_argument("--hours", type=int, default=24)
    asked.add_argument("--cuts", type=int, default=12)
    asked.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32))
    wanted = asked.parse_args()
    set_up_logs("error", sys.stderr)
    plan = Plan(wanted.incidents, wanted.units, wanted.hours, wanted.cuts)
    with TemporaryDirectory() as name, filled_agency(0, _say) as agency:
        day = Day(agency.world, Path(name), wanted.seed, plan)
        started_s = time.perf_counter()
        try:
            day.run()
            day.check()
        except AssertionError as error:
            _say(f"seed {wanted.seed}: BROKEN {str(error)[:2000]}")
            return 1
        finally:
            day.close()
        took_s = time.perf_counter() - started_s
        counts = {**count_dispatched(agency.world), **day.counts}
        results = count_results(agency.world)
    _say(f"seed {wanted.seed}: {wanted.hours} h in {took_s:.1f} s; 0 lost, 0 doubled, boards agree")
    for what, number in counts.items():
        _say(f"  {number:6} {what}")
    _say(f"  {sum(results.values()):6} operations: {results}")
    _say(f"  calls that broke: {dict(day.faults.struck)}")
    return 0


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
